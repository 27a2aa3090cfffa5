"""How property keeps what it knows: tables, mapping, repositories."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    exists,
    insert,
    select,
    true,
)
from sqlalchemy.orm import registry

from services.property.domain.area import Area
from services.property.domain.decision import ExpectedDecision, OwnersDecision
from services.property.domain.party import Party
from services.property.domain.policies import ADOPTED, Tally
from services.property.domain.works import ACCEPTED, CANCELLED, Item, Works
from shared.persistence.mapping import aggregate_table, map_aggregate, new_metadata
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, Json, kept, kept_list
from shared.persistence.unit_of_work import UnitOfWork

metadata = new_metadata()
mapper = registry(metadata=metadata)

areas = aggregate_table(
    "areas",
    metadata,
    Column("name", String(100), nullable=False),
    Column("estate_ref", Id, nullable=False),
    Column("building_refs", Json, nullable=False),
    Column("owners_total", Integer, nullable=False),
    Column("area_total_dm2", BigInteger, nullable=False),
)

# one row per building: its key keeps two areas from holding the same one
area_buildings = Table(
    "area_buildings",
    metadata,
    Column("building_ref", Id, primary_key=True),
    Column("area_id", Id, nullable=False),
)

parties = aggregate_table(
    "parties",
    metadata,
    Column("kind", String(20), nullable=False),
    Column("name", String(100), nullable=False),
    Column("credit_code", String(18), unique=True),
    Column("area_refs", Json, nullable=False),
)

expected_decisions = aggregate_table(
    "expected_decisions",
    metadata,
    Column("topic_ref", Id, nullable=False),
    Column("plan_hash", Id, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("area_ref", Id, nullable=False),
    UniqueConstraint("topic_ref", "plan_hash"),
)

decisions = aggregate_table(
    "decisions",
    metadata,
    Column("topic_ref", Id, nullable=False),
    Column("plan_hash", Id, nullable=False),
    Column("area_ref", Id, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("heads", kept(Tally), nullable=False),
    Column("area_dm2", kept(Tally), nullable=False),
    Column("noticed_topics", Json, nullable=False),
    Column("noticed_on", Date, nullable=False),
    Column("voted_on", Date, nullable=False),
    Column("posted_on", Date, nullable=False),
    Column("scan", String(200), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("reasons", Json, nullable=False),
    Column("arithmetic", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
Index(None, decisions.c.topic_ref, decisions.c.plan_hash)

works = aggregate_table(
    "works",
    metadata,
    Column("topic_ref", Id, nullable=False),
    Column("plan_version", Integer, nullable=False),
    Column("plan_hash", Id, nullable=False),
    Column("title", String(100), nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("case_refs", Json, nullable=False),
    Column("area_ref", Id, nullable=False),
    Column("building_refs", Json, nullable=False),
    Column("items", kept_list(Item), nullable=False),
    Column("budget_fen", BigInteger, nullable=False),
    Column("needs_stewards", Boolean, nullable=False),
    Column("maintainer_ref", Id, nullable=False),
    Column("maintainer_name", String(100), nullable=False),
    Column("contractor_ref", Id, index=True),
    Column("contractor_name", String(100), nullable=False),
    Column("amount_fen", BigInteger),
    Column("planned_start_on", Date),
    Column("planned_end_on", Date),
    Column("permit", String(200), nullable=False),
    Column("started_at", Instant),
    Column("representatives", String(200), nullable=False),
    Column("defects", Text, nullable=False),
    Column("warranty_until_on", Date),
    Column("ended_at", Instant),
    Column("cancelled_because", String(500), nullable=False),
    Column("state", String(20), nullable=False),
    UniqueConstraint("topic_ref", "plan_hash"),
)

_adopted = exists().where(
    decisions.c.topic_ref == expected_decisions.c.topic_ref,
    decisions.c.plan_hash == expected_decisions.c.plan_hash,
    decisions.c.outcome == ADOPTED,
)
# an area lies in its estate for good; an owners' decision, once recorded, stays as it is
FOLLOWS = [
    Follows(areas, true(), at=areas.c.estate_ref),
    Follows(expected_decisions, ~_adopted),
    Follows(works, works.c.state.not_in((ACCEPTED, CANCELLED)), at=works.c.place_ref),
]

map_aggregate(mapper, Area, areas)
map_aggregate(mapper, Party, parties)
map_aggregate(mapper, ExpectedDecision, expected_decisions)
map_aggregate(mapper, OwnersDecision, decisions)
map_aggregate(mapper, Works, works)


class Areas(Repository[Area]):
    """Areas."""

    kind = Area

    def add(self, aggregate: Area) -> None:
        """Keep a new area, and its buildings to itself."""
        super().add(aggregate)
        rows = [{"building_ref": ref, "area_id": aggregate.id} for ref in aggregate.building_refs]
        self.session.execute(insert(area_buildings), rows)

    def holding_any(self, building_refs: Sequence[str]) -> Area | None:
        """An area that one of the buildings belongs to."""
        held = select(area_buildings.c.area_id).where(area_buildings.c.building_ref.in_(building_refs))
        query = select(Area).where(areas.c.id.in_(held)).order_by(areas.c.id).limit(1)
        return self.session.scalars(query).one_or_none()


class Parties(Repository[Party]):
    """Parties."""

    kind = Party

    def by_credit_code(self, credit_code: str) -> Party | None:
        """The party with that unified social credit code."""
        query = select(Party).where(parties.c.credit_code == credit_code)
        return self.session.scalars(query).one_or_none()


class ExpectedDecisions(Repository[ExpectedDecision]):
    """Plans that need the owners."""

    kind = ExpectedDecision

    def of_plan(self, topic_ref: str, plan_hash: str, *, locked: bool = False) -> ExpectedDecision | None:
        """What that plan waits for."""
        query = select(ExpectedDecision).where(
            expected_decisions.c.topic_ref == topic_ref, expected_decisions.c.plan_hash == plan_hash
        )
        return self.session.scalars(query.with_for_update() if locked else query).one_or_none()


class Decisions(Repository[OwnersDecision]):
    """Owners' decisions."""

    kind = OwnersDecision

    def adopted(self, topic_ref: str, plan_hash: str) -> OwnersDecision | None:
        """The decision that adopted that plan."""
        query = select(OwnersDecision).where(
            decisions.c.topic_ref == topic_ref,
            decisions.c.plan_hash == plan_hash,
            decisions.c.outcome == ADOPTED,
        )
        return self.session.scalars(query).one_or_none()


class WorksRepository(Repository[Works]):
    """Works."""

    kind = Works

    def of_plan(self, topic_ref: str, plan_hash: str) -> Works | None:
        """The works made from that plan."""
        query = select(Works).where(works.c.topic_ref == topic_ref, works.c.plan_hash == plan_hash)
        return self.session.scalars(query).one_or_none()


class Store(UnitOfWork):
    """One transaction of property."""

    follows = FOLLOWS

    areas: Areas
    parties: Parties
    expected_decisions: ExpectedDecisions
    decisions: Decisions
    works: WorksRepository
