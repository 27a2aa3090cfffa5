"""What grid does with what it hears of whose a matter is, of mediations and of claims (chains 3, 5 and 6): each
subscription twice and out of order."""

from __future__ import annotations

from datetime import date

import pytest

from services.grid.use_cases.cases import ReportCase
from services.grid.use_cases.organisations import RegisterOrganisation
from shared.contracts import alliance, consultation, grid, property
from tests.builders import facts
from tests.builders.places import a_spot


@pytest.fixture
def service(under_test):
    """grid with a spot in an estate, whose area a company manages, and a party that owns its pipes."""
    service = under_test("grid")
    service.spot = a_spot(service)
    service.hear(property.AreaRegistered, "area", facts.area(estate_ref=service.spot.estate_ref))
    service.hear(property.PartyRegistered, "company", facts.party())
    service.hear(property.PartyRegistered, "owner", OWNER)
    return service


OWNER = facts.party(party_ref="owner", kind="owner_unit", name="示例产权单位", area_refs=[])
PUBLISHED = facts.responsibility_published()


def reported(service, category="0203", **options):
    return service.handle(ReportCase(category, service.spot.id, "请看看", "patrol", **options))


def view(service, case):
    return service.request("GET", f"/cases/{case.id}").json


def leads(service):
    return [item["lead_party_name"] for item in service.request("GET", "/cases").json["items"]]


# ---- the responsibility list


def test_the_list_of_the_area_comes_before_the_category(service):
    assert view(service, reported(service, "0604"))["lead_party_name"] == "街道办事处"
    service.hear(property.ResponsibilityPublished, "area", PUBLISHED)
    reported(service, "0604")
    *_, told = service.said(grid.CaseDispatched)
    assert (told.data["lead_party_name"], told.data["reason_text"]) == (
        "示例产权单位",
        "责任清单载明：管线更新",
    )


def test_a_list_holds_from_its_day_on(service):
    later = facts.responsibility_published(effective_on=date(2024, 5, 28))
    service.hear(property.ResponsibilityPublished, "area", later)
    reported(service, "0604")
    service.clock.advance(days=1)
    reported(service, "0604")
    assert leads(service) == ["街道办事处", "示例产权单位"]


def test_whom_a_list_names_and_nobody_knows_gets_nothing(service):
    entry = {"category": "0604", "party_ref": "nobody", "duty": "代管"}
    service.hear(property.ResponsibilityPublished, "area", facts.responsibility_published(entries=[entry]))
    reported(service, "0604")
    assert leads(service) == ["街道办事处"]


def test_what_no_list_names_is_somebodys_at_once_and_property_is_asked_whose_it_is(service):
    service.hear(property.ResponsibilityPublished, "area", PUBLISHED)
    case = reported(service, "0203")
    assert view(service, case)["lead_party_name"] == "示例物业"
    (asked,) = service.said(grid.CaseResponsibilityAsked)
    assert (asked.data["case_ref"], asked.data["area_ref"], asked.data["category"]) == (
        case.id,
        "area",
        "0203",
    )


def test_where_nobody_published_a_list_and_a_company_manages_nobody_is_asked(service):
    reported(service, "0203")
    assert service.said(grid.CaseResponsibilityAsked) == []


def test_who_is_found_to_be_responsible_gets_the_case_in_the_time_that_was_promised(service):
    case = reported(service)
    due = view(service, case)["due_at"]
    found = facts.responsibility_found(case_ref=case.id)
    service.hear_twice(property.ResponsibilityFound, case.id, found)
    told = [each.data["reason_code"] for each in service.said(grid.CaseDispatched)]
    assert told == ["first_receiver", "responsibility_found"]
    assert (view(service, case)["lead_party_ref"], view(service, case)["due_at"]) == ("owner", due)


def test_who_is_responsible_and_not_known_yet_is_waited_for(service):
    case = reported(service)
    found = facts.responsibility_found(case_ref=case.id, party_ref="owner-2")
    service.hear(property.ResponsibilityFound, case.id, found)
    assert service.heard()["pending"] == 1
    later = facts.party(party_ref="owner-2", kind="owner_unit", name="另一产权单位", area_refs=[])
    service.hear(property.PartyRegistered, "owner-2", later)
    assert leads(service) == ["另一产权单位"]


# ---- gray zones


def test_all_cases_of_a_gray_zone_go_to_whom_it_is_assigned(service):
    first, second, other = reported(service), reported(service), reported(service)
    both = [first.id, second.id]
    service.hear_twice(property.GrayZoneFound, "zone", facts.gray_zone(case_refs=both))
    assert view(service, first)["gray_zone_ref"] == "zone"
    service.hear_twice(property.GrayZoneAssigned, "zone", facts.gray_zone_decided(case_refs=both), version=2)
    assert leads(service) == ["示例产权单位", "示例产权单位", "示例物业"]
    assert view(service, other)["gray_zone_ref"] is None


def test_an_assignment_that_comes_before_the_zone_was_heard_of_holds(service):
    case = reported(service)
    decided = facts.gray_zone_decided(case_refs=[case.id])
    service.hear(property.GrayZoneAssigned, "zone", decided, version=2)
    before = service.snapshot()
    service.hear(property.GrayZoneFound, "zone", facts.gray_zone(case_refs=[case.id]), version=1)
    service.hear(property.GrayZoneDeadlocked, "zone", facts.gray_zone_decided(case_refs=[case.id]), version=1)
    assert service.snapshot() == before
    assert leads(service) == ["示例产权单位"]


def test_a_deadlocked_zone_has_somebody_for_the_time_being_and_the_street_in_hand(service):
    street = service.handle(
        RegisterOrganisation(
            kind="street_level", name="街道", place_ref=service.spot.place_path.split("/")[1]
        )
    )
    case = reported(service)
    data = facts.gray_zone_decided(case_refs=[case.id])
    service.hear_twice(property.GrayZoneDeadlocked, "zone", data)
    seen = view(service, case)
    assert (seen["lead_party_ref"], seen["organisation_ref"]) == ("owner", street.id)


def test_what_is_handled_already_stays_with_who_handled_it(service):
    case = reported(service)
    landed = facts.result_landed(case_refs=[case.id], place_path=case.place_path)
    service.hear(consultation.ResultLanded, "topic", landed)
    service.hear(property.GrayZoneAssigned, "zone", facts.gray_zone_decided(case_refs=[case.id]))
    assert leads(service) == ["示例物业"]


# ---- disputes and mediation


@pytest.fixture
def dispute(service):
    """Water that drips from an air conditioner."""
    return reported(service, "0402", is_hazardous=True)


def mediated(case, **more):
    return facts.mediation(case_ref=case.id, **more)


def test_a_dispute_is_told_by_its_category(service, dispute):
    reported(service, "0203")
    (told,) = service.said(grid.DisputeFound)
    assert (told.data["case_ref"], told.data["hazard"]) == (dispute.id, True)


def test_a_case_waits_while_its_sides_are_mediated_and_is_handled_when_it_is_performed(service, dispute):
    consented = mediated(dispute, org_name="调委会")
    service.hear_twice(alliance.MediationConsented, "mediation", consented, version=2)
    agreed = mediated(dispute, perform_by=date(2024, 6, 5))
    service.hear_twice(alliance.MediationAgreed, "mediation", agreed, version=3)
    seen = view(service, dispute)
    assert (seen["state"], seen["waiting_for"], seen["next_on"]) == ("waiting", "mediation", "2024-06-05")
    performed = mediated(dispute, outcome_text="已装接水管")
    service.hear_twice(alliance.MediationPerformed, "mediation", performed, version=4)
    assert view(service, dispute)["state"] == "handled"
    (handled,) = service.said(grid.CaseHandled)
    assert handled.data["outcome_text"] == "已装接水管"
    assert service.said(grid.DisputeWithdrawn) == []


@pytest.mark.parametrize(
    ("contract", "more"),
    [
        (alliance.MediationTerminated, {"outcome": "refused", "reason_text": "一方不愿调解"}),
        (alliance.MediationBreached, {"reason_text": "到期未装"}),
    ],
)
def test_what_cannot_be_mediated_comes_back_with_a_fresh_clock(service, dispute, contract, more):
    service.hear(alliance.MediationConsented, "mediation", mediated(dispute, org_name="调委会"), version=2)
    service.clock.advance(days=5)
    service.hear_twice(contract, "mediation", mediated(dispute, **more), version=3)
    seen = view(service, dispute)
    assert (seen["state"], seen["waiting_for"], seen["due_at"][:10]) == ("dispatched", None, "2024-06-08")
    assert [each.data["reason_code"] for each in service.said(grid.CaseDispatched)][1:] == ["mediation_ended"]
    before = service.snapshot()
    service.hear(alliance.MediationConsented, "mediation", mediated(dispute, org_name="调委会"), version=2)
    assert service.snapshot() == before


def test_a_refusal_before_any_consent_leaves_the_case_as_it_is(service, dispute):
    refused = mediated(dispute, outcome="refused", reason_text="一方不愿调解")
    service.hear_twice(alliance.MediationTerminated, "mediation", refused)
    assert view(service, dispute)["state"] == "dispatched"
    assert len(service.said(grid.CaseDispatched)) == 1


def test_a_dispute_that_ends_otherwise_needs_no_mediation(service, dispute):
    service.post(f"/cases/{dispute.id}/ask-end", {"outcome": "referred", "reason": "报公安"}, status=200)
    service.post(f"/cases/{dispute.id}/end", role="community", scope=community(dispute), status=200)
    (told,) = service.said(grid.DisputeWithdrawn)
    assert told.data["outcome"] == "referred"


def community(case):
    return f"place:{case.place_path.split('/')[2]}"


# ---- claims


def test_a_case_waits_for_its_claim_whatever_else_happens_and_is_handled_when_it_is_settled(service):
    first, second = reported(service, "0503"), reported(service, "0503")
    about = facts.claim(case_refs=[first.id, second.id])
    found = about | {"reason_text": "监控缺失", "cure_by": date(2024, 6, 20)}
    service.hear_twice(property.ClaimFound, "claim", found, version=1)
    landed = facts.result_landed(case_refs=[first.id], place_path=first.place_path)
    service.hear(consultation.ResultLanded, "topic", landed)
    works = facts.topic_resolved(case_refs=[first.id], place_path=first.place_path)
    service.hear(consultation.TopicResolved, "topic", works)
    seen = view(service, first)
    assert (seen["state"], seen["waiting_for"], seen["next_on"]) == ("waiting", "claim", "2024-06-20")
    assert not {"ask_end", "withdraw", "merge"} & set(seen["allowed_actions"])
    service.hear_twice(property.ClaimSettled, "claim", about | {"outcome_text": "赔付并整改"}, version=2)
    assert [view(service, case)["state"] for case in (first, second)] == ["handled", "handled"]


def test_a_settlement_that_comes_before_the_claim_was_heard_of_is_the_end_of_it(service):
    case = reported(service, "0503")
    about = facts.claim(case_refs=[case.id])
    service.hear(property.ClaimSettled, "claim", about | {"outcome_text": "赔付并整改"}, version=2)
    before = service.snapshot()
    service.hear(
        property.ClaimFound, "claim", about | {"reason_text": "监控缺失", "cure_by": None}, version=1
    )
    assert service.snapshot() == before
    assert view(service, case)["state"] == "handled"


def test_a_claim_that_is_denied_lets_its_cases_go_on_with_a_fresh_clock(service):
    case = reported(service, "0503")
    about = facts.claim(case_refs=[case.id, "unknown"])
    service.hear(
        property.ClaimFound, "claim", about | {"reason_text": "监控缺失", "cure_by": None}, version=1
    )
    service.hear_twice(property.ClaimDenied, "claim", about | {"reason_text": "与停车场无关"}, version=2)
    assert view(service, case)["state"] == "dispatched"
    *_, told = service.said(grid.CaseDispatched)
    assert (told.data["reason_code"], told.data["reason_text"]) == (
        "claim_denied",
        "经认定不予赔付（与停车场无关）",
    )
