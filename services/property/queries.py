"""What can be asked of property: plain functions, a session and the caller in, plain rows out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from services.property.domain.area import Area
from services.property.domain.decision import OwnersDecision
from services.property.domain.party import Party
from services.property.domain.works import Works
from services.property.store import decisions, works
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
    """One owners' decision; a party sees those of its areas. Raises NotFound, Forbidden."""
    found = one(session, actor, OwnersDecision, id)
    if actor.party_ref is not None and found.area_ref not in _areas_of(session, actor):
        raise OutsideScope()
    return found


def decisions_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Owners' decisions, oldest first; a party sees those of its areas."""
    own = [] if actor.party_ref is None else [decisions.c.area_ref.in_(_areas_of(session, actor))]
    return page(session, actor, OwnersDecision, *own, **filters)


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
    builds, maintains = works.c.contractor_ref == actor.party_ref, works.c.maintainer_ref == actor.party_ref
    return [or_(builds, maintains, works.c.area_ref.in_(_areas_of(session, actor)))]


def _areas_of(session: Session, actor: Actor) -> list[str]:
    """The areas that the actor's party is responsible for."""
    party = session.get(Party, actor.party_ref)
    return party.area_refs if party else []
