"""导入场所、户 Import places and households."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.grid.domain.errors.sheets import PlaceIsOfAnotherKind, PlaceLiesElsewhere
from services.grid.domain.household import Household
from services.grid.domain.place import KINDS, Place
from services.grid.use_cases.places import ChangePlace, RegisterPlace, alter_place, open_place
from services.grid.use_cases.ports import Work
from services.grid.use_cases.sheets.rows import changed_since, known_place
from shared.kernel.clock import local_date
from shared.kernel.command import Command, use_case
from shared.kernel.errors import Term
from shared.kernel.sheets.rows import CREATED, UNCHANGED, Report, Row, each_row


@dataclass(frozen=True)
class ImportPlaces(Command):
    """导入场所 `code`, `name`, `kind`, `parent_code`, `estate_type`, `household_count`, `longitude`, `latitude`."""

    rows: Sequence[Row]


@use_case
def import_places(command: ImportPlaces, work: Work) -> Report:
    """Places that are new are registered, those that are known get what is said anew; what is left out stays. In any
    order: what lies in another place of the sheet comes after it."""
    named = [row.cells.get(name) for row in command.rows for name in ("code", "parent_code")]
    known = work.places.with_codes({code for code in named if code is not None})

    def carry_out(cells: Mapping[str, Any]) -> str:
        parent = known_place(known, cells, "parent_code", work) if "parent_code" in cells else None
        place = known.get(cells["code"])
        facts: dict[str, Any] = {name: cells.get(name) for name in ("name", "longitude", "latitude")}
        if place is None:
            if parent is None:
                work.actor.must_act_everywhere()
            new = RegisterPlace(
                kind=cells["kind"],
                code=cells["code"],
                estate_type=cells.get("estate_type", ""),
                household_count=cells.get("household_count", 0),
                **facts,
            )
            known[new.code] = open_place(new, parent, work)
            return CREATED
        _must_be_meant(place, cells, parent, work)
        before = place.version
        more = {name: cells.get(name) for name in ("estate_type", "household_count")}
        alter_place(ChangePlace(place.id, **facts, **more), place, work)
        return changed_since(before, place)

    return each_row([*_outer_first(command.rows)], carry_out)


def _must_be_meant(place: Place, cells: Mapping[str, Any], parent: Place | None, work: Work) -> None:
    """Raises PlaceEnded, PlaceIsOfAnotherKind, PlaceLiesElsewhere, OutsideScope where the row means another place."""
    work.actor.must_cover(place.place_path)
    place.must_be_there(field="code")
    if place.kind != cells["kind"]:
        raise PlaceIsOfAnotherKind(
            place_code=place.code, kind=Term(KINDS[place.kind], place.kind), name=place.name, field="kind"
        )
    if place.parent_ref != (parent.id if parent else None):
        around = work.places.find(place.parent_ref) if place.parent_ref else None
        raise PlaceLiesElsewhere(
            place_code=place.code, parent=around.name if around else "", field="parent_code"
        )


def _outer_first(rows: Sequence[Row]) -> Iterator[Row]:
    """What lies in another place of the sheet comes after it; rows that lie in each other come last."""
    pending = list(rows)
    for _ in range(2 * len(KINDS)):
        codes = {row.cells["code"] for row in pending}
        yield from (row for row in pending if row.cells.get("parent_code") not in codes)
        pending = [row for row in pending if row.cells.get("parent_code") in codes]
    yield from pending


@dataclass(frozen=True)
class ImportHouseholds(Command):
    """导入户 `door_code`, `room`."""

    rows: Sequence[Row]


@use_case
def import_households(command: ImportHouseholds, work: Work) -> Report:
    """Dwellings that are new are registered. Those that the sheet does not name stay."""
    doors = work.places.with_codes({row.cells["door_code"] for row in command.rows})
    known = work.households.rooms_behind([door.id for door in doors.values()])
    today = local_date(work.now)

    def carry_out(cells: Mapping[str, Any]) -> str:
        door = known_place(doors, cells, "door_code", work)
        if (door.id, cells["room"]) in known:
            return UNCHANGED
        door.must_be_there(field="door_code")
        work.households.add(Household(door, cells["room"], today=today))
        return CREATED

    return each_row(command.rows, carry_out)
