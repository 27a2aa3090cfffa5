"""事项的办理 through the doors: each action at its own, who may do it, what is told of it, and what the clock does."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from services.grid.domain.case_lifecycle import LIFECYCLE, STATES
from services.grid.http.common import api
from shared.contracts import grid, notify, property
from tests.builders import facts

DONE = {"outcome": "已补种"}


def clocks(service):
    """The keys of the case clocks that are scheduled."""
    return [key for key in service.scheduled() if key.startswith("case-clock:")]


@pytest.fixture
def company(service, spot):
    """A property company whose area is the pool's estate."""
    area = facts.area(estate_ref=spot["estate_ref"])
    service.hear(property.AreaRegistered, area["area_ref"], area)
    party = facts.party(area_refs=[area["area_ref"]])
    service.hear(property.PartyRegistered, party["party_ref"], party)
    return {"role": "property", "scope": f"party:{party['party_ref']}"}


@pytest.fixture
def case(service, spot):
    """A case in hand of the street itself."""
    return service.post("/cases", {"category": "0603", "place_ref": spot["id"], "text": "枯枝"})


@pytest.fixture
def theirs(service, spot, company):
    """A case in hand of the company."""
    return service.post("/cases", {"category": "0603", "place_ref": spot["id"], "text": "枯枝"})


def photograph(service):
    written = BytesIO()
    Image.new("RGB", (4, 4)).save(written, "PNG")
    return service.raw(
        "POST", "/attachments", written.getvalue(), role="community", content_type="image/png"
    ).json["ref"]


def do(service, case, action, body=None, *, status=200, **by):
    answer = service.request("POST", f"/cases/{case['id']}/{action}", body or {}, **by)
    assert answer.status_code == status, answer.text
    return answer.json


def verify(service, case, **by):
    return do(service, case, "verify", {"finding": "已恢复", "photographs": [photograph(service)]}, **by)


def _around(service, place_ref):
    return service.request("GET", f"/places/{place_ref}").json["parent_ref"]


def told(service):
    """What was told of cases, in short."""
    return [
        said.type.removeprefix("grid.case.").removesuffix(".v1")
        for said in service.said()
        if ".case." in said.type
    ]


def pass_time(service, **time):
    service.clock.advance(**time)
    service.run()


def test_each_action_of_the_table_has_a_door_of_its_own_name():
    paths = {endpoint.path for endpoint in api.endpoints if endpoint.method == "POST"}
    actions = {action for state in STATES for action in LIFECYCLE.actions(state)}
    assert {f"/cases/{{id}}/{action.replace('_', '-')}" for action in actions} <= paths
    doors = {path.rsplit("/", 1)[1].replace("-", "_") for path in paths if path.startswith("/cases/{id}/")}
    assert doors - {"notes"} == actions


def test_from_dispatch_to_the_end_each_says_what_can_be_done_next(service, theirs, company):
    assert service.request("GET", f"/cases/{theirs['id']}", **company).json["allowed_actions"] == [
        "accept",
        "object",
        "pass",
        "ask_co_handler",
        "ask_end",
    ]
    do(service, theirs, "accept", **company)
    answer = do(service, theirs, "handle", DONE | {"modes": ["self_governance"]}, **company)
    assert (answer["state"], answer["handled_by"], answer["allowed_actions"]) == (
        "handled",
        "property:property-1",
        [],
    )
    assert verify(service, theirs, role="community")["state"] == "verified"
    closed = do(service, theirs, "close", role="community")
    assert (closed["state"], closed["outcome"], closed["modes"]) == (
        "closed",
        "unreported",
        ["self_governance"],
    )
    assert told(service) == ["reported", "dispatched", "accepted", "handled", "verified", "closed.v2"]
    (end,) = service.said(grid.CaseClosedV2)
    assert (end.data["outcome"], end.data["resolution"], end.data["grade"], end.data["on_time"]) == (
        "unreported",
        None,
        None,
        True,
    )


def test_gate_g3_an_objection_is_ruled_on_by_another_and_the_clock_runs_on(service, theirs, company):
    due_at = theirs["due_at"]
    objected = do(service, theirs, "object", {"reason": "不在服务范围内"}, **company)
    assert objected["objection"] == {
        "by": "property:property-1",
        "reason": "不在服务范围内",
        "amount": 0,
        "outcome": "",
    }
    assert do(service, theirs, "accept", status=409, **company)["code"] == "objection_open"
    same = {"party_ref": theirs["lead_party_ref"], "reason": "维持"}
    assert do(service, theirs, "uphold", same, status=422)["code"] == "led_by_them_now"
    another = {"party_ref": "nobody", "reason": "改派"}
    refused = do(service, theirs, "uphold", another, status=422)
    assert (refused["code"], refused["errors"][0]["field"]) == ("party_unfit", "party_ref")
    upheld = do(service, theirs, "uphold", {"party_ref": None, "reason": "确属市政设施"})
    assert (upheld["lead_party_name"], upheld["due_at"], upheld["objection"]) == ("街道办事处", due_at, None)
    assert told(service)[-3:] == ["objected", "objection_ruled", "dispatched"]


def test_gate_g2_a_community_is_never_responsible_not_even_by_an_objection(service, spot, theirs, company):
    do(service, theirs, "object", {"reason": "不在服务范围内"}, **company)
    to_the_community = {"party_ref": spot["community_ref"], "reason": "交社区"}
    assert do(service, theirs, "uphold", to_the_community, status=422)["code"] == "party_unfit"
    seen = service.request("GET", f"/cases/{theirs['id']}", role="community").json
    assert "accept" not in seen["allowed_actions"]
    assert service.request("POST", f"/cases/{theirs['id']}/accept", {}, role="community").status_code == 403


@pytest.mark.parametrize("action", ["accept", "handle"])
def test_another_party_does_nothing_with_it(service, theirs, action):
    body = DONE if action == "handle" else {}
    do(service, theirs, action, body, status=403, role="property", scope="party:another")


def test_gate_g4_who_handled_it_does_not_verify_it_and_verifying_takes_a_photograph(service, case):
    do(service, case, "accept")
    do(service, case, "handle", DONE)
    answer = service.request(
        "POST", f"/cases/{case['id']}/verify", {"finding": "好", "photographs": [photograph(service)]}
    )
    assert (answer.status_code, answer.json["code"]) == (403, "verified_by_who_handled")
    bare = service.request("POST", f"/cases/{case['id']}/verify", {"finding": "好", "photographs": []})
    assert (bare.status_code, bare.json["errors"][0]["field"]) == (422, "photographs")
    unknown = {"finding": "好", "photographs": ["0" * 64]}
    assert do(service, case, "verify", unknown, status=422, role="community")["code"] == "photograph_unknown"
    assert service.request("GET", f"/cases/{case['id']}").json["state"] == "handled"


def test_what_was_found_wanting_goes_back(service, case):
    do(service, case, "accept")
    do(service, case, "handle", DONE)
    assert do(service, case, "send-back", {"reason": "仍有枯枝"}, role="community")["state"] == "handling"
    assert told(service)[-1] == "sent_back"


def test_a_clock_is_paused_for_a_reason_of_the_list_and_gets_the_time_back(service, case):
    do(service, case, "accept")
    assert (
        do(service, case, "pause", {"reason_code": "holiday"}, status=422)["errors"][0]["field"]
        == "reason_code"
    )
    paused = do(service, case, "pause", {"reason_code": "weather", "reason": "连续降雨"})
    assert (paused["paused_at"] is not None, clocks(service)) == (True, [])
    pass_time(service, days=30)
    assert "deadline_missed" not in told(service)
    resumed = do(service, case, "resume")
    assert resumed["due_at"] == "2024-07-03T09:00:00+08:00"
    assert resumed["answer_due_at"] == resumed["due_at"]
    assert clocks(service) == [f"case-clock:{case['id']}"]


def test_more_time_is_granted_by_another_and_told(service, case):
    do(service, case, "accept")
    too_much = {"amount": 8, "reason": "需订购苗木"}
    assert do(service, case, "ask-extension", too_much, status=422)["errors"][0]["field"] == "amount"
    do(service, case, "ask-extension", {"amount": 3, "reason": "需订购苗木"})
    assert do(service, case, "extend", status=403)["code"] == "decided_by_who_asked"
    assert do(service, case, "extend", role="community")["due_at"] == "2024-06-06T09:00:00+08:00"
    (extended,) = service.said(grid.CaseExtended)
    assert (extended.data["amount"], extended.data["unit"]) == (3, "days")


def test_time_that_runs_out_is_warned_of_told_and_goes_up_to_the_street(service, spot, case):
    def organisation(kind, name, **more):
        return service.post("/organisations", {"kind": kind, "name": name, **more})["id"]

    street = organisation("street_level", "街道", place_ref=_around(service, spot["community_ref"]))
    community = organisation("community_level", "社区", parent_ref=street, place_ref=spot["community_ref"])
    pass_time(service, days=5, hours=15)
    assert told(service)[2:] == ["deadline_warned"]
    pass_time(service, days=1, hours=9)
    assert told(service)[3:] == ["deadline_missed", "escalated"]
    pass_time(service, days=1)
    pass_time(service, days=1)
    assert [said.data["organisation_ref"] for said in service.said(grid.CaseEscalated)] == [community, street]
    pass_time(service, days=9)
    assert clocks(service) == []
    seen = service.request("GET", f"/cases/{case['id']}").json
    assert (seen["organisation_ref"], seen["missed_at"] is not None) == (street, True)


def test_what_is_handled_or_waits_is_not_watched_any_more(service, case):
    do(service, case, "accept")
    do(service, case, "handle", DONE)
    assert clocks(service) == []
    pass_time(service, days=90)
    assert told(service)[-1] == "handled"


def test_phases_each_have_a_clock(service, spot):
    case = service.post("/cases", {"category": "0602", "place_ref": spot["id"], "text": "墙皮脱落"})
    assert (case["phase_count"], case["due_at"]) == (2, "2024-05-28T09:00:00+08:00")
    do(service, case, "accept")
    assert do(service, case, "handle", DONE, status=409)["code"] == "phases_left"
    fenced = do(service, case, "finish-phase")
    assert (fenced["phase"], fenced["due_at"], fenced["answer_due_at"]) == (
        1,
        "2024-06-11T09:00:00+08:00",
        "2024-05-28T09:00:00+08:00",
    )
    (told_of,) = service.said(grid.CasePhaseFinished)
    assert (told_of.data["phase_name"], told_of.data["next_phase_name"]) == ("围挡", "修复")


@pytest.mark.parametrize("outcome", ["explained", "referred", "raised"])
def test_an_end_without_handling_takes_two_officers(service, case, outcome):
    do(service, case, "ask-end", {"outcome": outcome, "reason": "须由区级协调"})
    assert do(service, case, "end", status=403)["code"] == "decided_by_who_asked"
    assert do(service, case, "refuse-end", role="community")["ending"] is None
    do(service, case, "ask-end", {"outcome": outcome, "reason": "须由区级协调"})
    ended = do(service, case, "end", role="community")
    assert (ended["state"], ended["outcome"], ended["allowed_actions"]) == ("closed", outcome, [])
    assert clocks(service) == []


def test_a_reporter_withdraws_its_own_case_and_no_other(service, spot):
    for resident in ("resident-1", "resident-2"):
        service.hear(notify.ContactRegistered, resident, facts.contact(resident))
    body = {"category": "0603", "place_ref": spot["id"], "text": "枯枝"}
    case = service.post("/cases", body, role="resident", scope="person:resident-1")
    assert case["allowed_actions"] == ["withdraw"]
    stranger = {"role": "resident", "scope": "person:resident-2"}
    do(service, case, "withdraw", {"reason": "已解决"}, status=403, **stranger)
    reporter = {"role": "resident", "scope": "person:resident-1"}
    assert do(service, case, "withdraw", {"reason": "已解决"}, **reporter)["outcome"] == "withdrawn"


def test_an_end_after_a_revisit_is_told_in_both_versions_for_those_who_read_the_first(service, spot):
    service.hear(notify.ContactRegistered, "resident-1", facts.contact())
    body = {"category": "0603", "place_ref": spot["id"], "text": "枯枝", "reporter_ref": "resident-1"}
    case = service.post("/cases", body)
    do(service, case, "accept")
    do(service, case, "handle", DONE)
    verify(service, case, role="community")
    do(service, case, "revisit", {"resolution": "partly", "grade": 3}, role="community")
    (first,), (second,) = service.said(grid.CaseClosed), service.said(grid.CaseClosedV2)
    assert first.envelope.id == second.envelope.id
    assert first.data.items() <= second.data.items()


def test_staff_enter_what_the_reporter_said_and_a_bad_answer_begins_a_new_turn(service, spot):
    service.hear(notify.ContactRegistered, "resident-1", facts.contact())
    body = {"category": "0603", "place_ref": spot["id"], "text": "枯枝", "reporter_ref": "resident-1"}
    case = service.post("/cases", body)
    do(service, case, "contact")
    do(service, case, "accept")
    do(service, case, "handle", DONE)
    verify(service, case, role="community")
    assert do(service, case, "close", status=409, role="community")["code"] == "revisit_first"
    again = do(service, case, "revisit", {"resolution": "unresolved", "grade": 1}, role="community")
    assert (again["state"], again["reopen_count"], again["contacted_at"]) == ("dispatched", 1, None)
    assert told(service)[-2:] == ["reopened", "dispatched"]


def test_clocks_through_a_year_that_was_not_known_are_counted_anew(service, spot):
    assert service.post("/case-clocks/recount", {}, status=200) == {"recounted": 0}
    answer = service.request("POST", "/case-clocks/recount", {}, scope="place:elsewhere")
    assert answer.status_code == 403


def test_a_clock_that_has_something_to_say_is_looked_at_once(service, case):
    pass_time(service, days=5, hours=15)
    known = service.snapshot()
    service.run()
    assert service.snapshot() == known
