"""Which cases a duty officer asks for: each filter as conditions that an index answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, not_, or_
from sqlalchemy.orm import Session

from services.grid.domain.errors.search import NothingToSearch, SearchedByStaff
from services.grid.domain.place import BUILDING, DOOR, ESTATE, GRID, SPOT, Place
from services.grid.store.case_lists import awaits, is_in, is_overdue
from services.grid.store.case_search import holding
from services.grid.store.cases import cases
from shared.access.roles import COMMUNITY, STAFF, STREET
from shared.kernel.command import Actor
from shared.persistence.listing import inside

# the column that says of a case in which place of a kind it lies; nothing lies in a door or a spot
AROUND = {
    DOOR: cases.c.place_ref,
    SPOT: cases.c.place_ref,
    BUILDING: cases.c.building_ref,
    GRID: cases.c.grid_ref,
    ESTATE: cases.c.estate_ref,
}


@dataclass(frozen=True)
class Asked:
    """Which cases; what is None is not asked for. `mine_to_decide`: something of it waits for the caller's decision."""

    state: Sequence[str] | None = None
    place_ref: str | None = None
    due_before: datetime | None = None
    overdue: bool | None = None
    mine_to_decide: bool | None = None
    reported_since: datetime | None = None
    reported_before: datetime | None = None
    text: str | None = None


def wanted_cases(session: Session, actor: Actor, asked: Asked) -> list[ColumnElement[bool]]:
    """The conditions. Raises NothingToSearch, SearchedByStaff."""
    wanted = [] if asked.text is None else _holding(session, actor, asked.text)
    wanted += _at(session, asked.place_ref)
    if actor.place_refs:  # the list asks for their scope itself, by a condition that no index answers
        own = [_at(session, ref) for ref in actor.place_refs]
        wanted.append(or_(*(part for parts in own for part in parts)))
    if asked.state is not None:
        wanted.append(is_in(session, asked.state))
    for is_so, condition in (
        (asked.overdue, is_overdue),
        (asked.mine_to_decide, to_be_decided_by(actor)),
    ):
        if is_so is not None:
            wanted.append(condition if is_so else not_(condition))
    if asked.due_before is not None:
        wanted.append(cases.c.due_at < asked.due_before)
    if asked.reported_since is not None:
        wanted.append(cases.c.reported_at >= asked.reported_since)
    if asked.reported_before is not None:
        wanted.append(cases.c.reported_at < asked.reported_before)
    return wanted


def to_be_decided_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that something waits for a decision that the actor may take."""
    return awaits(actor.told) if actor.role in (STREET, COMMUNITY) else false()


def _at(session: Session, ref: str | None) -> list[ColumnElement[bool]]:
    """At a place or anywhere inside it."""
    if ref is None:
        return []
    place = session.get(Place, ref)
    if place is None:
        return [false()]
    column = AROUND.get(place.kind)
    return inside(cases.c.place_path, ref) if column is None else [column == ref]


def _holding(session: Session, actor: Actor, text: str) -> list[ColumnElement[bool]]:
    if actor.role not in STAFF:
        raise SearchedByStaff(field="text")
    found = holding(session, text)
    if not found:
        raise NothingToSearch(field="text")
    return found
