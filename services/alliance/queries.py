"""What can be asked of alliance: plain functions, a session and the caller in, plain rows out."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from services.alliance.domain.engagement import Engagement
from services.alliance.domain.organisation import Organisation
from services.alliance.domain.request import Decline, ProfessionalRequest
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def organisation(session: Session, actor: Actor, id: str) -> Organisation:
    """One organisation. Raises NotFound."""
    return one(session, actor, Organisation, id)


def organisations_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Organisations, oldest first; they lie nowhere, so that everyone sees all of them."""
    return page(session, actor, Organisation, **filters)


def request(session: Session, actor: Actor, id: str) -> ProfessionalRequest:
    """One request. Raises NotFound, Forbidden."""
    return one(session, actor, ProfessionalRequest, id)


def requests_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Requests, oldest first; every organisation sees all of them."""
    return page(session, actor, ProfessionalRequest, **filters)


def engagement(session: Session, actor: Actor, id: str) -> Engagement:
    """One engagement; an organisation sees its own. Raises NotFound, Forbidden."""
    found = one(session, actor, Engagement, id)
    actor.must_act_for(found.org_ref)
    return found


def engagements_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Engagements, oldest first; an organisation sees its own."""
    return page(session, actor, Engagement, org_ref=actor.party_ref, **filters)


def decline(session: Session, actor: Actor, id: str) -> Decline:
    """One no; an organisation sees its own. Raises NotFound, Forbidden."""
    found = one(session, actor, Decline, id)
    actor.must_act_for(found.org_ref)
    return found
