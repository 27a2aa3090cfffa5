"""The doors of organisations, staff and pairings: what is done, what is refused, what follows whom."""

from __future__ import annotations

import pytest

from services.grid.use_cases.pairings import LetLeaderGo
from shared.contracts import grid, notify
from tests.builders import facts


@pytest.fixture
def street(service, spot):
    """Refs of the places: a street, a community, two grids."""
    community = spot["community_ref"]
    estate = service.request("GET", f"/places/{spot['estate_ref']}").json
    second = place(service, "grid", "第二网格", "110112010904002", estate["id"])
    top = service.request("GET", f"/places/{community}").json["parent_ref"]
    return {
        "street": top,
        "community": community,
        "grid": spot["grid_ref"],
        "second": second,
        "spot": spot["id"],
    }


def place(service, kind, name, code, parent_ref):
    return service.post("/places", {"kind": kind, "name": name, "code": code, "parent_ref": parent_ref})["id"]


def organisation(service, kind, place_ref, parent=None, **more):
    body = {"kind": kind, "name": kind, "place_ref": place_ref, "parent_ref": parent and parent["id"], **more}
    return service.post("/organisations", body)


@pytest.fixture
def levels(service, street):
    """The three levels over both grids."""
    top = organisation(service, "street_level", street["street"])
    community = organisation(service, "community_level", street["community"], top)
    first, second = (
        organisation(service, "grid_level", street[name], community) for name in ("grid", "second")
    )
    return {"street": top, "community": community, "grid": first, "second": second}


def staff(service, staff_no, *grids, category="grid_worker", status=201, **more):
    body = {
        "staff_no": staff_no,
        "name": f"人员{staff_no}",
        "category": category,
        "grids": [{"grid_ref": ref} for ref in grids],
    }
    return service.post("/staff", body | more, status=status)


@pytest.fixture
def pairing(service, street):
    """An active pairing of a cadre with two leaders who live in the first grid."""
    estate = service.request("GET", f"/places/{street['spot']}").json["estate_ref"]
    for ref in ("wang", "li"):
        path = f"/{street['street']}/{street['community']}/{estate}/{street['grid']}/door/"
        service.hear(notify.ContactRegistered, ref, facts.contact(ref, place_path=path))
    cadre = staff(service, "C-1", street["grid"], category="community_cadre")
    body = {"place_ref": street["grid"], "worker_ref": cadre["id"], "leader_refs": ["wang", "li"]}
    made = service.post("/pairings", body)
    return service.post(f"/pairings/{made['id']}/start", {}, status=200) | {"worker": cadre}


# ---- organisations


def test_a_case_begins_with_its_grid_and_is_passed_up_and_down_only_along_the_tree(service, street, levels):
    case = service.post("/cases", {"category": "0603", "place_ref": street["spot"], "text": "?"})
    assert case["organisation_ref"] == levels["grid"]["id"]
    worker = {"role": "grid_worker", "scope": f"place:{street['grid']}"}
    too_far = {"to_organisation_ref": levels["street"]["id"], "reason": "超出能力"}
    before = service.snapshot()
    answer = service.request("POST", f"/cases/{case['id']}/pass", too_far, **worker)
    assert (answer.status_code, answer.json["code"]) == (422, "not_along_the_tree")
    assert levels["community"]["id"] in answer.json["detail"]
    assert answer.json["errors"][0]["field"] == "to_organisation_ref"
    assert service.snapshot() == before
    up = {"to_organisation_ref": levels["community"]["id"], "reason": "涉及多家产权单位"}
    passed = service.post(f"/cases/{case['id']}/pass", up, status=200, **worker)
    assert passed["organisation_ref"] == levels["community"]["id"]
    assert passed["answer_due_at"] == case["answer_due_at"]
    elsewhere = {"to_organisation_ref": levels["second"]["id"], "reason": "不在此网格"}
    answer = service.request("POST", f"/cases/{case['id']}/pass", elsewhere)
    assert (answer.status_code, levels["grid"]["id"] in answer.json["detail"]) == (422, True)
    (told,) = service.said(grid.CasePassed)
    assert (told.data["direction"], told.data["from_organisation_ref"]) == ("up", levels["grid"]["id"])


def test_a_case_that_nobody_has_in_hand_is_passed_by_nobody(service, street):
    case = service.post("/cases", {"category": "0603", "place_ref": street["spot"], "text": "?"})
    answer = service.request("POST", f"/cases/{case['id']}/pass", {"to_organisation_ref": "x", "reason": "?"})
    assert (case["organisation_ref"], answer.status_code, answer.json["code"]) == (None, 409, "nobody_has_it")


def test_a_party_organisation_takes_a_case_up_at_its_own_place_and_no_resident_says_which(
    service, street, levels
):
    party = organisation(service, "street_party_org", street["street"])
    branch = organisation(service, "community_party_branch", street["community"], party)
    body = {"category": "0603", "place_ref": street["spot"], "text": "?", "organisation_ref": branch["id"]}
    case = service.post("/cases", body, role="party_org")
    answer = service.request(
        "POST",
        f"/cases/{case['id']}/pass",
        {"to_organisation_ref": levels["street"]["id"], "reason": "?"},
    )
    assert answer.json["code"] == "not_along_the_tree"  # of another tree
    up = {"to_organisation_ref": party["id"], "reason": "需街道统筹"}
    assert service.post(f"/cases/{case['id']}/pass", up, status=200)["organisation_ref"] == party["id"]
    other = service.post("/cases", body | {"organisation_ref": levels["second"]["id"]}, status=422)
    assert other["code"] == "organisation_elsewhere"
    service.hear(notify.ContactRegistered, "wang", facts.contact("wang"))
    refused = service.post("/cases", body, role="resident", scope="person:wang", status=403)
    assert refused["code"] == "organisation_chosen_by_staff"


def test_an_organisation_ends_when_it_has_no_cases_and_nobody_under_it(service, street, levels):
    case = service.post("/cases", {"category": "0603", "place_ref": street["spot"], "text": "?"})
    answer = service.request("POST", f"/organisations/{levels['grid']['id']}/end")
    assert (answer.status_code, answer.json["code"]) == (409, "organisation_still_holds")
    up = {"to_organisation_ref": levels["community"]["id"], "reason": "撤并"}
    service.post(f"/cases/{case['id']}/pass", up, status=200)
    ended = service.post(f"/organisations/{levels['grid']['id']}/end", status=200)
    assert ended["valid_to"] == "2024-05-27"
    assert service.request("POST", f"/organisations/{levels['community']['id']}/end").status_code == 409
    listed = service.request("GET", "/organisations?tree=levels").json["items"]
    assert [each["kind"] for each in listed] == ["street_level", "community_level", "grid_level"]
    assert len(service.request("GET", "/organisations?ended=too").json["items"]) == 4


def test_industry_organisations_are_marked_as_assumed_and_sit_where_the_one_above_does(service, street):
    committee = organisation(service, "party_work_committee", street["street"])
    industry = organisation(service, "industry_party_org", None, committee, is_assumed=True)
    assert (industry["is_assumed"], industry["place_ref"]) == (True, street["street"])
    changed = service.post(
        f"/organisations/{industry['id']}/change",
        {"name": "物业行业党委", "powers": ["open_platform"]},
        status=200,
    )
    assert (changed["name"], changed["powers"]) == ("物业行业党委", ["open_platform"])
    (told,) = service.said(grid.OrganisationChanged)
    assert told.data["valid_from"].isoformat() == "2024-05-27"


def test_what_sits_nowhere_is_kept_by_those_only_who_act_for_the_whole_street(service, street):
    inside = {"role": "community", "scope": f"place:{street['community']}"}
    body = {"kind": "party_work_committee", "name": "党工委"}
    assert service.request("POST", "/organisations", body, **inside).status_code == 403
    committee = service.post("/organisations", body)
    assert service.request("POST", f"/organisations/{committee['id']}/end", **inside).status_code == 403


def test_a_community_registers_under_the_street_s_what_works_in_the_community(service, street):
    top = organisation(service, "street_level", street["street"])
    body = {
        "kind": "community_level",
        "name": "社区",
        "parent_ref": top["id"],
        "place_ref": street["community"],
    }
    community = {"role": "community", "scope": f"place:{street['community']}"}
    service.post("/organisations", body, **community)
    assert service.request("POST", f"/organisations/{top['id']}/end", **community).status_code == 403


def test_a_backbone_names_no_one_and_leaves_a_trace_of_who_it_was(service, street):
    service.hear(notify.ContactRegistered, "wang", facts.contact("wang"))
    party = organisation(service, "street_party_org", street["street"])
    branch = organisation(service, "community_party_branch", street["community"], party)
    body = {"person_ref": "wang", "grid_ref": street["grid"]}
    member = service.post(f"/organisations/{branch['id']}/backbones", body)
    assert (member["name"], member["person_ref"]) == ("党员骨干（第一网格）", "wang")
    trail = service.request("GET", "/audit/entries?subject=wang", role="auditor").json["items"]
    assert "POST /grid/v1/organisations/{id}/backbones" in {entry["operation"] for entry in trail}
    refused = service.post(f"/organisations/{branch['id']}/backbones", body | {"person_ref": "x"}, status=422)
    assert refused["code"] == "unknown_reference"


# ---- staff


def test_a_number_is_never_given_to_another_not_even_after_its_bearer_has_left(service, street):
    first = staff(service, "W-1", street["grid"], subject="account-1")
    assert staff(service, "W-2", street["grid"], subject="account-1", status=409)["code"] == "subject_taken"
    service.post(f"/staff/{first['id']}/end-duty", status=200)
    assert staff(service, "W-1", street["grid"], status=409)["code"] == "staff_number_taken"
    staff(service, "W-2", street["grid"], subject="account-1")
    back = service.request("POST", f"/staff/{first['id']}/resume", {"grids": [{"grid_ref": street["grid"]}]})
    assert (back.status_code, back.json["code"]) == (409, "subject_taken")


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"grids": []}, "staff_needs_grid"), ({"category": "captain"}, "captains_are_appointed")],
)
def test_nobody_is_registered_without_a_grid_and_no_captain(service, street, changed, code):
    before = service.snapshot()
    assert staff(service, "W-1", street["grid"], status=422, **changed)["code"] == code
    assert service.snapshot() == before


def test_the_last_posting_is_not_released_but_exchanged(service, street):
    one = staff(service, "W-1", street["grid"])
    release = {"grid_ref": street["grid"]}
    refused = service.post(f"/staff/{one['id']}/release", release, status=409)
    assert refused["code"] == "last_posting"
    service.post(f"/staff/{one['id']}/post", {"grid_ref": street["second"], "role": "lead"}, status=200)
    view = service.post(f"/staff/{one['id']}/release", release, status=200)
    now = [posting["grid_name"] for posting in view["postings"] if posting["valid_to"] is None]
    assert now == ["第二网格"]
    (told,) = service.said(grid.StaffReleased)
    assert [posting["role"] for posting in told.data["postings"]] == ["lead"]
    assert told.data["reason_code"] == "released"


def test_nothing_that_is_told_of_staff_names_them(service, street):
    staff(service, "W-1", street["grid"], subject="account-1")
    (told,) = service.said(grid.StaffAssigned)
    assert not {"人员W-1", "W-1", "account-1"} & {str(value) for value in told.data.values()}


def test_a_community_keeps_its_own_staff_and_a_grid_worker_reads_its_grid(service, street):
    inside = {"role": "community", "scope": f"place:{street['community']}"}
    outside = {"role": "community", "scope": "place:elsewhere"}
    one = staff(service, "W-1", street["grid"])
    staff(service, "W-2", street["second"])
    both = staff(service, "W-3", street["grid"], street["second"])
    seen = service.request("GET", "/staff", role="grid_worker", scope=f"place:{street['grid']}").json["items"]
    assert [each["staff_no"] for each in seen] == ["W-1", "W-3"]
    worker = {"role": "grid_worker", "scope": f"place:{street['grid']}"}
    assert service.request("GET", f"/staff/{both['id']}", **worker).status_code == 200
    assert service.request("POST", f"/staff/{one['id']}/end-duty", **worker).status_code == 403
    assert service.request("GET", f"/staff/{one['id']}", **outside).status_code == 403
    assert service.request("GET", "/staff", **outside).json["items"] == []
    assert service.request("POST", f"/staff/{one['id']}/end-duty", **outside).status_code == 403
    assert service.request("POST", f"/staff/{one['id']}/end-duty", **inside).status_code == 200
    found = service.request("GET", f"/staff?grid_ref={street['grid']}&state=on_duty", **inside).json["items"]
    assert [each["id"] for each in found] == [both["id"]]


# ---- who leaves


def test_a_successor_gets_postings_and_pairings_in_one_deed(service, street, pairing):
    leaver = pairing["worker"]
    service.post(f"/staff/{leaver['id']}/post", {"grid_ref": street["second"]}, status=200)
    successor = staff(service, "C-2", street["grid"], category="community_cadre")
    departure = service.post(f"/staff/{leaver['id']}/replace", {"successor_ref": successor["id"]}, status=200)
    assert departure["handed_over"] == [{"kind": "pairing", "ref": pairing["id"]}]
    assert (departure["staff"]["state"], departure["unassigned"]) == ("replaced", [])
    now = service.request("GET", f"/pairings/{pairing['id']}").json
    assert (now["state"], now["worker_ref"]) == ("active", successor["id"])
    postings = service.request("GET", f"/staff/{successor['id']}").json["postings"]
    assert {each["grid_ref"] for each in postings} == {street["grid"], street["second"]}
    assert service.said(grid.PairingStarted)[-1].data["worker_ref"] == successor["id"]
    again = service.request("POST", f"/staff/{leaver['id']}/replace", {"successor_ref": successor["id"]})
    assert (again.status_code, again.json["allowed_actions"]) == (409, ["resume"])


def test_what_nobody_takes_over_is_reported_and_waits_for_somebody(service, street, pairing):
    departure = service.post(f"/staff/{pairing['worker']['id']}/end-duty", status=200)
    assert departure["unassigned"] == [{"kind": "pairing", "ref": pairing["id"]}]
    (waiting,) = service.request("GET", "/pairings?state=unassigned").json["items"]
    assert (waiting["id"], waiting["worker_ref"]) == (pairing["id"], None)
    assert [event.data["reason_code"] for event in service.said(grid.PairingEnded)] == ["worker_left"]
    other = staff(service, "C-2", street["grid"], category="community_cadre")
    taken = service.post(f"/pairings/{pairing['id']}/take-over", {"worker_ref": other["id"]}, status=200)
    assert (taken["state"], taken["worker_ref"]) == ("active", other["id"])
    assert service.post(f"/pairings/{pairing['id']}/end", status=200)["valid_to"] == "2024-05-27"


def test_a_leader_who_is_gone_is_in_no_pairing_any_more(service, street, pairing):
    for _ in range(2):
        service.handle(LetLeaderGo("wang"))
    assert [event.data["leader_refs"] for event in service.said(grid.PairingStarted)][1:] == [["li"]]
    service.handle(LetLeaderGo("li"))
    assert service.request("GET", f"/pairings/{pairing['id']}").json["state"] == "ended"


def test_a_leader_who_moves_away_is_in_the_pairing_no_more_whatever_is_heard_first(service, street, pairing):
    away = facts.contact_moved("wang", place_path=f"/{street['street']}/elsewhere/")
    home = facts.contact_moved("wang", place_path=f"/{street['street']}/{street['community']}/")
    moved = service.hear(notify.ContactMoved, "wang", away, version=3)
    service.deliver(moved)
    service.hear(notify.ContactMoved, "wang", home, version=2)
    assert [event.data["leader_refs"] for event in service.said(grid.PairingStarted)][1:] == [["li"]]


def test_reading_a_pairing_is_a_trace_for_each_leader(service, street, pairing):
    service.request("GET", f"/pairings/{pairing['id']}")
    for leader in ("wang", "li"):
        trail = service.request("GET", f"/audit/entries?subject={leader}", role="auditor").json["items"]
        assert "GET /grid/v1/pairings/{id}" in {entry["operation"] for entry in trail}


def test_a_pairing_is_with_neighbours_and_a_worker_of_the_place(service, street, pairing):
    worker = staff(service, "W-1", street["grid"])
    body = {"place_ref": street["grid"], "worker_ref": worker["id"], "leader_refs": ["wang"]}
    assert service.post("/pairings", body, status=422)["code"] == "worker_may_not_pair"
    body |= {"worker_ref": pairing["worker"]["id"]}
    assert service.post("/pairings", body | {"leader_refs": []}, status=422)["code"] == "pairing_needs_leader"
    there = body | {"place_ref": street["second"]}
    assert service.post("/pairings", there, status=422)["code"] == "leader_elsewhere"
    unknown = body | {"worker_ref": "nobody"}
    assert service.post("/pairings", unknown, status=422)["errors"][0]["field"] == "worker_ref"


# ---- places that change


def test_when_a_grid_becomes_another_one_what_is_open_there_follows(service, street, levels, pairing):
    body = {"supersede": [{"code": "110112010904001", "into": ["110112010904002"]}]}
    answer = service.post("/places/supersede", body, status=200)
    moved = {row["kind"]: row["count"] for row in answer["moved"]}
    assert (moved["staff"], moved["organisations"], moved["pairings"]) == (1, 1, 1)
    view = service.request("GET", f"/staff/{pairing['worker']['id']}").json
    assert [(each["grid_ref"], each["valid_to"]) for each in view["postings"]] == [
        (street["grid"], "2024-05-27"),
        (street["second"], None),
    ]
    assert service.request("GET", f"/pairings/{pairing['id']}").json["place_ref"] == street["second"]
    moved = service.request("GET", f"/organisations/{levels['grid']['id']}").json
    assert moved["place_ref"] == street["second"]
