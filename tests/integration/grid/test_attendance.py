"""经办与协办 through the doors: who attends to a case and why, who gets a leaver's, who helps, who is on duty."""

from __future__ import annotations

import pytest

from shared.contracts import grid, property
from tests.builders import facts

CADRE, WORKER, CHENGGUAN = "community_cadre", "grid_worker", "chengguan"
MATTER = {"category": "0601", "text": "路面破损"}  # 城管, led by the street itself


@pytest.fixture
def second(service, spot):
    """Another grid of the same community."""
    body = {"kind": "grid", "name": "第二网格", "code": "110112010904002", "parent_ref": spot["estate_ref"]}
    return service.post("/places", body)["id"]


def staff(service, staff_no, *grids, category=CHENGGUAN, **more):
    posted = [{"grid_ref": ref} for ref in grids]
    body = {"staff_no": staff_no, "name": f"人员{staff_no}", "category": category, "grids": posted}
    return service.post("/staff", body | more)["id"]


def report(service, spot, **more):
    return service.post("/cases", MATTER | {"place_ref": spot["id"]} | more)


def another_community(service, spot):
    """A grid in another community."""
    street = service.request("GET", f"/places/{spot['community_ref']}").json["parent_ref"]
    body = {"kind": "community", "name": "龙庭", "code": "110112010905", "parent_ref": street}
    elsewhere = service.post("/places", body)["id"]
    body = {"kind": "grid", "name": "第一网格", "code": "110112010905001", "parent_ref": elsewhere}
    return service.post("/places", body)["id"]


def read(service, case):
    return service.request("GET", f"/cases/{case['id']}").json


def do(service, case, action, body=None, *, status=200, **by):
    answer = service.request("POST", f"/cases/{case['id']}/{action}", body or {}, **by)
    assert answer.status_code == status, answer.text
    return answer.json


def department(service, ref="water", name="区水务局", kind="department"):
    party = facts.party(party_ref=ref, kind=kind, name=name, area_refs=[])
    service.hear(property.PartyRegistered, ref, party)
    return {"role": "department", "scope": f"party:{ref}"}


# ---- who attends


def test_the_one_who_fits_and_has_the_least_in_hand_attends_and_the_others_are_named_with_reasons(
    service, spot, second
):
    grid_ref = spot["grid_ref"]
    first, other = (staff(service, number, grid_ref) for number in ("C-1", "C-2"))
    neighbour = staff(service, "C-3", second)
    staff(service, "W-1", grid_ref, category=CADRE)
    one, two = report(service, spot), report(service, spot)
    assert (one["attendant_ref"], one["attendant_reason"]) == (first, "本网格城管，当班，在办 0 件")
    assert [each["staff_ref"] for each in one["runners_up"]] == [other]
    assert (two["attendant_ref"], two["runners_up"][0]["reason"]) == (
        other,
        "本网格城管，当班，在办 1 件；在办较多",
    )
    assert neighbour not in {one["attendant_ref"], two["attendant_ref"]}
    listed = service.request("GET", f"/cases?attendant_ref={other}").json["items"]
    assert [each["id"] for each in listed] == [two["id"]]


def test_nobody_fits_and_the_case_is_without_until_somebody_is_there(service, spot):
    staff(service, "W-1", spot["grid_ref"], category=CADRE)
    case = report(service, spot)
    assert (case["attendant_ref"], case["runners_up"]) == (None, [])
    assert case["attendant_reason"] == "本网格、本社区暂无可派人员，请指定经办人"
    late = staff(service, "C-1", spot["grid_ref"])
    assert do(service, case, "accept")["attendant_ref"] is None  # nothing that touches its clock has happened
    service.clock.advance(days=13)
    service.run()
    assert read(service, case)["attendant_ref"] == late  # at the warning somebody is looked for again


def test_of_another_grid_of_the_community_where_the_own_has_nobody_and_never_of_another_community(
    service, spot, second
):
    staff(service, "C-9", another_community(service, spot))
    assert report(service, spot)["attendant_ref"] is None
    neighbour = staff(service, "C-3", second)
    case = report(service, spot)
    assert (case["attendant_ref"], case["attendant_reason"]) == (
        neighbour,
        "本社区其他网格城管，当班，在办 0 件",
    )


def test_a_case_that_a_party_leads_has_no_attendant_and_gets_one_when_it_comes_to_the_street(service, spot):
    worker = staff(service, "W-1", spot["grid_ref"], category=WORKER)
    area = facts.area(estate_ref=spot["estate_ref"])
    service.hear(property.AreaRegistered, area["area_ref"], area)
    party = facts.party(area_refs=[area["area_ref"]])
    service.hear(property.PartyRegistered, party["party_ref"], party)
    company = {"role": "property", "scope": f"party:{party['party_ref']}"}
    case = report(service, spot, category="0603")
    assert (case["attendant_ref"], case["attendant_reason"]) == (None, "")
    body = {"staff_ref": worker, "reason": "就近"}
    assert do(service, case, "attend", body, status=409)["code"] == "led_by_a_party"
    do(service, case, "object", {"reason": "不在服务范围内"}, **company)
    upheld = do(service, case, "uphold", {"party_ref": None, "reason": "确属市政设施"})
    assert upheld["attendant_ref"] == worker
    assert upheld["attendant_reason"] == "本网格网格员，当班，在办 0 件，代为先行处置（应由物业人员办理）"


def test_an_officer_decides_that_another_attends_and_why(service, spot, second):
    first = staff(service, "C-1", spot["grid_ref"])
    other = staff(service, "C-2", second)
    case = report(service, spot)
    assert "attend" in case["allowed_actions"]
    body = {"staff_ref": other, "reason": "熟悉该路段"}
    answer = do(service, case, "attend", body, role="community", scope=f"place:{spot['community_ref']}")
    assert (answer["attendant_ref"], answer["attendant_reason"]) == (other, "指定：熟悉该路段")
    assert do(service, case, "attend", body, status=422)["code"] == "attends_already"
    do(service, case, "attend", body, status=403, role="grid_worker", scope=f"place:{spot['grid_ref']}")
    refused = do(service, case, "attend", body | {"staff_ref": "nobody"}, status=422)
    assert refused["errors"][0]["field"] == "staff_ref"
    service.post(f"/staff/{first}/end-duty", {}, status=200)
    refused = do(service, case, "attend", body | {"staff_ref": first}, status=422)
    assert refused["code"] == "not_at_work"


def test_who_works_in_another_community_is_not_given_it_and_who_works_in_both_is(service, spot):
    elsewhere = another_community(service, spot)
    far, both = staff(service, "C-9", elsewhere), staff(service, "C-8", elsewhere, spot["grid_ref"])
    staff(service, "C-1", spot["grid_ref"])
    report(service, spot)
    case = report(service, spot)
    assert case["attendant_ref"] != both
    community = {"role": "community", "scope": f"place:{spot['community_ref']}"}
    body = {"staff_ref": far, "reason": "?"}
    refused = do(service, case, "attend", body, status=422)
    assert (refused["code"], refused["errors"][0]["field"]) == ("works_elsewhere", "staff_ref")
    assert do(service, case, "attend", body, status=422, **community)["code"] == "unknown"
    answer = do(service, case, "attend", {"staff_ref": both, "reason": "熟悉"}, **community)
    assert answer["attendant_ref"] == both


# ---- who leaves


def test_chain_12_a_leavers_open_cases_are_dispatched_again_with_the_reason(service, spot):
    leaver = staff(service, "C-1", spot["grid_ref"])
    case, done = report(service, spot), report(service, spot)
    do(service, done, "accept")
    do(service, done, "handle", {"outcome": "已修补"})
    other = staff(service, "C-2", spot["grid_ref"])
    departure = service.post(f"/staff/{leaver}/end-duty", {}, status=200)
    assert (departure["handed_over"], departure["unassigned"]) == ([{"kind": "case", "ref": case["id"]}], [])
    now = read(service, case)
    assert (now["attendant_ref"], now["attendant_reason"]) == (
        other,
        "原经办人已离岗；本网格城管，当班，在办 0 件",
    )
    assert read(service, done)["attendant_ref"] == leaver  # what is handled stays as it was
    last = service.post(f"/staff/{other}/end-duty", {}, status=200)
    assert (last["handed_over"], last["unassigned"]) == ([], [{"kind": "case", "ref": case["id"]}])
    assert read(service, case)["attendant_ref"] is None
    assert read(service, case)["attendant_reason"].startswith("原经办人已离岗；")


def test_a_successor_has_the_cases_too(service, spot, second):
    leaver, successor = staff(service, "C-1", spot["grid_ref"]), staff(service, "C-2", second)
    case = report(service, spot)
    departure = service.post(f"/staff/{leaver}/replace", {"successor_ref": successor}, status=200)
    assert departure["handed_over"] == [{"kind": "case", "ref": case["id"]}]
    assert read(service, case)["attendant_ref"] == successor


def test_who_leaves_a_grid_leaves_its_cases_to_others_and_keeps_those_of_the_other(service, spot, second):
    both = staff(service, "C-1", spot["grid_ref"], second)
    case = report(service, spot)
    there = report(service, {"id": second})
    other = staff(service, "C-2", spot["grid_ref"])
    service.post(f"/staff/{both}/release", {"grid_ref": spot["grid_ref"]}, status=200)
    assert read(service, case)["attendant_ref"] == other
    assert read(service, case)["attendant_reason"].startswith("原经办人已撤出本网格；")
    assert read(service, there)["attendant_ref"] == both


# ---- the roster


def shift(service, staff_ref, place_ref, begins_at, ends_at, *, status=201, **by):
    body = {"staff_ref": staff_ref, "place_ref": place_ref, "begins_at": begins_at, "ends_at": ends_at}
    return service.post("/duty-shifts", body, status=status, **by)


def absent(service, staff_ref, substitute_ref=None, *, until="2024-05-29T18:00:00+08:00", status=201, **by):
    body = {
        "staff_ref": staff_ref,
        "substitute_ref": substitute_ref,
        "begins_at": "2024-05-27T09:00:00+08:00",
        "ends_at": until,
    }
    return service.post("/absences", body, status=status, **by)


EVENING, MORNING = "2024-05-27T18:00:00+08:00", "2024-05-28T08:00:00+08:00"


def test_at_night_whom_the_roster_has_on_duty_attends_first(service, spot):
    asleep = staff(service, "C-1", spot["grid_ref"])
    officer = staff(service, "K-1", spot["grid_ref"], category=CADRE)
    taken_back = shift(service, asleep, spot["grid_ref"], EVENING, MORNING)
    service.post(f"/duty-shifts/{taken_back['id']}/take-back", {}, status=200)
    shift(service, officer, spot["community_ref"], EVENING, MORNING)
    assert report(service, spot)["attendant_ref"] == asleep  # by day everybody at work is on duty
    service.clock.advance(hours=12)
    case = report(service, spot)
    assert (case["attendant_ref"], case["attendant_reason"]) == (
        officer,
        "本网格社区干部，值班，在办 0 件，代为先行处置（应由城管办理）",
    )
    assert case["runners_up"][0]["reason"] == "本网格城管，非值班时间，在办 1 件；此刻不值班"


def test_who_is_absent_is_passed_over_and_their_substitute_gets_it(service, spot, second):
    away, there = staff(service, "C-1", spot["grid_ref"]), staff(service, "K-1", second, category=CADRE)
    absence = absent(service, away, there)
    case = report(service, spot)
    assert (case["attendant_ref"], case["attendant_reason"]) == (there, "本网格城管，替班，在办 0 件")
    body = {"staff_ref": away, "reason": "?"}
    assert do(service, case, "attend", body, status=422)["code"] == "absent_then"
    service.post(f"/absences/{absence['id']}/take-back", {}, status=200)
    assert report(service, spot)["attendant_ref"] == away


def test_the_roster_of_a_place_says_where_nobody_is_on_duty_and_where_several_are(service, spot):
    one, two = (staff(service, number, spot["grid_ref"]) for number in ("C-1", "C-2"))
    place = spot["community_ref"]
    shift(service, one, place, EVENING, "2024-05-28T00:00:00+08:00")
    shift(service, two, place, "2024-05-27T23:00:00+08:00", "2024-05-28T06:00:00+08:00")
    query = f"place_ref={place}&begins_at=2024-05-27T18:00:00%2B08:00&ends_at=2024-05-28T08:00:00%2B08:00"
    roster = service.request("GET", f"/duty-roster?{query}").json
    assert [(each["staff_refs"], each["remark"]) for each in roster["items"]] == [
        ([one], ""),
        ([one, two], "05-27 23:00 至 05-28 00:00 有 2 人同时值班"),
        ([two], ""),
        ([], "05-28 06:00 至 05-28 08:00 无人值班"),
    ]
    backwards = f"place_ref={place}&begins_at=2024-05-28T08:00:00%2B08:00&ends_at=2024-05-27T08:00:00%2B08:00"
    assert service.request("GET", f"/duty-roster?{backwards}").json["code"] == "period_backwards"


def test_what_the_roster_refuses(service, spot):
    one, two = (staff(service, number, spot["grid_ref"]) for number in ("C-1", "C-2"))
    grid_ref = spot["grid_ref"]
    assert shift(service, one, grid_ref, MORNING, EVENING, status=422)["code"] == "period_backwards"
    late = "2024-06-10T18:00:00+08:00"
    assert shift(service, one, grid_ref, EVENING, late, status=422)["code"] == "period_too_long"
    past = "2024-05-26T18:00:00+08:00", "2024-05-26T20:00:00+08:00"
    assert shift(service, one, grid_ref, *past, status=409)["code"] == "period_over"
    absence = absent(service, one, two)
    assert absent(service, one, status=409)["code"] == "absent_already"
    assert absent(service, two, two, status=422)["code"] == "stands_in_for_oneself"
    assert absent(service, two, one, status=422)["code"] == "absent_then"
    assert shift(service, one, grid_ref, EVENING, MORNING, status=422)["code"] == "absent_then"
    service.post(f"/absences/{absence['id']}/take-back", {}, status=200)
    again = service.request("POST", f"/absences/{absence['id']}/take-back", {})
    assert (again.status_code, again.json["code"]) == (409, "taken_back")
    service.post(f"/staff/{one}/end-duty", {}, status=200)
    assert shift(service, one, grid_ref, EVENING, MORNING, status=422)["code"] == "not_at_work"
    elsewhere = {"role": "community", "scope": "place:elsewhere"}
    shift(service, two, grid_ref, EVENING, MORNING, status=403, **elsewhere)
    absent(service, two, status=403, **elsewhere)


# ---- who helps


def helped(service, case, **more):
    body = {"asked": "核实管网权属", "due_at": "2024-05-29T18:00:00+08:00"} | more
    return do(service, case, "ask-co-handler", body)["co_handlers"][-1]


def test_a_department_helps_reports_its_part_and_who_leads_goes_on_leading(service, spot):
    water = department(service)
    case = report(service, spot)
    assert service.request("GET", f"/cases/{case['id']}", **water).status_code == 403
    part = helped(service, case, party_ref="water")
    seen = service.request("GET", f"/cases/{case['id']}", **water).json
    assert (seen["lead_party_ref"], seen["allowed_actions"]) == (None, ["report_part"])
    assert [each["id"] for each in service.request("GET", "/cases", **water).json["items"]] == [case["id"]]
    do(service, case, "handle", {"outcome": "?"}, status=403, **water)
    why = {"co_handler_ref": part["id"], "text": "图纸在调取，已完成现场踏勘", "is_done": False}
    (told,) = do(service, case, "report-part", why, **water)["co_handlers"]
    assert (told["state"], told["remark"], told["is_on_time"]) == ("asked", why["text"], None)
    result = {"co_handler_ref": part["id"], "text": "属市政管网"}
    (done,) = do(service, case, "report-part", result, **water)["co_handlers"]
    assert (done["state"], done["result"], done["is_on_time"]) == ("done", "属市政管网", True)
    assert do(service, case, "report-part", result, status=409)["code"] == "nobody_helps"
    do(service, case, "withdraw", {"reason": "?"}, status=409)
    do(service, case, "ask-end", {"outcome": "referred", "reason": "移送"}, role="community")
    do(service, case, "end")
    (told,) = service.said(grid.CaseClosedV2)
    assert told.data["co_party_refs"] == ["water"]


def test_what_is_refused_of_those_who_help(service, spot):
    water, fire = department(service), department(service, "fire", "消防救援站")
    case = report(service, spot)
    nobody = {"co_handler_ref": "nobody", "text": "?"}
    assert do(service, case, "report-part", nobody, status=404)["code"] == "co_handler_unknown"
    part = helped(service, case, party_ref="water")
    helped(service, case, party_ref="fire")
    ask = {"asked": "?", "due_at": "2024-05-29T18:00:00+08:00"}
    assert do(service, case, "ask-co-handler", ask, status=422)["code"] == "helper_not_said"
    twice = ask | {"party_ref": "water"}
    assert do(service, case, "ask-co-handler", twice, status=409)["code"] == "helps_already"
    late = ask | {"organisation_ref": None, "party_ref": "police", "due_at": "2024-05-27T08:00:00+08:00"}
    department(service, "police", "派出所")
    assert do(service, case, "ask-co-handler", late, status=422)["code"] == "help_due_already"
    unknown = ask | {"organisation_ref": "nobody"}
    refused = do(service, case, "ask-co-handler", unknown, status=422)
    assert refused["errors"][0]["field"] == "organisation_ref"
    theirs = {"co_handler_ref": part["id"], "text": "?"}
    assert do(service, case, "report-part", theirs, status=403, **fire)["code"] == "part_of_another"
    released = {"co_handler_ref": part["id"], "reason": "已不需要"}
    do(service, case, "release-co-handler", released)
    assert service.request("GET", f"/cases/{case['id']}", **water).status_code == 403
    assert do(service, case, "report-part", theirs, status=409)["code"] == "part_released"


def test_gate_g2_a_community_helps_only_with_what_its_list_says_and_never_leads(service, spot):
    street = service.request("GET", f"/places/{spot['community_ref']}").json["parent_ref"]
    body = {"kind": "street_level", "name": "街道", "place_ref": street}
    top = service.post("/organisations", body)["id"]
    body = {
        "kind": "community_level",
        "name": "金侨社区",
        "place_ref": spot["community_ref"],
        "parent_ref": top,
    }
    community = service.post("/organisations", body)["id"]
    ask = {"asked": "入户告知", "due_at": "2024-06-29T18:00:00+08:00", "organisation_ref": community}
    case = report(service, spot)
    refused = do(service, case, "ask-co-handler", ask, status=422)
    assert (refused["code"], "尚未启用清单" in refused["detail"]) == ("not_on_community_list", True)
    adopted = {"effective_on": "2024-05-28", "basis": "区社区职责清单", "categories": ["0603"]}
    today = adopted | {"effective_on": "2024-05-27"}
    assert service.post("/community-lists", today, status=422)["code"] == "list_not_ahead"
    unknown = adopted | {"categories": ["9999"]}
    assert service.post("/community-lists", unknown, status=422)["code"] == "category_unknown"
    service.post("/community-lists", adopted)
    assert service.post("/community-lists", adopted, status=422)["code"] == "list_not_last"
    confined = {"role": "street", "scope": f"place:{spot['community_ref']}"}
    service.post("/community-lists", adopted | {"effective_on": "2024-06-01"}, status=403, **confined)
    assert len(service.request("GET", "/community-lists").json["items"]) == 1
    service.clock.advance(days=1)
    listed = report(service, spot, category="0603")
    assert do(service, case, "ask-co-handler", ask, status=422)["code"] == "not_on_community_list"
    (part,) = do(service, listed, "ask-co-handler", ask)["co_handlers"]
    as_community = {"role": "community", "scope": f"place:{spot['community_ref']}"}
    do(service, listed, "handle", {"outcome": "?"}, status=403, **as_community)
    body = {"co_handler_ref": part["id"], "text": "已入户"}
    assert do(service, listed, "report-part", body, **as_community)["co_handlers"][0]["state"] == "done"
