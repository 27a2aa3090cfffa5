"""Pairings."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from services.grid.domain.pairing import Pairing
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def pairing(session: Session, actor: Actor, id: str) -> Pairing:
    """One pairing. Raises NotFound, Forbidden."""
    return one(session, actor, Pairing, id)


def pairings_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Pairings, oldest first."""
    return page(session, actor, Pairing, **filters)
