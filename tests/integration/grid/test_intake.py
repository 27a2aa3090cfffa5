"""立案来源 From whom and when: late, without a name, from a reception point, with photographs, at an address."""

from __future__ import annotations

import pytest

from shared.contracts import grid, notify
from tests.builders import facts
from tests.integration.grid.test_visits import upload

RESIDENT = {"role": "resident", "scope": "person:resident-1"}


@pytest.fixture
def resident(service, spot):
    service.hear(notify.ContactRegistered, "resident-1", facts.contact())
    return RESIDENT


def body(spot, **more):
    return {"category": "0603", "place_ref": spot["id"], "text": "水池干涸"} | more


@pytest.mark.parametrize("source", ["phone", "reception_point", "captain", "patrol"])
def test_staff_type_in_what_comes_from_many_sources(service, spot, source):
    case = service.post("/cases", body(spot, source=source))
    assert (case["source"], case["recorded_by"]) == (source, "street:street-1")
    (said,) = service.said(grid.CaseReported)
    assert said.data["source"] == source


def test_a_resident_reports_as_a_resident(service, spot, resident):
    told = service.post("/cases", body(spot, source="patrol"), status=422, **resident)
    assert told["code"] == "source_of_staff"
    assert service.post("/cases", body(spot), **resident)["reporter_ref"] == "resident-1"


def test_a_late_entry_says_when_it_happened_and_when_it_was_recorded(service, spot):
    case = service.post("/cases", body(spot, occurred_at="2024-05-24T21:00:00+08:00"))
    assert (case["occurred_at"], case["recorded_at"], case["answer_due_at"]) == (
        "2024-05-24T21:00:00+08:00",
        "2024-05-27T09:00:00+08:00",
        "2024-06-03T09:00:00+08:00",
    )
    told = service.post("/cases", body(spot, occurred_at="2024-05-27T09:00:01+08:00"), status=422)
    assert (told["code"], told["errors"][0]["field"]) == ("recorded_ahead", "occurred_at")


def test_who_reports_anonymously_is_named_nowhere_and_asked_nothing(service, spot, resident):
    case = service.post("/cases", body(spot, anonymous=True), **resident)
    assert (case["reporter_ref"], case["recorded_by"]) == (None, None)
    assert service.request("GET", f"/cases/{case['id']}", **resident).status_code == 403
    for said in service.said():
        assert "resident" not in (said.envelope.actor or "")
        assert "resident-1" not in str(said.data)
    for action, said in (("accept", None), ("handle", {"outcome": "已补水"})):
        service.post(f"/cases/{case['id']}/{action}", said or {}, status=200)
    photo = upload(service, role="community").json["ref"]
    good = {"finding": "有水了", "photographs": [photo]}
    service.post(f"/cases/{case['id']}/verify", good, role="community", status=200)
    closed = service.post(f"/cases/{case['id']}/close", {}, status=200)
    assert closed["outcome"] == "unreported"


def test_not_even_a_photograph_says_who_reported_anonymously(service, spot, resident):
    photo = upload(service, **resident).json["ref"]
    assert service.request("GET", f"/attachments/{photo}", **resident).status_code == 200
    service.post("/cases", body(spot, anonymous=True, photographs=[photo]), **resident)
    assert service.request("GET", f"/attachments/{photo}", **resident).status_code == 403
    assert service.request("GET", f"/attachments/{photo}").status_code == 200


def test_who_types_in_what_somebody_says_anonymously_is_named(service, spot):
    case = service.post("/cases", body(spot, anonymous=True, source="phone"))
    assert (case["reporter_ref"], case["recorded_by"]) == (None, "street:street-1")
    assert service.said(grid.CaseReported)[0].envelope.actor == "street:street-1"


def test_a_party_or_somebody_to_be_helped_cannot_be_anonymous(service, spot, resident):
    told = service.post("/cases", body(spot, category="0503", anonymous=True), status=422, **resident)
    assert (told["code"], told["errors"][0]["field"]) == ("not_anonymous", "anonymous")


def test_anonymous_and_named_at_once_is_neither(service, spot, resident):
    told = service.post("/cases", body(spot, anonymous=True, reporter_ref="resident-1"), status=422)
    assert told["code"] == "anonymous_named"


def test_photographs_come_with_the_report_and_are_seen_with_the_case(service, spot, resident):
    photo = upload(service, **resident).json["ref"]
    case = service.post("/cases", body(spot, photographs=[photo]), **resident)
    assert case["photographs"] == [photo]
    assert service.request("GET", f"/attachments/{photo}", role="community").status_code == 200
    told = service.post("/cases", body(spot, photographs=["x" * 64]), status=422)
    assert (told["code"], told["errors"][0]["field"]) == ("photograph_unknown", "photographs")


def test_staff_may_know_an_address_only(service, spot):
    case = service.post("/cases", {"category": "0603", "text": "水池干涸", "address": "老槐树旁"})
    assert (case["place_is_unknown"], case["grid_code"]) == (True, "110112010904001")
    assert case["address"] == "老槐树旁"
    named = service.post("/cases", {"category": "0603", "text": "水池干涸", "address": "水池"})
    assert (named["place_is_unknown"], named["place_ref"]) == (False, spot["id"])


def test_a_resident_and_a_captain_say_where_it_is(service, spot, resident):
    said = {"category": "0603", "text": "水池干涸", "address": "老槐树旁"}
    assert service.post("/cases", said, status=422, **resident)["code"] == "where_not_said"
    captain = {"role": "captain", "scope": f"place:{spot['grid_ref']}"}
    assert (
        service.post("/cases", said | {"source": "captain"}, status=422, **captain)["code"]
        == "where_not_said"
    )


def test_staff_of_a_community_put_what_nobody_can_place_into_a_grid_of_their_own(service, spot, other_pool):
    service.post("/catch-all-grid", {"grid_ref": spot["grid_ref"]}, status=200)
    there = {"role": "community", "scope": f"place:{other_pool['estate_ref']}"}
    case = service.post("/cases", {"category": "0603", "text": "水池干涸", "address": "老槐树旁"}, **there)
    assert case["grid_code"] == "110112010904002"


def test_an_address_is_masked_for_other_systems(service, spot):
    case = service.post("/cases", body(spot, address="3号楼501室"))
    shown = service.request("GET", f"/cases/{case['id']}", role="outside_system").json
    assert "501" not in shown["address"]
