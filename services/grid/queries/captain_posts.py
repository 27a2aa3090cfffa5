"""The captains' posts of doors: who is missing where, who serves a door, how much of a place is covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from services.grid.domain.captain import SERVING, Captain, advice
from services.grid.domain.place import BUILDING, COMMUNITY, ESTATE, GRID
from services.grid.domain.post import Post
from services.grid.domain.share import percent
from services.grid.domain.steward import ACTIVE, Steward
from services.grid.store.captains import captains
from services.grid.store.places import places
from services.grid.store.posts import posts
from services.grid.store.stewards import stewards
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import inside, one, page, within

# what coverage is told by
BY = {
    COMMUNITY: places.c.community_ref,
    ESTATE: places.c.estate_ref,
    GRID: places.c.grid_ref,
    BUILDING: places.c.building_ref,
}


def posts_in_scope(
    session: Session, actor: Actor, *, place_ref: str | None, is_missing: bool | None, **paging: object
) -> Page:
    """Posts, by the ids of their doors. The gaps of a street are in an index of their own, and few."""
    wanted = inside(posts.c.place_path, place_ref)
    if is_missing is not None:
        wanted.append(posts.c.missing > 0 if is_missing else posts.c.missing == 0)
    return page(session, actor, Post, *wanted, **paging)  # type: ignore[arg-type]


@dataclass(frozen=True)
class DoorManned:
    """A door's post, who serves it, and which stewards act as captains of its building while works go on."""

    post: Post
    captains: Sequence[Captain]
    acting: Sequence[Steward]

    @property
    def advice(self) -> str:
        """What the street recommends."""
        return advice(self.captains)


def post(session: Session, actor: Actor, door_ref: str) -> DoorManned:
    """One door's. Raises NotFound, Forbidden."""
    found = one(session, actor, Post, door_ref)
    serve = select(Captain).where(captains.c.door_ref == door_ref, captains.c.state == SERVING)
    building_ref = select(places.c.building_ref).where(places.c.id == door_ref).scalar_subquery()
    act = select(Steward).where(stewards.c.building_ref == building_ref, stewards.c.state == ACTIVE)
    return DoorManned(
        found,
        session.scalars(serve.order_by(captains.c.id)).all(),
        session.scalars(act.order_by(stewards.c.id)).all(),
    )


@dataclass(frozen=True)
class Coverage:
    """覆盖率 Of the doors of a place (rows 55–56): how many have a captain; how many that must have two have two."""

    place_ref: str
    name: str
    doors: int
    doors_with_captain: int
    two_captain_doors: int
    two_captain_doors_full: int

    @property
    def percent(self) -> str | None:
        """楼门长覆盖率 Doors with a captain ÷ doors; None where there are none."""
        return percent(self.doors_with_captain, self.doors)

    @property
    def two_captain_percent(self) -> str | None:
        """双楼门长达标率 Doors with two ÷ doors that must have two; None where there are none."""
        return percent(self.two_captain_doors_full, self.two_captain_doors)


@dataclass(frozen=True)
class CoverageByPlace:
    """The coverage of all, and of each place of one kind in it."""

    total: Coverage
    parts: Sequence[Coverage]


def coverage(session: Session, actor: Actor, *, place_ref: str | None, by: str) -> CoverageByPlace:
    """Of the doors in a place (None: of all that the caller may see), and of its places of the kind `by`. Doors that
    are no more do not count."""
    doors = _of_doors(place_ref, actor)
    total = session.execute(select(*_COUNTS).select_from(posts).where(*doors)).one()
    key = BY[by]
    by_place = select(key, *_COUNTS).join_from(posts, places, places.c.id == posts.c.id)
    counted = session.execute(by_place.where(*doors, key.is_not(None)).group_by(key)).all()
    named = select(places.c.id, places.c.name).where(places.c.id.in_([row[0] for row in counted]))
    names = {row.id: row.name for row in session.execute(named)}
    parts = [Coverage(ref, names[ref], *counts) for ref, *counts in counted]
    return CoverageByPlace(
        Coverage("", "", *total), sorted(parts, key=lambda part: (part.name, part.place_ref))
    )


def _of_doors(place_ref: str | None, actor: Actor) -> list[ColumnElement[bool]]:
    path = posts.c.place_path
    return [posts.c.required > 0, *within(path, actor), *inside(path, place_ref)]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_COUNTS = (
    func.count(),
    _count(posts.c.serving > 0),
    _count(posts.c.required > 1),
    _count(and_(posts.c.required > 1, posts.c.serving > 1)),
)
