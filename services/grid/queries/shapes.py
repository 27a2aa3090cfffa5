"""Shapes of grids, and what lies at a point or an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.grid.domain.errors.shapes import (
    NoGridAt,
    RoomAmbiguous,
    RoomUnknown,
)
from services.grid.domain.place import DOOR, Place
from services.grid.domain.point import Point
from services.grid.domain.shape import Shape
from services.grid.queries.places import MOST_NAMED, place_called
from services.grid.store.places import households, places
from services.grid.store.shapes import grid_at, grid_shapes
from shared.kernel.command import Actor


@dataclass(frozen=True)
class Located:
    """Where something is: its grid, and what else is known of the places around it."""

    grid: Place
    community: Place | None
    estate: Place | None
    building: Place | None
    door: Place | None


def shapes(session: Session, actor: Actor) -> Sequence[tuple[Shape, Place]]:
    """All shapes of the present with their grids, by the grids' codes; those in the actor's place."""
    query = select(Shape, Place).join(places, places.c.id == grid_shapes.c.grid_ref)
    query = query.where(grid_shapes.c.valid_to.is_(None)).order_by(places.c.code)
    return [(shape, grid) for shape, grid in session.execute(query) if actor.covers(grid.place_path)]


def located_at(session: Session, actor: Actor, point: Point) -> Located:
    """What lies at a point. Raises NoGridAt, Forbidden."""
    grid = grid_at(session, point)
    if grid is None:
        raise NoGridAt(longitude=point.longitude, latitude=point.latitude, field=["longitude", "latitude"])
    actor.must_cover(grid.place_path)
    return _located(session, grid, grid)


def located_by_address(session: Session, actor: Actor, address: str, room: str | None) -> Located:
    """What lies around the place that people call that; with a room, around the door that leads to it.

    A place in no grid that stands at a known point is in the grid there.
    Raises AddressUnknown, AddressAmbiguous, RoomUnknown, RoomAmbiguous, NoGridHere.
    """
    place = place_called(session, actor, address, field="address")
    if room is not None:
        place = _door_to(session, place, room)
    if (
        place.grid_ref is None
        and place.point is not None
        and (grid := grid_at(session, place.point)) is not None
    ):
        return _located(session, place, grid)
    grid_ref, _ = place.must_have_grid(field="address")
    return _located(session, place, session.get_one(Place, grid_ref))


def _door_to(session: Session, place: Place, room: str) -> Place:
    behind = (
        households.c.room == room,
        households.c.valid_to.is_(None),
        places.c.place_path.startswith(place.place_path),
    )
    query = select(Place).join(households, households.c.door_ref == places.c.id).where(*behind)
    doors = session.scalars(query.order_by(places.c.code).limit(MOST_NAMED + 1)).all()
    if not doors:
        raise RoomUnknown(name=place.name, room=room, field="room")
    if len(doors) > 1:
        told = "、".join(door.name for door in doors[:MOST_NAMED]) + ("…" if len(doors) > MOST_NAMED else "")
        raise RoomAmbiguous(name=place.name, room=room, doors=told, field="address")
    return doors[0]


def _located(session: Session, place: Place, grid: Place) -> Located:
    def named(ref: str | None) -> Place | None:
        return None if ref is None else session.get(Place, ref)

    return Located(
        grid=grid,
        community=named(place.community_ref or grid.community_ref),
        estate=named(place.estate_ref),
        building=named(place.building_ref),
        door=place if place.kind == DOOR else None,
    )
