"""What can be asked of alliance: plain functions, a session and the caller in, plain rows out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Table, select
from sqlalchemy.orm import Session

from services.alliance.domain.engagement import Engagement
from services.alliance.domain.organisation import Organisation
from services.alliance.domain.request import ProfessionalRequest
from services.alliance.store import engagements, organisations, professional_requests
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def organisation(session: Session, actor: Actor, id: str) -> Organisation:
    """One organisation. Raises NotFound."""
    return one(session, actor, Organisation, id, "organisation")


def organisations_of_street(session: Session, actor: Actor, *, kind: str | None, **paging: Any) -> Page:
    """Organisations, oldest first."""
    return page(
        session,
        actor,
        _filtered(select(Organisation), organisations, kind=kind),
        organisations,
        **paging,
    )


def request(session: Session, actor: Actor, id: str) -> ProfessionalRequest:
    """One request. Raises NotFound, Forbidden."""
    return one(session, actor, ProfessionalRequest, id, "request")


def requests_in_scope(
    session: Session,
    actor: Actor,
    *,
    state: str | None,
    request_ref: str | None,
    topic_ref: str | None,
    **paging: Any,
) -> Page:
    """Requests, oldest first; every organisation sees all of them."""
    query = _filtered(
        select(ProfessionalRequest),
        professional_requests,
        state=state,
        request_ref=request_ref,
        topic_ref=topic_ref,
    )
    return page(session, actor, query, professional_requests, **paging)


def engagements_in_scope(
    session: Session, actor: Actor, *, request_ref: str | None, topic_ref: str | None, **paging: Any
) -> Page:
    """Engagements, oldest first; an organisation sees its own."""
    query = _filtered(
        select(Engagement), engagements, request_ref=request_ref, topic_ref=topic_ref, org_ref=actor.party_ref
    )
    return page(session, actor, query, engagements, **paging)


def _filtered(query: Select[Any], table: Table, **wanted: str | None) -> Select[Any]:
    for name, value in wanted.items():
        if value:
            query = query.where(table.c[name] == value)
    return query
