"""What projects hear of grid: visits, and the cases that came of the register. Each twice and out of order."""

from __future__ import annotations

from shared.contracts import consultation, grid
from tests.builders import consultation as build
from tests.builders import facts
from tests.integration.consultation.project_steps import day, opened, post, taken_in


def test_what_is_said_at_a_reception_point_becomes_a_case_that_the_register_knows(neighbourhood, point):
    service = neighbourhood
    intake = taken_in(service, point)
    post(service, f"/intakes/{intake['id']}/refer", {"case_category": "0404"})
    (referred,) = service.said(consultation.IntakeReferred)
    assert (referred.data["asked_text"], referred.data["proposer_ref"]) == ("夜里还在施工", "resident-1")
    ours = [{"system": "consultation", "number": intake["id"]}]
    service.hear_twice(grid.CaseReported, "case", facts.case(external_refs=ours) | {"reporter_sealed": None})
    view = service.request("GET", f"/intakes/{intake['id']}").json
    assert (view["state"], view["case_ref"]) == ("referred", "case")
    service.hear_twice(grid.CaseClosedV2, "case", build.case_closed(external_refs=ours))
    assert service.request("GET", f"/intakes/{intake['id']}").json["state"] == "answered"


def test_a_case_that_came_from_elsewhere_is_none_of_the_registers_business(neighbourhood, point):
    before = neighbourhood.snapshot()
    theirs = [{"system": "12345", "number": "A-1"}, {"system": "consultation", "number": "some topic"}]
    reported = facts.case(external_refs=theirs) | {"reporter_sealed": None}
    neighbourhood.hear(grid.CaseReported, "case", reported)
    neighbourhood.hear(grid.CaseClosedV2, "case", build.case_closed(external_refs=theirs))
    assert neighbourhood.snapshot() == before


def test_visits_of_a_linked_campaign_are_counted_by_their_last_outcome_in_whatever_order_they_are_heard(
    of_eight,
):
    service = of_eight
    project = opened(service, campaign_refs=["campaign"])

    def visited(task, outcome, at, campaign="campaign"):
        data = facts.visit_recorded(
            task_ref=task, campaign_ref=campaign, outcome=outcome, occurred_at=at, message_ref=None
        )
        return service.message(grid.VisitRecorded, task, data | {"place_ref": "building"})

    absent, met = (
        visited("t1", "absent", day(27)),
        visited("t1", "met", day(28)),
    )
    service.deliver(met, absent, met, visited("t2", "refused", day(27)))
    service.deliver(visited("t3", "met", day(27), campaign="another"))
    coverage = service.anonymous("GET", f"/projects/{project['id']}/figures").json["coverage"]
    assert coverage == {"households": 8, "met": 1, "absent": 0, "refused": 1, "board": 0, "met_permille": 125}
