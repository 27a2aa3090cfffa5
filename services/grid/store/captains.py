"""Captains, what is written down about them, and their ledger of points."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, func, literal_column, select

from services.grid.domain.captain import RETIRED, SERVING, Captain
from services.grid.domain.captain_record import CaptainRecord, PointsEntry
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant

captains = aggregate_table(
    "captains",
    metadata,
    Column("door_ref", Id, nullable=False),
    Column("building_ref", Id, nullable=False),
    Column("person_ref", Id, nullable=False),
    Column("origin", String(20), nullable=False),
    Column("is_neighbour", Boolean, nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("reason_code", String(40), nullable=False),
    Column("state", String(20), nullable=False),
)
# written out, so that SQLite too finds the index below by it
NOT_RETIRED = captains.c.state != literal_column(f"'{RETIRED}'")
# the same person once per door; those who have retired keep their rows
Index(
    "uq_captains_now",
    captains.c.door_ref,
    captains.c.person_ref,
    unique=True,
    sqlite_where=NOT_RETIRED,
    postgresql_where=NOT_RETIRED,
)
Index("ix_captains_person_ref", captains.c.person_ref)
Index("ix_captains_building_ref", captains.c.building_ref)

FOLLOWS = [
    Follows(captains, NOT_RETIRED, at=captains.c.door_ref, facts={"building_ref": "building_ref"}),
]

captain_records = aggregate_table(
    "captain_records",
    metadata,
    Column("captain_ref", Id, nullable=False),
    Column("stage", String(20), nullable=False),
    Column("text", String(500), nullable=False),
    Column("happened_on", Date, nullable=False),
    Column("recorded_by", String(120), nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
Index("ix_captain_records_captain_ref_id", captain_records.c.captain_ref, captain_records.c.id)

points = aggregate_table(
    "points",
    metadata,
    Column("captain_ref", Id, nullable=False),
    Column("points", Integer, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("recorded_by", String(120), nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
Index("ix_points_captain_ref_id", points.c.captain_ref, points.c.id)

map_aggregate(mapper, Captain, captains)
map_aggregate(mapper, CaptainRecord, captain_records)
map_aggregate(mapper, PointsEntry, points)


class Captains(Repository[Captain]):
    """Captains, and candidates."""

    kind = Captain

    def at(self, door_ref: str, person_ref: str) -> Captain | None:
        """The person at that door, a candidate or serving."""
        here = (captains.c.door_ref == door_ref, captains.c.person_ref == person_ref)
        return self.session.scalars(select(Captain).where(*here, captains.c.state != RETIRED)).one_or_none()

    def at_doors(self, door_refs: Collection[str]) -> Sequence[Captain]:
        """All at these doors, candidates or serving."""
        return [*self.among(captains.c.door_ref, door_refs, NOT_RETIRED)]

    def of_person(self, person_ref: str) -> Sequence[Captain]:
        """All that a person is, a candidate or serving."""
        query = select(Captain).where(captains.c.person_ref == person_ref, captains.c.state != RETIRED)
        return self.session.scalars(query.order_by(captains.c.id)).all()

    def serving_in(self, building_ref: str) -> Sequence[Captain]:
        """Those who serve the doors of a building."""
        query = select(Captain).where(captains.c.building_ref == building_ref, captains.c.state == SERVING)
        return self.session.scalars(query.order_by(captains.c.id)).all()


class CaptainRecords(Repository[CaptainRecord]):
    """What is written down about captains."""

    kind = CaptainRecord


class Points(Repository[PointsEntry]):
    """The ledger of points."""

    kind = PointsEntry

    def balance(self, captain_ref: str) -> int:
        """How many points a captain has."""
        query = select(func.coalesce(func.sum(points.c.points), 0))
        return int(self.session.scalars(query.where(points.c.captain_ref == captain_ref)).one())
