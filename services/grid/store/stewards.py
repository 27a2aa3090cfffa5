"""Construction stewards, and the requests for them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, String, select

from services.grid.domain.steward import ACTIVE, OPEN, Steward, StewardRequest
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Json

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
    Column("building_ref", Id, nullable=False, index=True),
    Column("building_name", String(100), nullable=False),
    Column("person_ref", Id, nullable=False),
    Column("unit", String(100), nullable=False),
    Column("state", String(20), nullable=False),
)

FOLLOWS = [
    Follows(steward_requests, steward_requests.c.state == OPEN, at=steward_requests.c.place_ref),
    Follows(stewards, stewards.c.state == ACTIVE, at=stewards.c.place_ref),
]

map_aggregate(mapper, StewardRequest, steward_requests)
map_aggregate(mapper, Steward, stewards)


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
