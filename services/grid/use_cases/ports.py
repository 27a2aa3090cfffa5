"""What the use cases need kept: the store's repositories, in their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.grid.domain.case import Case
from services.grid.domain.household import Household
from services.grid.domain.patrol import CheckIn, Finding, Patrol
from services.grid.domain.place import Place
from services.grid.domain.post import Post
from services.grid.domain.steward import Steward, StewardRequest
from services.grid.domain.visit import Attempt, Campaign, Visit
from shared.kernel import ports
from shared.kernel.ports import Repository


class Places(Repository[Place], Protocol):
    """Places."""

    def by_code(self, code: str) -> Place | None:
        """The place with that official code."""


class Households(Repository[Household], Protocol):
    """Households."""

    def behind(self, door_ref: str, room: str) -> Household | None:
        """The one that is there now."""


class Posts(Repository[Post], Protocol):
    """Captains' posts, by the ids of their doors."""


class Cases(Repository[Case], Protocol):
    """Cases."""

    def next_serial(self, day: str) -> int:
        """The next free serial of a day (yymmdd), from 1."""

    def open_in_area(self, area_ref: str, lead_party_ref: str | None) -> Sequence[Case]:
        """The cases of an area that are not handled yet, led by that party (None: by the street)."""


class StewardRequests(Repository[StewardRequest], Protocol):
    """Requests for stewards."""

    def for_works(self, works_ref: str) -> StewardRequest | None:
        """The request of those works."""


class Stewards(Repository[Steward], Protocol):
    """Stewards."""

    def active_for(self, works_ref: str) -> Sequence[Steward]:
        """All who are active for those works."""

    def active_in(self, works_ref: str, building_ref: str) -> Steward | None:
        """The active one of a building."""


class Visits(Repository[Visit], Protocol):
    """Visits."""

    def add_all(self, visits: Sequence[Visit]) -> None:
        """Keep many new visits at once."""

    def for_message(self, message_ref: str) -> Visit | None:
        """The one that brings that message."""

    def households_of(self, place: Place) -> Sequence[Household]:
        """The households that are in a place now."""

    def doors_of(self, place: Place) -> Sequence[Place]:
        """The doors inside a place, and itself where it is one."""


class Attempts(Repository[Attempt], Protocol):
    """Visit records."""


class Campaigns(Repository[Campaign], Protocol):
    """Visit campaigns."""


class Patrols(Repository[Patrol], Protocol):
    """Patrols."""

    def under_way(self, by: str) -> Patrol | None:
        """The one that somebody has not ended."""


class CheckIns(Repository[CheckIn], Protocol):
    """Check-ins."""


class Findings(Repository[Finding], Protocol):
    """What was found on patrols, by the ids of the cases."""


class Work(ports.Work, Protocol):
    """One transaction of grid."""

    places: Places
    households: Households
    posts: Posts
    cases: Cases
    steward_requests: StewardRequests
    stewards: Stewards
    visits: Visits
    attempts: Attempts
    campaigns: Campaigns
    patrols: Patrols
    check_ins: CheckIns
    findings: Findings
