"""What can be asked of grid: plain functions, a session and the caller in, plain rows out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.grid.domain.case import Case
from services.grid.domain.errors import AddressAmbiguous, AddressUnknown, NumberUnknown
from services.grid.domain.place import Place
from services.grid.domain.steward import Steward, StewardRequest
from services.grid.store import cases, places
from shared.access.roles import OUTSIDE_SYSTEM
from shared.kernel.command import Actor
from shared.kernel.ids import is_spoken_number
from shared.kernel.listing import Page
from shared.kernel.personal import masked
from shared.persistence.listing import one, page

BETWEEN_NAMES = re.compile(r"[\s,，、]+")
MOST_NAMED = 5


def place(session: Session, actor: Actor, id: str) -> Place:
    """One place. Raises NotFound, Forbidden."""
    return one(session, actor, Place, id)


def places_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Places, oldest first."""
    return page(session, actor, Place, **filters)


def place_with_id(session: Session, actor: Actor, text: str, *, field: str) -> Place:
    """The place with that code or ref. Raises AddressUnknown naming the input `field`."""
    found = session.scalars(select(Place).where(or_(places.c.code == text, places.c.id == text))).first()
    if found is None or not actor.covers(found.place_path):
        raise AddressUnknown(field=field, address=text)
    return found


def place_called(session: Session, actor: Actor, address: str, *, field: str) -> Place:
    """The one place that people call that, among those that the caller may act for.

    `address` is a name or code, or several (`水池，金侨时代家园`): then those of places around it, in any order.
    Raises AddressUnknown, or AddressAmbiguous with the candidates, naming the input `field`.
    """
    for names in ([address], [name for name in BETWEEN_NAMES.split(address) if name]):
        found = [place for place in _inside_all(session, names) if actor.covers(place.place_path)]
        if len(found) == 1:
            return found[0]
        if found:
            told = "、".join(f"{place.name}（{place.code}）" for place in found[:MOST_NAMED])
            more = "…" if len(found) > MOST_NAMED else ""
            raise AddressAmbiguous(field=field, address=address, places=told + more)
    raise AddressUnknown(field=field, address=address)


def places_around(session: Session, _actor: Actor, cases: Iterable[Case]) -> Mapping[str, Sequence[Place]]:
    """By the ids of these cases: the place of each, and the places around it, the widest last."""
    paths = {case.id: _ids(case.place_path) for case in cases}
    wanted = {id for path in paths.values() for id in path}
    known = {place.id: place for place in session.scalars(select(Place).where(places.c.id.in_(wanted)))}
    return {case_id: [known[id] for id in reversed(path)] for case_id, path in paths.items()}


def case(session: Session, actor: Actor, id: str) -> Case:
    """One case, by id or by its spoken number; a resident sees its own, a party those that it is responsible for.

    Raises NotFound, Forbidden, NumberUnknown.
    """
    found = case_numbered(session, actor, id) if is_spoken_number(id) else one(session, actor, Case, id)
    actor.must_speak_for(found.reporter_ref or "nobody")
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


def cases_in_scope(session: Session, actor: Actor, *, place_ref: str | None, **filters: Any) -> Page:
    """Cases, oldest first; those at a place or anywhere inside it; a party sees those that it is responsible for."""
    wanted = []
    if place_ref is not None:
        wanted.append(cases.c.place_path.contains(f"/{place_ref}/", autoescape=True))
    if actor.party_ref is not None:
        wanted.append(cases.c.lead_party_ref == actor.party_ref)
    found = page(session, actor, Case, *wanted, **filters)
    return Page([_as_read_by(actor, case, session) for case in found.items], found.next)


def _as_read_by(actor: Actor, case: Case, session: Session) -> Case:
    """An outside system needs nobody's phone or room to follow a case: the reporter's words are masked for it."""
    if actor.role == OUTSIDE_SYSTEM:
        session.expunge(case)
        case.text = masked(case.text)
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


def _inside_all(session: Session, names: Sequence[str]) -> list[Place]:
    """The places called by one of the names that lie in places called by all the others."""
    named = session.scalars(
        select(Place).where(or_(places.c.name.in_(names), places.c.code.in_(names))).order_by(places.c.id)
    ).all()
    around = {place.id: {place.name, place.code} for place in named}
    return [place for place in named if set(names) <= _names(place, around)]


def _names(place: Place, around: Mapping[str, set[str]]) -> set[str]:
    return {name for id in _ids(place.place_path) for name in around.get(id, ())}


def _ids(place_path: str | None) -> list[str]:
    """The ids in a path, the widest place first."""
    return (place_path or "").strip("/").split("/")


def _dashed(number: str) -> str:
    digits = number.replace("-", "").replace(" ", "")
    return f"{digits[:6]}-{digits[6:-1]}-{digits[-1]}"
