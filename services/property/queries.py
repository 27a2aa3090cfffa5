"""What can be asked of property: plain functions, a session and the caller in, plain rows out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from services.property.domain.area import Area
from services.property.domain.decision import OwnersDecision
from services.property.domain.party import Party
from services.property.domain.works import Works
from services.property.store import works
from shared.kernel.command import Actor, OutsideScope
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def area(session: Session, actor: Actor, id: str) -> Area:
    """One area. Raises NotFound, Forbidden."""
    return one(session, actor, Area, id)


def areas_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Areas, oldest first."""
    return page(session, actor, Area, **filters)


def party(session: Session, actor: Actor, id: str) -> Party:
    """One party. It lies nowhere, so every reader may see it. Raises NotFound."""
    return one(session, actor, Party, id)


def parties_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Parties, oldest first."""
    return page(session, actor, Party, **filters)


def decision(session: Session, actor: Actor, id: str) -> OwnersDecision:
    """One owners' decision. Raises NotFound, Forbidden."""
    return one(session, actor, OwnersDecision, id)


def decisions_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Owners' decisions, oldest first."""
    return page(session, actor, OwnersDecision, **filters)


def one_works(session: Session, actor: Actor, id: str) -> Works:
    """One works; a party sees those that concern it. Raises NotFound, Forbidden."""
    found = one(session, actor, Works, id)
    concerning = select(works.c.id).where(works.c.id == id, *_concerning(session, actor))
    if session.execute(concerning).first() is None:
        raise OutsideScope()
    return found


def works_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Works, oldest first; a party sees those that it builds or maintains, and those in its areas."""
    return page(session, actor, Works, *_concerning(session, actor), **filters)


def _concerning(session: Session, actor: Actor) -> list[ColumnElement[bool]]:
    if actor.party_ref is None:
        return []
    party = session.get(Party, actor.party_ref)
    builds, maintains = works.c.contractor_ref == actor.party_ref, works.c.maintainer_ref == actor.party_ref
    return [or_(builds, maintains, works.c.area_ref.in_(party.area_refs if party else []))]
