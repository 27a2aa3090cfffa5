"""Shapes of grids at grid's doors: imported, exported, redrawn, and asked which grid a point lies in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from services.grid.domain.point import Point
from services.grid.store.cases import cases
from services.grid.store.places import households
from services.grid.store.shapes import grid_at, grid_shapes
from shared.contracts import grid
from shared.persistence.database import Database
from shared.testing.harness import ServiceUnderTest
from tests.builders.grid import collection, middle, square

FIRST, SECOND, THIRD = "110112010904001", "110112010904002", "110112010904003"
POOL, TOWER, HALL = middle(0, 0), middle(1, 0), middle(2, 0)


class Town:
    """Two grids side by side in an estate of towers; in the first a building with a door, a household and a pool."""

    def __init__(self, service: ServiceUnderTest) -> None:
        self.service = service
        self.street = self.add(None, "street", "九棵树街道", "110112010")
        self.community = self.add(self.street, "community", "金侨", "110112010904")
        self.estate = self.add(self.community, "estate", "金侨时代家园", "JQ", estate_type="tower")
        self.first = self.add(self.estate, "grid", "第一网格", FIRST)
        self.second = self.add(self.estate, "grid", "第二网格", SECOND)
        self.building = self.add(self.first, "building", "1号楼", "JQ-1", **TOWER)
        self.door = self.add(self.building, "door", "1号楼1单元", "JQ-1-1")
        self.pool = self.add(self.first, "spot", "水池", "JQ-POOL", **POOL)
        self.household = service.post("/households", {"door_ref": self.door["id"], "room": "301"})

    def add(self, parent, kind, name, code, **more):
        place = {"kind": kind, "name": name, "code": code, "parent_ref": parent and parent["id"], **more}
        return self.service.post("/places", place)

    def draw(self, shapes, **more):
        return self.service.post("/shapes", collection(shapes, **more), status=200)

    def refused(self, shapes, **more):
        before = self.service.snapshot()
        answer = self.service.request("POST", "/shapes", collection(shapes, **more))
        assert answer.status_code == 422, answer.text
        assert self.service.snapshot() == before
        return answer.json

    def place(self, place):
        return self.service.request("GET", f"/places/{place['id']}").json

    def locate(self, **asked):
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        return self.service.request("GET", f"/locate?{query}")

    def report(self, **where):
        return self.service.post("/cases", {"category": "0603", "text": "水池干涸", **where})

    def case(self, case):
        return self.service.request("GET", f"/cases/{case['id']}").json


@pytest.fixture
def town(under_test):
    return Town(under_test("grid"))


WHOLE = {FIRST: square(0, 0, width=2), SECOND: square(2, 0)}
MOVED = {FIRST: square(0, 0), SECOND: square(1, 0, width=2)}


# ---- import and export


def test_shapes_are_kept_and_come_out_as_they_can_be_sent_back(town):
    assert town.draw(WHOLE) == {
        "dry_run": False,
        "drawn": [FIRST, SECOND],
        "redrawn": [],
        "unchanged": [],
        "without_shape": [],
        "gaps": [],
        "moves": [],
        "splits": [],
        "case_moves": [],
    }
    exported = town.service.request("GET", "/shapes").json
    assert [feature["properties"]["code"] for feature in exported["features"]] == [FIRST, SECOND]
    assert exported["features"][0]["id"] == town.first["id"]
    assert exported["features"][0]["geometry"] == WHOLE[FIRST]
    before = town.service.snapshot()
    again = town.service.post("/shapes", exported, status=200)
    assert (again["drawn"], again["redrawn"], again["unchanged"]) == ([], [], [FIRST, SECOND])
    assert town.service.snapshot() == before


def test_a_dry_run_says_the_same_and_changes_nothing(town):
    before = town.service.snapshot()
    said = town.draw(WHOLE, dry_run=True)
    assert town.service.snapshot() == before
    assert town.draw(WHOLE) == said | {"dry_run": False}


def test_what_is_wrong_is_said_feature_by_feature_and_nothing_is_kept(town):
    refused = town.refused(
        {FIRST: square(0, 0, width=2), SECOND: square(1, 0), THIRD: square(5, 5), "JQ-1": square(7, 7)}
    )
    assert refused["code"] == "several"
    assert refused["detail"] == "有 3 处错误，未做任何改动"
    assert [error["field"] for error in refused["errors"]] == [
        "features.2.properties.code",
        "features.3.properties.code",
        "features.0",
        "features.1",
    ]
    assert refused["errors"][0]["message"] == f"没有编码为 {THIRD} 的网格，请先登记"
    assert f"网格 {FIRST} 与网格 {SECOND} 重叠 94" in refused["errors"][2]["message"]


def test_a_shape_may_not_cover_what_another_grid_has_already(town):
    town.draw(WHOLE)
    refused = town.refused({SECOND: square(1, 0, width=2)})
    assert [error["field"] for error in refused["errors"]] == ["features.0"]


def test_gaps_and_grids_without_a_shape_are_told_and_keep_nobody_from_drawing(town):
    town.add(town.estate, "grid", "第三网格", THIRD)
    ring = {
        "type": "Polygon",
        "coordinates": [square(0, 0, 3, 3)["coordinates"][0], square(1, 1)["coordinates"][0]],
    }
    said = town.draw({FIRST: ring})
    assert said["without_shape"] == [SECOND, THIRD]
    (gap,) = said["gaps"]
    assert gap["beside"] == [FIRST]
    assert gap["square_metres"] == pytest.approx(9499, rel=0.005)
    assert town.locate(longitude=gap["longitude"], latitude=gap["latitude"]).json["code"] == "no_grid_at"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"type": "Feature", "features": []}, "type"),
        ({"type": "FeatureCollection", "features": []}, "features"),
        ({"type": "FeatureCollection"}, "features"),
        (collection(WHOLE, crs={"type": "name", "properties": {"name": "EPSG:3857"}}), "crs"),
        (collection(WHOLE, crs="GCJ02"), "crs"),
        (collection(WHOLE, dry_run="yes"), "dry_run"),
        ([], "_schema"),
    ],
)
def test_a_file_that_is_none_is_refused_and_says_what_is_wrong(town, body, field):
    answer = town.service.request("POST", "/shapes", body)
    assert answer.status_code in (400, 422), answer.text
    if answer.status_code == 422:
        assert field in {error["field"].split(".")[0] for error in answer.json["errors"]}


def test_what_programs_write_beside_the_features_is_passed_over(town):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert town.draw(WHOLE, name="网格", crs=crs, bbox=[116, 39, 117, 40])["drawn"] == [FIRST, SECOND]


def test_only_who_acts_for_the_whole_street_draws(town):
    for role, scope in (("street", f"place:{town.community['id']}"), ("community", "*")):
        answer = town.service.request("POST", "/shapes", collection(WHOLE), role=role, scope=scope)
        assert answer.status_code == 403


def test_a_caller_sees_the_shapes_of_its_own_place_only(town):
    town.draw(WHOLE)
    answer = town.service.request("GET", "/shapes", role="community", scope=f"place:{town.second['id']}")
    assert [feature["properties"]["code"] for feature in answer.json["features"]] == [SECOND]


# ---- which grid


def test_a_point_finds_its_grid_and_what_is_known_around_it(town):
    town.draw(WHOLE)
    found = town.locate(**TOWER).json
    assert found["grid"] == {"id": town.first["id"], "kind": "grid", "name": "第一网格", "code": FIRST}
    assert (found["community"]["id"], found["estate"]["id"]) == (town.community["id"], town.estate["id"])
    assert (found["building"], found["door"]) == (None, None)
    border = {"longitude": HALL["longitude"] - 0.0005, "latitude": HALL["latitude"]}
    assert town.locate(**border).json["grid"]["code"] == FIRST


def test_an_address_and_a_room_find_the_door_and_so_the_grid(town):
    found = town.locate(address="1号楼", room="301").json
    assert found["door"]["id"] == town.door["id"]
    assert found["building"]["id"] == town.building["id"]
    assert found["grid"]["id"] == town.first["id"]
    assert town.locate(address="水池，金侨时代家园").json["door"] is None


def test_what_cannot_be_located_says_why(town):
    town.draw(WHOLE)
    other = town.add(town.building, "door", "1号楼2单元", "JQ-1-2")
    town.service.post("/households", {"door_ref": other["id"], "room": "301"})
    for asked, code in [
        ({}, "address_not_said"),
        ({**TOWER, "address": "水池"}, "address_not_said"),
        ({**TOWER, "room": "301"}, "address_not_said"),
        ({"longitude": 116.65}, "point_incomplete"),
        ({"longitude": 39.88, "latitude": 116.65}, "coordinates_swapped"),
        ({"longitude": 121.47, "latitude": 31.23}, "point_outside"),
        ({"longitude": "nan", "latitude": 39.88}, "invalid"),
        (middle(9, 9), "no_grid_at"),
        ({"address": "湖"}, "address_unknown"),
        ({"address": "1号楼", "room": "302"}, "room_unknown"),
        ({"address": "1号楼", "room": "301"}, "room_ambiguous"),
        ({"address": "金侨"}, "no_grid_here"),
    ]:
        answer = town.locate(**asked)
        assert (answer.status_code, answer.json["code"]) == (422, code), answer.text


def test_a_place_in_no_grid_is_found_by_its_point(town):
    town.draw(WHOLE)
    town.add(town.estate, "building", "会所", "JQ-HALL", **HALL)
    assert town.locate(address="会所").json["grid"]["code"] == SECOND


def test_nobody_locates_outside_its_place(town):
    town.draw(WHOLE)
    query = f"/locate?longitude={TOWER['longitude']}&latitude={TOWER['latitude']}"
    scope = f"place:{town.second['id']}"
    assert town.service.request("GET", query, role="grid_worker", scope=scope).status_code == 403


def test_the_index_is_built_anew_only_when_a_shape_is_another_one(town):
    town.draw(WHOLE)
    with town.service.database.writing() as session:
        assert grid_at(session, Point.at(**TOWER)).code == FIRST
        session.execute(grid_shapes.delete())
        assert grid_at(session, Point.at(**TOWER)).code == FIRST, "the revision says that nothing has changed"
    town.draw({SECOND: square(1, 0)})
    assert town.locate(**TOWER).json["grid"]["code"] == SECOND


def test_another_process_sees_the_new_borders(town):
    if town.service.database.is_sqlite:
        pytest.skip("a database in memory has one process")
    other = Database(town.service.database.url.render_as_string(hide_password=False))
    for shapes, code in ((WHOLE, FIRST), (MOVED, SECOND)):
        town.draw(shapes)
        with other.reading() as session:
            assert grid_at(session, Point.at(**TOWER)).code == code
    other.dispose()


# ---- cases at a point


def test_a_case_may_be_reported_at_a_point_and_belongs_to_the_grid_there(town):
    town.draw(WHOLE)
    case = town.report(**TOWER)
    assert (case["place_ref"], case["grid_code"]) == (town.first["id"], FIRST)
    assert (case["longitude"], case["latitude"]) == (TOWER["longitude"], TOWER["latitude"])


@pytest.mark.parametrize(
    ("where", "code", "field"),
    [
        (middle(9, 9), "no_grid_at", "longitude"),
        ({"latitude": 39.88}, "point_incomplete", "longitude"),
        ({"longitude": 39.88, "latitude": 116.65}, "coordinates_swapped", "longitude"),
        ({"longitude": "east", "latitude": 39.88}, "invalid", "longitude"),
    ],
)
def test_a_case_at_a_point_in_no_grid_is_refused(town, where, code, field):
    town.draw(WHOLE)
    answer = town.service.request("POST", "/cases", {"category": "0603", "text": "?", **where})
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert field in {error["field"] for error in answer.json["errors"]}
    assert town.service.request("GET", "/cases").json["items"] == []


def test_a_case_is_at_a_place_or_at_a_point(town):
    town.draw(WHOLE)
    body = {"category": "0603", "text": "?", "place_ref": town.pool["id"], **TOWER}
    assert town.service.request("POST", "/cases", body).json["code"] == "where_not_said"


# ---- redrawing


def test_a_redrawing_shows_beforehand_what_it_moves_and_then_moves_it(town):
    town.draw(WHOLE)
    by_place, by_point = town.report(place_ref=town.door["id"]), town.report(**TOWER)
    staying = town.report(place_ref=town.pool["id"])
    said = town.draw(MOVED, dry_run=True)
    assert said["redrawn"] == [FIRST, SECOND]
    assert said["moves"] == [
        {
            "place_ref": town.building["id"],
            "kind": "building",
            "name": "1号楼",
            "from_code": FIRST,
            "to_code": SECOND,
            "places": 2,
            "open_cases": 1,
        }
    ]
    assert [move["number"] for move in said["case_moves"]] == [by_point["number"]]
    assert town.place(town.building) == town.building
    assert town.draw(MOVED) == said | {"dry_run": False}
    for place in (town.building, town.door):
        assert (town.place(place)["grid_ref"], town.place(place)["grid_code"]) == (town.second["id"], SECOND)
    assert town.place(town.pool)["grid_code"] == FIRST
    assert [town.case(case)["grid_code"] for case in (by_place, by_point, staying)] == [SECOND, SECOND, FIRST]
    assert town.case(by_place)["place_ref"] == town.door["id"]
    told = {event.subject: event.data["path"] for event in town.service.said(grid.PlaceChanged)}
    path = f"/{town.street['id']}/{town.community['id']}/{town.estate['id']}/{town.second['id']}/{town.building['id']}/"
    assert told == {town.building["id"]: path, town.door["id"]: f"{path}{town.door['id']}/"}
    with town.service.database.reading() as session:
        assert session.scalars(select(households.c.place_path)).all() == [told[town.door["id"]]]


def test_who_looks_after_the_new_grid_sees_the_case_and_who_did_before_does_not(town):
    town.draw(WHOLE)
    case = town.report(place_ref=town.door["id"])
    town.draw(MOVED)
    for of, status in ((town.second, 200), (town.first, 403)):
        scope = f"place:{of['id']}"
        answer = town.service.request("GET", f"/cases/{case['id']}", role="grid_worker", scope=scope)
        assert answer.status_code == status


def test_a_building_that_would_be_cut_stays_until_its_own_point_says_where_it_belongs(town):
    hall = town.add(town.first, "building", "2号楼", "JQ-2")
    for number, where in ((1, POOL), (2, HALL)):
        town.add(hall, "door", f"2号楼{number}单元", f"JQ-2-{number}", **where)
    said = town.draw(WHOLE)
    assert [(split["name"], split["codes"]) for split in said["splits"]] == [("2号楼", [FIRST, SECOND])]
    assert town.place(hall)["grid_code"] == FIRST
    town.service.post(f"/places/{hall['id']}/change", HALL, status=200)
    town.draw({SECOND: square(2, 0, width=2)})
    assert town.place(hall)["grid_code"] == FIRST, "its point did not change grids by this redrawing"
    town.draw({SECOND: square(3, 0)})
    town.draw({SECOND: square(2, 0)})
    assert town.place(hall)["grid_code"] == SECOND


def test_a_closed_case_stays_where_it_was(town):
    town.draw(WHOLE)
    case = town.report(place_ref=town.door["id"])
    with town.service.database.writing() as session:
        session.execute(cases.update().values(state="closed"))
    town.draw(MOVED)
    assert town.case(case)["grid_code"] == FIRST


def test_two_redrawings_at_once_follow_each_other(town):
    """Each alone fits; together they overlap: one of them is refused."""
    town.draw({FIRST: square(0, 0)})
    attempts = [{FIRST: square(0, 0, width=2)}, {SECOND: square(1, 0)}]
    if town.service.database.is_sqlite:
        answers = [town.service.request("POST", "/shapes", collection(each)) for each in attempts]
    else:
        with ThreadPoolExecutor(2) as pool:
            answers = list(
                pool.map(lambda each: town.service.request("POST", "/shapes", collection(each)), attempts)
            )
    assert sorted(answer.status_code for answer in answers) == [200, 422]
