"""The duty log of captains and stewards."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from services.grid.domain.duty import DutyEntry
from services.grid.store.duties import duty_entries
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import inside, one, page


def duty(session: Session, actor: Actor, id: str) -> DutyEntry:
    """One entry. Raises NotFound, Forbidden."""
    return one(session, actor, DutyEntry, id)


def duties_in_scope(session: Session, actor: Actor, *, place_ref: str | None, **filters: Any) -> Page:
    """The log, oldest first; that of a place and of all places inside it."""
    return page(session, actor, DutyEntry, *inside(duty_entries.c.place_path, place_ref), **filters)
