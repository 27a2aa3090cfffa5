"""Cases, as their reader may see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.grid.domain.case import Case
from services.grid.domain.errors.cases import NumberUnknown
from services.grid.queries.case_filters import Asked, wanted_cases
from services.grid.store.cases import cases, helped_by
from shared.access.roles import OUTSIDE_SYSTEM
from shared.kernel.command import Actor
from shared.kernel.ids import is_spoken_number
from shared.kernel.listing import Page
from shared.kernel.personal import masked
from shared.persistence.listing import one, page


def case(session: Session, actor: Actor, id: str) -> Case:
    """One case, by id or by its spoken number; a resident sees its own, a party those that it leads or helps with.

    Raises NotFound, Forbidden, NumberUnknown.
    """
    found = case_numbered(session, actor, id) if is_spoken_number(id) else one(session, actor, Case, id)
    actor.must_speak_for(found.reporter_ref or "nobody")
    if actor.party_ref not in found.co_party_refs:
        actor.must_act_for(found.lead_party_ref or "nobody")
    return _as_read_by(actor, found, session)


def case_numbered(session: Session, actor: Actor, number: str) -> Case:
    """One case by its spoken number, dashes or not. Raises NumberUnknown, Forbidden."""
    found = cases_numbered(session, actor, [number])
    if not found:
        raise NumberUnknown(ref=number)
    actor.must_cover(found[0].place_path)
    return found[0]


def cases_numbered(session: Session, _actor: Actor, numbers: Iterable[str]) -> Sequence[Case]:
    """The cases with these spoken numbers, newest first, whoever asks; a number that no case has is passed over."""
    known = [_dashed(number) for number in numbers if is_spoken_number(number)]
    return session.scalars(select(Case).where(cases.c.number.in_(known)).order_by(cases.c.id.desc())).all()


def cases_in_scope(session: Session, actor: Actor, *, asked: Asked, **filters: Any) -> Page:
    """Cases, oldest first; a party sees those that it leads or helps with. Raises NothingToSearch, SearchedByStaff."""
    wanted = wanted_cases(session, actor, asked)
    if actor.party_ref is not None:
        wanted.append((cases.c.lead_party_ref == actor.party_ref) | helped_by(actor.party_ref))
    found = page(session, actor, Case, *wanted, **filters)
    return Page([_as_read_by(actor, case, session) for case in found.items], found.next)


def _as_read_by(actor: Actor, case: Case, session: Session) -> Case:
    """An outside system needs nobody's phone, room or door to follow a case: the reporter's words are masked for it,
    and the other side of a dispute is left out."""
    if actor.role == OUTSIDE_SYSTEM:
        session.expunge(case)
        case.text, case.address = masked(case.text), masked(case.address)
        case.respondent_door_ref = None
    return case


def cases_reported(
    session: Session,
    _actor: Actor,
    since: datetime,
    until: datetime,
    *,
    categories: Sequence[str] | None,
    states: Sequence[str],
    skip: int,
    most: int,
) -> Sequence[Case]:
    """The cases reported in that time, newest first, whoever asks."""
    query = select(Case).where(cases.c.reported_at.between(since, until), cases.c.state.in_(states))
    if categories is not None:
        query = query.where(cases.c.category.in_(categories))
    query = query.order_by(cases.c.reported_at.desc(), cases.c.id.desc())
    return session.scalars(query.offset(skip).limit(most)).all()


def _dashed(number: str) -> str:
    digits = number.replace("-", "").replace(" ", "")
    return f"{digits[:6]}-{digits[6:-1]}-{digits[-1]}"
