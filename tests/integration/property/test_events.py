"""What property does with what it hears: each subscription twice and out of order."""

from __future__ import annotations

import pytest

from shared.contracts import consultation, grid, property
from tests.builders import facts
from tests.builders.places import (
    MERGED,
    SUCCESSOR,
    hear_of_the_estate,
    move_the_estate,
    paths,
    supersede_the_estate,
)
from tests.builders.property import area_body, decision_body, decision_requested


@pytest.fixture
def service(under_test):
    """property with the copies of an estate and a building."""
    service = under_test("property")
    service.hear(grid.PlaceRegistered, "estate", facts.estate())
    service.hear(grid.PlaceRegistered, "building", facts.building())
    return service


@pytest.fixture
def area_ref(service):
    """A registered area."""
    return service.post("/areas", area_body())["id"]


def resolved(area_ref, *, required=True, **changed):
    need = {"required": required, "reason": "改变共有部分用途", "decision_ref": None}
    return facts.topic_resolved(area_ref=area_ref, owners_decision=need, case_refs=["case"]) | changed


def test_a_place_is_kept_once_and_only_if_it_is_newer(service):
    newer = service.message(grid.PlaceRegistered, "estate", facts.estate(household_count=1980), version=3)
    older = service.message(grid.PlaceRegistered, "estate", facts.estate(household_count=1), version=2)
    service.deliver(newer)
    before = service.snapshot()
    service.deliver(newer, older, older)
    assert service.snapshot() == before
    assert facts.estate(household_count=1980) in service.copies("grid.place")


def test_a_changed_place_replaces_the_registered_one_whichever_comes_first(service):
    changed = service.message(grid.PlaceChanged, "new", facts.estate("new") | {"name": "新名"}, version=2)
    registered = service.message(grid.PlaceRegistered, "new", facts.estate("new"), version=1)
    service.deliver(changed, registered, changed)
    assert [copy["name"] for copy in service.copies("grid.place") if copy["place_ref"] == "new"] == ["新名"]


def test_a_requested_decision_is_expected_once(service, area_ref):
    data = decision_requested(area_ref=area_ref)
    assert service.request("POST", "/decisions", decision_body(area_ref)).status_code == 422
    service.hear_twice(consultation.DecisionRequested, "plan", data)
    assert service.post("/decisions", decision_body(area_ref))["outcome"] == "adopted"
    before = service.snapshot()
    service.hear(consultation.DecisionRequested, "plan", data)
    assert service.snapshot() == before


def test_a_resolved_topic_makes_works_once(service, area_ref):
    data = resolved(area_ref, required=False)
    service.hear_twice(consultation.TopicResolved, "topic", data)
    (created,) = service.said(property.WorksCreated)
    assert created.data == {
        "works_ref": created.subject,
        "topic_ref": "topic",
        "plan_version": 2,
        "case_refs": ["case"],
        "place_ref": "estate",
        "place_path": facts.ESTATE_PATH,
        "title": "水池花坛改造",
        "plan_hash": "hash-2",
        "items": [{"number": 1, **facts.plan_item()}],
        "budget_fen": 12_000_000,
        "building_refs": ["building"],
        "needs_stewards": False,
        "maintainer_ref": "company",
    }
    assert created.envelope.correlation_id == "journey-under-test"


def test_works_wait_for_the_area_to_be_known(service, monkeypatch):
    message = service.hear(consultation.TopicResolved, "topic", resolved("area", required=False))
    assert service.heard()["pending"] == 1
    assert service.said(property.WorksCreated) == []
    monkeypatch.setattr("services.property.domain.area.new_id", lambda: "area")
    service.post("/areas", area_body())
    service.run()
    assert len(service.said(property.WorksCreated)) == 1
    assert "pending" not in service.heard()
    before = service.snapshot()
    service.deliver(message)
    assert service.snapshot() == before


def test_works_wait_for_the_owners_and_a_rejected_vote_is_not_enough(service, area_ref):
    service.hear(consultation.TopicResolved, "topic", resolved(area_ref))
    assert service.heard()["pending"] == 1
    service.hear(consultation.DecisionRequested, "plan", decision_requested(area_ref=area_ref))
    too_few = decision_body(area_ref, heads={"participating": 168, "approving": 122})
    assert service.post("/decisions", too_few)["outcome"] == "rejected"
    service.run()
    assert service.said(property.WorksCreated) == []
    service.post("/decisions", decision_body(area_ref))
    service.run()
    assert len(service.said(property.WorksCreated)) == 1
    assert "pending" not in service.heard()


def test_the_owners_adopt_one_plan_and_not_the_next_version_of_it(service, area_ref):
    service.hear(consultation.DecisionRequested, "plan", decision_requested(area_ref=area_ref))
    service.post("/decisions", decision_body(area_ref))
    service.hear(consultation.TopicResolved, "topic", resolved(area_ref, plan_hash="hash-3"))
    assert service.said(property.WorksCreated) == []
    assert service.heard()["pending"] == 1


@pytest.mark.parametrize("first", ["requested", "resolved"])
def test_whatever_is_heard_first_the_works_are_the_same(service, area_ref, first):
    requested = service.message(consultation.DecisionRequested, "plan", decision_requested(area_ref=area_ref))
    resolution = service.message(consultation.TopicResolved, "topic", resolved(area_ref))
    service.deliver(*([requested, resolution] if first == "requested" else [resolution, requested]))
    service.post("/decisions", decision_body(area_ref))
    service.run()
    (works,) = service.request("GET", "/works?topic_ref=topic").json["items"]
    assert (works["state"], works["plan_hash"], works["area_ref"]) == ("planned", "hash-2", area_ref)
    service.deliver(resolution, requested)
    assert len(service.said(property.WorksCreated)) == 1


def test_cancelled_works_do_not_come_back_with_a_repeated_event(service, area_ref):
    data = resolved(area_ref, required=False)
    service.hear(consultation.TopicResolved, "topic", data)
    (created,) = service.said(property.WorksCreated)
    service.post(f"/works/{created.subject}/cancel", {"reason": "管线迁改"}, status=200)
    service.hear_twice(consultation.TopicResolved, "topic", data)
    service.hear(consultation.TopicResolved, "topic", resolved(area_ref, required=False, plan_hash="hash-3"))
    assert [event.data["plan_hash"] for event in service.said(property.WorksCreated)] == ["hash-2", "hash-3"]


def test_areas_and_works_follow_their_place_and_what_was_decided_or_cancelled_stays(service, area_ref):
    service.hear(consultation.DecisionRequested, "plan", decision_requested(area_ref=area_ref))
    service.hear(
        consultation.DecisionRequested, "other", decision_requested(area_ref=area_ref, plan_hash="x")
    )
    service.post("/decisions", decision_body(area_ref))
    for topic in ("topic", "topic-2"):
        data = resolved(area_ref, required=False, topic_ref=topic)
        service.hear(consultation.TopicResolved, topic, data)
    (works, _) = service.request("GET", "/works").json["items"]
    service.post(f"/works/{works['id']}/cancel", {"reason": "施工单位退出"}, status=200)
    move_the_estate(service)
    old = facts.ESTATE_PATH
    everything = ("areas", "works", "expected_decisions", "decisions")
    assert paths(service, *everything) == {
        "areas": {MERGED},
        "works": {MERGED, old},
        "expected_decisions": {MERGED, old},
        "decisions": {old},
    }
    supersede_the_estate(service)
    assert paths(service, "areas", "works") == {"areas": {SUCCESSOR}, "works": {SUCCESSOR, old}}
    (area,) = service.request("GET", "/areas", role="community", scope="place:merged").json["items"]
    assert area["estate_ref"] == "estate-2"


def test_works_of_a_topic_that_was_resolved_before_a_move_lie_where_the_place_is_now(service, area_ref):
    move_the_estate(service)
    service.hear_twice(consultation.TopicResolved, "topic", resolved(area_ref, required=False))
    (created,) = service.said(property.WorksCreated)
    assert created.data["place_path"] == MERGED


@pytest.mark.parametrize("event", [grid.PlaceRegistered, grid.PlaceChanged, grid.PlaceSuperseded])
def test_whatever_is_told_of_a_place_is_kept_once_and_only_if_it_is_newer(service, event):
    hear_of_the_estate(service, event)
