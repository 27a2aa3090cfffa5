"""Households, and who and what is around one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import FromClause, Row, Select, select
from sqlalchemy.orm import Session

from services.grid.domain.household import Household
from services.grid.store.places import households, places
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
    """From a household to all that lies around it, in one statement. Raises NotFound, Forbidden."""
    row = session.execute(surroundings_of(id)).one_or_none()
    if row is None:
        raise NotFound(what=Household.term, ref=id)
    actor.must_cover(row.place_path)
    return {"household_ref": row.id, "room": row.room} | {name: _place(row, name) for name in AROUND}


def surroundings_of(id: str) -> Select[Any]:
    """The one statement: each join is by a primary key. Who serves there is joined here too, by its door or grid."""
    around: dict[str, FromClause] = {name: places.alias(name) for name in AROUND}
    door = around["door"]
    joined: FromClause = households.join(door, door.c.id == households.c.door_ref)
    for name in AROUND[1:]:
        joined = joined.outerjoin(around[name], around[name].c.id == door.c[f"{name}_ref"])
    columns = [
        place.c[column].label(f"{name}_{column}")
        for name, place in around.items()
        for column in ("id", "kind", "name", "code")
    ]
    own = (households.c.id, households.c.room, households.c.place_path)
    return select(*own, *columns).select_from(joined).where(households.c.id == id)


def _place(row: Row[Any], name: str) -> dict[str, Any] | None:
    found = {column: getattr(row, f"{name}_{column}") for column in ("id", "kind", "name", "code")}
    return found if found["id"] is not None else None
