"""What can be asked of grid: plain functions, a session and the caller in, plain rows out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.grid.domain.case import Case
from services.grid.domain.errors import NumberUnknown
from services.grid.domain.place import Place
from services.grid.domain.steward import Steward, StewardRequest
from services.grid.store import cases, places, steward_requests, stewards
from shared.kernel.command import Actor
from shared.kernel.ids import is_spoken_number
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def place(session: Session, actor: Actor, id: str) -> Place:
    """One place. Raises NotFound, Forbidden."""
    return one(session, actor, Place, id, "place")


def places_in_scope(session: Session, actor: Actor, *, kind: str | None, **paging: Any) -> Page:
    """Places, oldest first."""
    query = select(Place)
    if kind:
        query = query.where(places.c.kind == kind)
    return page(session, actor, query, places, **paging)


def case(session: Session, actor: Actor, id: str) -> Case:
    """One case, by id or by its spoken number. Raises NotFound, Forbidden, NumberUnknown."""
    if is_spoken_number(id):
        digits = id.replace("-", "").replace(" ", "")
        number = f"{digits[:6]}-{digits[6:-1]}-{digits[-1]}"
        found = session.scalars(select(Case).where(cases.c.number == number)).one_or_none()
        if found is None:
            raise NumberUnknown(ref=id)
        actor.must_cover(found.place_path)
        return found
    return one(session, actor, Case, id, "case")


def cases_in_scope(
    session: Session,
    actor: Actor,
    *,
    state: str | None,
    topic_ref: str | None,
    grid_ref: str | None,
    **paging: Any,
) -> Page:
    """Cases, oldest first."""
    query = select(Case)
    for column, wanted in (
        (cases.c.state, state),
        (cases.c.topic_ref, topic_ref),
        (cases.c.grid_ref, grid_ref),
    ):
        if wanted:
            query = query.where(column == wanted)
    return page(session, actor, query, cases, **paging)


def steward_requests_in_scope(
    session: Session, actor: Actor, *, works_ref: str | None, **paging: Any
) -> Page:
    """Requests for stewards; a contractor sees its own."""
    query = select(StewardRequest)
    if works_ref:
        query = query.where(steward_requests.c.works_ref == works_ref)
    if actor.party_ref:
        query = query.where(steward_requests.c.contractor_ref == actor.party_ref)
    return page(session, actor, query, steward_requests, **paging)


def stewards_in_scope(
    session: Session, actor: Actor, *, works_ref: str | None, state: str | None, **paging: Any
) -> Page:
    """Stewards."""
    query = select(Steward)
    for column, wanted in ((stewards.c.works_ref, works_ref), (stewards.c.state, state)):
        if wanted:
            query = query.where(column == wanted)
    return page(session, actor, query, stewards, **paging)
