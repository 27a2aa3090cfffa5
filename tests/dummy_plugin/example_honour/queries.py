"""What can be asked of honour: plain functions, a session and the caller in, plain rows out."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from example_honour.domain.commendation import Commendation
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def commendation(session: Session, actor: Actor, id: str) -> Commendation:
    """One commendation. Raises NotFound, Forbidden."""
    return one(session, actor, Commendation, id)


def commendations_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Commendations, oldest first."""
    return page(session, actor, Commendation, **filters)
