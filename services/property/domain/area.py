"""物业管理区域 Areas: the units of property management. An area is not the same as an estate (domain.md 0)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.property.domain.errors import BuildingOutsideEstate, PlaceKindWrong
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id

ESTATE, BUILDING = Term("小区", "estate"), Term("楼", "building")


@dataclass(frozen=True)
class Place:
    """What an area needs to know of a place of grid's."""

    ref: str
    kind: str
    name: str
    path: str
    estate_ref: str | None

    def must_be(self, kind: Term, *, field: str) -> None:
        """Raises PlaceKindWrong."""
        if self.kind != kind.en:
            raise PlaceKindWrong(name=self.name, wanted=kind, field=field)


@dataclass(frozen=True)
class AreaRegistered(DomainEvent):
    """区域登记 An area exists."""


class Area(Aggregate):
    """Buildings of one estate under one management, with the totals that owners' votes are measured against.

    Heads are owners, not households: one buyer of several units counts once (民法典 278).
    """

    term = Term("物业管理区域", "area")
    leads_journey = False

    def __init__(
        self,
        *,
        name: str,
        estate: Place,
        buildings: Sequence[Place],
        owners_total: int,
        area_total_dm2: int,
    ) -> None:
        """登记 Raises PlaceKindWrong, BuildingOutsideEstate."""
        _must_lie_in(estate, buildings)
        self.id = new_id()
        self.name = name
        self.estate_ref = estate.ref
        self.place_path = estate.path
        self.building_refs = [building.ref for building in buildings]
        self.owners_total = owners_total
        self.area_total_dm2 = area_total_dm2
        self.record(AreaRegistered())


def _must_lie_in(estate: Place, buildings: Sequence[Place]) -> None:
    estate.must_be(ESTATE, field="estate_ref")
    for building in buildings:
        building.must_be(BUILDING, field="building_refs")
        if building.estate_ref != estate.ref:
            raise BuildingOutsideEstate(name=building.name, estate=estate.name, field="building_refs")
