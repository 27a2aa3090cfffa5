"""Places, by ref, by code, by what people call them, and around a case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.grid.domain.case import Case
from services.grid.domain.errors.places import (
    AddressAmbiguous,
    AddressUnknown,
)
from services.grid.domain.place import Place
from services.grid.store.places import places
from shared.kernel.command import Actor
from shared.kernel.listing import Page
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
