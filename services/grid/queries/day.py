"""一日工作 A worker's day: what is to be done behind each door of a place, in the order in which one walks it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from services.grid.domain.case_lifecycle import OPEN as OPEN_CASES
from services.grid.domain.errors.visits import NoStreetYet
from services.grid.domain.place import BUILDING, DOOR, GRID, STREET, Place
from services.grid.domain.visit import OPEN
from services.grid.store.cases import cases
from services.grid.store.places import places
from services.grid.store.posts import posts
from services.grid.store.visits import visits
from shared.kernel.command import Actor
from shared.kernel.errors import Unknown

MOST_TASKS = 1000  # of one kind: more than anybody does in a day


@dataclass(frozen=True)
class Task:
    """A visit to make or a case that is open. `name`: the purpose, the category; `label`: the room, the number."""

    id: str
    state: str
    name: str
    label: str
    due_at: datetime | None


@dataclass
class Stop:
    """A door, or what is not behind any door (`door_ref` None), and what is to be done there."""

    building_ref: str | None
    building_name: str
    door_ref: str | None
    door_name: str
    missing_captains: int = 0
    visits: list[Task] = field(default_factory=list)
    cases: list[Task] = field(default_factory=list)


@dataclass(frozen=True)
class Day:
    """The stops, and how much there is in all; `is_cut`: there is more than is shown."""

    place_ref: str
    place_name: str
    stops: Sequence[Stop]
    is_cut: bool

    @property
    def open_visits(self) -> int:
        """Visits that are still to be made."""
        return sum(len(stop.visits) for stop in self.stops)

    @property
    def open_cases(self) -> int:
        """Cases that are not handled yet."""
        return sum(len(stop.cases) for stop in self.stops)

    @property
    def missing_captains(self) -> int:
        """Captains that are missing."""
        return sum(stop.missing_captains for stop in self.stops)


def day(session: Session, actor: Actor, *, place_ref: str | None) -> Day:
    """What is to be done in the caller's place, or in one inside it. Raises NoStreetYet, Unknown, OutsideScope."""
    place = _place(session, actor, place_ref)
    inside = _inside(session, place)
    doors = [one.id for one in inside if one.kind == DOOR]
    grids = {one.id for one in inside if one.kind == GRID} | ({place.grid_ref} - {None})
    stops = _Stops(inside)
    for post in session.execute(select(posts.c.id, posts.c.missing).where(_missing(doors))):
        stops.at(post.id).missing_captains = post.missing
    open_visits, open_cases = _open_visits(doors), _open_cases(grids, place)
    found = [session.execute(query.limit(MOST_TASKS + 1)).all() for query in (open_visits, open_cases)]
    for row in found[0][:MOST_TASKS]:
        stops.at(row.door_ref).visits.append(Task(row.id, row.state, row.purpose, row.room or "", row.due_at))
    for row in found[1][:MOST_TASKS]:
        stops.at(row.place_ref, row.building_ref).cases.append(
            Task(row.id, row.state, row.category_name, row.number, row.answer_due_at)
        )
    return Day(place.id, place.name, stops.in_order(), any(len(rows) > MOST_TASKS for rows in found))


def _place(session: Session, actor: Actor, place_ref: str | None) -> Place:
    ref = place_ref or (actor.place_refs[-1] if actor.place_refs else None)
    if ref is None:
        street = session.scalars(select(Place).where(places.c.kind == STREET)).first()
        if street is None:
            raise NoStreetYet(field="place_ref")
        return street
    place = session.get(Place, ref)
    if place is None:
        raise Unknown(what=Place.term, ref=ref, field="place_ref")
    actor.must_cover(place.place_path)
    return place


def _inside(session: Session, place: Place) -> Sequence[Place]:
    """The grids, buildings and doors of the place, and those around it."""
    around = (place.place_path).strip("/").split("/")
    below = places.c.place_path.startswith(place.place_path, autoescape=True)
    walked = places.c.kind.in_((GRID, BUILDING, DOOR))
    return session.scalars(select(Place).where(walked, below | places.c.id.in_(around))).all()


def _missing(doors: Sequence[str]) -> ColumnElement[bool]:
    return posts.c.id.in_(doors) & (posts.c.missing > 0)


def _open_visits(doors: Sequence[str]) -> Select[Any]:
    """From the index of those that are still to be made."""
    wanted = visits.c.door_ref.in_(doors), visits.c.state.in_(OPEN)
    columns = (visits.c[name] for name in ("id", "state", "purpose", "room", "due_at", "door_ref"))
    return select(*columns).where(*wanted).order_by(visits.c.door_ref, visits.c.room, visits.c.id)


def _open_cases(grids: Iterable[str | None], place: Place) -> Select[Any]:
    wanted = (
        cases.c.grid_ref.in_(sorted(ref for ref in grids if ref)),
        cases.c.state.in_(OPEN_CASES),
        cases.c.place_path.startswith(place.place_path, autoescape=True),
    )
    names = ("id", "state", "category_name", "number", "answer_due_at", "place_ref", "building_ref")
    columns = (cases.c[name] for name in names)
    return select(*columns).where(*wanted).order_by(cases.c.answer_due_at, cases.c.id)


class _Stops:
    """The stops of a day, made as something is found to do at one."""

    def __init__(self, inside: Sequence[Place]) -> None:
        self._places: Mapping[str, Place] = {place.id: place for place in inside}
        self._stops: dict[str | None, Stop] = {}

    def at(self, place_ref: str, building_ref: str | None = None) -> Stop:
        """The stop at a door; for what is at no door the one of its building, or of none."""
        door = self._places.get(place_ref)
        if door is not None and door.kind == DOOR:
            return self._stop(door.id, door.building_ref, door)
        return self._stop(building_ref, building_ref, None)

    def in_order(self) -> list[Stop]:
        """By building, then by door, as people count: 2号楼 before 10号楼; what is in no building last."""
        return sorted(
            self._stops.values(),
            key=lambda stop: (
                stop.building_ref is None,
                counted(stop.building_name),
                stop.building_ref or "",
                stop.door_ref is None,
                counted(stop.door_name),
                stop.door_ref or "",
            ),
        )

    def _stop(self, key: str | None, building_ref: str | None, door: Place | None) -> Stop:
        if key not in self._stops:
            building = self._places.get(building_ref or "")
            self._stops[key] = Stop(
                building_ref,
                building.name if building else "",
                door.id if door else None,
                door.name if door else "",
            )
        return self._stops[key]


def counted(name: str) -> list[tuple[int, str]]:
    """A name in the order in which people count.

    >>> sorted(["10号楼", "2号楼", "1号楼"], key=counted)
    ['1号楼', '2号楼', '10号楼']
    """
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]+)", name)]
