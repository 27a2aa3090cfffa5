"""How alliance keeps what it knows: tables, mapping, repositories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Integer, String, UniqueConstraint, select
from sqlalchemy.orm import registry

from services.alliance.domain.engagement import ACCEPTED, WITHDRAWN, Engagement
from services.alliance.domain.landed_topic import LandedTopic
from services.alliance.domain.organisation import Organisation
from services.alliance.domain.request import CLOSED, DESIGN, OPEN, Decline, ProfessionalRequest
from shared.persistence.mapping import aggregate_table, map_aggregate, new_metadata
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, Json
from shared.persistence.unit_of_work import UnitOfWork

metadata = new_metadata()
mapper = registry(metadata=metadata)

organisations = aggregate_table(
    "organisations",
    metadata,
    Column("name", String(100), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("credit_code", String(18), unique=True),
    Column("expertise", Json, nullable=False),
)

professional_requests = aggregate_table(
    "professional_requests",
    metadata,
    Column("request_ref", Id, nullable=False, unique=True),
    Column("purpose", String(20), nullable=False),
    Column("topic_ref", Id, nullable=False, index=True),
    Column("place_ref", Id, nullable=False),
    Column("title", String(100), nullable=False),
    Column("expertise", Json, nullable=False),
    Column("experts_needed", Integer, nullable=False),
    Column("answer_by", Instant),
    Column("excluded_org_refs", Json, nullable=False),
    Column("state", String(20), nullable=False, index=True),
)

engagements = aggregate_table(
    "engagements",
    metadata,
    Column("request_id", Id, nullable=False),
    Column("request_ref", Id, nullable=False, index=True),
    Column("purpose", String(20), nullable=False),
    Column("topic_ref", Id, nullable=False, index=True),
    Column("org_ref", Id, nullable=False, index=True),
    Column("org_name", String(100), nullable=False),
    Column("expert_refs", Json, nullable=False),
    Column("interests", String(500), nullable=False),
    Column("state", String(20), nullable=False),
    UniqueConstraint("request_id", "org_ref"),
)

declines = aggregate_table(
    "declines",
    metadata,
    Column("request_id", Id, nullable=False),
    Column("request_ref", Id, nullable=False),
    Column("org_ref", Id, nullable=False),
    Column("org_name", String(100), nullable=False),
    Column("reason", String(300), nullable=False),
    UniqueConstraint("request_id", "org_ref"),
)

landed_topics = aggregate_table(
    "landed_topics",
    metadata,
    Column("topic_ref", Id, nullable=False, unique=True),
)

# what was declined belongs to its request; that a topic has landed is over
_open = professional_requests.c.state != CLOSED
FOLLOWS = [
    Follows(declines, declines.c.request_id.in_(select(professional_requests.c.id).where(_open))),
    Follows(engagements, engagements.c.state == ACCEPTED),
    Follows(professional_requests, _open, at=professional_requests.c.place_ref),
]

map_aggregate(mapper, Organisation, organisations)
map_aggregate(mapper, ProfessionalRequest, professional_requests)
map_aggregate(mapper, Engagement, engagements)
map_aggregate(mapper, Decline, declines)
map_aggregate(mapper, LandedTopic, landed_topics)


class Organisations(Repository[Organisation]):
    """Organisations."""

    kind = Organisation

    def by_credit_code(self, credit_code: str) -> Organisation | None:
        """The organisation with that unified social credit code."""
        query = select(Organisation).where(organisations.c.credit_code == credit_code)
        return self.session.scalars(query).one_or_none()


class Requests(Repository[ProfessionalRequest]):
    """Requests for professionals."""

    kind = ProfessionalRequest

    def for_ref(self, request_ref: str) -> ProfessionalRequest | None:
        """The request that consultation knows by that ref, held until the transaction ends."""
        query = select(ProfessionalRequest).where(professional_requests.c.request_ref == request_ref)
        return self.session.scalars(query.with_for_update()).one_or_none()

    def open_designs_of(self, topic_ref: str) -> Sequence[ProfessionalRequest]:
        """The open requests for designers of a topic, held until the transaction ends."""
        columns = professional_requests.c
        query = select(ProfessionalRequest).where(
            columns.topic_ref == topic_ref, columns.purpose == DESIGN, columns.state == OPEN
        )
        return self.session.scalars(query.order_by(columns.id).with_for_update()).all()


class Engagements(Repository[Engagement]):
    """Engagements."""

    kind = Engagement

    def by_org(self, request_id: str, org_ref: str) -> Engagement | None:
        """What that organisation promised to that request, whatever became of it."""
        found = self._where(engagements.c.request_id == request_id, engagements.c.org_ref == org_ref)
        return found[0] if found else None

    def standing_for(self, request_id: str) -> Sequence[Engagement]:
        """All engagements of a request that were not withdrawn."""
        return self._where(engagements.c.request_id == request_id, engagements.c.state != WITHDRAWN)

    def accepted_for(self, request_id: str) -> Sequence[Engagement]:
        """The engagements of a request that are under way."""
        return self._where(engagements.c.request_id == request_id, engagements.c.state == ACCEPTED)

    def accepted_designs_of(self, topic_ref: str) -> Sequence[Engagement]:
        """The design engagements of a topic that are under way."""
        return self._where(
            engagements.c.topic_ref == topic_ref,
            engagements.c.purpose == DESIGN,
            engagements.c.state == ACCEPTED,
        )

    def _where(self, *conditions: Any) -> Sequence[Engagement]:
        return self.session.scalars(select(Engagement).where(*conditions).order_by(engagements.c.id)).all()


class Declines(Repository[Decline]):
    """Declines."""

    kind = Decline

    def by_org(self, request_id: str, org_ref: str) -> Decline | None:
        """That organisation's no to that request."""
        query = select(Decline).where(declines.c.request_id == request_id, declines.c.org_ref == org_ref)
        return self.session.scalars(query).one_or_none()


class LandedTopics(Repository[LandedTopic]):
    """Topics whose result is there."""

    kind = LandedTopic

    def of(self, topic_ref: str) -> LandedTopic | None:
        """The memory of that topic's end."""
        query = select(LandedTopic).where(landed_topics.c.topic_ref == topic_ref)
        return self.session.scalars(query).one_or_none()


class Store(UnitOfWork):
    """One transaction of alliance."""

    follows = FOLLOWS

    organisations: Organisations
    requests: Requests
    engagements: Engagements
    declines: Declines
    landed_topics: LandedTopics
