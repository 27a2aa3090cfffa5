"""What the use cases need kept: the store's repositories, in their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from services.grid.domain.case import Case
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

    def by_codes(self, codes: Iterable[str]) -> dict[str, Place]:
        """Those that there are, or were, by their codes. Raises Forbidden."""

    def inside(self, place: Place) -> Sequence[Place]:
        """All that are there now within it, at any depth."""


class Households(Repository[Household], Protocol):
    """Households."""

    def behind(self, door_ref: str, room: str) -> Household | None:
        """The one that is there now."""


class Posts(Repository[Post], Protocol):
    """Captains' posts, by the ids of their doors."""


class Cases(Repository[Case], Protocol):
    """Cases."""

    def open_within(self, place_path: str) -> Sequence[str]:
        """The numbers of the open cases there."""

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


class Work(ports.Work, Protocol):
    """One transaction of grid."""

    places: Places
    households: Households
    posts: Posts
    cases: Cases
    steward_requests: StewardRequests
    stewards: Stewards
