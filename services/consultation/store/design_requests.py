"""Requests for designers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Boolean, Column, Integer, String, select

from services.consultation.domain.design_request import DesignRequest
from services.consultation.domain.professionals import Professionals
from services.consultation.store.base import mapper, metadata
from services.consultation.store.topics import OPEN_TOPICS
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, Json, kept

design_requests = aggregate_table(
    "design_requests",
    metadata,
    Column("topic_ref", Id, nullable=False, index=True),
    Column("title", String(100), nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("expertise", Json, nullable=False),
    Column("experts_needed", Integer, nullable=False),
    Column("answer_by", Instant, nullable=False),
    Column("professionals", kept(Professionals, load=Professionals.of), nullable=False),
    Column("is_unfilled", Boolean, nullable=False),
)

map_aggregate(mapper, DesignRequest, design_requests)


FOLLOWS = [
    Follows(design_requests, design_requests.c.topic_ref.in_(OPEN_TOPICS), at=design_requests.c.place_ref),
]


class DesignRequests(Repository[DesignRequest]):
    """Requests for designers."""

    kind = DesignRequest

    def of_topic(self, topic_ref: str) -> Sequence[DesignRequest]:
        """All requests of a topic."""
        query = select(DesignRequest).where(design_requests.c.topic_ref == topic_ref)
        return self.session.scalars(query.order_by(design_requests.c.id)).all()
