"""Households, and who and what is around one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import FromClause, Row, Select, and_, select
from sqlalchemy.orm import Session

from services.grid.domain.captain import SERVING
from services.grid.domain.household import Household
from services.grid.domain.staff import ON_DUTY
from services.grid.store.captains import NOT_RETIRED, captains
from services.grid.store.places import households, places
from services.grid.store.staff import postings, staff
from shared.kernel.command import Actor
from shared.kernel.errors import NotFound
from shared.kernel.listing import Page
from shared.persistence.listing import one, page

AROUND = ("door", "building", "grid", "estate", "community")


def household(session: Session, actor: Actor, id: str) -> Household:
    """One household. Raises NotFound, Forbidden."""
    return one(session, actor, Household, id)


def households_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Those that are there now, oldest first."""
    return page(session, actor, Household, households.c.valid_to.is_(None), **filters)


def surroundings(session: Session, actor: Actor, id: str) -> dict[str, Any]:
    """From a household to its door, the door's captains, its grid, and who is at work there (row 58), in one
    statement. Raises NotFound, Forbidden."""
    rows = session.execute(surroundings_of(id)).all()
    if not rows:
        raise NotFound(what=Household.term, ref=id)
    first = rows[0]
    actor.must_cover(first.place_path)
    return {
        "household_ref": first.id,
        "room": first.room,
        **{name: _place(first, name) for name in AROUND},
        "captains": _distinct(rows, "captain_ref", ("captain_ref", "origin")),
        "staff": _distinct(rows, "staff_ref", ("staff_ref", "staff_name", "category", "role")),
    }


def surroundings_of(id: str) -> Select[Any]:
    """The one statement: each join is by a primary key, or by the partial index of those who serve now. A row for each
    captain with each member of staff: a handful."""
    around: dict[str, FromClause] = {name: places.alias(name) for name in AROUND}
    door = around["door"]
    joined: FromClause = households.join(door, door.c.id == households.c.door_ref)
    for name in AROUND[1:]:
        joined = joined.outerjoin(around[name], around[name].c.id == door.c[f"{name}_ref"])
    serving = and_(captains.c.door_ref == door.c.id, NOT_RETIRED, captains.c.state == SERVING)
    posted = and_(postings.c.grid_ref == door.c.grid_ref, postings.c.valid_to.is_(None))
    at_work = and_(staff.c.id == postings.c.staff_ref, staff.c.state == ON_DUTY)
    joined = joined.outerjoin(captains, serving).outerjoin(postings, posted).outerjoin(staff, at_work)
    columns = [
        place.c[column].label(f"{name}_{column}")
        for name, place in around.items()
        for column in ("id", "kind", "name", "code")
    ]
    people = [
        captains.c.id.label("captain_ref"),
        captains.c.origin,
        staff.c.id.label("staff_ref"),
        staff.c.name.label("staff_name"),
        staff.c.category,
        postings.c.role,
    ]
    own = (households.c.id, households.c.room, households.c.place_path)
    return select(*own, *columns, *people).select_from(joined).where(households.c.id == id)


def _place(row: Row[Any], name: str) -> dict[str, Any] | None:
    found = {column: getattr(row, f"{name}_{column}") for column in ("id", "kind", "name", "code")}
    return found if found["id"] is not None else None


def _distinct(rows: Sequence[Row[Any]], key: str, names: Sequence[str]) -> list[dict[str, Any]]:
    """Those parts of the rows, each once, the eldest first; none where the key is empty."""
    found = {
        ref: {name: getattr(row, name) for name in names}
        for row in rows
        if (ref := getattr(row, key)) is not None
    }
    return [found[ref] for ref in sorted(found)]
