"""Register areas."""

from __future__ import annotations

from dataclasses import dataclass

from services.property.domain.area import Area, Place
from services.property.domain.errors import BuildingAlreadyManaged
from services.property.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class RegisterArea(Command):
    """登记物业管理区域"""

    name: str
    estate_ref: str
    building_refs: list[str]
    owners_total: int
    area_total_dm2: int


@use_case
def register_area(command: RegisterArea, work: Work) -> Area:
    """A new area.

    Raises OutsideScope, UnknownReference, PlaceKindWrong, BuildingOutsideEstate, BuildingAlreadyManaged.
    """
    estate = _place(command.estate_ref, work, field="estate_ref")
    work.actor.must_cover(estate.path)
    area = Area(
        name=command.name,
        estate=estate,
        buildings=[_place(ref, work, field="building_refs") for ref in command.building_refs],
        owners_total=command.owners_total,
        area_total_dm2=command.area_total_dm2,
    )
    _must_be_free(command.building_refs, work)
    work.areas.add(area)
    return area


def _must_be_free(building_refs: list[str], work: Work) -> None:
    taken = work.areas.holding_any(building_refs)
    if taken is not None:
        shared = next(ref for ref in building_refs if ref in taken.building_refs)
        raise BuildingAlreadyManaged(building_ref=shared, name=taken.name, field="building_refs")


def _place(ref: str, work: Work, *, field: str) -> Place:
    facts = work.copy_of("grid.place", ref, field=field)
    return Place(
        ref=ref,
        kind=facts["kind"],
        name=facts["name"],
        path=facts["path"],
        estate_ref=facts["estate_ref"],
    )
