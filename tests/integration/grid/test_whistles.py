"""吹哨报到 through the doors: who blows, who answers, both sides' clocks, what is told."""

from __future__ import annotations

import pytest

from shared.contracts import grid, property
from tests.builders import facts

WATER = {"role": "department", "scope": "party:water"}
HOURS_2, DAYS_3 = {"amount": 2, "unit": "hours"}, {"amount": 3, "unit": "working_days"}


@pytest.fixture
def case(service, spot):
    water = facts.party(party_ref="water", kind="department", name="区水务局", area_refs=[])
    service.hear(property.PartyRegistered, "water", water)
    return service.post("/cases", {"category": "0601", "place_ref": spot["id"], "text": "路面塌陷"})


def blow(service, case, *, status=201, by=None, **more):
    body = {
        "case_ref": case["id"],
        "party_ref": "water",
        "need": "核实管网权属",
        "answer_within": HOURS_2,
        "solve_within": DAYS_3,
    }
    return service.post("/whistles", body | more, status=status, **(by or {}))


def do(service, whistle, action, body=None, *, status=200, **by):
    answer = service.request("POST", f"/whistles/{whistle['id']}/{action}", body or {}, **by)
    assert answer.status_code == status, answer.text
    return answer.json


def pass_time(service, **time):
    service.clock.advance(**time)
    service.run()


def test_from_the_whistle_to_the_confirmed_result_each_side_at_its_own_doors(service, spot, case):
    community = {"role": "community", "scope": f"place:{spot['community_ref']}"}
    whistle = blow(service, case, by=community)
    assert (whistle["called_name"], whistle["due_at"]) == ("区水务局", "2024-05-27T11:00:00+08:00")
    assert (whistle["solve_due_at"][:10], whistle["allowed_actions"]) == ("2024-05-30", ["withdraw"])
    seen = service.request("GET", f"/whistles/{whistle['id']}", **WATER).json
    assert seen["allowed_actions"] == ["answer"]
    assert do(service, whistle, "answer", {}, status=403, **community)
    answered = do(service, whistle, "answer", {"text": "已到现场"}, **WATER)
    assert (answered["state"], answered["answered_in_time"]) == ("answered", True)
    assert do(service, whistle, "confirm", {}, status=409)["code"] == "not_now"
    do(service, whistle, "report", {"result": "已封堵"}, **WATER)
    back = do(service, whistle, "send-back", {"reason": "仍在渗水"}, **community)
    assert (back["state"], back["due_at"]) == ("answered", whistle["solve_due_at"])
    do(service, whistle, "report", {"result": "已更换管段"}, **WATER)
    solved = do(service, whistle, "confirm", {}, **community)
    assert (solved["state"], solved["solved_in_time"], solved["late"]) == ("solved", True, [])
    (blown,), (told,) = service.said(grid.WhistleBlown), service.said(grid.WhistleAnswered)
    assert (blown.data["party_ref"], blown.data["case_ref"]) == ("water", case["id"])
    assert (told.data["on_time"], told.data["need_text"]) == (True, "核实管网权属")


def test_what_is_overdue_is_seen_and_whose_it_was_stays_written(service, case):
    whistle = blow(service, case)
    pass_time(service, hours=2)
    assert service.request("GET", "/whistles?is_overdue=true").json["items"][0]["late"] == ["answer"]
    late = do(service, whistle, "answer", {}, **WATER)
    assert (late["is_overdue"], late["answered_in_time"]) == (False, False)
    assert service.said(grid.WhistleAnswered)[0].data["on_time"] is False
    do(service, whistle, "report", {"result": "已封堵"}, **WATER)
    pass_time(service, hours=3)
    (seen,) = service.request("GET", "/whistles?is_overdue=true").json["items"]
    assert (seen["state"], seen["late"], seen["solved_in_time"]) == ("reported", ["answer", "confirm"], None)
    done = do(service, whistle, "confirm")
    assert (done["is_overdue"], done["confirmed_in_time"], done["solved_in_time"]) == (False, False, True)
    assert service.request("GET", "/whistles?is_overdue=true").json["items"] == []


def test_a_withdrawn_whistle_runs_out_of_nothing(service, case):
    whistle = blow(service, case)
    assert do(service, whistle, "withdraw", {"reason": "已自行解决"})["due_at"] is None
    pass_time(service, days=9)
    assert service.request("GET", f"/whistles/{whistle['id']}").json["late"] == []


def test_another_department_sees_and_does_nothing(service, case):
    whistle = blow(service, case)
    fire = {"role": "department", "scope": "party:fire"}
    assert service.request("GET", f"/whistles/{whistle['id']}", **fire).status_code == 403
    assert service.request("GET", "/whistles", **fire).json["items"] == []
    do(service, whistle, "answer", {}, status=403, **fire)
    elsewhere = {"role": "community", "scope": "place:elsewhere"}
    do(service, whistle, "withdraw", {"reason": "?"}, status=403, **elsewhere)
    blow(service, case, status=403, by=elsewhere)


def test_only_departments_are_called_and_one_of_the_two_is_named(service, spot, case):
    company = facts.party(party_ref="company", area_refs=[])
    service.hear(property.PartyRegistered, "company", company)
    refused = blow(service, case, party_ref="company", status=422)
    assert (refused["code"], refused["errors"][0]["field"]) == ("not_a_department", "party_ref")
    assert blow(service, case, party_ref=None, status=422)["code"] == "helper_not_said"
    assert blow(service, case, solve_within={"amount": 1, "unit": "hours"}, status=422)["code"] == (
        "solved_before_answered"
    )
    street = service.request("GET", f"/places/{spot['community_ref']}").json["parent_ref"]
    top = service.post("/organisations", {"kind": "street_level", "name": "街道", "place_ref": street})
    body = {"kind": "community_level", "name": "社区", "place_ref": spot["community_ref"]}
    community = service.post("/organisations", body | {"parent_ref": top["id"]})
    by_organisation = {"party_ref": None, "organisation_ref": community["id"]}
    assert blow(service, case, **by_organisation, status=422)["code"] == "not_a_department"
    whistle = blow(service, case, party_ref=None, organisation_ref=top["id"])
    assert do(service, whistle, "answer", {}, role="street")["state"] == "answered"
    service.request(
        "POST", f"/cases/{case['id']}/ask-end", {"outcome": "referred", "reason": "移送"}, role="community"
    )
    service.request("POST", f"/cases/{case['id']}/end", {})
    assert blow(service, case, status=409)["code"] == "case_not_open"
