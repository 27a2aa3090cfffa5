"""Reviews, the ballots cast and the interests declared in them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Boolean, Column, Integer, String, Text, UniqueConstraint, false, select

from services.consultation.domain.ballot import Ballot, Interest
from services.consultation.domain.professionals import Professionals
from services.consultation.domain.review import OPEN, ChamberVerdict, Review
from services.consultation.store.base import ManyWriteTo, mapper, metadata
from services.consultation.store.topics import OPEN_TOPICS
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, Json, kept, kept_list

reviews = aggregate_table(
    "reviews",
    metadata,
    Column("topic_ref", Id, nullable=False, index=True),
    Column("title", String(100), nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("plan_ref", Id, nullable=False),
    Column("plan_version", Integer, nullable=False),
    Column("plan_hash", String(64), nullable=False),
    Column("excluded_org_refs", Json, nullable=False),
    Column("expertise", Json, nullable=False),
    Column("experts_needed", Integer, nullable=False),
    Column("answer_by", Instant, nullable=False),
    Column("resident_refs", Json, nullable=False),
    Column("professionals", kept(Professionals, load=Professionals.of), nullable=False),
    Column("is_unfilled", Boolean, nullable=False),
    Column("quorum_percent", Integer, nullable=False),
    Column("threshold_percent", Integer, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("verdicts", kept_list(ChamberVerdict), nullable=False),
    Column("reason_codes", Json, nullable=False),
    Column("state", String(20), nullable=False),
    Column("round", Integer, nullable=False, server_default="1"),
    UniqueConstraint("plan_ref", "plan_version", "round"),
)

map_aggregate(mapper, Review, reviews)


ballots = aggregate_table(
    "ballots",
    metadata,
    Column("review_ref", Id, nullable=False),
    Column("voter_ref", Id, nullable=False),
    Column("chamber", String(20), nullable=False),
    Column("approve", Boolean, nullable=False),
    Column("criteria", Json, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("cast_by", String(100), nullable=False),
    Column("entered_for_other", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("review_ref", "voter_ref"),
)

map_aggregate(mapper, Ballot, ballots)


interests = aggregate_table(
    "interests",
    metadata,
    Column("review_ref", Id, nullable=False),
    Column("voter_ref", Id, nullable=False),
    Column("chamber", String(20), nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("review_ref", "voter_ref"),
)

map_aggregate(mapper, Interest, interests)


_their_reviews = select(reviews.c.id).where(reviews.c.topic_ref.in_(OPEN_TOPICS))
FOLLOWS = [
    Follows(reviews, reviews.c.topic_ref.in_(OPEN_TOPICS), at=reviews.c.place_ref),
    *(Follows(table, table.c.review_ref.in_(_their_reviews)) for table in (ballots, interests)),
]


class Reviews(ManyWriteTo[Review]):
    """Reviews."""

    kind = Review

    def open_for_topic(self, topic_ref: str, *, locked: bool = False) -> Review | None:
        """The topic's open review; `locked` as in `get`."""
        query = select(Review).where(reviews.c.topic_ref == topic_ref, reviews.c.state == OPEN)
        return self.session.scalars(query.with_for_update() if locked else query).one_or_none()

    def of_version(self, plan_ref: str, version: int) -> Review | None:
        """The last review of a version of a plan."""
        query = select(Review).where(reviews.c.plan_ref == plan_ref, reviews.c.plan_version == version)
        return self.session.scalars(query.order_by(reviews.c.round.desc()).limit(1)).first()


class Ballots(Repository[Ballot]):
    """Ballots."""

    kind = Ballot

    def by(self, review_ref: str, voter_ref: str) -> Ballot | None:
        """A person's ballot."""
        query = select(Ballot).where(ballots.c.review_ref == review_ref, ballots.c.voter_ref == voter_ref)
        return self.session.scalars(query).one_or_none()

    def of_review(self, review_ref: str) -> Sequence[Ballot]:
        """All ballots of a review."""
        return self.session.scalars(select(Ballot).where(ballots.c.review_ref == review_ref)).all()


class Interests(Repository[Interest]):
    """Interests."""

    kind = Interest

    def by(self, review_ref: str, voter_ref: str) -> Interest | None:
        """A person's declared interest."""
        mine = interests.c.voter_ref == voter_ref
        query = select(Interest).where(interests.c.review_ref == review_ref, mine)
        return self.session.scalars(query).one_or_none()

    def of_review(self, review_ref: str) -> Sequence[Interest]:
        """All interests declared in a review."""
        return self.session.scalars(select(Interest).where(interests.c.review_ref == review_ref)).all()
