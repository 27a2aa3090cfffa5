"""What the use cases need kept: the store's repositories, in their words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.consultation.domain.ballot import Ballot, Interest
from services.consultation.domain.design_request import DesignRequest
from services.consultation.domain.plan import Plan
from services.consultation.domain.review import Review
from services.consultation.domain.session import Session
from services.consultation.domain.suggestion import Suggestion
from services.consultation.domain.survey import Survey, SurveyTally
from services.consultation.domain.topic import Topic
from services.consultation.domain.venue import Venue
from shared.kernel import ports
from shared.kernel.ports import Repository


class Topics(Repository[Topic], Protocol):
    """Topics."""

    def of_source(self, source_ref: str) -> Topic | None:
        """The topic that a cluster of cases, an area or an evaluation has raised."""


class DesignRequests(Repository[DesignRequest], Protocol):
    """Requests for designers."""

    def of_topic(self, topic_ref: str) -> Sequence[DesignRequest]:
        """All requests of a topic."""


class Sessions(Repository[Session], Protocol):
    """Sessions."""

    def in_venue(self, venue_ref: str, begins_at: datetime, ends_at: datetime) -> Sequence[Session]:
        """Those that are announced for the venue within these hours."""

    def joint_session_held(self, review_ref: str) -> bool:
        """Whether a joint session of that review was minuted."""


class Venues(Repository[Venue], Protocol):
    """Venues."""


class Plans(Repository[Plan], Protocol):
    """Plans."""

    def of_topic(self, topic_ref: str, *, locked: bool = False) -> Plan | None:
        """The plan of a topic; `locked` as in `get`."""


class Reviews(Repository[Review], Protocol):
    """Reviews."""

    def held_open(self, id: str) -> Review:
        """The review, which nobody closes before this transaction ends; many may hold it at once.

        Raises NotFound, Forbidden.
        """

    def open_for_topic(self, topic_ref: str, *, locked: bool = False) -> Review | None:
        """The topic's open review; `locked` as in `get`."""

    def of_version(self, plan_ref: str, version: int) -> Review | None:
        """The review of a version of a plan."""


class Ballots(Repository[Ballot], Protocol):
    """Ballots."""

    def by(self, review_ref: str, voter_ref: str) -> Ballot | None:
        """A person's ballot."""

    def of_review(self, review_ref: str) -> Sequence[Ballot]:
        """All ballots of a review."""


class Interests(Repository[Interest], Protocol):
    """Interests."""

    def by(self, review_ref: str, voter_ref: str) -> Interest | None:
        """A person's declared interest."""

    def of_review(self, review_ref: str) -> Sequence[Interest]:
        """All interests declared in a review."""


class Surveys(Repository[Survey], Protocol):
    """Surveys."""

    def held_open(self, id: str) -> Survey:
        """The survey, which nobody closes before this transaction ends; many may hold it at once.

        Raises NotFound, Forbidden.
        """


class Suggestions(Repository[Suggestion], Protocol):
    """Suggestions."""

    def numbers(self, survey_ref: str) -> set[str]:
        """The numbers of the forms that a survey has."""

    def tally(self, survey_ref: str) -> SurveyTally:
        """How many there are, and what became of them."""


class Work(ports.Work, Protocol):
    """One transaction of consultation."""

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
