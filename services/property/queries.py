"""What can be asked of property: plain functions, a session and the caller in, plain rows out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from services.property.domain.area import Area
from services.property.domain.decision import OwnersDecision
from services.property.domain.party import Party
from services.property.domain.works import Works
from services.property.store import areas, decisions, parties, works
from shared.kernel.command import Actor, OutsideScope
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def area(session: Session, actor: Actor, id: str) -> Area:
    """One area. Raises NotFound, Forbidden."""
    return one(session, actor, Area, id, "area")


def areas_in_scope(session: Session, actor: Actor, **paging: Any) -> Page:
    """Areas, oldest first."""
    return page(session, actor, select(Area), areas, **paging)


def party(session: Session, actor: Actor, id: str) -> Party:
    """One party. It lies nowhere, so every reader may see it. Raises NotFound."""
    return one(session, actor, Party, id, "party")


def parties_of_kind(session: Session, actor: Actor, *, kind: str | None, **paging: Any) -> Page:
    """Parties, oldest first."""
    query = select(Party)
    if kind:
        query = query.where(parties.c.kind == kind)
    return page(session, actor, query, parties, **paging)


def decision(session: Session, actor: Actor, id: str) -> OwnersDecision:
    """One owners' decision. Raises NotFound, Forbidden."""
    return one(session, actor, OwnersDecision, id, "decision")


def decisions_in_scope(session: Session, actor: Actor, *, topic_ref: str | None, **paging: Any) -> Page:
    """Owners' decisions, oldest first."""
    query = select(OwnersDecision)
    if topic_ref:
        query = query.where(decisions.c.topic_ref == topic_ref)
    return page(session, actor, query, decisions, **paging)


def one_works(session: Session, actor: Actor, id: str) -> Works:
    """One works; a party sees those that concern it. Raises NotFound, Forbidden."""
    found = one(session, actor, Works, id, "works")
    if actor.party_ref:
        concerning = select(works.c.id).where(works.c.id == id, _concerns(session, actor.party_ref))
        if session.execute(concerning).first() is None:
            raise OutsideScope(scope=actor.scope)
    return found


def works_in_scope(
    session: Session, actor: Actor, *, topic_ref: str | None, state: str | None, **paging: Any
) -> Page:
    """Works, oldest first; a party sees those that it builds or maintains, and those in its areas."""
    query = select(Works)
    for column, wanted in ((works.c.topic_ref, topic_ref), (works.c.state, state)):
        if wanted:
            query = query.where(column == wanted)
    if actor.party_ref:
        query = query.where(_concerns(session, actor.party_ref))
    return page(session, actor, query, works, **paging)


def _concerns(session: Session, party_ref: str) -> ColumnElement[bool]:
    party = session.get(Party, party_ref)
    return or_(
        works.c.contractor_ref == party_ref,
        works.c.maintainer_ref == party_ref,
        works.c.area_ref.in_(party.area_refs if party else []),
    )
