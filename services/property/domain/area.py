"""物业管理区域 Areas: the units of property management. An area is not the same as an estate (domain.md 0)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.property.domain.errors import BuildingOutsideEstate, PlaceKindWrong
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class Place:
    """What an area needs to know of a place of grid's."""

    ref: str
    kind: str
    name: str
    path: str
    estate_ref: str | None

    def must_be(self, kind: str, *, field: str) -> None:
        """Raises PlaceKindWrong."""
        if self.kind != kind:
            raise PlaceKindWrong(name=self.name, kind=self.kind, wanted=kind, field=field)


@dataclass(frozen=True)
class AreaRegistered(DomainEvent):
    """An area exists."""


class Area(Aggregate):
    """Buildings of one estate under one management, with the totals that owners' votes are measured against.

    Heads are owners, not households: one buyer of several units counts once (民法典 278).
    """

    leads_journey = False

    def __init__(
        self,
        *,
        name: str,
        estate: Place,
        building_refs: list[str],
        owners_total: int,
        area_total_dm2: int,
    ) -> None:
        self.id = new_id()
        self.name = name
        self.estate_ref = estate.ref
        self.place_path = estate.path
        self.building_refs = building_refs
        self.owners_total = owners_total
        self.area_total_dm2 = area_total_dm2

    @classmethod
    def register(
        cls,
        *,
        name: str,
        estate: Place,
        buildings: Sequence[Place],
        owners_total: int,
        area_total_dm2: int,
    ) -> Area:
        """登记 Raises PlaceKindWrong, BuildingOutsideEstate."""
        estate.must_be("estate", field="estate_ref")
        for building in buildings:
            building.must_be("building", field="building_refs")
            if building.estate_ref != estate.ref:
                raise BuildingOutsideEstate(name=building.name, estate=estate.name, field="building_refs")
        area = cls(
            name=name,
            estate=estate,
            building_refs=[building.ref for building in buildings],
            owners_total=owners_total,
            area_total_dm2=area_total_dm2,
        )
        area.record(AreaRegistered())
        return area
