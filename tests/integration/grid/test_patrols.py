"""巡查 over HTTP: begun, checked in, reported, ended; one's own only, and within the grid."""

from __future__ import annotations

import uuid

import pytest

from shared.contracts import grid
from tests.builders.walk import walk
from tests.integration.grid.test_visits import upload

AT = "2024-05-27T09:00:00+08:00"


@pytest.fixture
def service(under_test):
    return under_test("grid")


@pytest.fixture
def street(service):
    return walk(service)


@pytest.fixture
def worker(street):
    return {"role": "grid_worker", "scope": f"place:{street.ref('grid')}"}


@pytest.fixture
def patrol(service, street, worker):
    return service.post("/patrols", {"grid_ref": street.ref("grid")}, **worker)


def check_in(place_ref, **more):
    return {"id": str(uuid.uuid4()), "place_ref": place_ref} | more


def test_a_worker_walks_the_grid_and_what_is_found_becomes_a_case_of_it(service, street, worker, patrol):
    path = f"/patrols/{patrol['id']}"
    for name in ("2号楼1单元", "pool"):
        service.clock.advance(minutes=5)
        service.post(f"{path}/check-ins", check_in(street.ref(name)), **worker)
    photo = upload(service, **worker).json
    found = service.post(
        f"{path}/findings",
        {
            "category": "0601",
            "place_ref": street.ref("pool"),
            "text": "路面破损",
            "photographs": [photo["ref"]],
        },
        **worker,
    )
    ended = service.post(f"{path}/end", status=200, **worker)
    assert (ended["state"], ended["allowed_actions"]) == ("ended", [])
    case = service.request("GET", f"/cases/{found['case_ref']}").json
    assert (case["source"], case["number"]) == ("patrol", found["number"])
    assert case["recorded_by"] == "grid_worker:grid_worker-1"
    places = [
        each["place_name"] for each in service.request("GET", f"{path}/check-ins", **worker).json["items"]
    ]
    assert places == [street.places["2号楼1单元"].name, street.places["pool"].name]
    assert service.request("GET", f"{path}/findings", **worker).json["items"] == [found]
    (said,) = service.said(grid.CaseReported)
    assert said.data["source"] == "patrol"
    assert service.request("GET", f"/attachments/{photo['ref']}", role="community").status_code == 200


def test_where_staff_go_is_told_to_nobody(service, street, worker, patrol):
    before = len(service.said())
    service.post(f"/patrols/{patrol['id']}/check-ins", check_in(street.ref("pool")), **worker)
    service.post(f"/patrols/{patrol['id']}/end", status=200, **worker)
    assert len(service.said()) == before


def test_a_check_in_outside_the_grid_is_refused_with_the_way_out(service, street, patrol):
    body = check_in(street.ref("3号楼1单元"))
    mine = {"role": "grid_worker", "scope": f"place:{street.ref('estate')}"}
    answer = service.request("POST", f"/patrols/{patrol['id']}/check-ins", body, **mine)
    assert (answer.status_code, answer.json["code"]) == (422, "check_in_elsewhere")
    assert "另行开始" in answer.json["detail"]
    found = {"category": "0601", "place_ref": street.ref("3号楼"), "text": "路面破损"}
    answer = service.request("POST", f"/patrols/{patrol['id']}/findings", found, **mine)
    assert (answer.status_code, answer.json["code"]) == (422, "check_in_elsewhere")
    assert service.said(grid.CaseReported) == []


def test_a_check_in_takes_no_coordinates(service, street, worker, patrol):
    body = check_in(street.ref("pool"), latitude=39.9, longitude=116.7)
    answer = service.request("POST", f"/patrols/{patrol['id']}/check-ins", body, **worker)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")


def test_a_check_in_that_the_phone_sends_twice_is_one(service, street, worker, patrol):
    path, body = f"/patrols/{patrol['id']}/check-ins", check_in(street.ref("pool"), occurred_at=AT)
    first = service.request("POST", path, body, **worker)
    again = service.request("POST", path, body, **worker)
    assert (first.status_code, again.status_code, first.json) == (201, 200, again.json)
    other = service.request("POST", path, {**body, "place_ref": street.ref("2号楼")}, **worker)
    assert (other.status_code, other.json["code"]) == (409, "record_id_taken")


def test_a_check_in_of_an_offline_phone_comes_after_the_end(service, street, worker, patrol):
    path = f"/patrols/{patrol['id']}"
    service.clock.advance(hours=1)
    service.post(f"{path}/end", status=200, **worker)
    service.clock.advance(hours=5)
    late = check_in(street.ref("pool"), occurred_at="2024-05-27T09:30:00+08:00")
    assert service.post(f"{path}/check-ins", late, **worker)["recorded_at"] == "2024-05-27T15:00:00+08:00"
    now = service.request("POST", f"{path}/check-ins", check_in(street.ref("pool")), **worker)
    assert (now.status_code, now.json["code"]) == (422, "check_in_outside_time")


def test_nobody_walks_two_patrols_at_once(service, street, worker, patrol):
    answer = service.request("POST", "/patrols", {"grid_ref": street.ref("grid")}, **worker)
    assert (answer.status_code, answer.json["code"]) == (409, "patrol_under_way")
    assert patrol["id"] in answer.json["detail"]
    service.post(f"/patrols/{patrol['id']}/end", status=200, **worker)
    service.post("/patrols", {"grid_ref": street.ref("grid")}, **worker)


def test_a_patrol_is_the_walkers_own_and_the_offices_to_read(service, street, worker, patrol):
    community = {"role": "community", "scope": f"place:{street.ref('community')}"}
    path = f"/patrols/{patrol['id']}"
    assert service.request("GET", path, **community).status_code == 200
    answer = service.request("POST", f"{path}/end", **community)
    assert (answer.status_code, answer.json["code"]) == (403, "patrol_of_another")
    theirs = service.post("/patrols", {"grid_ref": street.ref("grid")}, **community)
    assert service.request("GET", f"/patrols/{theirs['id']}", **worker).json["code"] == "patrol_of_another"
    assert [each["id"] for each in service.request("GET", "/patrols", **worker).json["items"]] == [
        patrol["id"]
    ]
    assert len(service.request("GET", "/patrols", **community).json["items"]) == 2
