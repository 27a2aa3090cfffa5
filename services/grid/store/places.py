"""Places, and the households behind doors."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Double,
    Index,
    Integer,
    String,
    func,
    select,
    text,
)
from sqlalchemy.orm import Session

from services.grid.domain.household import Household
from services.grid.domain.place import GRID, Place
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Facts, Follows
from shared.persistence.repository import Repository, batched
from shared.persistence.types import Id, Json

places = aggregate_table(
    "places",
    metadata,
    Column("kind", String(20), nullable=False),
    Column("name", String(100), nullable=False),
    Column("code", String(30), nullable=False, unique=True),
    Column("estate_type", String(30), nullable=False),
    Column("household_count", Integer, nullable=False),
    Column("parent_ref", Id, index=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("community_ref", Id),
    Column("community_code", String(30)),
    Column("estate_ref", Id),
    Column("grid_ref", Id),
    Column("grid_code", String(30)),
    Column("building_ref", Id),
    Column("longitude", Double),
    Column("latitude", Double),
    Column("superseded_by", Json, nullable=False, server_default=text("'[]'")),
)

households = aggregate_table(
    "households",
    metadata,
    Column("door_ref", Id, nullable=False),
    Column("room", String(30), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
)
# one household per room now; those that are no more keep their rows
Index(
    "uq_households_now",
    households.c.door_ref,
    households.c.room,
    unique=True,
    sqlite_where=households.c.valid_to.is_(None),
    postgresql_where=households.c.valid_to.is_(None),
)

FOLLOWS = [Follows(households, households.c.valid_to.is_(None), at=households.c.door_ref)]
# the grids that are there now: few among many doors
THE_GRIDS = (places.c.kind == GRID) & places.c.valid_to.is_(None)
Index("ix_places_grids", places.c.id, sqlite_where=THE_GRIDS, postgresql_where=THE_GRIDS)

Index("ix_places_of_community", places.c.community_ref, places.c.kind)

map_aggregate(mapper, Place, places)
map_aggregate(mapper, Household, households)


class Places(Repository[Place]):
    """Places."""

    kind = Place

    def named(self, ref: str, *, field: str, locked: bool = False) -> Place:
        """As ever; and what has taken over, where the place was superseded."""
        place = super().named(ref, field=field, locked=locked)
        while place.superseded_by:
            place = super().named(place.superseded_by[0], field=field, locked=locked)
        return place

    def by_code(self, code: str) -> Place | None:
        """The place with that official code."""
        return self.session.scalars(select(Place).where(places.c.code == code)).one_or_none()

    def with_codes(self, codes: Collection[str]) -> dict[str, Place]:
        """Those with these codes, by their codes."""
        return {place.code: place for place in self.among(places.c.code, codes)}

    def grids(self) -> Sequence[Place]:
        """All grids that are there now."""
        return self._there(places.c.kind == GRID)

    def with_points(self) -> Sequence[Place]:
        """Those that are there now and stand at a known point."""
        return self._there(places.c.longitude.is_not(None))

    def inside(self, place: Place) -> Sequence[Place]:
        """Those that are there now, inside `place`; what is around before what is inside it."""
        within = places.c.place_path.startswith(place.place_path, autoescape=True)
        return self._there(within, places.c.id != place.id)

    def _there(self, *conditions: ColumnElement[bool]) -> Sequence[Place]:
        query = select(Place).where(places.c.valid_to.is_(None), *conditions)
        return self.session.scalars(query.order_by(func.length(places.c.place_path), places.c.id)).all()


class Households(Repository[Household]):
    """Households."""

    kind = Household

    def behind(self, door_ref: str, room: str) -> Household | None:
        """The one that is there now."""
        now = (households.c.door_ref == door_ref, households.c.room == room, households.c.valid_to.is_(None))
        return self.session.scalars(select(Household).where(*now)).one_or_none()

    def rooms_behind(self, door_refs: Collection[str]) -> set[tuple[str, str]]:
        """Door and room of all that are there now behind these doors."""
        there = select(households.c.door_ref, households.c.room).where(households.c.valid_to.is_(None))
        found = (
            self.session.execute(there.where(households.c.door_ref.in_(part))) for part in batched(door_refs)
        )
        return {(row.door_ref, row.room) for part in found for row in part}


def facts_of(session: Session, ref: str) -> Facts | None:
    """A place as those are told of it that lie in it."""
    place = session.get(Place, ref)
    if place is None:
        return None
    around = ("name", "community_ref", "estate_ref", "grid_ref", "grid_code", "building_ref")
    return {
        "place_ref": place.id,
        "path": place.place_path,
        "rest_ref": place.superseded_by[0] if place.superseded_by else None,
        **{name: getattr(place, name) for name in around},
    }
