"""What the use cases need kept: the store's repositories, in their words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.consultation.domain.ballot import Ballot, Interest
from services.consultation.domain.branch import Branch
from services.consultation.domain.design_request import DesignRequest
from services.consultation.domain.opinion import HouseVisit, OpinionSheet
from services.consultation.domain.plan import Plan
from services.consultation.domain.platform import Platform
from services.consultation.domain.project import Project
from services.consultation.domain.reception import Intake, ReceptionPoint
from services.consultation.domain.review import Review
from services.consultation.domain.session import Session
from services.consultation.domain.suggestion import Suggestion
from services.consultation.domain.survey import Survey, SurveyTally
from services.consultation.domain.team import Team
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


class Platforms(Repository[Platform], Protocol):
    """Platforms."""


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
        """The last review of a version of a plan."""


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

    def held_open(self, id: str, *, around: bool = False) -> Survey:
        """The survey, which nobody closes before this transaction ends; many may hold it at once.

        Raises NotFound, Forbidden.
        """

    def of_topic(self, topic_ref: str) -> Sequence[Survey]:
        """The surveys about a topic."""


class Projects(Repository[Project], Protocol):
    """Projects."""


class Branches(Repository[Branch], Protocol):
    """Temporary branches."""

    def of_project(self, project_ref: str) -> Branch | None:
        """The branch of a project."""


class Teams(Repository[Team], Protocol):
    """Pioneer teams."""

    def of_project(self, project_ref: str) -> Sequence[Team]:
        """The teams of a project."""


class ReceptionPoints(Repository[ReceptionPoint], Protocol):
    """Reception points."""

    def of_project(self, project_ref: str) -> Sequence[ReceptionPoint]:
        """The reception points of a project."""


class Intakes(Repository[Intake], Protocol):
    """What was said at reception points."""


class Opinions(Repository[OpinionSheet], Protocol):
    """Opinion sheets."""

    def of_households(self, project_ref: str, household_refs: Sequence[str]) -> dict[str, OpinionSheet]:
        """Those of some households, by household."""

    def count(self, project_ref: str, building_ref: str) -> int:
        """How many households of a building have said something."""


class HouseVisits(Repository[HouseVisit], Protocol):
    """Visits that grid told of."""

    def of_task(self, task_ref: str) -> HouseVisit | None:
        """That of a task of grid's."""


class Suggestions(Repository[Suggestion], Protocol):
    """Suggestions."""

    def numbers(self, survey_ref: str) -> set[str]:
        """The numbers of the forms that a survey has."""

    def tally(self, survey_ref: str) -> SurveyTally:
        """How many there are, and what became of them."""

    def adopted_for(self, topic_ref: str) -> int:
        """How many suggestions for a topic were adopted, wholly or partly."""


class Work(ports.Work, Protocol):
    """One transaction of consultation."""

    topics: Topics
    design_requests: DesignRequests
    sessions: Sessions
    venues: Venues
    platforms: Platforms
    plans: Plans
    reviews: Reviews
    ballots: Ballots
    interests: Interests
    surveys: Surveys
    suggestions: Suggestions
    projects: Projects
    branches: Branches
    teams: Teams
    reception_points: ReceptionPoints
    intakes: Intakes
    opinions: Opinions
    house_visits: HouseVisits
