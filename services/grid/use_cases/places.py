"""Register places, and the households behind doors."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.errors import HouseholdAlreadyThere, PlaceAlreadyRegistered
from services.grid.domain.household import Household
from services.grid.domain.place import DOOR, Place
from services.grid.domain.post import Post
from services.grid.use_cases.ports import Work
from shared.kernel.clock import local_date
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
    """A new place; the street itself, which lies in none, by those who act for the whole of it. A door has its
    captains' post from the beginning.

    Raises PlaceAlreadyRegistered, PlaceKindWrong, StreetCodeWrong, CommunityCodeWrong, GridCodeWrong, PlaceEnded,
    OutsideScope, Unknown for the parent.
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
        today=local_date(work.now),
        estate_type=command.estate_type,
        household_count=command.household_count,
    )
    work.places.add(place)
    if place.kind == DOOR:
        work.posts.add(Post(place))
    return place


@dataclass(frozen=True)
class RegisterHousehold(Command):
    """登记户"""

    door_ref: str
    room: str


@use_case
def register_household(command: RegisterHousehold, work: Work) -> Household:
    """A dwelling behind a door. Raises HouseholdNeedsDoor, HouseholdAlreadyThere, OutsideScope, PlaceEnded, Unknown."""
    door = work.places.named(command.door_ref, field="door_ref")
    door.must_be_there(field="door_ref")
    if work.households.behind(door.id, command.room) is not None:
        raise HouseholdAlreadyThere(name=door.name, room=command.room, field="room")
    household = Household(door, command.room, today=local_date(work.now))
    work.households.add(household)
    return household
