"""How consultation keeps what it knows: tables, mapping, repositories; a module per noun."""

from __future__ import annotations

from typing import ClassVar

from services.consultation.store import (
    design_requests,
    opinions,
    plans,
    projects,
    receptions,
    reviews,
    sessions,
    surveys,
    topics,
)
from services.consultation.store.base import metadata
from services.consultation.store.design_requests import DesignRequests
from services.consultation.store.opinions import HouseVisits, Opinions
from services.consultation.store.plans import Plans
from services.consultation.store.projects import Branches, Projects, Teams
from services.consultation.store.receptions import Intakes, ReceptionPoints
from services.consultation.store.reviews import Ballots, Interests, Reviews
from services.consultation.store.sessions import Platforms, Sessions, Venues
from services.consultation.store.surveys import Suggestions, Surveys
from services.consultation.store.topics import Topics
from shared.persistence.places import Follows
from shared.persistence.unit_of_work import UnitOfWork

__all__ = ["Store", "metadata"]


class Store(UnitOfWork):
    """One transaction of consultation."""

    # what goes with the place that it lies in, as long as it is open: what belongs to a topic before the topic itself
    follows: ClassVar[list[Follows]] = [
        *design_requests.FOLLOWS,
        *sessions.FOLLOWS,
        *plans.FOLLOWS,
        *reviews.FOLLOWS,
        *surveys.FOLLOWS,
        *topics.FOLLOWS,
        *opinions.FOLLOWS,
        *receptions.FOLLOWS,
        *projects.FOLLOWS,
    ]

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
