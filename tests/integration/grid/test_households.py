"""Households behind doors, and what is around one."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.dialects import sqlite

from services.grid.queries.households import surroundings_of
from services.grid.use_cases.captains import AppointCaptain, ProposeCaptain
from shared.contracts import grid, notify
from tests.builders import facts
from tests.integration.grid.test_shapes import FIRST, Town


@pytest.fixture
def town(under_test):
    return Town(under_test("grid"))


def test_a_household_is_listed_with_its_door_until_it_ends_and_may_come_again(town):
    path = f"/households?door_ref={town.door['id']}"
    assert [one["room"] for one in town.service.request("GET", path).json["items"]] == ["301"]
    town.service.post(f"/households/{town.household['id']}/end", status=200)
    assert town.service.request("GET", path).json["items"] == []
    before = town.service.snapshot()
    ended = town.service.post(f"/households/{town.household['id']}/end", status=200)
    assert (ended["valid_to"], town.service.snapshot()) == ("2024-05-27", before)
    again = town.service.post("/households", {"door_ref": town.door["id"], "room": "301"})
    assert again["id"] != town.household["id"]
    assert town.service.request("GET", f"/households/{again['id']}").json == again


def test_a_room_is_behind_a_door_once_and_behind_a_door_only(town):
    for door_ref, code in [
        (town.door["id"], "household_already_there"),
        (town.building["id"], "place_kind_unfit"),
        ("nowhere", "unknown"),
    ]:
        answer = town.service.request("POST", "/households", {"door_ref": door_ref, "room": "301"})
        assert answer.json["code"] == code


def test_nobody_hears_of_households(town):
    assert not [event for event in town.service.said() if town.household["id"] in str(event.data)]


def test_from_a_household_to_all_that_lies_around_it(town):
    found = town.service.request("GET", f"/households/{town.household['id']}/surroundings").json
    assert (found["household_ref"], found["room"]) == (town.household["id"], "301")
    assert {name: found[name]["code"] for name in ("door", "building", "grid", "estate", "community")} == {
        "door": "JQ-1-1",
        "building": "JQ-1",
        "grid": FIRST,
        "estate": "JQ",
        "community": "110112010904",
    }


def test_from_a_household_to_the_captains_of_its_door_and_who_is_at_work_in_its_grid(town):
    service, door = town.service, town.door["id"]
    path = next(event.data["path"] for event in service.said(grid.PlaceRegistered) if event.subject == door)
    at_home = facts.contact(place_ref=door, place_path=path)
    service.hear(notify.ContactRegistered, "resident-1", at_home)
    proposed = service.handle(ProposeCaptain(door, "resident-1", "resident", "居民推选", date(2024, 5, 20)))
    service.handle(AppointCaptain(proposed.id))
    staff = {"staff_no": "W1", "name": "王网格", "category": "grid_worker"}
    in_grid = [{"grid_ref": town.first["id"], "role": "lead"}]
    service.post("/staff", staff | {"grids": in_grid})
    service.post(
        "/staff", {"staff_no": "C1", "name": "李社工", "category": "community_cadre", "grids": in_grid}
    )
    found = service.request("GET", f"/households/{town.household['id']}/surroundings").json
    assert found["captains"] == [{"captain_ref": proposed.id, "origin": "resident"}]
    assert [one["staff_name"] for one in found["staff"]] == ["王网格", "李社工"]


def test_households_of_elsewhere_are_nobody_elses(town):
    elsewhere = {"role": "grid_worker", "scope": f"place:{town.second['id']}"}
    path = f"/households/{town.household['id']}"
    assert town.service.request("GET", path, **elsewhere).status_code == 403
    assert town.service.request("GET", f"{path}/surroundings", **elsewhere).status_code == 403
    assert town.service.request("POST", f"{path}/end", **elsewhere).status_code == 403
    assert town.service.request("GET", "/households", **elsewhere).json["items"] == []
    assert town.service.request("GET", "/households/nobody/surroundings").status_code == 404


def test_the_surroundings_are_one_statement_that_reads_no_table_through(town):
    if not town.service.database.is_sqlite:
        pytest.skip("PostgreSQL reads small tables through; make bench asks it among a million")
    statement = surroundings_of("x").compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with town.service.database.reading() as session:
        plan = [row[-1] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
    assert len(plan) == 9
    assert all(step.startswith("SEARCH") and "INDEX" in step for step in plan), plan
