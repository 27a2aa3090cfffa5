"""Register places, and the households behind doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.grid.domain.errors.places import (
    HouseholdAlreadyThere,
    PlaceAlreadyRegistered,
)
from services.grid.domain.errors.shapes import PointIncomplete
from services.grid.domain.household import Household
from services.grid.domain.place import DOOR, Place
from services.grid.domain.point import Point
from services.grid.domain.post import Post
from services.grid.use_cases.following import count_anew, let_follow
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
    longitude: float | None = None
    latitude: float | None = None


@use_case
def register_place(command: RegisterPlace, work: Work) -> Place:
    """A new place; the street itself, which lies in none, by those who act for the whole of it. A door has its
    captains' post from the beginning.

    Raises PlaceAlreadyRegistered, PlaceKindWrong, StreetCodeWrong, CommunityCodeWrong, GridCodeWrong, PlaceEnded,
    CoordinatesSwapped, PointOutside, PointIncomplete, OutsideScope, Unknown for the parent.
    """
    parent = work.places.named(command.parent_ref, field="parent_ref") if command.parent_ref else None
    if parent is None:
        work.actor.must_act_everywhere()
    taken = work.places.by_code(command.code)
    if taken is not None:
        raise PlaceAlreadyRegistered(place_code=command.code, name=taken.name, field="code")
    return open_place(command, parent, work)


def open_place(command: RegisterPlace, parent: Place | None, work: Work) -> Place:
    """As `register_place`, where it is known that the code is free and the actor may."""
    place = Place(
        kind=command.kind,
        name=command.name,
        code=command.code,
        parent=parent,
        street_code=work.identity.street,
        today=local_date(work.now),
        estate_type=command.estate_type,
        household_count=command.household_count,
        point=point_of(command.longitude, command.latitude),
    )
    work.places.add(place)
    if place.kind == DOOR:
        work.posts.add(Post(place))
    return place


@dataclass(frozen=True)
class ChangePlace(Command):
    """变更场所 What is None stays as it is."""

    place_ref: str
    name: str | None = None
    estate_type: str | None = None
    household_count: int | None = None
    longitude: float | None = None
    latitude: float | None = None


@use_case
def change_place(command: ChangePlace, work: Work) -> Place:
    """Another name, type, number of households or point. A changed type is also that of whatever inside had the former
    one, so that doors may need more captains, or fewer.

    Raises NotFound, PlaceEnded, CoordinatesSwapped, PointOutside, PointIncomplete, OutsideScope.
    """
    place = work.places.get(command.place_ref)
    place.must_be_there(field="id")
    alter_place(command, place, work)
    return place


def alter_place(command: ChangePlace, place: Place, work: Work) -> None:
    """As `change_place`, of a place that is here already."""
    before, former_name, former_type = place.version, place.name, place.estate_type
    place.change(
        name=command.name,
        estate_type=command.estate_type,
        household_count=command.household_count,
        point=point_of(command.longitude, command.latitude),
    )
    if place.version == before:
        return
    if place.estate_type != former_type:
        inside = work.places.inside(place)
        _move_along(place, inside, former_type)
        count_anew([place, *inside], work)
    if place.name != former_name:
        let_follow({place.id: place}, work)


def relocate(place: Place, parent: Place, work: Work) -> None:
    """迁移 A place comes to lie in another, with everything inside it; what is open follows, what is closed stays.

    Raises PlaceKindWrong, PlaceEnded, GridNeedsNewCode.
    """
    inside, former_type = work.places.inside(place), place.estate_type
    former_parent = work.places.get(place.parent_ref) if place.parent_ref else None
    place.move(parent, former_type=former_parent.estate_type if former_parent else "")
    _move_along(place, inside, former_type)
    let_follow({moved.id: moved for moved in (place, *inside)}, work)


def _move_along(place: Place, inside: Sequence[Place], former_type: str) -> None:
    """What lies inside moves or changes with it, what is around before what is inside it."""
    around = {place.id: (place, former_type)}
    for inner in inside:
        parent, former = around[inner.parent_ref or ""]
        around[inner.id] = inner, inner.estate_type
        inner.move(parent, former_type=former)


def point_of(longitude: float | None, latitude: float | None) -> Point | None:
    """The point that two inputs name. Raises PointIncomplete, CoordinatesSwapped, PointOutside."""
    if longitude is None and latitude is None:
        return None
    if longitude is None or latitude is None:
        raise PointIncomplete(field="latitude" if latitude is None else "longitude")
    return Point.at(longitude, latitude)


@dataclass(frozen=True)
class RegisterHousehold(Command):
    """登记户"""

    door_ref: str
    room: str


@use_case
def register_household(command: RegisterHousehold, work: Work) -> Household:
    """A dwelling behind a door. Raises PlaceKindUnfit, HouseholdAlreadyThere, OutsideScope, PlaceEnded, Unknown."""
    door = work.places.named(command.door_ref, field="door_ref")
    door.must_be_there(field="door_ref")
    if work.households.behind(door.id, command.room) is not None:
        raise HouseholdAlreadyThere(name=door.name, room=command.room, field="room")
    household = Household(door, command.room, today=local_date(work.now))
    work.households.add(household)
    return household


@dataclass(frozen=True)
class EndHousehold(Command):
    """注销户"""

    household_ref: str


@use_case
def end_household(command: EndHousehold, work: Work) -> Household:
    """The dwelling is no more; nothing where that is known. Raises NotFound, OutsideScope."""
    household = work.households.get(command.household_ref)
    household.end(local_date(work.now))
    return household
