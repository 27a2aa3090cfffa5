"""What the use cases need kept: the store's repositories, in their words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

from services.grid.domain.case import Case
from services.grid.domain.household import Household
from services.grid.domain.place import Place
from services.grid.domain.point import Point
from services.grid.domain.post import Post
from services.grid.domain.shape import Shape
from services.grid.domain.steward import Steward, StewardRequest
from shared.kernel import ports
from shared.kernel.ports import Repository


class Places(Repository[Place], Protocol):
    """Places."""

    def by_code(self, code: str) -> Place | None:
        """The place with that official code."""

    def with_codes(self, codes: Collection[str]) -> dict[str, Place]:
        """Those with these codes, by their codes."""

    def grids(self) -> Sequence[Place]:
        """All grids that are there now."""

    def with_points(self) -> Sequence[Place]:
        """Those that are there now and stand at a known point."""

    def inside(self, place: Place) -> Sequence[Place]:
        """Those that are there now, inside `place`; what is around before what is inside it."""


class Households(Repository[Household], Protocol):
    """Households."""

    def behind(self, door_ref: str, room: str) -> Household | None:
        """The one that is there now."""

    def rooms_behind(self, door_refs: Collection[str]) -> set[tuple[str, str]]:
        """Door and room of all that are there now behind these doors."""

    def follow(self, doors: Sequence[Place]) -> None:
        """Those there now lie where their doors do."""


class Posts(Repository[Post], Protocol):
    """Captains' posts, by the ids of their doors."""


class Shapes(Repository[Shape], Protocol):
    """Shapes of grids."""

    def current(self) -> Sequence[Shape]:
        """Those that are valid now."""

    def grid_at(self, point: Point) -> Place | None:
        """The grid in which the point lies, if there is one."""

    def take_turn(self) -> None:
        """Wait until no other transaction is redrawing, and let the others wait."""

    def replace(self, former: Shape | None, shape: Shape | None, today: date) -> None:
        """One ends, the other is there; every process's index is out of date."""


class Cases(Repository[Case], Protocol):
    """Cases."""

    def open_inside(self, place: Place) -> Sequence[Case]:
        """Those not closed at `place` or anywhere inside it, which is in a grid."""

    def open_at_points(self) -> Sequence[Case]:
        """Those not closed that were reported at a point."""

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
    shapes: Shapes
    cases: Cases
    steward_requests: StewardRequests
    stewards: Stewards
