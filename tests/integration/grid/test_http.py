"""grid's doors: what comes back, and what bad input is told."""

from __future__ import annotations

import logging

import pytest

from services.grid.domain.policies import Choice
from services.grid.plugins.first_receiver import FirstReceiver
from shared.contracts import grid, notify
from shared.contracts import property as property_
from tests.builders import facts


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
    assert service.request("GET", "/cases/2405270001 5", role="community").json == case


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


def test_the_street_itself_is_registered_by_those_who_act_for_all_of_it(service):
    street = {"kind": "street", "name": "九棵树街道", "code": "110112010"}
    answer = service.request("POST", "/places", street, scope="place:elsewhere")
    assert (answer.status_code, answer.json["code"]) == (403, "outside_scope")
    service.post("/places", street)


def test_a_party_sees_the_cases_that_it_is_responsible_for(service, spot):
    service.hear(property_.AreaRegistered, "area", facts.area(estate_ref=spot["estate_ref"]))
    service.hear(property_.PartyRegistered, "company", facts.party())
    lights, trees = (
        service.post("/cases", {"category": category, "place_ref": spot["id"], "text": "?"})
        for category in ("0203", "0104")
    )
    assert (lights["lead_party_ref"], trees["lead_party_ref"]) == ("company", None)
    for role in ("property", "police"):
        company = {"role": role, "scope": "party:company"}
        (seen,) = service.request("GET", "/cases", **company).json["items"]
        assert seen["id"] == lights["id"]
        assert service.request("GET", f"/cases/{lights['number']}", **company).json["id"] == lights["id"]
        assert service.request("GET", f"/cases/{trees['number']}", **company).status_code == 403


@pytest.mark.parametrize("role", ["grid_worker", "captain", "steward"])
def test_those_who_look_after_a_place_report_what_is_wrong_there_and_nowhere_else(service, spot, role):
    body = {"category": "0603", "place_ref": spot["id"], "text": "?", "source": "patrol"}
    inside, outside = (f"place:{ref}" for ref in (spot["grid_ref"], "elsewhere"))
    assert service.request("POST", "/cases", body, role=role, scope=inside).status_code == 201
    assert service.request("POST", "/cases", body, role=role, scope=outside).status_code == 403
    assert service.request("GET", f"/places/{spot['id']}", role=role, scope=inside).status_code == 200


@pytest.mark.parametrize("role", ["grid_worker", "captain", "steward"])
def test_those_who_look_after_a_place_report_for_residents_who_live_there(service, spot, role):
    for ref, path in (("neighbour", f"/{spot['grid_ref']}/door/"), ("stranger", facts.ESTATE_PATH)):
        service.hear(notify.ContactRegistered, ref, facts.contact(ref, place_path=path))
    body = {"category": "0603", "place_ref": spot["id"], "text": "?"}
    looking_after = {"role": role, "scope": f"place:{spot['grid_ref']}"}
    case = service.post("/cases", body | {"reporter_ref": "neighbour"}, **looking_after)
    assert (case["reporter_ref"], case["recorded_by"]) == ("neighbour", f"{role}:{role}-1")
    before = service.snapshot()
    answer = service.request("POST", "/cases", body | {"reporter_ref": "stranger"}, **looking_after)
    assert (answer.status_code, answer.json["code"]) == (403, "reporter_elsewhere")
    assert [error["field"] for error in answer.json["errors"]] == ["reporter_ref"]
    assert service.snapshot() == before


def test_staff_record_a_case_for_whoever_calls_and_a_case_says_so(service, spot):
    service.hear(notify.ContactRegistered, "resident-1", facts.contact())
    body = {"category": "0603", "place_ref": spot["id"], "text": "?", "reporter_ref": "resident-1"}
    case = service.post("/cases", body, role="community", scope=f"place:{spot['community_ref']}")
    assert case["recorded_by"] == "community:community-1"
    own = service.post("/cases", body, role="resident", scope="person:resident-1")
    assert own["recorded_by"] is None


def test_a_captain_does_not_read_what_neighbours_complain_about(service, spot):
    own = {"role": "captain", "scope": f"place:{spot['grid_ref']}"}
    assert service.request("GET", "/cases", **own).status_code == 403


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


def test_lists_of_cases_are_filtered_and_sorted_as_staff_need_them(service, spot, other_pool):
    def report(category, place, source):
        body = {"category": category, "place_ref": place["id"], "text": "?", "source": source}
        return service.post("/cases", body)["number"]

    slow = report("0601", spot, "patrol")
    fast = report("0104", spot, "hotline")
    elsewhere = report("0603", other_pool, "patrol")

    def listed(query):
        return [case["number"] for case in service.request("GET", f"/cases?{query}").json["items"]]

    assert listed("category=0601") == [slow]
    assert listed("source=patrol") == [slow, elsewhere]
    assert listed(f"place_ref={spot['estate_ref']}") == [slow, fast]
    assert listed(f"place_ref={spot['community_ref']}&source=hotline") == [fast]
    assert listed("lead_party_ref=nobody") == listed("reporter_ref=nobody") == []
    assert listed("sort=answer_due_at") == [fast, elsewhere, slow]
    assert listed("sort=-answer_due_at") == [slow, elsewhere, fast]
    assert service.request("GET", "/cases?source=rumour").status_code == 422


def test_anyone_may_know_the_categories_and_their_limits(service):
    categories = {each["code"]: each for each in service.anonymous("GET", "/categories").json["items"]}
    assert categories["0603"] == {
        "code": "0603",
        "name": "绿化缺失/枯枝",
        "group": "路面、绿化与管线",
        "limit_text": "7天",
        "phases": [{"name": "", "amount": 7, "unit": "days"}],
        "first_receiver": "company",
        "staff": "property_staff",
        "route": "topic",
        "is_dispute": False,
    }
    assert categories["0602"]["phases"] == [
        {"name": "围挡", "amount": 24, "unit": "hours"},
        {"name": "修复", "amount": 15, "unit": "days"},
    ]


def test_a_report_may_be_as_long_as_the_standard_allows(service, spot):
    body = {"category": "0603", "place_ref": spot["id"], "text": "水" * 4000}
    assert service.post("/cases", body)["text"] == "水" * 4000
    answer = service.request("POST", "/cases", body | {"text": "水" * 4001})
    assert answer.status_code == 422
    assert answer.json["errors"] == [{"field": "text", "message": "太长，最多4000"}]


class Downwards:
    """A rule that passes matters down."""

    api = 1

    def __init__(self, receiver):
        self.receiver = receiver

    def choose(self, category, candidates):
        return Choice(self.receiver, "金侨社区居委会", "下沉社区")


@pytest.mark.parametrize("given", ["a community", "the street under another name"])
def test_no_rule_passes_a_matter_down_to_a_community(service, spot, monkeypatch, caplog, given):
    ref = spot["community_ref"] if given == "a community" else None
    rules = {"downwards": Downwards(ref), "first_receiver": FirstReceiver()}
    monkeypatch.setattr(service.application, "_plugins", {"dispatch_rules": rules})
    body = {"category": "0603", "place_ref": spot["id"], "text": "?"}
    with caplog.at_level(logging.ERROR):
        case = service.post("/cases", body)
    assert (case["lead_party_ref"], case["lead_party_name"]) == (None, "街道办事处")
    (dispatched,) = service.said(grid.CaseDispatched)
    assert (dispatched.data["reason_text"] != "下沉社区") == (ref is not None)
    assert [ref in record.message for record in caplog.records] == ([True] if ref else [])


def words_of(service, spot, text, **reporter):
    body = {"category": "0603", "place_ref": spot["id"], "text": text} | reporter
    return service.post("/cases", body)


def test_reading_what_residents_wrote_is_audited_for_each_of_them(service, spot):
    for ref in ("resident-1", "resident-2"):
        service.hear(notify.ContactRegistered, ref, facts.contact(resident_ref=ref))
    case, _ = (words_of(service, spot, "水池干涸", reporter_ref=ref) for ref in ("resident-1", "resident-2"))
    words_of(service, spot, "巡查发现")
    service.request("GET", "/cases")
    service.request("GET", f"/cases/{case['number']}")
    trail = service.request("GET", "/audit/entries?limit=200", role="auditor").json["items"]
    read = [
        (e["operation"], e["subject_ref"]) for e in trail if e["operation"].startswith("GET /grid/v1/cases")
    ]
    assert read == [
        ("GET /grid/v1/cases", "resident-1"),
        ("GET /grid/v1/cases", "resident-2"),
        ("GET /grid/v1/cases/{id}", "resident-1"),
    ]


def test_an_outside_system_sees_no_phone_in_the_text_and_the_kept_text_stays_whole(service, spot):
    text = "水池干涸，请联系张女士 138-1234-5678，或到3号楼2单元501"
    case = words_of(service, spot, text)
    one = service.request("GET", f"/cases/{case['id']}", role="outside_system")
    (listed,) = service.request("GET", "/cases", role="outside_system").json["items"]
    assert one.json["text"] == listed["text"] == "水池干涸，请联系张女士 138****5678，或到3***"
    assert one.headers["ETag"]
    assert service.request("GET", f"/cases/{case['id']}").json["text"] == text
