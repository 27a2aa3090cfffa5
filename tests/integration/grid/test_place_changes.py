"""Places that change, and who is told."""

from __future__ import annotations

import pytest

from shared.contracts import grid
from tests.builders.grid import middle
from tests.integration.grid.test_shapes import Town


@pytest.fixture
def town(under_test):
    return Town(under_test("grid"))


def changed(town, place, body):
    return town.service.post(f"/places/{place['id']}/change", body, status=200)


def told(town):
    return [event.data for event in town.service.said(grid.PlaceChanged)]


def test_a_changed_place_is_told_with_all_its_facts(town):
    view = changed(town, town.building, {"name": "甲1号楼", "household_count": 96, **middle(0, 0)})
    assert (view["name"], view["household_count"], view["longitude"]) == ("甲1号楼", 96, 116.6505)
    (registered,) = [
        event for event in town.service.said(grid.PlaceRegistered) if event.subject == town.building["id"]
    ]
    (event,) = town.service.said(grid.PlaceChanged)
    assert event.data == registered.data | {"name": "甲1号楼", "household_count": 96, "former_path": None}
    assert event.envelope.aggregate_version == registered.envelope.aggregate_version + 1


def test_what_is_so_already_changes_nothing(town):
    before = town.service.snapshot()
    changed(town, town.building, {"name": "1号楼", **middle(1, 0)})
    changed(town, town.building, {})
    assert town.service.snapshot() == before


def test_another_type_of_estate_is_that_of_all_inside_and_changes_how_many_captains_a_door_needs(town):
    small = town.add(town.second, "building", "商铺", "JQ-S", estate_type="old")
    alone = town.add(small, "door", "商铺门", "JQ-S-1")
    changed(town, town.estate, {"estate_type": "low_rise"})
    kinds = sorted(data["kind"] for data in told(town))
    assert kinds == ["building", "door", "estate", "grid", "grid", "spot"]
    assert {data["estate_type"] for data in told(town)} == {"low_rise"}
    assert town.place(town.door)["required_captains"] == 1
    assert town.place(alone)["estate_type"] == "old"
    assert [data["required_captains"] for data in told(town) if data["kind"] == "door"] == [1]
    changed(town, town.estate, {"estate_type": "mixed_use"})
    vacancies = [event.data for event in town.service.said(grid.VacancyFound)]
    assert [(one["door_ref"], one["missing"], one["reason_code"]) for one in vacancies[-1:]] == [
        (town.door["id"], 2, "estate_type_changed")
    ]


def test_a_renamed_door_is_called_so_where_a_captain_is_missing(town):
    changed(town, town.door, {"name": "1号楼东门"})
    changed(town, town.building, {"estate_type": "old"})
    changed(town, town.building, {"estate_type": "tower"})
    assert town.service.said(grid.VacancyFound)[-1].data["door_name"] == "1号楼东门"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"longitude": 116.65}, "latitude"),
        ({"longitude": 39.88, "latitude": 116.65}, "longitude"),
        ({"estate_type": "castle"}, "estate_type"),
        ({"name": ""}, "name"),
        ({"name": "张三 13800138000"}, "name"),
        ({"household_count": -1}, "household_count"),
        ({"code": "JQ-9"}, "code"),
    ],
)
def test_a_change_that_cannot_be_names_its_field(town, body, field):
    before = town.service.snapshot()
    answer = town.service.request("POST", f"/places/{town.building['id']}/change", body)
    assert answer.status_code == 422, answer.text
    assert field in {error["field"] for error in answer.json["errors"]}
    assert town.service.snapshot() == before


def test_only_the_street_changes_places_and_only_its_own(town):
    path = f"/places/{town.building['id']}/change"
    assert town.service.request("POST", path, {"name": "?"}, role="grid_worker").status_code == 403
    elsewhere = f"place:{town.second['id']}"
    assert town.service.request("POST", path, {"name": "?"}, scope=elsewhere).status_code == 403
    assert town.service.request("POST", "/places/nowhere/change", {"name": "?"}).status_code == 404
