"""Areas: buildings of one estate."""

from __future__ import annotations

import pytest

from services.property.domain.area import Area, AreaRegistered, Place
from services.property.domain.errors import BuildingOutsideEstate, PlaceKindWrong

ESTATE = Place("estate", "estate", "金侨时代家园", "/street/community/estate/", "estate")


def building(estate_ref="estate", kind="building"):
    return Place("building", kind, "1号楼", "/street/community/estate/building/", estate_ref)


def register(*, estate=ESTATE, buildings=()):
    return Area(
        name="金侨一区", estate=estate, buildings=buildings, owners_total=216, area_total_dm2=1_458_000
    )


def test_an_area_lies_where_its_estate_lies():
    area = register(buildings=[building()])
    assert (area.place_path, area.building_refs) == ("/street/community/estate/", ["building"])
    assert [recorded.event for recorded in area.take_recorded()] == [AreaRegistered()]


def test_a_building_of_another_estate_is_refused():
    with pytest.raises(BuildingOutsideEstate):
        register(buildings=[building(estate_ref="another")])


def test_an_area_is_made_of_buildings():
    with pytest.raises(PlaceKindWrong) as refused:
        register(buildings=[building(kind="door")])
    assert refused.value.fields == ["building_refs"]


def test_an_area_lies_in_an_estate():
    with pytest.raises(PlaceKindWrong) as refused:
        register(estate=Place("community", "community", "金侨", "/street/community/", None))
    assert refused.value.fields == ["estate_ref"]
