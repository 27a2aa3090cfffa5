"""grid's doors: what comes back, and what bad input is told."""

from __future__ import annotations

import pytest

from shared.contracts import notify
from tests.builders import facts


@pytest.fixture
def service(under_test):
    return under_test("grid")


def register(service, **body):
    answer = service.request("POST", "/places", body)
    assert answer.status_code == 201, answer.text
    return answer.json


@pytest.fixture
def spot(service):
    """A pool in a grid of an estate."""
    street = register(service, kind="street", name="九棵树街道", code="110112010")
    community = register(service, kind="community", name="金侨", code="110112010904", parent_ref=street["id"])
    estate = register(service, kind="estate", name="金侨时代家园", code="JQ", parent_ref=community["id"])
    grid = register(service, kind="grid", name="第一网格", code="110112010904001", parent_ref=estate["id"])
    return register(service, kind="spot", name="水池", code="JQ-POOL", parent_ref=grid["id"])


def test_a_reported_case_has_a_grid_a_number_a_responsible_party_and_a_deadline(service, spot):
    answer = service.request(
        "POST", "/cases", {"category": "0603", "place_ref": spot["id"], "text": "水池干涸"}, role="community"
    )
    assert answer.status_code == 201
    case = answer.json
    assert answer.headers["Location"] == f"/grid/v1/cases/{case['id']}"
    assert case["grid_code"] == "110112010904001"
    assert case["number"] == "240527-0001-5"
    assert case["lead_party_name"] == "街道办事处"
    assert case["answer_due_at"] == "2024-06-03T09:00:00+08:00"
    assert service.request("GET", "/cases/2405270001 5").json == case


def test_a_wrong_check_digit_finds_no_case_and_says_so(service, spot):
    answer = service.request("GET", "/cases/240527-0001-4")
    assert answer.status_code == 404


def test_a_place_outside_any_grid_is_refused_with_the_field(service, spot):
    estate = service.request("GET", f"/places/{spot['id']}").json["estate_ref"]
    answer = service.request("POST", "/cases", {"category": "0603", "place_ref": estate, "text": "?"})
    assert answer.status_code == 422
    assert answer.json["code"] == "no_grid_here"
    assert answer.json["errors"][0]["field"] == "place_ref"
    assert service.request("GET", "/cases").json["items"] == []


def test_an_unknown_reporter_may_only_be_late_and_says_when_to_try_again(service, spot):
    body = {"category": "0603", "place_ref": spot["id"], "text": "?", "reporter_ref": "nobody"}
    answer = service.request("POST", "/cases", body)
    assert (answer.status_code, answer.json["code"]) == (422, "unknown_reference")
    assert answer.headers["Retry-After"] == "2"


def test_every_wrong_field_is_named(service):
    answer = service.request("POST", "/cases", {"category": 7, "text": "", "colour": "red"})
    named = {error["field"] for error in answer.json["errors"]}
    assert answer.status_code == 422
    assert named == {"category", "text", "place_ref", "colour"}


def test_a_caller_sees_and_touches_only_its_own_place(service, spot):
    body = {"category": "0603", "place_ref": spot["id"], "text": "?"}
    case = service.request("POST", "/cases", body).json
    inside, outside = f"place:{spot['community_ref']}", "place:another"
    assert len(service.request("GET", "/cases", role="community", scope=inside).json["items"]) == 1
    assert service.request("GET", "/cases", role="community", scope=outside).json["items"] == []
    assert service.request("GET", f"/cases/{case['id']}", role="community", scope=outside).status_code == 403
    assert service.request("POST", "/cases", body, role="community", scope=outside).status_code == 403


def test_a_role_that_may_not_do_it_is_told_which_may(service):
    answer = service.request("POST", "/places", {"kind": "street", "name": "x", "code": "1"}, role="resident")
    assert (answer.status_code, answer.json["code"]) == (403, "role_missing")


def test_a_resident_reports_for_nobody_else(service, spot):
    for ref in ("resident-1", "resident-2"):
        service.hear(notify.ContactRegistered, ref, facts.contact(ref))
    body = {"category": "0603", "place_ref": spot["id"], "text": "?"}
    own = service.request("POST", "/cases", body, role="resident", scope="person:resident-1")
    assert own.json["reporter_ref"] == "resident-1"
    location = own.headers["Location"].removeprefix("/grid/v1")
    for person, status in (("resident-1", 200), ("resident-2", 403)):
        answer = service.request("GET", location, role="resident", scope=f"person:{person}")
        assert answer.status_code == status
    others = body | {"reporter_ref": "resident-2"}
    answer = service.request("POST", "/cases", others, role="resident", scope="person:resident-1")
    assert (answer.status_code, answer.json["code"]) == (403, "outside_scope")


def test_a_long_list_comes_in_parts_without_gap_or_repetition(service, spot):
    for number in range(5):
        body = {"category": "0603", "place_ref": spot["id"], "text": f"{number}"}
        assert service.request("POST", "/cases", body).status_code == 201
    seen, after = [], ""
    while True:
        part = service.request("GET", f"/cases?limit=2{after}").json
        seen += [case["text"] for case in part["items"]]
        if part["next"] is None:
            break
        after = f"&after={part['next']}"
    assert seen == ["0", "1", "2", "3", "4"]
