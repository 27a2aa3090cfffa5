"""交接班: handed over with what is open at that moment, taken by whom it was handed to."""

from __future__ import annotations

import pytest

from tests.integration.grid.test_case_list import some
from tests.integration.grid.test_case_moves import do, pass_time


@pytest.fixture
def open_cases(service, spot, other_pool):
    """One that is overdue, one that waits for a decision, one of neither; and one elsewhere."""
    made = [
        service.post("/cases", {"category": category, "place_ref": place["id"], "text": "?"})
        for category, place in (("0104", spot), ("0603", spot), ("0603", spot), ("0104", other_pool))
    ]
    do(service, made[1], "object", {"reason": "不属于本街道"})
    pass_time(service, days=1)
    return made


@pytest.fixture
def handed(service, spot, open_cases):
    return hand_over(service, spot)


def hand_over(service, spot, *, status=201, role="street", scope="*", **more):
    body = {"place_ref": spot["estate_ref"], "to_subject": "community-1", "remarks": "留意水池", **more}
    return service.post("/shift-handovers", body, role=role, scope=scope, status=status)


def test_a_shift_is_handed_over_with_what_is_open_there(service, open_cases, handed):
    overdue, objected, *_ = open_cases
    assert (handed["handed_by"], handed["to_subject"], handed["place_name"]) == (
        "street:street-1",
        "community-1",
        "金侨时代家园",
    )
    assert some(handed["tally"]) == {"dispatched": 3, "overdue": 1, "to_decide": 1}
    assert [(one["case_ref"], one["is_overdue"], one["to_decide"]) for one in handed["matters"]] == [
        (overdue["id"], True, []),
        (objected["id"], False, ["objection"]),
    ]
    assert not handed["is_cut"]
    assert service.request("GET", f"/shift-handovers/{handed['id']}").json == handed


def test_what_was_handed_over_stays_as_it_was(service, open_cases, handed):
    do(service, open_cases[0], "accept")
    do(service, open_cases[0], "handle", {"outcome": "已修复"})
    assert service.request("GET", f"/shift-handovers/{handed['id']}").json == handed


def test_who_takes_over_says_so_once_and_in_person(service, handed):
    path = f"/shift-handovers/{handed['id']}/take"
    other = service.request("POST", path)
    assert (other.status_code, other.json["code"]) == (403, "shift_of_another")
    service.clock.advance(minutes=10)
    taken = service.post(path, role="community", status=200)
    assert (taken["state"], taken["taken_at"], taken["allowed_actions"]) == (
        "taken",
        "2024-05-28T09:10:00+08:00",
        [],
    )
    again = service.request("POST", path, role="community")
    assert (again.status_code, again.json["code"]) == (409, "not_now")


def test_hand_overs_are_listed_with_whether_they_were_taken(service, spot, other_pool, handed):
    later = hand_over(service, spot, to_subject="night-officer")
    elsewhere = hand_over(service, other_pool)
    service.post(f"/shift-handovers/{handed['id']}/take", role="community", status=200)

    def listed(query, **by):
        answer = service.request("GET", f"/shift-handovers?{query}", **by)
        return [each["id"] for each in answer.json["items"]]

    assert listed("") == [handed["id"], later["id"], elsewhere["id"]]
    assert listed("state=handed&to_subject=community-1") == [elsewhere["id"]]
    assert listed(f"place_ref={spot['estate_ref']}&sort=-handed_at") == [later["id"], handed["id"]]
    own = {"role": "community", "scope": f"place:{other_pool['estate_ref']}"}
    assert listed("", **own) == [elsewhere["id"]]
    assert service.request("GET", f"/shift-handovers/{handed['id']}", **own).status_code == 403


def test_nobody_hands_over_to_oneself_nor_at_a_place_of_another(service, spot, other_pool, open_cases):
    assert hand_over(service, spot, status=422, to_subject="street-1")["code"] == "handed_to_oneself"
    scope = f"place:{other_pool['estate_ref']}"
    assert hand_over(service, spot, status=403, role="community", scope=scope)["code"] == "outside_scope"
    assert hand_over(service, spot, status=422, place_ref="nowhere")["code"] == "unknown"


def test_hand_overs_are_told_to_nobody(service, spot, open_cases):
    before = len(service.said())
    handed = hand_over(service, spot)
    service.post(f"/shift-handovers/{handed['id']}/take", role="community", status=200)
    assert len(service.said()) == before
