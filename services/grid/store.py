"""How grid keeps what it knows: tables, mapping, repositories."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Index, Integer, String, Table, Text, select
from sqlalchemy.orm import registry

from services.grid.domain.case import Case
from services.grid.domain.place import Place
from services.grid.domain.steward import ACTIVE, Steward, StewardRequest
from shared.persistence.mapping import aggregate_table, map_aggregate, new_metadata
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, Json
from shared.persistence.unit_of_work import UnitOfWork

metadata = new_metadata()
mapper = registry(metadata=metadata)

places = aggregate_table(
    "places",
    metadata,
    Column("kind", String(20), nullable=False),
    Column("name", String(100), nullable=False),
    Column("code", String(30), nullable=False, unique=True),
    Column("estate_type", String(30), nullable=False),
    Column("household_count", Integer, nullable=False),
    Column("parent_ref", Id, index=True),
    Column("community_ref", Id),
    Column("estate_ref", Id),
    Column("grid_ref", Id),
    Column("grid_code", String(30)),
    Column("building_ref", Id),
)

cases = aggregate_table(
    "cases",
    metadata,
    Column("number", String(20), nullable=False, unique=True),
    Column("turn", Integer, nullable=False),
    Column("category", String(10), nullable=False),
    Column("category_name", String(50), nullable=False),
    Column("text", Text, nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("place_name", String(100), nullable=False),
    Column("grid_ref", Id, nullable=False, index=True),
    Column("grid_code", String(30), nullable=False),
    Column("estate_ref", Id),
    Column("building_ref", Id),
    Column("area_ref", Id),
    Column("reporter_ref", Id),
    Column("recorded_by", String(120)),
    Column("source", String(30), nullable=False),
    Column("external_refs", Json, nullable=False),
    Column("topic_ref", Id, index=True),
    Column("works_ref", Id),
    Column("plan_version", Integer, nullable=False),
    Column("waiting_for", String(20)),
    Column("reported_at", Instant, nullable=False, index=True),
    Column("changed_at", Instant, nullable=False),
    Column("answer_due_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("handled_at", Instant),
    Column("closed_at", Instant),
    Column("lead_party_ref", Id),
    Column("lead_party_name", String(100), nullable=False),
    Column("state", String(20), nullable=False),
)
Index("ix_cases_open", cases.c.state, cases.c.answer_due_at)

# one row per day; its lock makes the serials of a day follow each other
case_serials = Table(
    "case_serials",
    metadata,
    Column("day", String(6), primary_key=True),
    Column("last", Integer, nullable=False),
)

steward_requests = aggregate_table(
    "steward_requests",
    metadata,
    Column("works_ref", Id, nullable=False, unique=True),
    Column("topic_ref", Id, nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("building_refs", Json, nullable=False),
    Column("contractor_ref", Id, nullable=False),
    Column("contractor_name", String(100), nullable=False),
    Column("state", String(20), nullable=False),
)

stewards = aggregate_table(
    "stewards",
    metadata,
    Column("works_ref", Id, nullable=False, index=True),
    Column("topic_ref", Id, nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("contractor_ref", Id, nullable=False),
    Column("contractor_name", String(100), nullable=False),
    Column("building_ref", Id, nullable=False),
    Column("building_name", String(100), nullable=False),
    Column("person_ref", Id, nullable=False),
    Column("unit", String(100), nullable=False),
    Column("state", String(20), nullable=False),
)

map_aggregate(mapper, Place, places)
map_aggregate(mapper, Case, cases)
map_aggregate(mapper, StewardRequest, steward_requests)
map_aggregate(mapper, Steward, stewards)


class Places(Repository[Place]):
    """Places."""

    kind = Place

    def by_code(self, code: str) -> Place | None:
        """The place with that official code."""
        return self.session.scalars(select(Place).where(places.c.code == code)).one_or_none()


class Cases(Repository[Case]):
    """Cases."""

    kind = Case

    def next_serial(self, day: str) -> int:
        """The next free serial of a day (yymmdd), from 1."""
        new = self.database.insert_new(case_serials, ["day"])
        self.session.execute(new, [{"day": day, "last": 0}])
        taken = case_serials.update().where(case_serials.c.day == day).values(last=case_serials.c.last + 1)
        return int(self.session.execute(taken.returning(case_serials.c.last)).scalar_one())


class StewardRequests(Repository[StewardRequest]):
    """Requests for stewards."""

    kind = StewardRequest

    def for_works(self, works_ref: str) -> StewardRequest | None:
        """The request of those works."""
        query = select(StewardRequest).where(steward_requests.c.works_ref == works_ref)
        return self.session.scalars(query).one_or_none()


class Stewards(Repository[Steward]):
    """Stewards."""

    kind = Steward

    def active_for(self, works_ref: str) -> Sequence[Steward]:
        """All who are active for those works."""
        query = select(Steward).where(stewards.c.works_ref == works_ref, stewards.c.state == ACTIVE)
        return self.session.scalars(query.order_by(stewards.c.id)).all()

    def active_in(self, works_ref: str, building_ref: str) -> Steward | None:
        """The active one of a building."""
        active = [steward for steward in self.active_for(works_ref) if steward.building_ref == building_ref]
        return active[0] if active else None


class Store(UnitOfWork):
    """One transaction of grid."""

    places: Places
    cases: Cases
    steward_requests: StewardRequests
    stewards: Stewards
