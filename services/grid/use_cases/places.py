"""Register places."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.errors import PlaceAlreadyRegistered
from services.grid.domain.place import Place
from services.grid.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class RegisterPlace(Command):
    """登记场所"""

    kind: str
    name: str
    code: str
    parent_ref: str | None = None
    estate_type: str = ""
    household_count: int = 0


@use_case
def register_place(command: RegisterPlace, work: Work) -> Place:
    """A new place; the street itself, which lies in none, by those who act for the whole of it.

    Raises PlaceAlreadyRegistered, PlaceKindWrong, GridCodeWrong, OutsideScope, Unknown for the parent.
    """
    parent = work.places.named(command.parent_ref, field="parent_ref") if command.parent_ref else None
    if parent is None:
        work.actor.must_act_everywhere()
    taken = work.places.by_code(command.code)
    if taken is not None:
        raise PlaceAlreadyRegistered(place_code=command.code, name=taken.name, field="code")
    place = Place(
        kind=command.kind,
        name=command.name,
        code=command.code,
        parent=parent,
        street_code=work.identity.street,
        estate_type=command.estate_type,
        household_count=command.household_count,
    )
    work.places.add(place)
    return place
