"""入格率 How many of the staff have a grid, by category; and which grids miss a category (domain row 12).

Somebody has a grid who is posted to one that is there still. Captains are counted by their posts: one who looks after
two doors counts twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session

from services.grid.domain.place import GRID
from services.grid.domain.share import percent
from services.grid.domain.staff_categories import CAPTAIN, CATEGORY_NAMES, NEEDED_IN_EVERY_GRID
from services.grid.queries.staff import in_place
from services.grid.store.places import places
from services.grid.store.posts import posts
from services.grid.store.staff import AT_WORK, OPEN, postings, staff
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import rows, within

doors, around = places.alias("doors"), places.alias("around")


@dataclass(frozen=True)
class CategoryCoverage:
    """Of one category: how many are on duty, and how many of them have a grid. `percent` None (—): nobody is."""

    category: str
    on_duty: int
    in_grid: int

    @property
    def name(self) -> str:
        """What the category is called."""
        return CATEGORY_NAMES[self.category]

    @property
    def percent(self) -> str | None:
        """入格率"""
        return percent(self.in_grid, self.on_duty)


@dataclass(frozen=True)
class StaffCoverage:
    """All categories; and of the grids how many have all that they need."""

    categories: Sequence[CategoryCoverage]
    grids: int
    complete_grids: int

    @property
    def percent(self) -> str | None:
        """Of all categories together."""
        return percent(
            sum(each.in_grid for each in self.categories), sum(each.on_duty for each in self.categories)
        )

    @property
    def complete_percent(self) -> str | None:
        """Of the grids."""
        return percent(self.complete_grids, self.grids)


@dataclass(frozen=True)
class GridCoverage:
    """A grid, and the categories of which it needs somebody and has nobody."""

    id: str
    code: str
    name: str
    missing: Sequence[str]


def staff_coverage(session: Session, actor: Actor) -> StaffCoverage:
    """入格率 Within the caller's place."""
    posted = postings.join(around, around.c.id == postings.c.grid_ref)
    has_grid = (
        select(postings.c.id)
        .select_from(posted)
        .where(postings.c.staff_ref == staff.c.id, OPEN, around.c.valid_to.is_(None))
        .exists()
    )
    by_category = (
        select(staff.c.category, func.count(), func.sum(case((has_grid, 1), else_=0)))
        .where(AT_WORK, *in_place(actor))
        .group_by(staff.c.category)
    )
    counted = {category: (total, covered) for category, total, covered in session.execute(by_category)}
    counted[CAPTAIN] = _captains(session, actor)
    everyone = [CategoryCoverage(code, *counted.get(code, (0, 0))) for code in CATEGORY_NAMES]
    complete = and_(true(), *(_has(code) for code in NEEDED_IN_EVERY_GRID))
    figures = select(func.count(), func.coalesce(func.sum(case((complete, 1), else_=0)), 0))
    grids, complete_grids = session.execute(figures.select_from(places).where(*_grids(actor))).one()
    return StaffCoverage(everyone, grids, complete_grids)


def grid_coverage(
    session: Session, actor: Actor, *, only_missing: bool, limit: int, after: str | None, sort: str
) -> Page:
    """The grids with what each of them misses; all, or those only that miss something."""
    wanted = _grids(actor)
    if only_missing:
        wanted.append(or_(false(), *(~_has(code) for code in NEEDED_IN_EVERY_GRID)))
    found = rows(session, places, *wanted, limit=limit, after=after, sort=sort)
    ids = [row.id for row in found.items]
    present = {
        code: set(session.scalars(select(places.c.id).where(places.c.id.in_(ids), _has(code))))
        for code in NEEDED_IN_EVERY_GRID
    }
    return Page(
        [
            GridCoverage(
                row.id, row.code, row.name, [code for code in present if row.id not in present[code]]
            )
            for row in found.items
        ],
        found.next,
    )


def _captains(session: Session, actor: Actor) -> tuple[int, int]:
    grid_is_there = and_(around.c.id.is_not(None), around.c.valid_to.is_(None))
    query = select(
        func.coalesce(func.sum(posts.c.serving), 0),
        func.coalesce(func.sum(case((grid_is_there, posts.c.serving), else_=0)), 0),
    ).select_from(
        posts.join(doors, doors.c.id == posts.c.id).outerjoin(around, around.c.id == doors.c.grid_ref)
    )
    total, covered = session.execute(query.where(*within(posts.c.place_path, actor))).one()
    return total, covered


def _grids(actor: Actor) -> list[ColumnElement[bool]]:
    return [places.c.kind == GRID, places.c.valid_to.is_(None), *within(places.c.place_path, actor)]


def _has(category: str) -> ColumnElement[bool]:
    """Whether somebody of that category is at work in the grid of the row."""
    if category == CAPTAIN:
        served = posts.join(doors, doors.c.id == posts.c.id)
        return (
            select(posts.c.id)
            .select_from(served)
            .where(doors.c.grid_ref == places.c.id, posts.c.serving > 0)
            .exists()
        )
    posted = postings.join(staff, staff.c.id == postings.c.staff_ref)
    there = (postings.c.grid_ref == places.c.id, OPEN, AT_WORK, staff.c.category == category)
    return select(postings.c.id).select_from(posted).where(*there).exists()
