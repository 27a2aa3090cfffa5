"""What the use cases need kept: the store's repositories, in their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.grid.domain.captain import Captain
from services.grid.domain.captain_record import CaptainRecord, PointsEntry
from services.grid.domain.case import Case
from services.grid.domain.duty import DutyEntry
from services.grid.domain.household import Household
from services.grid.domain.place import Place
from services.grid.domain.post import Post
from services.grid.domain.steward import Steward, StewardRequest
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


class Captains(Repository[Captain], Protocol):
    """Captains, and candidates."""

    def at(self, door_ref: str, person_ref: str) -> Captain | None:
        """The person at that door, a candidate or serving."""

    def of_person(self, person_ref: str) -> Sequence[Captain]:
        """All that a person is, a candidate or serving."""

    def serving_in(self, building_ref: str) -> Sequence[Captain]:
        """Those who serve the doors of a building."""


class CaptainRecords(Repository[CaptainRecord], Protocol):
    """What is written down about captains."""


class Points(Repository[PointsEntry], Protocol):
    """The ledger of points."""

    def balance(self, captain_ref: str) -> int:
        """How many points a captain has."""


class Duties(Repository[DutyEntry], Protocol):
    """The duty log."""

    def open_of(self, steward_ref: str) -> Sequence[DutyEntry]:
        """What waits for a steward's answer."""


class Work(ports.Work, Protocol):
    """One transaction of grid."""

    places: Places
    households: Households
    posts: Posts
    cases: Cases
    steward_requests: StewardRequests
    stewards: Stewards
    captains: Captains
    captain_records: CaptainRecords
    points: Points
    duties: Duties
