"""Whistles; a department sees those blown for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from services.grid.domain.whistle import Whistle
from services.grid.store.whistles import whistles
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def whistle(session: Session, actor: Actor, id: str) -> Whistle:
    """One whistle. Raises NotFound, Forbidden."""
    found = one(session, actor, Whistle, id)
    actor.must_act_for(found.party_ref or "nobody")
    return found


def whistles_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Whistles, the oldest first; a department's own."""
    own = [] if actor.party_ref is None else [whistles.c.party_ref == actor.party_ref]
    return page(session, actor, Whistle, *own, **filters)
