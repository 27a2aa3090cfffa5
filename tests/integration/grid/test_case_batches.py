"""批量办理: one deed for many cases, a row for each, and none hurt by another."""

from __future__ import annotations

import pytest

from shared.contracts import grid
from tests.integration.grid.test_case_moves import do, told, verify


@pytest.fixture
def cases(service, spot):
    return [
        service.post("/cases", {"category": "0603", "place_ref": spot["id"], "text": f"{number}"})
        for number in range(3)
    ]


def batch(service, action, cases, *, status=200, headers=None, role="street", scope="*", **more):
    refs = [case if isinstance(case, str) else case["id"] for case in cases]
    body = {"action": action, "case_refs": refs, **more}
    answer = service.request("POST", "/case-batches", body, role=role, scope=scope, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json


def codes(answer):
    return [row["refusal"] and row["refusal"]["code"] for row in answer["rows"]]


def state(service, case):
    return service.request("GET", f"/cases/{case['id']}").json["state"]


def test_each_case_has_a_row_done_or_with_what_its_own_door_would_have_said(service, cases):
    do(service, cases[1], "accept")
    own = service.request("POST", f"/cases/{cases[1]['id']}/accept")
    answer = batch(service, "accept", [*cases, "nothing"])
    assert [row["case_ref"] for row in answer["rows"]] == [*(case["id"] for case in cases), "nothing"]
    assert [row["done"] for row in answer["rows"]] == [True, False, True, False]
    assert (answer["done"], answer["refused"], codes(answer)) == (2, 2, [None, "not_now", None, "not_found"])
    refusal = answer["rows"][1]["refusal"]
    assert {name: refusal[name] for name in refusal} == {
        name: own.json[name] for name in ("status", "code", "detail", "allowed_actions")
    }
    assert [row["state"] for row in answer["rows"]] == ["handling", None, "handling", None]
    assert {state(service, case) for case in cases} == {"handling"}


def test_each_case_goes_on_with_its_own_journey_and_tells_of_it_once(service, cases):
    batch(service, "accept", cases)
    reported = {said.subject: said.envelope.correlation_id for said in service.said(grid.CaseReported)}
    accepted = {said.subject: said.envelope.correlation_id for said in service.said(grid.CaseAccepted)}
    assert accepted == reported
    assert len(set(accepted.values())) == 3


def test_what_is_refused_leaves_nothing_behind(service, cases):
    before = told(service)
    answer = batch(service, "close", cases)
    assert codes(answer) == ["not_now"] * 3
    assert told(service) == before
    assert {state(service, case) for case in cases} == {"dispatched"}


def test_the_same_batch_sent_again_with_its_key_is_one(service, cases):
    key = {"Idempotency-Key": "night-shift-1"}
    first = batch(service, "note", cases[:2], text="已电话通知", headers=key)
    again = batch(service, "note", cases[:2], text="已电话通知", headers=key)
    assert (first, first["done"]) == (again, 2)
    assert len(service.request("GET", f"/cases/{cases[0]['id']}/notes").json["items"]) == 1
    other = batch(service, "note", cases, text="已电话通知", headers=key, status=422)
    assert other["code"] == "idempotency_key_reused"


def test_verified_cases_that_nobody_reported_are_closed_together(service, cases):
    for case in cases[:2]:
        do(service, case, "accept")
        do(service, case, "handle", {"outcome": "已修复"})
        verify(service, case, role="community")
    assert codes(batch(service, "close", cases, role="community")) == [None, None, "not_now"]


def test_cases_are_passed_on_together_each_along_its_own_tree(service, spot):
    street = service.request("GET", f"/places/{spot['community_ref']}").json["parent_ref"]
    above = _level(service, "street_level", street)
    community = _level(service, "community_level", spot["community_ref"], above)
    here = service.post("/cases", {"category": "0603", "place_ref": spot["id"], "text": "?"})
    more = {"to_organisation_ref": above, "reason": "需街道协调"}
    answer = batch(service, "pass", [here], **more)
    assert (codes(answer), here["organisation_ref"]) == ([None], community)
    assert codes(batch(service, "pass", [here], **more)) == ["not_along_the_tree"]


def _level(service, kind, place_ref, parent_ref=None):
    body = {"kind": kind, "name": kind, "place_ref": place_ref, "parent_ref": parent_ref}
    return service.post("/organisations", {name: value for name, value in body.items() if value})["id"]


def test_a_party_acts_on_its_own_only(service, cases):
    answer = batch(service, "accept", cases, role="property", scope="party:company")
    assert codes(answer) == ["not_your_part"] * 3


def test_cases_of_another_place_are_refused_in_their_rows(service, cases, other_pool):
    theirs = service.post("/cases", {"category": "0603", "place_ref": other_pool["id"], "text": "?"})
    scope = f"place:{other_pool['estate_ref']}"
    answer = batch(service, "note", [theirs, *cases], text="已看过", role="community", scope=scope)
    assert codes(answer) == [None, *["outside_scope"] * 3]


def test_only_staff_note(service, cases):
    answer = batch(service, "note", cases, text="?", role="property", scope="party:company", status=403)
    assert answer["code"] == "not_your_part"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"action": "verify"}, {"action"}),
        ({"action": "pass"}, {"to_organisation_ref", "reason"}),
        ({"action": "note"}, {"text"}),
        ({"action": "accept", "text": "?", "reason": "?"}, {"text", "reason"}),
        ({"action": "accept", "case_refs": []}, {"case_refs"}),
        ({"action": "accept", "case_refs": ["a", "a"]}, {"case_refs"}),
        ({"action": "accept", "case_refs": [f"{number}" for number in range(101)]}, {"case_refs"}),
    ],
)
def test_what_does_not_fit_is_named(service, body, fields):
    answer = service.request("POST", "/case-batches", {"case_refs": ["x"], **body})
    assert answer.status_code == 422
    assert {error["field"].partition(".")[0] for error in answer.json["errors"]} == fields


def test_a_row_that_another_has_changed_meanwhile_says_so_and_hurts_no_other(service, cases, monkeypatch):
    from sqlalchemy.orm.exc import StaleDataError

    from services.grid.domain.case import Case

    accept = Case.accept

    def changed_meanwhile(case, *, now):
        if case.id == cases[1]["id"]:
            raise StaleDataError("another writer")
        accept(case, now=now)

    monkeypatch.setattr(Case, "accept", changed_meanwhile)
    answer = batch(service, "accept", cases)
    assert codes(answer) == [None, "concurrent_change", None]
    assert [state(service, case) for case in cases] == ["handling", "dispatched", "handling"]
