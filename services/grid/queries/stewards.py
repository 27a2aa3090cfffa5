"""Construction stewards, and the requests for them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from services.grid.domain.steward import Steward, StewardRequest
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def steward_requests_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Requests for stewards; a contractor sees its own."""
    return page(session, actor, StewardRequest, contractor_ref=actor.party_ref, **filters)


def steward(session: Session, actor: Actor, id: str) -> Steward:
    """One steward. Raises NotFound, Forbidden."""
    found = one(session, actor, Steward, id)
    actor.must_act_for(found.contractor_ref)
    return found


def stewards_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Stewards; a contractor sees its own."""
    return page(session, actor, Steward, contractor_ref=actor.party_ref, **filters)
