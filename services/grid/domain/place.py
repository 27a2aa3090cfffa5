"""场所 Places: street, community (社区), estate (小区), grid (网格), building (楼), door (楼门), spot (点位)."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.errors import GridCodeWrong, NoGridHere, PlaceKindWrong
from shared.kernel.aggregate import Aggregate, DomainEvent
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
    """A place exists."""


class Place(Aggregate):
    """A place, with all that lies around it."""

    leads_journey = False

    def __init__(
        self,
        *,
        kind: str,
        name: str,
        code: str,
        parent: Place | None,
        estate_type: str = "",
        household_count: int = 0,
    ) -> None:
        self.id = new_id()
        self.kind = kind
        self.name = name
        self.code = code
        self.estate_type = estate_type
        self.household_count = household_count
        self.parent_ref = parent.id if parent else None
        self.place_path = f"{parent.place_path if parent else '/'}{self.id}/"
        self.community_ref: str | None = self._own_or(COMMUNITY, parent.community_ref if parent else None)
        self.estate_ref: str | None = self._own_or(ESTATE, parent.estate_ref if parent else None)
        self.grid_ref: str | None = self._own_or(GRID, parent.grid_ref if parent else None)
        self.grid_code: str | None = code if kind == GRID else (parent.grid_code if parent else None)
        self.building_ref: str | None = self._own_or(BUILDING, parent.building_ref if parent else None)

    @classmethod
    def register(
        cls,
        *,
        kind: str,
        name: str,
        code: str,
        parent: Place | None,
        street_code: str,
        estate_type: str = "",
        household_count: int = 0,
    ) -> Place:
        """登记 Raises PlaceKindWrong where it cannot lie in `parent`, GridCodeWrong for a bad grid code."""
        allowed = MAY_LIE_IN[kind]
        if (parent.kind if parent else None) not in (allowed or (None,)):
            raise PlaceKindWrong(
                kind=kind,
                parent_kind=parent.kind if parent else "—",
                allowed=", ".join(allowed) or "—",
                field="parent_ref",
            )
        if kind == GRID and not (len(code) == 15 and code.isdecimal() and code.startswith(street_code)):
            raise GridCodeWrong(place_code=code, street=street_code, field="code")
        place = cls(
            kind=kind,
            name=name,
            code=code,
            parent=parent,
            estate_type=estate_type,
            household_count=household_count,
        )
        place.record(PlaceRegistered())
        return place

    def must_have_grid(self) -> str:
        """The ref of the grid that it lies in (事在格中办). Raises NoGridHere."""
        if self.grid_ref is None:
            raise NoGridHere(name=self.name, field="place_ref")
        return self.grid_ref

    def _own_or(self, kind: str, inherited: str | None) -> str | None:
        return self.id if self.kind == kind else inherited
