"""How consultation keeps what it knows: tables, mapping, repositories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
    func,
    select,
    true,
)
from sqlalchemy.orm import Session as Reading
from sqlalchemy.orm import registry

from services.consultation.domain.ballot import Ballot, Interest
from services.consultation.domain.design_request import DesignRequest
from services.consultation.domain.plan import Plan, Version
from services.consultation.domain.professionals import Professionals
from services.consultation.domain.review import OPEN, ChamberVerdict, Review
from services.consultation.domain.session import ANNOUNCED, Session
from services.consultation.domain.suggestion import ADOPTED, NOT_ADOPTED, PARTLY, Suggestion
from services.consultation.domain.survey import CALLED_OFF, FED_BACK, Survey, SurveyTally
from services.consultation.domain.topic import DECLINED, LANDED, Decision, Satisfaction, StoryLine, Topic
from services.consultation.domain.venue import Venue
from shared.kernel.errors import NotFound
from shared.persistence.mapping import aggregate_table, map_aggregate, new_metadata
from shared.persistence.places import Follows
from shared.persistence.repository import A, Repository
from shared.persistence.types import Id, Instant, Json, kept, kept_list
from shared.persistence.unit_of_work import UnitOfWork

metadata = new_metadata()
mapper = registry(metadata=metadata)

topics = aggregate_table(
    "topics",
    metadata,
    Column("title", String(100), nullable=False),
    Column("text", Text, nullable=False),
    Column("category", String(64), nullable=False),
    Column("theme", String(20), nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("place_name", String(100), nullable=False),
    Column("estate_ref", Id),
    Column("area_ref", Id),
    Column("raised_by", String(64), nullable=False),
    Column("case_refs", Json, nullable=False),
    Column("party_org", String(100)),
    Column("note", String(500), nullable=False),
    Column("plan_ref", Id),
    Column("plan_version", Integer),
    Column("plan_hash", String(64)),
    Column("decisions", kept_list(Decision), nullable=False),
    Column("works_ref", Id),
    Column("works_accepted", Boolean, nullable=False),
    Column("cancelled_works_refs", Json, nullable=False),
    Column("maintainer_ref", Id),
    Column("accepted_by", String(200)),
    Column("evidence", Text),
    Column("satisfaction", kept(Satisfaction)),
    Column("story", kept_list(StoryLine), nullable=False),
    Column("state", String(20), nullable=False, index=True),
)

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

sessions = aggregate_table(
    "sessions",
    metadata,
    Column("topic_ref", Id, nullable=False, index=True),
    Column("title", String(100), nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("venue", String(100), nullable=False),
    Column("venue_ref", Id),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("audience", String(100), nullable=False),
    Column("times_rescheduled", Integer, nullable=False, server_default="0"),
    Column("review_ref", Id, index=True),
    Column("attendance", Json, nullable=False),
    Column("text", Text, nullable=False),
    Column("points", Json, nullable=False),
    Column("minuted_at", Instant),
    Column("minuted_by", String(64)),
    Column("published_at", Instant),
    Column("published_by", String(64)),
    Column("emergency", Text, nullable=False, server_default=""),
    Column("state", String(20), nullable=False),
)

Index("ix_sessions_starts_at_id", sessions.c.starts_at, sessions.c.id)
Index("ix_sessions_in_venue", sessions.c.venue_ref, sessions.c.starts_at)

venues = aggregate_table(
    "venues",
    metadata,
    Column("kind", String(20), nullable=False),
    Column("name", String(100), nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("state", String(20), nullable=False),
)

plans = aggregate_table(
    "plans",
    metadata,
    Column("topic_ref", Id, nullable=False, unique=True),
    Column("place_ref", Id, nullable=False),
    Column("versions", kept_list(Version, load=Version.kept), nullable=False),
    Column("passed_version", Integer),
)

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
    UniqueConstraint("plan_ref", "plan_version"),
)

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

interests = aggregate_table(
    "interests",
    metadata,
    Column("review_ref", Id, nullable=False),
    Column("voter_ref", Id, nullable=False),
    Column("chamber", String(20), nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("review_ref", "voter_ref"),
)

surveys = aggregate_table(
    "surveys",
    metadata,
    Column("title", String(100), nullable=False),
    Column("text", Text, nullable=False),
    Column("stage", String(20), nullable=False),
    Column("topic_ref", Id, index=True),
    Column("pairing_refs", Json, nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("place_name", String(100), nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("opened_at", Instant),
    Column("closed_at", Instant),
    Column("fed_back_at", Instant),
    Column("conclusions", Text, nullable=False),
    Column("state", String(20), nullable=False, index=True),
)

suggestions = aggregate_table(
    "suggestions",
    metadata,
    Column("survey_ref", Id, nullable=False),
    Column("form_no", String(30)),
    Column("topic_ref", Id),
    Column("stage", String(20), nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("text", Text, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("proposer_ref", Id),
    Column("pairing_ref", Id),
    Column("collected_by", String(120), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("category", String(30)),
    Column("outcome", String(20)),
    Column("reason", Text, nullable=False),
    Column("answered_at", Instant),
    Column("answered_by", String(120)),
    Column("evidence", Text, nullable=False),
    Column("implemented_at", Instant),
    Column("state", String(20), nullable=False),
    UniqueConstraint("survey_ref", "form_no"),
)
Index("ix_suggestions_survey_ref_id", suggestions.c.survey_ref, suggestions.c.id)

# a topic follows its place until it has ended, and with it all that belongs to it, minutes and old reviews too: whoever
# works on it needs them
_open = topics.c.state.not_in((DECLINED, LANDED))
_open_topics = select(topics.c.id).where(_open)
_their_reviews = select(reviews.c.id).where(reviews.c.topic_ref.in_(_open_topics))
_goes_on = surveys.c.state.not_in((FED_BACK, CALLED_OFF))
FOLLOWS = [
    *(
        Follows(table, table.c.topic_ref.in_(_open_topics), at=table.c.place_ref)
        for table in (design_requests, sessions, plans, reviews)
    ),
    *(Follows(table, table.c.review_ref.in_(_their_reviews)) for table in (ballots, interests)),
    Follows(
        suggestions,
        suggestions.c.survey_ref.in_(select(surveys.c.id).where(_goes_on)),
        at=suggestions.c.place_ref,
    ),
    Follows(surveys, _goes_on, at=surveys.c.place_ref, facts={"place_name": "name"}),
    Follows(venues, true(), at=venues.c.place_ref),
    Follows(topics, _open, at=topics.c.place_ref, facts={"place_name": "name", "estate_ref": "estate_ref"}),
]

map_aggregate(mapper, Topic, topics)
map_aggregate(mapper, DesignRequest, design_requests)
map_aggregate(mapper, Session, sessions)
map_aggregate(mapper, Venue, venues)
map_aggregate(mapper, Plan, plans)
map_aggregate(mapper, Review, reviews)
map_aggregate(mapper, Ballot, ballots)
map_aggregate(mapper, Interest, interests)
map_aggregate(mapper, Survey, surveys)
map_aggregate(mapper, Suggestion, suggestions)


class ManyWriteTo(Repository[A]):
    """Aggregates that many write to at once, and one closes."""

    def held_open(self, id: str) -> A:
        """The aggregate, under a lock that many may share, and that the closing waits for."""
        found = self.session.get(self.kind, id, with_for_update={"read": True})
        if found is None:
            raise NotFound(what=self.kind.term, ref=id)
        self.actor.must_cover(found.place_path)
        self._met(found)
        return found


class Topics(Repository[Topic]):
    """Topics."""

    kind = Topic


class DesignRequests(Repository[DesignRequest]):
    """Requests for designers."""

    kind = DesignRequest

    def of_topic(self, topic_ref: str) -> Sequence[DesignRequest]:
        """All requests of a topic."""
        query = select(DesignRequest).where(design_requests.c.topic_ref == topic_ref)
        return self.session.scalars(query.order_by(design_requests.c.id)).all()


class Sessions(Repository[Session]):
    """Sessions."""

    kind = Session

    def in_venue(self, venue_ref: str, begins_at: datetime, ends_at: datetime) -> Sequence[Session]:
        """Those that are announced for the venue within these hours."""
        query = select(Session).where(
            sessions.c.venue_ref == venue_ref,
            sessions.c.state == ANNOUNCED,
            sessions.c.starts_at < ends_at,
            sessions.c.ends_at > begins_at,
        )
        return self.session.scalars(query.order_by(sessions.c.starts_at)).all()

    def joint_session_held(self, review_ref: str) -> bool:
        """Whether a joint session of that review was minuted."""
        query = select(sessions.c.id).where(
            sessions.c.review_ref == review_ref, sessions.c.minuted_at.is_not(None)
        )
        return self.session.execute(query.limit(1)).first() is not None


class Venues(Repository[Venue]):
    """Venues."""

    kind = Venue


class Plans(Repository[Plan]):
    """Plans."""

    kind = Plan

    def of_topic(self, topic_ref: str, *, locked: bool = False) -> Plan | None:
        """The plan of a topic; `locked` as in `get`."""
        query = select(Plan).where(plans.c.topic_ref == topic_ref)
        return self.session.scalars(query.with_for_update() if locked else query).one_or_none()


class Reviews(ManyWriteTo[Review]):
    """Reviews."""

    kind = Review

    def open_for_topic(self, topic_ref: str, *, locked: bool = False) -> Review | None:
        """The topic's open review; `locked` as in `get`."""
        query = select(Review).where(reviews.c.topic_ref == topic_ref, reviews.c.state == OPEN)
        return self.session.scalars(query.with_for_update() if locked else query).one_or_none()

    def of_version(self, plan_ref: str, version: int) -> Review | None:
        """The review of a version of a plan."""
        query = select(Review).where(reviews.c.plan_ref == plan_ref, reviews.c.plan_version == version)
        return self.session.scalars(query).one_or_none()


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


class Surveys(ManyWriteTo[Survey]):
    """Surveys."""

    kind = Survey


class Suggestions(Repository[Suggestion]):
    """Suggestions."""

    kind = Suggestion

    def numbers(self, survey_ref: str) -> set[str]:
        """The numbers of the forms that a survey has."""
        query = select(suggestions.c.form_no).where(
            suggestions.c.survey_ref == survey_ref, suggestions.c.form_no.is_not(None)
        )
        return set(self.session.scalars(query))

    def tally(self, survey_ref: str) -> SurveyTally:
        """How many there are, and what became of them."""
        self.session.flush()
        return survey_tally(self.session, survey_ref)


def survey_tally(session: Reading, survey_ref: str) -> SurveyTally:
    """How many suggestions a survey has, and what became of them."""
    outcome = suggestions.c.outcome
    query = select(
        func.count(),
        func.count().filter(suggestions.c.category.is_(None)),
        func.count().filter(outcome == ADOPTED),
        func.count().filter(outcome == PARTLY),
        func.count().filter(outcome == NOT_ADOPTED),
    ).where(suggestions.c.survey_ref == survey_ref)
    return SurveyTally(*session.execute(query).one())


class Store(UnitOfWork):
    """One transaction of consultation."""

    follows = FOLLOWS

    topics: Topics
    design_requests: DesignRequests
    sessions: Sessions
    venues: Venues
    plans: Plans
    reviews: Reviews
    ballots: Ballots
    interests: Interests
    surveys: Surveys
    suggestions: Suggestions
