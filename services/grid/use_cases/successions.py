"""Merge and split places: now, on a day to come, or only to see what would move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.grid.domain.errors.successions import EffectiveInThePast
from services.grid.domain.place import GRID
from services.grid.domain.succession import Ending, NewPlace, Succession
from services.grid.use_cases.following import let_follow
from services.grid.use_cases.ports import Work
from services.grid.use_cases.shapes import end_shape
from shared.kernel.clock import local_date, midnight
from shared.kernel.command import Command, use_case

DONE, SCHEDULED, REHEARSED = "done", "scheduled", "rehearsed"


@dataclass(frozen=True)
class WhatMoves:
    """What a deed moves: how much of which kind, and the numbers of the open cases."""

    effective_on: date
    state: str
    registered: int
    ended: int
    moved: Mapping[str, int]
    case_numbers: list[str]


@dataclass(frozen=True)
class SucceedPlaces(Command):
    """场所承继 The day has come. The fields of `register` are a NewPlace's, those of `supersede` an Ending's; `on` is
    the day in ISO 8601."""

    register: list[dict[str, Any]]
    supersede: list[dict[str, Any]]
    on: str


@dataclass(frozen=True)
class SupersedePlaces(Command):
    """合并、拆分场所 `effective_on` None: today."""

    register: list[dict[str, Any]]
    supersede: list[dict[str, Any]]
    effective_on: date | None = None
    dry_run: bool = False


@use_case
def supersede_places(command: SupersedePlaces, work: Work) -> WhatMoves:
    """Done at once or, where its day is still to come, rehearsed and kept until then.

    Raises EffectiveInThePast, OutsideScope, Unknown, and what `Succession.carry_out` raises.
    """
    today = local_date(work.now)
    day = command.effective_on or today
    if day < today:
        raise EffectiveInThePast(day=day.isoformat(), today=today.isoformat(), field="effective_on")
    deed = SucceedPlaces(command.register, command.supersede, day.isoformat())
    if day == today and not command.dry_run:
        return succeed_places(deed, work)
    would_move = work.rehearse(lambda: succeed_places(deed, work))
    if command.dry_run:
        return replace(would_move, state=REHEARSED)
    first = min(ending["code"] for ending in command.supersede)
    work.schedule(midnight(day), deed, key=f"succession:{first}")
    return replace(would_move, state=SCHEDULED)


@use_case
def succeed_places(command: SucceedPlaces, work: Work) -> WhatMoves:
    """The old places end, the new ones begin, and what is open in them follows."""
    new = [NewPlace(**place) for place in command.register]
    endings = [Ending(**ending) for ending in command.supersede]
    known = work.places.with_codes(_codes(new, endings))
    for place in known.values():
        work.actor.must_cover(place.place_path)
    old = [known[ending.code] for ending in endings if ending.code in known]
    case_numbers = {number for place in old for number in work.cases.open_within(place.place_path)}
    succession = Succession(
        endings,
        new,
        known=known,
        inside={place.id: place for around in old for place in work.places.inside(around)}.values(),
        street_code=work.identity.street,
        on=date.fromisoformat(command.on),
    )
    succession.carry_out()
    for place in succession.registered:
        work.places.add(place)
    for place in succession.ended:
        if place.kind == GRID:
            end_shape(place, work)
    moved = Counter(place.kind for place in succession.moved)
    return WhatMoves(
        effective_on=date.fromisoformat(command.on),
        state=DONE,
        registered=len(succession.registered),
        ended=len(succession.ended),
        moved=moved + let_follow(succession.places_now, work),
        case_numbers=sorted(case_numbers),
    )


def _codes(new: list[NewPlace], endings: list[Ending]) -> set[str]:
    named = {code for ending in endings for code in (ending.code, *ending.into)}
    return named | {code for place in new for code in (place.code, place.parent)}
