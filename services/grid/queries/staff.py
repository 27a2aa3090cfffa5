"""Staff, as those may see them who are in one of their grids' places."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.grid.domain.staff import Staff
from services.grid.store.staff import OPEN, postings, staff
from shared.kernel.command import Actor, OutsideScope
from shared.kernel.errors import NotFound
from shared.kernel.listing import Page
from shared.persistence.listing import page, within


def staff_member(session: Session, actor: Actor, id: str) -> Staff:
    """One of the staff. Raises NotFound, Forbidden where neither it nor one of its grids lies in the actor's place."""
    found = session.get(Staff, id)
    if found is None:
        raise NotFound(what=Staff.term, ref=id)
    places = [found.place_path, *(posting.place_path for posting in found.open_postings)]
    if not any(actor.covers(place_path) for place_path in places):
        raise OutsideScope()
    return found


def staff_in_scope(
    session: Session,
    actor: Actor,
    *,
    grid_ref: str | None,
    limit: int,
    after: str | None,
    sort: str,
    **filters: Any,
) -> Page:
    """Staff, oldest first; of one grid, or all."""
    wanted = [staff.c[name] == value for name, value in filters.items() if value is not None]
    if grid_ref is not None:
        there = select(postings.c.staff_ref).where(OPEN, postings.c.grid_ref == grid_ref)
        wanted.append(staff.c.id.in_(there))
    wanted += in_place(actor)
    everywhere = Actor(actor.id, actor.role)  # the place is among the conditions
    return page(session, everywhere, Staff, *wanted, limit=limit, after=after, sort=sort)


def in_place(actor: Actor) -> list[ColumnElement[bool]]:
    """The condition that staff, or one of their grids, lie in the caller's place."""
    there = select(postings.c.staff_ref).where(OPEN, *within(postings.c.place_path, actor))
    return [inside | staff.c.id.in_(there) for inside in within(staff.c.place_path, actor)]
