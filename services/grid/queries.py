"""What can be asked of grid: plain functions, a session and the caller in, plain rows out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.grid.domain.case import Case
from services.grid.domain.errors import NumberUnknown
from services.grid.domain.place import Place
from services.grid.domain.steward import Steward, StewardRequest
from services.grid.store import cases
from shared.kernel.command import Actor
from shared.kernel.ids import is_spoken_number
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def place(session: Session, actor: Actor, id: str) -> Place:
    """One place. Raises NotFound, Forbidden."""
    return one(session, actor, Place, id)


def places_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Places, oldest first."""
    return page(session, actor, Place, **filters)


def case(session: Session, actor: Actor, id: str) -> Case:
    """One case, by id or by its spoken number; a resident sees its own. Raises NotFound, Forbidden, NumberUnknown."""
    found = _by_number(session, actor, id) if is_spoken_number(id) else one(session, actor, Case, id)
    actor.must_speak_for(found.reporter_ref or "nobody")
    return found


def cases_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Cases, oldest first."""
    return page(session, actor, Case, **filters)


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


def _by_number(session: Session, actor: Actor, text: str) -> Case:
    digits = text.replace("-", "").replace(" ", "")
    number = f"{digits[:6]}-{digits[6:-1]}-{digits[-1]}"
    found = session.scalars(select(Case).where(cases.c.number == number)).one_or_none()
    if found is None:
        raise NumberUnknown(ref=text)
    actor.must_cover(found.place_path)
    return found
