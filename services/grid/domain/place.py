"""场所 Places: street, community (社区), estate (小区), grid (网格), building (楼), door (楼门), spot (点位)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.grid.domain import codes
from services.grid.domain.errors.places import (
    NoGridHere,
    PlaceEnded,
    PlaceKindUnfit,
    PlaceKindWrong,
)
from services.grid.domain.errors.successions import GridNeedsNewCode
from services.grid.domain.estates import captains_per_door
from services.grid.domain.point import Point
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id

STREET, COMMUNITY, ESTATE, GRID, BUILDING, DOOR, SPOT = (
    "street",
    "community",
    "estate",
    "grid",
    "building",
    "door",
    "spot",
)

KINDS = {
    STREET: "街道",
    COMMUNITY: "社区",
    ESTATE: "小区",
    GRID: "网格",
    BUILDING: "楼",
    DOOR: "楼门",
    SPOT: "点位",
}

# kind -> the kinds that it may lie in. An estate may be cut into several grids, a small one lies in one:
# so a grid lies in an estate or, where it holds several small estates, in a community.
MAY_LIE_IN: dict[str, tuple[str, ...]] = {
    STREET: (),
    COMMUNITY: (STREET,),
    ESTATE: (COMMUNITY, GRID),
    GRID: (COMMUNITY, ESTATE),
    BUILDING: (GRID, ESTATE),
    DOOR: (BUILDING,),
    SPOT: (GRID, ESTATE, BUILDING),
}


@dataclass(frozen=True)
class PlaceRegistered(DomainEvent):
    """场所登记 A place exists."""


@dataclass(frozen=True)
class PlaceChanged(DomainEvent):
    """场所变更 Its name, type, households or point, or what it lies in; `former_path` is its path before, where that
    changed."""

    former_path: str | None = None


@dataclass(frozen=True)
class PlaceSuperseded(DomainEvent):
    """场所承继 It is no more; `old_refs` have ended for the same successor."""

    old_refs: list[str]


class Place(Aggregate):
    """场所 A place, with all that lies around it.

    It is there from `valid_from` until `valid_to` (None: still), in local days; its code is never given to another.
    `superseded_by` are those that have taken over from it, the first one all that was not given to others.
    `estate_type`, a code of `estates.ESTATE_TYPES`, is its own or that of the estate it lies in. `longitude` and
    `latitude` say where it stands on the ground, where that is known.
    """

    term = Term("场所", "place")
    leads_journey = False

    place_path: str

    def __init__(
        self,
        *,
        kind: str,
        name: str,
        code: str,
        parent: Place | None,
        street_code: str,
        today: date,
        estate_type: str = "",
        household_count: int = 0,
        point: Point | None = None,
    ) -> None:
        """登记 Raises PlaceKindWrong where it cannot lie in `parent`, PlaceEnded where that is no more, and
        StreetCodeWrong, CommunityCodeWrong or GridCodeWrong for a bad code."""
        _must_lie_in(kind, parent.kind if parent else None)
        if parent is not None:
            parent.must_be_there(field="parent_ref")
        _must_be_code(kind, code, street_code, parent)
        self.id = new_id()
        self.kind: str = kind
        self.name = name
        self.code = code
        self.estate_type: str = estate_type or (parent.estate_type if parent else "")
        self.household_count = household_count
        self.valid_from = today
        self.valid_to: date | None = None
        self.superseded_by: list[str] = []
        self._stand_at(point)
        self._lie_in(parent)
        self.record(PlaceRegistered())

    def change(
        self,
        *,
        name: str | None = None,
        estate_type: str | None = None,
        household_count: int | None = None,
        point: Point | None = None,
    ) -> None:
        """变更 What is given; None: as it was. Nothing where all is so already."""
        before = self._facts()
        self.name = name or self.name
        self.estate_type = estate_type or self.estate_type
        self.household_count = self.household_count if household_count is None else household_count
        if point is not None:
            self._stand_at(point)
        self._record_if_other_than(before)

    def move(self, parent: Place, *, former_type: str) -> None:
        """迁移 It lies in `parent` from now on; or still does, after `parent` itself has moved or changed.

        `former_type` is the estate type around it before: the place goes on having that of what it lies in, unless it
        has its own. Raises PlaceKindWrong, PlaceEnded, GridNeedsNewCode.
        """
        _must_lie_in(self.kind, parent.kind, field="moves")
        parent.must_be_there(field="moves")
        if self.kind == GRID and parent.community_code != self.community_code:
            raise GridNeedsNewCode(name=self.name, place_code=self.code, field="supersede")
        before = self._facts()
        if self.estate_type == former_type:
            self.estate_type = parent.estate_type
        self._lie_in(parent)
        self._record_if_other_than(before)

    def supersede(self, successors: list[Place], *, old_refs: list[str], on: date) -> None:
        """承继 It ends on that day; the first of the successors has what lies directly in it. Raises PlaceEnded."""
        self.must_be_there(field="supersede")
        self.valid_to = on
        self.superseded_by = [place.id for place in successors]
        self.record(PlaceSuperseded(old_refs))

    @property
    def point(self) -> Point | None:
        """坐标 Where it stands, if that is known."""
        return (
            None if self.longitude is None or self.latitude is None else Point(self.longitude, self.latitude)
        )

    @property
    def unit_ref(self) -> str | None:
        """The place directly inside the grid that it belongs to: itself, or one around it. None without a grid."""
        _, inside, below = self.place_path.partition(f"/{self.grid_ref}/")
        return (below.split("/")[0] or None) if inside else None

    def lies_in(self, other: Place) -> bool:
        """Whether it is `other` or inside it."""
        return f"/{other.id}/" in self.place_path

    def must_have_grid(self, *, field: str = "place_ref") -> tuple[str, str]:
        """Ref and code of the grid that it lies in (事在格中办). Raises NoGridHere naming the input `field`."""
        if self.grid_ref is None or self.grid_code is None:
            raise NoGridHere(name=self.name, field=field)
        return self.grid_ref, self.grid_code

    def must_be(self, kind: str, *, field: str) -> None:
        """Raises PlaceKindUnfit, naming the input `field`, where the place is of another kind."""
        if self.kind != kind:
            raise PlaceKindUnfit(
                name=self.name,
                kind=Term(KINDS[self.kind], self.kind),
                wanted=Term(KINDS[kind], kind),
                field=field,
            )

    def must_be_there(self, *, field: str) -> None:
        """Raises PlaceEnded, naming the input `field`, where the place is no more."""
        if self.valid_to is not None:
            raise PlaceEnded(name=self.name, ended_on=self.valid_to.isoformat(), field=field)

    @property
    def required_captains(self) -> int:
        """How many captains it must have: a door one, or two where the type of its estate says so (row 56)."""
        return captains_per_door(self.estate_type) if self.kind == DOOR else 0

    def _stand_at(self, point: Point | None) -> None:
        self.longitude: float | None = point.longitude if point else None
        self.latitude: float | None = point.latitude if point else None

    def _lie_in(self, parent: Place | None) -> None:
        self.parent_ref = parent.id if parent else None
        self.place_path = f"{parent.place_path if parent else '/'}{self.id}/"
        self.community_ref: str | None = self._own_or(COMMUNITY, parent.community_ref if parent else None)
        self.community_code: str | None = (
            self.code if self.kind == COMMUNITY else (parent.community_code if parent else None)
        )
        self.estate_ref: str | None = self._own_or(ESTATE, parent.estate_ref if parent else None)
        self.grid_ref: str | None = self._own_or(GRID, parent.grid_ref if parent else None)
        self.grid_code: str | None = (
            self.code if self.kind == GRID else (parent.grid_code if parent else None)
        )
        self.building_ref: str | None = self._own_or(BUILDING, parent.building_ref if parent else None)

    def _facts(self) -> tuple[str, tuple[object, ...]]:
        facts = (self.name, self.estate_type, self.household_count, self.point)
        return self.place_path, (*facts, self.grid_code, self.community_code)

    def _record_if_other_than(self, before: tuple[str, tuple[object, ...]]) -> None:
        if self._facts() != before:
            former_path, _ = before
            self.record(PlaceChanged(former_path if former_path != self.place_path else None))

    def _own_or(self, kind: str, inherited: str | None) -> str | None:
        return self.id if self.kind == kind else inherited


def _must_lie_in(kind: str, parent_kind: str | None, *, field: str = "parent_ref") -> None:
    allowed = MAY_LIE_IN[kind]
    if parent_kind not in (allowed or (None,)):
        possible = Term("、".join(KINDS[name] for name in allowed) or "无", ", ".join(allowed) or "nothing")
        raise PlaceKindWrong(
            kind=Term(KINDS[kind], kind),
            parent_kind=Term(KINDS.get(parent_kind or "", "无"), parent_kind or "nothing"),
            allowed=possible,
            field=field,
        )


def _must_be_code(kind: str, code: str, street_code: str, parent: Place | None) -> None:
    if kind == STREET:
        codes.must_be_street(code, street_code)
    elif kind == COMMUNITY:
        codes.must_be_community(code, street_code)
    elif kind == GRID and parent is not None:
        codes.must_be_grid(code, parent.community_code or street_code)
