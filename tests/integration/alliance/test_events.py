"""What alliance does with what it hears: each subscription twice and out of order."""

from __future__ import annotations

import pytest

from shared.contracts import alliance, consultation, grid
from tests.builders import alliance as wishes
from tests.builders import facts
from tests.builders.places import (
    MERGED,
    hear_of_the_estate,
    move_the_estate,
    paths,
    supersede_the_estate,
)


@pytest.fixture
def service(under_test):
    return under_test("alliance")


@pytest.fixture
def organisation(service):
    """An organisation that knows planning."""
    return service.post("/organisations", wishes.organisation_body())["id"]


def requests_of(service, request_ref):
    return service.request("GET", f"/requests?request_ref={request_ref}").json["items"]


def state_of(service, request_ref):
    (request,) = requests_of(service, request_ref)
    return request["state"]


def engage(service, request_ref, organisation, *experts):
    (request,) = requests_of(service, request_ref)
    return service.post(
        f"/requests/{request['id']}/accept",
        {"org_ref": organisation, "expert_refs": list(experts), "interests": ""},
        role="professional",
        scope=f"party:{organisation}",
    )


@pytest.mark.parametrize(
    ("event", "data", "request_ref", "purpose"),
    [
        (consultation.DesignRequested, wishes.design_requested(), "design", "design"),
        (consultation.ReviewRequested, wishes.review_requested(excluded_org_refs=["a"]), "review", "review"),
    ],
)
def test_a_wish_of_consultation_opens_one_request_with_an_answer_date(
    service, event, data, request_ref, purpose
):
    service.hear_twice(event, request_ref, data)
    (request,) = requests_of(service, request_ref)
    assert (request["state"], request["purpose"], request["topic_ref"]) == ("open", purpose, "topic")
    assert request["answer_by"] == "2024-06-10T17:00:00+08:00"
    assert request["excluded_org_refs"] == data.get("excluded_org_refs", [])
    assert service.scheduled() == [f"lapse:{request['id']}"]
    assert service.said() == []


def test_a_wish_repeated_after_the_answer_does_not_open_the_request_again(service, organisation):
    service.hear(consultation.DesignRequested, "design", wishes.design_requested())
    engage(service, "design", organisation, "a")
    service.hear_twice(consultation.DesignRequested, "design", wishes.design_requested())
    assert state_of(service, "design") == "filled"


ENDS = [
    (consultation.ReviewPassed, wishes.review_ended()),
    (consultation.ReviewReturned, wishes.review_returned()),
]


@pytest.mark.parametrize(("event", "data"), ENDS)
def test_the_end_of_a_review_closes_its_open_request_and_finishes_its_engagements(
    service, organisation, event, data
):
    service.hear(consultation.ReviewRequested, "review", wishes.review_requested())
    engagement = engage(service, "review", organisation, "a")
    service.hear_twice(event, "review", data)
    assert state_of(service, "review") == "closed"
    assert service.scheduled() == []
    (finished,) = service.said(alliance.EngagementFinished)
    assert finished.subject == engagement["id"]


@pytest.mark.parametrize(("event", "data"), ENDS)
def test_the_end_of_a_review_finishes_the_engagements_of_a_filled_request_too(
    service, organisation, event, data
):
    service.hear(consultation.ReviewRequested, "review", wishes.review_requested())
    engage(service, "review", organisation, "a", "b")
    service.hear(event, "review", data)
    assert state_of(service, "review") == "filled"
    assert len(service.said(alliance.EngagementFinished)) == 1


@pytest.mark.parametrize(("event", "data"), ENDS)
def test_a_review_whose_end_is_heard_before_its_beginning_asks_nobody(service, event, data):
    service.hear_twice(event, "review", data, version=5)
    before = service.snapshot()
    service.hear(consultation.ReviewRequested, "review", wishes.review_requested(), version=1)
    assert service.snapshot() == before
    assert state_of(service, "review") == "closed"
    assert service.scheduled() == []


def test_the_end_of_one_review_leaves_the_next_one_alone(service, organisation):
    service.hear(consultation.ReviewRequested, "review", wishes.review_requested())
    service.hear(consultation.ReviewRequested, "next", wishes.review_requested(review_ref="next"))
    engage(service, "next", organisation, "a")
    service.hear(consultation.ReviewReturned, "review", wishes.review_returned())
    assert (state_of(service, "review"), state_of(service, "next")) == ("closed", "open")
    assert service.said(alliance.EngagementFinished) == []


def test_a_landed_result_finishes_the_design_engagements_of_its_topic_only(service, organisation):
    service.hear(consultation.DesignRequested, "design", wishes.design_requested())
    service.hear(
        consultation.DesignRequested,
        "other",
        wishes.design_requested(request_ref="other", topic_ref="other topic"),
    )
    service.hear(consultation.ReviewRequested, "review", wishes.review_requested())
    drawn = engage(service, "design", organisation, "a")
    engage(service, "other", organisation, "a")
    engage(service, "review", organisation, "a")
    service.hear_twice(consultation.ResultLanded, "topic", facts.result_landed())
    (finished,) = service.said(alliance.EngagementFinished)
    assert finished.subject == drawn["id"]
    assert finished.data["purpose"] == "design"


def test_a_landed_result_closes_the_open_design_requests_of_its_topic_only(service):
    service.hear(consultation.DesignRequested, "design", wishes.design_requested())
    other = wishes.design_requested(request_ref="other", topic_ref="other topic")
    service.hear(consultation.DesignRequested, "other", other)
    service.hear(consultation.ReviewRequested, "review", wishes.review_requested())
    service.hear_twice(consultation.ResultLanded, "topic", facts.result_landed())
    assert [state_of(service, ref) for ref in ("design", "other", "review")] == ["closed", "open", "open"]
    assert len(service.scheduled()) == 2
    service.clock.at = wishes.ANSWER_BY
    service.run()
    assert {said.data["request_ref"] for said in service.said(alliance.RequestUnfilled)} == {
        "other",
        "review",
    }


def test_a_wish_for_a_designer_after_the_landed_result_asks_nobody(service):
    service.hear(consultation.ResultLanded, "topic", facts.result_landed())
    service.hear_twice(consultation.DesignRequested, "design", wishes.design_requested())
    assert state_of(service, "design") == "closed"
    assert service.scheduled() == []
    service.hear(consultation.ReviewRequested, "review", wishes.review_requested())
    assert state_of(service, "review") == "open"


def test_a_request_without_enough_experts_on_its_answer_date_is_unfilled_once(service, organisation):
    service.hear(consultation.ReviewRequested, "review", wishes.review_requested())
    engage(service, "review", organisation, "a")
    service.clock.at = wishes.ANSWER_BY
    service.run()
    (unfilled,) = service.said(alliance.RequestUnfilled)
    assert unfilled.data == {
        "request_ref": "review",
        "purpose": "review",
        "topic_ref": "topic",
        "reason_code": "answer_date_passed",
    }
    assert unfilled.envelope.correlation_id == "journey-under-test"
    assert state_of(service, "review") == "unfilled"
    before = service.snapshot()
    service.clock.advance(days=30)
    service.run()
    assert service.snapshot() == before


def test_a_request_that_comes_after_its_answer_date_is_unfilled_at_once(service):
    service.clock.at = wishes.ANSWER_BY
    service.clock.advance(days=1)
    service.hear(consultation.ReviewRequested, "review", wishes.review_requested())
    assert state_of(service, "review") == "unfilled"
    assert len(service.said(alliance.RequestUnfilled)) == 1


def test_the_end_of_a_review_finishes_what_an_unfilled_request_had_found(service, organisation):
    service.hear(consultation.ReviewRequested, "review", wishes.review_requested())
    engage(service, "review", organisation, "a")
    service.clock.at = wishes.ANSWER_BY
    service.run()
    service.hear(consultation.ReviewReturned, "review", wishes.review_returned())
    assert state_of(service, "review") == "unfilled"
    assert len(service.said(alliance.EngagementFinished)) == 1


def test_an_engagement_is_said_with_the_refs_of_consultation_in_the_journey_of_its_request(
    service, organisation
):
    service.hear(consultation.ReviewRequested, "review", wishes.review_requested())
    engagement = engage(service, "review", organisation, "a", "b")
    (said,) = service.said(alliance.EngagementAccepted)
    assert said.data == {
        "request_ref": "review",
        "purpose": "review",
        "topic_ref": "topic",
        "engagement_ref": engagement["id"],
        "org_ref": organisation,
        "org_name": "示例规划设计院",
        "expert_refs": ["a", "b"],
        "interests": "",
    }
    assert said.envelope.correlation_id == "journey-under-test"


def test_what_is_open_follows_its_place_and_what_is_over_stays(service, organisation):
    service.hear(consultation.DesignRequested, "design", wishes.design_requested())
    service.hear(consultation.ReviewRequested, "review", wishes.review_requested())
    for request_ref in ("design", "review"):
        engage(service, request_ref, organisation, "a")
    service.hear(consultation.ReviewReturned, "review", wishes.review_returned())
    move_the_estate(service)
    assert paths(service, "professional_requests", "engagements") == {
        "professional_requests": {MERGED, facts.ESTATE_PATH},
        "engagements": {MERGED, facts.ESTATE_PATH},
    }
    supersede_the_estate(service)
    (seen,) = service.request("GET", "/requests", role="community", scope="place:merged").json["items"]
    assert (seen["request_ref"], seen["place_ref"]) == ("design", "estate-2")


@pytest.mark.parametrize("event", [grid.PlaceRegistered, grid.PlaceChanged, grid.PlaceSuperseded])
def test_whatever_is_told_of_a_place_is_kept_once_and_only_if_it_is_newer(service, event):
    hear_of_the_estate(service, event)
