"""property's doors: what comes back, and what bad input is told."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest

from shared.contracts import consultation, grid, property
from tests.builders import facts
from tests.builders.property import (
    CREDIT_CODE,
    acceptance_body,
    area_body,
    contract_body,
    decision_body,
    decision_requested,
)

PLACES = [
    ("estate", facts.estate()),
    ("building", facts.building()),
    ("building-2", facts.building("building-2")),
    ("far building", facts.building("far building", estate_ref="another estate")),
]


@pytest.fixture
def service(under_test):
    """property with an area of one building, a company that answers for it, and two contractors."""
    service = under_test("property")
    for ref, data in PLACES:
        service.hear(grid.PlaceRegistered, ref, data)
    service.area = service.post("/areas", area_body())
    service.company = register(service, kind="company", name="示例物业", area_refs=[service.area["id"]])
    service.contractor = register(service, kind="contractor", name="示例建设")
    service.stranger = register(service, kind="contractor", name="别的建设")
    return service


def done(service, path, body, **caller):
    return service.post(path, body, status=200, **caller)


def register(service, **body):
    return service.post("/parties", body)


def asked(service):
    """A vote is asked for; the body of a result that adopts."""
    area_ref = service.area["id"]
    service.hear(consultation.DecisionRequested, "plan", decision_requested(area_ref=area_ref))
    return decision_body(area_ref)


@pytest.fixture
def works(service):
    """Planned works of two items."""
    items = [facts.plan_item(), facts.plan_item(kind="greening", title="花坛补植", budget_fen=1)]
    need = {"required": False, "reason": "不改变共有部分用途", "decision_ref": None}
    data = facts.topic_resolved(area_ref=service.area["id"], items=items, owners_decision=need)
    service.hear(consultation.TopicResolved, "topic", data)
    return f"/works/{service.said(property.WorksCreated)[0].subject}"


@pytest.fixture
def started(service, works):
    """Works that the contractor has begun."""
    done(service, f"{works}/contract", contract_body(service.contractor["id"]))
    scope = f"party:{service.contractor['id']}"
    done(service, f"{works}/start", {"permit": "开工令-7"}, role="contractor", scope=scope)
    return works


@pytest.fixture
def finished(service, started):
    """Works whose items are all accepted."""
    for number in (1, 2):
        body = {"accepted_by": "居民代表与监理", "evidence": "照片"}
        done(service, f"{started}/items/{number}/accept", body)
    return started


def refusal(answer):
    return (
        answer.status_code,
        answer.json["code"],
        [error["field"] for error in answer.json.get("errors", [])],
    )


def at_once(*calls):
    """The status codes of requests made at the same moment."""
    barrier, codes = Barrier(len(calls)), []

    def go(call):
        barrier.wait()
        codes.append(call().status_code)

    threads = [Thread(target=go, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(codes)


# ---- areas


def test_an_area_is_registered_and_published(service):
    (said,) = service.said(property.AreaRegistered)
    assert said.data == facts.area(area_ref=service.area["id"])
    assert service.request("GET", f"/areas/{service.area['id']}").json == service.area


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"estate_ref": "nowhere"}, "unknown_reference", "estate_ref"),
        ({"building_refs": ["nowhere"]}, "unknown_reference", "building_refs"),
        ({"estate_ref": "building"}, "place_kind_wrong", "estate_ref"),
        ({"building_refs": ["estate"]}, "place_kind_wrong", "building_refs"),
        ({"building_refs": ["far building"]}, "building_outside_estate", "building_refs"),
        ({"building_refs": []}, "invalid", "building_refs"),
        ({"building_refs": ["building-2", "building-2"]}, "invalid", "building_refs"),
        ({"owners_total": 0}, "invalid", "owners_total"),
    ],
)
def test_an_area_that_cannot_be_is_refused_with_the_field(service, changed, code, field):
    answer = service.request("POST", "/areas", area_body(building_refs=["building-2"]) | changed)
    assert refusal(answer) == (422, code, [field])


def test_a_building_belongs_to_one_area_only(service):
    answer = service.request("POST", "/areas", area_body(building_refs=["building-2", "building"]))
    assert refusal(answer) == (409, "building_already_managed", ["building_refs"])


def test_of_two_areas_that_take_a_building_at_once_one_gets_it(service):
    def call():
        return service.request("POST", "/areas", area_body(building_refs=["building-2"]))

    assert at_once(call, call) == [201, 409]


# ---- parties


def test_a_party_is_registered_and_published(service):
    said = service.said(property.PartyRegistered)[0]
    assert said.data == facts.party(party_ref=service.company["id"], area_refs=[service.area["id"]])
    found = service.request("GET", "/parties?kind=contractor").json["items"]
    assert [party["name"] for party in found] == ["示例建设", "别的建设"]


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"credit_code": CREDIT_CODE[:-1] + "4"}, "credit_code_wrong", "credit_code"),
        ({"area_refs": ["nowhere"]}, "unknown", "area_refs"),
        ({"area_refs": ["twice", "twice"]}, "invalid", "area_refs"),
        ({"kind": "person"}, "invalid", "kind"),
    ],
)
def test_a_party_that_cannot_be_is_refused_with_the_field(service, changed, code, field):
    body = {"kind": "owner_unit", "name": "产权单位", "credit_code": CREDIT_CODE}
    assert refusal(service.request("POST", "/parties", body | changed)) == (422, code, [field])


def test_a_credit_code_belongs_to_one_party(service):
    body = {"kind": "owner_unit", "name": "产权单位", "credit_code": CREDIT_CODE}
    service.post("/parties", body)
    answer = service.request("POST", "/parties", body | {"name": "又一个"})
    assert refusal(answer) == (409, "party_already_registered", ["credit_code"])
    assert "产权单位" in answer.json["detail"]


def test_of_two_parties_with_one_credit_code_at_once_one_is_registered(service):
    body = {"kind": "owner_unit", "name": "产权单位", "credit_code": CREDIT_CODE}

    def call():
        return service.request("POST", "/parties", body)

    assert at_once(call, call) == [201, 409]


def test_staff_of_a_community_see_their_areas_and_every_party(service):
    inside, outside = {"scope": "place:community"}, {"scope": "place:another"}
    assert len(service.request("GET", "/areas", role="community", **inside).json["items"]) == 1
    assert service.request("GET", "/areas", role="community", **outside).json["items"] == []
    path = f"/areas/{service.area['id']}"
    assert service.request("GET", path, role="community", **outside).status_code == 403
    assert len(service.request("GET", "/parties", role="community", **outside).json["items"]) == 3
    path = f"/parties/{service.company['id']}"
    assert service.request("GET", path, role="community", **outside).json == service.company


# ---- decisions


def test_an_adopted_decision_shows_its_arithmetic(service):
    decision = service.post("/decisions", asked(service), role="convenor")
    assert (decision["outcome"], decision["reasons"]) == ("adopted", [])
    assert decision["heads"] == {"total": 216, "participating": 168, "approving": 131}
    assert "参与业主 168/216 ≥ 2/3" in decision["arithmetic"]
    (said,) = service.said(property.DecisionRecorded)
    assert said.data["area_dm2"] == decision["area_dm2"]
    assert said.data["arithmetic"] == decision["arithmetic"]
    assert service.request("GET", f"/decisions/{decision['id']}").json == decision


def test_after_a_rejected_vote_there_can_be_a_second_and_after_an_adopted_one_none(service):
    body = asked(service)
    first = service.post("/decisions", body | {"heads": {"participating": 168, "approving": 122}})
    second = service.post("/decisions", body)
    assert (first["reasons"], second["outcome"]) == (["approval_heads"], "adopted")
    assert refusal(service.request("POST", "/decisions", body)) == (409, "already_adopted", [])
    found = service.request("GET", "/decisions?topic_ref=topic").json["items"]
    assert [decision["outcome"] for decision in found] == ["rejected", "adopted"]
    assert service.request("GET", "/decisions?topic_ref=another").json["items"] == []


def test_a_decision_that_was_posted_late_is_adopted_and_says_so(service):
    body = asked(service) | {"posted_on": "2024-05-26"}
    decision = service.post("/decisions", body)
    assert (decision["outcome"], decision["reasons"]) == ("adopted", ["posted_late"])
    assert "决定后6日公示 > 3日" in decision["arithmetic"]
    (said,) = service.said(property.DecisionRecorded)
    assert (said.data["outcome"], said.data["reasons"]) == ("adopted", ["posted_late"])


def test_of_two_results_imported_at_once_one_is_kept(service):
    body = asked(service)

    def call():
        return service.request("POST", "/decisions", body)

    assert at_once(call, call) == [201, 409]
    assert len(service.said(property.DecisionRecorded)) == 1


def test_a_result_that_nobody_asked_for_is_refused_and_may_only_be_early(service):
    answer = service.request("POST", "/decisions", decision_body(service.area["id"]))
    assert refusal(answer) == (422, "unknown_reference", ["plan_hash"])
    assert answer.headers["Retry-After"] == "2"


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"plan_hash": "hash-1"}, "unknown_reference", "plan_hash"),
        ({"topic_ref": "another"}, "unknown_reference", "plan_hash"),
        ({"kind": "ordinary"}, "decision_asked_otherwise", "kind"),
        ({"area_ref": "another"}, "decision_asked_otherwise", "area_ref"),
        ({"heads": {"participating": 217, "approving": 1}}, "tally_impossible", "heads.participating"),
        ({"area_dm2": {"participating": 1, "approving": 2}}, "tally_impossible", "area_dm2.approving"),
        ({"heads": {"participating": -1, "approving": 0}}, "invalid", "heads.participating"),
        ({"posted_on": "2024-05-19"}, "posted_before_vote", "posted_on"),
        ({"noticed_on": "2024-05-21"}, "voted_before_notice", "voted_on"),
        ({"posted_on": "2024-05-28"}, "day_in_future", "posted_on"),
        ({"voted_on": "20 May"}, "invalid", "voted_on"),
        ({"scan": ""}, "invalid", "scan"),
    ],
)
def test_a_result_that_cannot_be_is_refused_with_the_field(service, changed, code, field):
    answer = service.request("POST", "/decisions", asked(service) | changed)
    assert refusal(answer) == (422, code, [field])
    assert service.said(property.DecisionRecorded) == []


def test_an_area_that_is_asked_for_but_not_registered_is_named(service):
    asked_for = decision_requested(area_ref="unregistered")
    service.hear(consultation.DecisionRequested, "plan", asked_for)
    answer = service.request("POST", "/decisions", decision_body("unregistered"))
    assert refusal(answer) == (422, "unknown", ["area_ref"])


def test_a_company_imports_results_of_its_own_areas_only(service):
    body = asked(service)
    other = register(service, kind="company", name="别的物业")
    answer = service.request("POST", "/decisions", body, role="property", scope=f"party:{other['id']}")
    assert (answer.status_code, answer.json["code"]) == (403, "outside_scope")
    service.post("/decisions", body, role="property", scope=f"party:{service.company['id']}")


def test_a_party_sees_the_decisions_of_its_own_areas(service):
    decision = service.post("/decisions", asked(service))
    own, other = f"party:{service.company['id']}", f"party:{service.stranger['id']}"
    (seen,) = service.request("GET", "/decisions", role="property", scope=own).json["items"]
    assert seen["id"] == decision["id"]
    path = f"/decisions/{decision['id']}"
    assert service.request("GET", path, role="property", scope=own).status_code == 200
    assert service.request("GET", "/decisions", role="contractor", scope=other).json["items"] == []
    assert service.request("GET", path, role="contractor", scope=other).status_code == 403


# ---- works


def test_works_go_from_the_plan_to_acceptance(service, finished):
    view = done(service, f"{finished}/accept", acceptance_body(service.company["id"]), role="convenor")
    assert (view["state"], view["allowed_actions"]) == ("accepted", [])
    assert view["ended_at"] == "2024-05-27T09:00:00+08:00"
    assert service.request("GET", finished).json == view
    said = [event.type.split(".")[2] for event in service.said() if event.type.startswith("property.works")]
    assert said == ["created", "contracted", "started", "item_accepted", "item_accepted", "accepted"]
    (contracted,) = service.said(property.WorksContracted)
    assert contracted.data["contractor_name"] == "示例建设"
    (began,) = service.said(property.WorksStarted)
    assert (began.data["building_refs"], began.data["needs_stewards"]) == (["building"], False)
    counts = [event.data["items_accepted"] for event in service.said(property.WorksItemAccepted)]
    assert counts == [1, 2]
    (accepted,) = service.said(property.WorksAccepted)
    assert (accepted.data["maintainer_ref"], accepted.data["maintainer_name"]) == (
        service.company["id"],
        "示例物业",
    )


def test_works_cannot_be_made_by_hand(service):
    assert service.request("POST", "/works", {"title": "x"}).status_code == 405


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"amount_fen": 12_000_001}, "amount_over_budget", "amount_fen"),
        ({"planned_end_on": "2024-06-30"}, "planned_end_wrong", "planned_end_on"),
        ({"planned_end_on": "2029-07-02"}, "planned_end_wrong", "planned_end_on"),
        ({"contractor_ref": "nobody"}, "unknown", "contractor_ref"),
        ({"amount_fen": 0}, "invalid", "amount_fen"),
        ({"amount_fen": 1.5}, "invalid", "amount_fen"),
    ],
)
def test_a_contract_that_cannot_be_is_refused_with_the_field(service, works, changed, code, field):
    body = contract_body(service.contractor["id"]) | changed
    assert refusal(service.request("POST", f"{works}/contract", body)) == (422, code, [field])
    assert service.request("GET", works).json["state"] == "planned"


def test_a_company_cannot_be_the_contractor(service, works):
    answer = service.request("POST", f"{works}/contract", contract_body(service.company["id"]))
    assert refusal(answer) == (422, "party_kind_wrong", ["contractor_ref"])


@pytest.mark.parametrize("action", ["contract", "items/1/reject", "accept", "cancel"])
def test_a_company_has_no_say_in_the_works_of_other_areas(service, started, action):
    other = register(service, kind="company", name="别的物业")
    bodies = {
        "contract": contract_body(service.contractor["id"]),
        "accept": acceptance_body(service.company["id"]),
    }
    answer = service.request(
        "POST",
        f"{started}/{action}",
        bodies.get(action, {"reason": "x"}),
        role="property",
        scope=f"party:{other['id']}",
    )
    assert (answer.status_code, answer.json["code"]) == (403, "outside_scope")


def test_what_is_not_possible_now_is_told_with_what_is(service, works):
    answer = service.request("POST", f"{works}/start", {"permit": "开工令-7"})
    assert (answer.status_code, answer.json["allowed_actions"]) == (409, ["contract", "cancel"])


def test_only_their_own_contractor_starts_works(service, works):
    stranger = f"party:{service.stranger['id']}"
    for _ in ("before the contract", "after it"):
        answer = service.request("POST", f"{works}/start", {"permit": "x"}, role="contractor", scope=stranger)
        assert (answer.status_code, answer.json["code"]) == (403, "outside_scope")
        service.request("POST", f"{works}/contract", contract_body(service.contractor["id"]))


def test_a_contractor_does_not_judge_its_own_work(service, started):
    scope = f"party:{service.contractor['id']}"
    body = {"accepted_by": "自己", "evidence": "照片"}
    for path in ("items/1/accept", "accept"):
        answer = service.request("POST", f"{started}/{path}", body, role="contractor", scope=scope)
        assert (answer.status_code, answer.json["code"]) == (403, "role_missing")


def test_works_with_a_rejected_item_are_not_accepted_and_it_is_named(service, started):
    done(service, f"{started}/items/1/accept", {"accepted_by": "居民代表", "evidence": "照片"})
    view = done(service, f"{started}/items/2/reject", {"reason": "苗木枯死"})
    assert [item["state"] for item in view["items"]] == ["accepted", "rejected"]
    (rejected,) = service.said(property.WorksItemRejected)
    assert (rejected.data["item_title"], rejected.data["reason_text"]) == ("花坛补植", "苗木枯死")
    answer = service.request("POST", f"{started}/accept", acceptance_body(service.company["id"]))
    assert (answer.status_code, answer.json["code"]) == (409, "items_not_accepted")
    assert "2 花坛补植" in answer.json["detail"]


@pytest.mark.parametrize("number", ["0", "3", "x", "9999999999999999999"])
def test_an_item_that_does_not_exist_is_not_found(service, started, number):
    answer = service.request("POST", f"{started}/items/{number}/reject", {"reason": "x"})
    assert answer.status_code == 404


def test_an_acceptance_that_cannot_be_is_refused_with_the_field(service, finished):
    stranger = register(service, kind="company", name="别的物业")
    company = service.company["id"]
    for body, code, field in (
        (acceptance_body("nobody"), "unknown", "maintainer_ref"),
        (acceptance_body(service.contractor["id"]), "party_kind_wrong", "maintainer_ref"),
        (acceptance_body(stranger["id"]), "maintainer_not_responsible", "maintainer_ref"),
        (acceptance_body(company, warranty_until_on="2024-05-26"), "warranty_wrong", "warranty_until_on"),
    ):
        answer = service.request("POST", f"{finished}/accept", body)
        assert refusal(answer) == (422, code, [field])
    assert service.request("GET", finished).json["state"] == "started"


def test_cancelled_works_say_what_was_done(service, started):
    done(service, f"{started}/items/1/accept", {"accepted_by": "居民代表", "evidence": "照片"})
    view = done(service, f"{started}/cancel", {"reason": "施工单位退出"})
    assert (view["state"], view["cancelled_because"]) == ("cancelled", "施工单位退出")
    (said,) = service.said(property.WorksCancelled)
    assert (said.data["reason_text"], said.data["items_done"], said.data["items_total"]) == (
        "施工单位退出",
        1,
        2,
    )
    answer = service.request("POST", f"{started}/accept", acceptance_body(service.company["id"]))
    assert answer.status_code == 409


def test_of_acceptance_and_cancelling_at_once_one_counts(service, finished):
    codes = at_once(
        lambda: service.request("POST", f"{finished}/accept", acceptance_body(service.company["id"])),
        lambda: service.request("POST", f"{finished}/cancel", {"reason": "施工单位退出"}),
    )
    assert codes == [200, 409]
    assert len(service.said(property.WorksAccepted) + service.said(property.WorksCancelled)) == 1


def test_two_items_judged_at_once_are_both_judged(service, started):
    body = {"accepted_by": "居民代表", "evidence": "照片"}
    codes = at_once(
        *(
            lambda number=number: service.request("POST", f"{started}/items/{number}/accept", body)
            for number in (1, 2)
        )
    )
    assert codes == [200, 200]
    assert service.request("GET", started).json["items_accepted"] == 2


def test_works_are_found_by_topic_and_state_and_by_those_whom_they_concern(service, works):
    def found(query="", **caller):
        return len(service.request("GET", f"/works{query}", **caller).json["items"])

    assert [found("?topic_ref=topic"), found("?topic_ref=another")] == [1, 0]
    assert [found("?state=planned"), found("?state=started")] == [1, 0]
    assert [found(role="community", scope=f"place:{ref}") for ref in ("community", "another")] == [1, 0]
    contractor, company = f"party:{service.contractor['id']}", f"party:{service.company['id']}"
    assert [found(role="contractor", scope=contractor), found(role="property", scope=company)] == [0, 1]
    done(service, f"{works}/contract", contract_body(service.contractor["id"]))
    assert found(role="contractor", scope=contractor) == 1
    assert found(role="contractor", scope=f"party:{service.stranger['id']}") == 0


def test_the_works_of_another_contractor_are_not_shown(service, started):
    seen = {
        party["name"]: service.request("GET", started, role="contractor", scope=f"party:{party['id']}")
        for party in (service.contractor, service.stranger)
    }
    assert {name: answer.status_code for name, answer in seen.items()} == {"示例建设": 200, "别的建设": 403}


def test_every_wrong_field_is_named(service):
    answer = service.request("POST", "/decisions", {"kind": "majority", "heads": {}, "colour": "red"})
    named = {error["field"] for error in answer.json["errors"]}
    assert answer.status_code == 422
    assert {"kind", "heads.participating", "heads.approving", "colour", "scan", "noticed_on"} <= named
