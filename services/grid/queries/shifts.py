"""Hand-overs between shifts."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from services.grid.domain.shift import ShiftHandover
from services.grid.store.shifts import shift_handovers
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import inside, one, page


def shift_handover(session: Session, actor: Actor, id: str) -> ShiftHandover:
    """One, with what was open then. Raises NotFound, Forbidden."""
    return one(session, actor, ShiftHandover, id)


def shift_handovers_in_scope(
    session: Session, actor: Actor, *, place_ref: str | None, **filters: Any
) -> Page:
    """Hand-overs, oldest first; those of a place and of all places inside it."""
    return page(session, actor, ShiftHandover, *inside(shift_handovers.c.place_path, place_ref), **filters)
