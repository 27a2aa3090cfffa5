"""热线 over HTTP: orders put once, twice and out of order; rulings, extensions and revisits imported; days compared;
and nothing of the caller told to anybody."""

from __future__ import annotations

import json
import logging

import pytest

from services.grid.domain.hotline_order import TRIAGE
from shared.access.contact_seal import ContactSeal, opened
from shared.contracts import grid, property
from shared.testing.harness import contact_keys
from tests.builders import facts
from tests.integration.grid.test_visits import upload

HOTLINE = {"role": "outside_system"}
PHONE, NAME = "13800005678", "张三丰"
ORDER = {
    "received_at": "2024-05-27T08:30:00+08:00",
    "kind": "complaint",
    "content": "单元门口的路灯三天不亮",
    "triage": "dispatch",
    "category": "0203",
    "address": "水池，金侨时代家园",
    "due_at": "2024-05-28T08:30:00+08:00",
    "contact": {"name": NAME, "phone": PHONE},
}
RULED = {"id": "Y1", "said_at": "2024-05-27T09:00:00+08:00", "upheld": True, "reason": "属市政管理"}


def put(service, number="BJ20240527-1", *, status=201, who=HOTLINE, **change):
    body = {name: value for name, value in (ORDER | change).items() if value is not ...}
    answer = service.request("PUT", f"/hotline-orders/{number}", body, **who)
    assert answer.status_code == status, answer.text
    return answer.json


def tell(service, kind, body, number="BJ20240527-1", *, status=200, who=HOTLINE):
    return service.post(f"/hotline-orders/{number}/{kind}", body, status=status, **who)


def do(service, order, action, body=None, *, role="street"):
    return service.post(f"/cases/{order['case']['case_ref']}/{action}", body or {}, role=role, status=200)


def verify(service, order):
    do(service, order, "accept")
    do(service, order, "handle", {"outcome": "已更换灯具"})
    photo = upload(service, role="community").json["ref"]
    return do(service, order, "verify", {"finding": "灯亮了", "photographs": [photo]}, role="community")


def revisit(resolution="resolved", id="R1", at="2024-05-27T09:00:00+08:00"):
    return {"id": id, "said_at": at, "resolution": resolution, "grade": 4}


@pytest.fixture
def order(service, spot):
    return put(service)


# ---- orders


def test_an_order_that_is_dispatched_is_a_case_with_the_hotlines_number_and_its_limit(service, spot, order):
    case = service.request("GET", f"/cases/{order['case']['case_ref']}").json
    assert (case["place_ref"], case["place_is_unknown"], case["source"]) == (spot["id"], False, "hotline")
    assert case["external_refs"] == [{"system": "hotline", "number": "BJ20240527-1"}]
    assert (case["due_at"], case["answer_due_at"]) == (ORDER["due_at"], ORDER["due_at"])
    assert (case["occurred_at"], case["recorded_at"]) == (ORDER["received_at"], "2024-05-27T09:00:00+08:00")
    (said,) = service.said(grid.CaseReported)
    assert said.data["external_refs"] == case["external_refs"]
    assert said.data["reporter_refs"] == []


def test_the_same_order_again_changes_nothing(service, spot, order):
    known = service.snapshot()
    assert put(service, status=200) == order
    later = {"received_at": "2024-05-27T00:30:00+00:00"}  # the same moment, said otherwise
    assert put(service, status=200, **later) == order
    assert service.snapshot() == known


def test_what_has_changed_is_put_right_here_and_in_the_case(service, spot, order):
    change = {"revised_at": "2024-05-27T08:45:00+08:00", "content": "两盏路灯不亮", "contact": ...}
    changed = put(service, status=200, due_at="2024-05-29T08:30:00+08:00", **change)
    assert (changed["content"], changed["has_contact"]) == ("两盏路灯不亮", False)
    case = service.request("GET", f"/cases/{order['case']['case_ref']}").json
    assert (case["text"], case["due_at"]) == ("两盏路灯不亮", "2024-05-29T08:30:00+08:00")
    assert put(service, status=200) == changed, "an older version changes nothing"
    assert len(service.said(grid.CaseReported)) == 1


def test_a_changed_word_does_not_take_back_the_time_that_was_granted(service, spot, order):
    until = "2024-05-30T08:30:00+08:00"
    granted = {"id": "E1", "said_at": "2024-05-27T09:00:00+08:00", "granted": True, "until": until}
    tell(service, "extensions", granted)
    assert put(service, status=200, content="更正：两盏")["case"]["due_at"] == until


@pytest.mark.parametrize("triage", [each for each in TRIAGE if each != "dispatch"])
def test_seven_of_eight_outcomes_make_no_case(service, spot, triage):
    answered = {"triage": triage, "answer": "已向诉求人说明", "category": ..., "due_at": ...}
    order = put(service, **answered)
    assert (order["case"], order["answer"]) == (None, "已向诉求人说明")
    assert service.request("GET", "/cases").json["items"] == []
    told = tell(service, "revisits", revisit(), status=409)
    assert told["code"] == "not_dispatched"
    assert put(service, status=200)["case"]["state"] == "dispatched", "it may be dispatched after all"


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"category": ...}, "category_missing", "category"),
        ({"category": "9999"}, "category_unknown", "category"),
        ({"triage": "answered"}, "answer_missing", "answer"),
        ({"received_at": "2024-05-27T09:06:00+08:00"}, "recorded_ahead", "received_at"),
        ({"latitude": 39.9}, "point_incomplete", "longitude"),
        ({"triage": "lost"}, "invalid", "triage"),
        ({"kind": ...}, "invalid", "kind"),
        ({"contact": {"name": NAME}}, "invalid", "contact.phone"),
    ],
)
def test_what_is_wrong_with_an_order_is_said_and_nothing_is_kept(service, spot, change, code, field):
    told = put(service, status=422, **({"address": "不知何处"} | change))
    assert (told["code"], [error["field"] for error in told["errors"]]) == (code, [field])
    assert service.request("GET", "/hotline-orders").json["items"] == []


def test_a_number_that_is_somebodys_phone_is_refused(service, spot):
    put(service, PHONE, status=422)


def test_a_case_keeps_its_triage(service, spot, order):
    told = put(service, status=409, triage="beyond_remit", answer="不属职责")
    assert told["code"] == "dispatched_already"


def test_those_of_a_day_are_listed_the_last_one_first(service, spot, order):
    put(service, "BJ20240526-9", received_at="2024-05-26T23:59:59+08:00", due_at=...)
    put(service, "BJ20240527-2", received_at="2024-05-27T08:50:00+08:00")
    listed = service.request("GET", "/hotline-orders?received_on=2024-05-27").json["items"]
    assert [each["number"] for each in listed] == ["BJ20240527-2", "BJ20240527-1"]


def test_whoever_acts_for_another_place_sees_and_changes_nothing(service, spot, other_pool, order):
    theirs = HOTLINE | {"scope": f"place:{other_pool['estate_ref']}"}
    assert put(service, status=403, who=theirs, content="?")["code"] == "outside_scope"
    assert service.request("GET", "/hotline-orders", **theirs).json["items"] == []
    assert service.request("GET", f"/hotline-orders/{order['number']}", **theirs).status_code == 403
    tell(service, "revisits", revisit(), status=403, who=theirs)


# ---- where it is


def test_what_nobody_can_place_goes_to_the_catch_all_grid_and_is_put_right_later(service, spot, other_pool):
    company = "company-1"
    areas = {"area_refs": ["area-1"]}
    service.hear(
        property.AreaRegistered, "area-1", facts.area(area_ref="area-1", estate_ref=spot["estate_ref"])
    )
    service.hear(property.PartyRegistered, company, facts.party(party_ref=company, **areas))
    named = service.post("/catch-all-grid", {"grid_ref": other_pool["grid_ref"]}, status=200)
    assert (named["grid_code"], named["is_named"]) == ("110112010904002", True)
    order = put(service, address="村口大槐树往东")
    case = service.request("GET", f"/cases/{order['case']['case_ref']}").json
    assert (case["grid_code"], case["place_is_unknown"]) == ("110112010904002", True)
    assert case["address"] == "村口大槐树往东"
    assert [each["id"] for each in service.request("GET", "/cases?place_is_unknown=true").json["items"]] == [
        case["id"]
    ]
    placed = do(service, order, "place", {"place_ref": spot["id"]}, role="community")
    assert (placed["place_ref"], placed["place_is_unknown"]) == (spot["id"], False)
    assert (placed["grid_code"], placed["lead_party_ref"]) == (spot["grid_code"], company)
    (said,) = service.said(grid.CasePlaced)
    assert said.data["grid_code"] == spot["grid_code"]
    assert [each.data["reason_code"] for each in service.said(grid.CaseDispatched)] == [
        "first_receiver",
        "placed",
    ]
    assert service.request("GET", "/cases?place_is_unknown=true").json["items"] == []


def test_the_hotline_itself_may_say_later_which_place_it_is(service, spot):
    order = put(service, address="村口大槐树往东")
    assert order["case"]["place_is_unknown"]
    again = put(service, status=200, revised_at="2024-05-27T08:40:00+08:00")
    assert not again["case"]["place_is_unknown"]
    assert service.request("GET", f"/cases/{order['case']['case_ref']}").json["place_ref"] == spot["id"]


def test_a_point_in_no_grid_is_kept_and_refuses_nothing(service, spot):
    order = put(service, address="河对岸", longitude=116.6, latitude=39.8)
    case = service.request("GET", f"/cases/{order['case']['case_ref']}").json
    assert (case["longitude"], case["latitude"], case["place_is_unknown"]) == (116.6, 39.8, True)


def test_until_a_catch_all_grid_is_named_it_is_the_first_by_its_code(service, other_pool, spot):
    shown = service.request("GET", "/catch-all-grid").json
    assert (shown["grid_code"], shown["is_named"]) == ("110112010904001", False)
    assert put(service, address="不详")["case"]["grid_code"] == "110112010904001"


def test_without_any_grid_it_is_said_what_to_do_first(service):
    assert put(service, status=409)["code"] == "no_grid_anywhere"
    assert service.request("GET", "/catch-all-grid").json["grid_ref"] is None


def test_only_a_grid_can_be_named_and_only_for_the_whole_street(service, spot):
    told = service.post("/catch-all-grid", {"grid_ref": spot["id"]}, status=422)
    assert told["code"] == "place_kind_unfit"
    here = {"role": "street", "scope": f"place:{spot['estate_ref']}"}
    service.post("/catch-all-grid", {"grid_ref": spot["grid_ref"]}, status=403, **here)


def test_the_catch_all_grid_follows_where_it_is_merged(service, spot, other_pool):
    service.post("/catch-all-grid", {"grid_ref": other_pool["grid_ref"]}, status=200)
    merged = {"supersede": [{"code": "110112010904002", "into": ["110112010904001"]}]}
    assert service.request("POST", "/places/supersede", merged).status_code == 200
    shown = service.request("GET", "/catch-all-grid").json
    assert (shown["grid_code"], shown["is_named"]) == ("110112010904001", True)


def test_what_is_put_nowhere_is_told_how(service, spot):
    order = put(service, address="不详")
    path = f"/cases/{order['case']['case_ref']}/place"
    assert service.post(path, {}, status=422)["code"] == "where_not_said"
    assert service.post(path, {"place_ref": "nowhere"}, status=422)["code"] == "unknown"
    assert service.post(path, {"longitude": 116.6, "latitude": 39.8}, status=422)["code"] == "no_grid_at"


# ---- what it says of an order


def test_a_ruling_that_upholds_takes_it_out_of_the_street_once(service, spot, order):
    told = tell(service, "objections", RULED)
    assert (told["case"]["state"], told["case"]["outcome"]) == ("closed", "referred")
    known = service.snapshot()
    assert tell(service, "objections", RULED) == told
    assert service.snapshot() == known
    (end,) = service.said(grid.CaseClosedV2)
    assert (end.data["outcome"], end.data["reason_text"]) == ("referred", "属市政管理")
    taken = tell(service, "objections", RULED | {"reason": "另一理由"}, status=409)
    assert taken["code"] == "word_taken"


def test_a_ruling_that_overrules_leaves_it_where_it_is(service, spot, order):
    do(service, order, "object", {"reason": "不属于本区域"})
    told = tell(service, "objections", RULED | {"upheld": False})
    assert [(word["outcome"], word["effect"]) for word in told["words"]] == [("overruled", "done")]
    assert told["case"]["state"] == "dispatched"
    (ruled,) = service.said(grid.CaseObjectionRuled)
    assert ruled.data["upheld"] is False
    again = tell(service, "objections", RULED | {"id": "Y2", "upheld": False})
    assert [word["effect"] for word in again["words"]] == ["done", "noted"]


def test_a_ruling_may_name_who_is_to_have_it_within_the_street(service, spot, order):
    do(service, order, "object", {"reason": "属物业"})
    unfit = tell(service, "objections", RULED | {"party_ref": "nobody"}, status=422)
    assert unfit["code"] == "party_unfit"
    assert service.request("GET", f"/hotline-orders/{order['number']}").json["words"] == []


def test_more_time_is_the_hotlines_to_grant_whichever_comes_first(service, spot, order):
    do(service, order, "accept")
    do(service, order, "ask-extension", {"amount": 4, "reason": "需订货"})
    late, later = "2024-05-29T08:30:00+08:00", "2024-05-30T08:30:00+08:00"
    word = {"said_at": "2024-05-27T09:00:00+08:00", "granted": True, "reason": "需订货"}
    assert tell(service, "extensions", word | {"id": "E2", "until": later})["case"]["due_at"] == later
    told = tell(service, "extensions", word | {"id": "E1", "until": late})
    assert (told["case"]["due_at"], [each["effect"] for each in told["words"]]) == (later, ["done", "noted"])
    tell(service, "extensions", word | {"id": "E2", "until": later})
    (extended,) = service.said(grid.CaseExtended)
    assert (extended.data["amount"], extended.data["unit"]) == (48, "hours")
    service.clock.advance(days=2)
    service.run()
    assert service.said(grid.CaseDeadlineMissed) == []
    service.clock.advance(days=1)
    service.run()
    assert len(service.said(grid.CaseDeadlineMissed)) == 1


def test_no_more_time_is_an_answer_too(service, spot, order):
    do(service, order, "accept")
    do(service, order, "ask-extension", {"amount": 4, "reason": "需订货"})
    tell(service, "extensions", {"id": "E1", "said_at": "2024-05-27T09:00:00+08:00", "granted": False})
    case = service.request("GET", f"/cases/{order['case']['case_ref']}").json
    assert (case["extension"], case["due_at"]) == (None, ORDER["due_at"])
    missing = {"id": "E2", "said_at": "2024-05-27T09:00:00+08:00", "granted": True}
    assert tell(service, "extensions", missing, status=422)["code"] == "until_missing"


def test_the_revisit_is_the_hotlines_and_closes_the_case_once(service, spot, order):
    verify(service, order)
    told = tell(service, "revisits", revisit())
    assert (told["case"]["state"], told["case"]["outcome"]) == ("closed", "revisited")
    known = service.snapshot()
    assert tell(service, "revisits", revisit()) == told
    assert service.snapshot() == known
    (end,) = service.said(grid.CaseClosed)
    assert (end.data["resolution"], end.data["grade"]) == ("resolved", 4)


def test_a_revisit_that_comes_before_the_verification_is_heard_with_it(service, spot, order):
    told = tell(service, "revisits", revisit())
    assert [word["effect"] for word in told["words"]] == ["waits"]
    assert told["case"]["state"] == "dispatched"
    assert verify(service, order)["state"] == "closed"
    told = service.request("GET", f"/hotline-orders/{order['number']}").json
    assert [word["effect"] for word in told["words"]] == ["done"]


def test_whoever_is_not_content_opens_it_again_and_an_earlier_word_does_not_close_it(service, spot, order):
    verify(service, order)
    service.clock.advance(hours=2)
    told = tell(service, "revisits", revisit("unresolved", at="2024-05-27T11:00:00+08:00"))
    assert (told["case"]["state"], told["case"]["turn"]) == ("dispatched", 2)
    verify(service, order)
    late = tell(service, "revisits", revisit(id="R0", at="2024-05-27T09:30:00+08:00"))
    assert (late["case"]["state"], late["words"][1]["effect"]) == ("verified", "noted")


def test_an_order_that_is_unknown_cannot_be_spoken_of(service, spot):
    tell(service, "revisits", revisit(), status=404)
    tell(service, "objections", RULED, status=404)


# ---- the day


def test_a_day_is_compared_and_looked_at_again(service, spot, order):
    put(service, "BJ20240527-2", received_at="2024-05-27T00:00:00+08:00", due_at=...)
    put(service, "BJ20240526-1", received_at="2024-05-26T23:59:59+08:00", due_at=...)
    numbers = {"numbers": ["BJ20240527-1", "BJ20240526-1", "BJ20240527-3"]}
    compared = service.post("/hotline-reconciliations/2024-05-27", numbers, status=200, **HOTLINE)
    assert [each["number"] for each in compared["known"]] == ["BJ20240526-1", "BJ20240527-1"]
    assert compared["known"][1]["case"]["state"] == "dispatched"
    assert compared["missing_here"] == ["BJ20240527-3"]
    assert [each["number"] for each in compared["unknown_there"]] == ["BJ20240527-2"]
    assert compared["agrees"] is False
    put(service, "BJ20240527-3")
    again = service.request("GET", "/hotline-reconciliations/2024-05-27").json
    assert (again["missing_here"], len(again["known"])) == ([], 3)
    both = {"numbers": [*numbers["numbers"], "BJ20240527-2"]}
    assert service.post("/hotline-reconciliations/2024-05-27", both, status=200, **HOTLINE)["agrees"]


def test_a_day_that_is_none_or_was_not_sent_is_not_found(service, spot):
    for day in ("yesterday", "2024-02-30", "2024-05-01"):
        assert service.request("GET", f"/hotline-reconciliations/{day}").status_code == 404


# ---- whose it is


def test_the_contact_is_there_for_notify_alone(service, spot, caplog):
    with caplog.at_level(logging.DEBUG):
        put(service)
    (said,) = service.said(grid.CaseReported)
    assert opened(said.data["reporter_sealed"], contact_keys()[0]) == {"name": NAME, "phone": PHONE}
    for text in (
        caplog.text,
        json.dumps([event.envelope.data for event in service.said()]),
        repr(dump(service)),
    ):
        assert PHONE not in text
        assert NAME not in text


def test_the_feed_has_no_contact_at_all(service, spot, order):
    feeds = feed(service)
    assert any('"grid.case.reported.v1"' in text for text in feeds)
    assert not any("reporter_sealed" in text for text in feeds)


def test_without_the_key_a_contact_is_refused_rather_than_kept_plain(service, spot):
    service.application.contact_seal = ContactSeal()
    told = put(service, status=409)
    assert told["code"] == "contact_key_missing"
    assert service.request("GET", "/hotline-orders").json["items"] == []
    assert put(service, contact=...)["has_contact"] is False


def test_phones_and_rooms_in_its_words_are_masked_for_other_systems(service, spot):
    put(service, content=f"联系 {PHONE}，3号楼501室")
    shown = service.request("GET", "/hotline-orders/BJ20240527-1", **HOTLINE).json
    assert PHONE not in shown["content"]
    assert PHONE in service.request("GET", "/hotline-orders/BJ20240527-1").json["content"]


def dump(service):
    """Everything in the tables of grid and of the bus, as it lies there."""
    from sqlalchemy import text

    with service.database.reading() as session:
        tables = ("hotline_orders", "cases", "outbox_messages", "audit_entries")
        return [session.execute(text(f"SELECT * FROM {name}")).all() for name in tables]


def feed(service):
    from sqlalchemy import select

    from shared.persistence.tables import outbox_messages

    with service.database.reading() as session:
        return [bytes(body).decode() for body in session.scalars(select(outbox_messages.c.feed_body)) if body]
