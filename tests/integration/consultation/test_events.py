"""What consultation does with what it hears: each subscription twice and out of order."""

from __future__ import annotations

import pytest

from shared.contracts import alliance, consultation, grid, notify, property
from tests.builders import consultation as build
from tests.builders import facts
from tests.builders.places import (
    MERGED,
    SUCCESSOR,
    hear_of_the_estate,
    move_the_estate,
    paths,
    supersede_the_estate,
)


def assert_all_was_handled(service):
    assert set(service.heard()) == {"done"}, service.reasons()


# ---- professionals


def test_an_organisation_engaged_for_the_design_may_author_a_plan(service, journey):
    journey.accept()
    request = journey.request_design()
    data = build.engagement(request["id"], journey.topic_id, purpose="design")
    service.hear_twice(alliance.EngagementAccepted, "engagement", data)
    assert journey.propose(author_org_refs=["institute"])["versions"][0]["author_org_refs"] == ["institute"]


def test_a_designer_that_withdrew_authors_nothing_in_whatever_order_it_is_heard(service, journey):
    journey.accept()
    request = journey.request_design()
    gone = build.withdrawal(request["id"], journey.topic_id, purpose="design")
    came = build.engagement(request["id"], journey.topic_id, purpose="design")
    service.hear(alliance.EngagementWithdrawn, "engagement", gone, version=2)
    service.hear(alliance.EngagementAccepted, "engagement", came, version=1)
    service.hear_twice(alliance.EngagementWithdrawn, "engagement", gone)
    (view,) = service.request("GET", f"/topics/{journey.topic_id}/design-requests").json["items"]
    assert view["org_refs"] == []


def test_a_design_request_that_nobody_answered_is_noted_and_stops_nothing(service, journey):
    journey.accept()
    request = journey.request_design()
    data = build.unfilled(request["id"], journey.topic_id, "design")
    service.hear_twice(alliance.RequestUnfilled, "request", data)
    (view,) = service.request("GET", f"/topics/{journey.topic_id}/design-requests").json["items"]
    assert view["is_unfilled"] is True
    journey.propose()


@pytest.fixture
def under_review(journey):
    """A topic whose first version is under review."""
    journey.accept()
    journey.propose()
    journey.open_review()
    return journey


def test_engaged_reviewers_are_on_the_professionals_roster_once(service, under_review):
    data = build.engagement(
        under_review.review["id"], under_review.topic_id, expert_refs=["expert-1", "expert-2"]
    )
    service.hear_twice(alliance.EngagementAccepted, "engagement", data)
    assert under_review.review_view()["expert_refs"] == ["expert-1", "expert-2"]


def test_reviewers_that_withdraw_leave_the_roster_and_their_ballots_no_longer_count(service, under_review):
    under_review.engage_expert()
    under_review.hold_joint_session()
    for voter in ("resident-1", "resident-2", "resident-3"):
        under_review.ballot(voter)
    under_review.ballot("expert-1", "professionals")
    gone = build.withdrawal(under_review.review["id"], under_review.topic_id)
    service.hear_twice(alliance.EngagementWithdrawn, "engagement", gone)
    closed = under_review.close_in_the_end()
    assert closed["state"] == "returned"
    assert [(v["on_roster"], v["voted"]) for v in closed["verdicts"]] == [(3, 3), (0, 0)]


def test_reviewers_whose_withdrawal_is_heard_first_never_join(service, under_review):
    gone = build.withdrawal(under_review.review["id"], under_review.topic_id)
    service.hear(alliance.EngagementWithdrawn, "engagement", gone, version=2)
    service.deliver(
        service.message(
            alliance.EngagementAccepted,
            "engagement",
            build.engagement(under_review.review["id"], under_review.topic_id),
            version=1,
        )
    )
    assert_all_was_handled(service)
    assert under_review.review_view()["expert_refs"] == []


def test_who_drew_the_version_is_not_among_its_reviewers(service, journey):
    journey.accept()
    request = journey.request_design()
    service.hear(
        alliance.EngagementAccepted,
        "design engagement",
        build.engagement(
            request["id"], journey.topic_id, purpose="design", engagement_ref="design engagement"
        ),
    )
    journey.propose(author_org_refs=["institute"])
    journey.open_review()
    (asked,) = service.said(consultation.ReviewRequested)
    assert asked.data["excluded_org_refs"] == ["institute"]
    before = service.snapshot()
    journey.engage_expert()
    assert service.snapshot() == before
    assert_all_was_handled(service)


def engaged_for_the_design(service, journey, *, withdrawn=False):
    request = journey.request_design()
    about = request["id"], journey.topic_id
    ref = {"purpose": "design", "engagement_ref": "design engagement"}
    service.hear(alliance.EngagementAccepted, "design engagement", build.engagement(*about, **ref))
    if withdrawn:
        service.hear(alliance.EngagementWithdrawn, "design engagement", build.withdrawal(*about, **ref))


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_designer_reviews_no_version_even_if_the_plan_names_no_author(service, journey, withdrawn):
    journey.accept()
    engaged_for_the_design(service, journey, withdrawn=withdrawn)
    journey.propose(author_org_refs=[])
    journey.open_review()
    (asked,) = service.said(consultation.ReviewRequested)
    assert asked.data["excluded_org_refs"] == ["institute"]
    journey.engage_expert()
    assert journey.review_view()["expert_refs"] == []
    assert_all_was_handled(service)


@pytest.mark.parametrize("first", ["design", "review"])
def test_a_designer_heard_of_during_the_review_is_no_reviewer_in_whatever_order(service, under_review, first):
    deeds = [lambda: engaged_for_the_design(service, under_review), under_review.engage_expert]
    for deed in deeds if first == "design" else reversed(deeds):
        deed()
    view = under_review.review_view()
    assert (view["expert_refs"], view["excluded_org_refs"]) == ([], ["institute"])
    assert_all_was_handled(service)


def test_after_the_closing_nobody_joins_leaves_or_is_missed(service, under_review):
    under_review.close_in_the_end()
    before = service.snapshot()
    review_id, topic_id = under_review.review["id"], under_review.topic_id
    service.hear(alliance.EngagementAccepted, "engagement", build.engagement(review_id, topic_id))
    service.hear(alliance.EngagementWithdrawn, "engagement", build.withdrawal(review_id, topic_id))
    service.hear(alliance.RequestUnfilled, "request", build.unfilled(review_id, topic_id, "review"))
    assert service.snapshot() == before
    assert_all_was_handled(service)


def test_a_review_without_professionals_is_noted_and_can_be_closed(service, under_review):
    data = build.unfilled(under_review.review["id"], under_review.topic_id, "review")
    service.hear_twice(alliance.RequestUnfilled, "request", data)
    assert under_review.review_view()["is_unfilled"] is True
    assert under_review.close_in_the_end()["state"] == "returned"


# ---- the owners


@pytest.mark.parametrize("heard", ["before the review has passed", "after it has passed"])
def test_the_owners_decision_on_this_version_lets_the_topic_resolve(service, journey, heard):
    journey.accept()
    plan = journey.propose(owners_decision=build.owners_must_decide())
    decided = build.decision(journey.topic_id, plan["hash"])
    if heard.startswith("before"):
        service.hear_twice(property.DecisionRecorded, "decision", decided)
        journey.pass_review()
    else:
        journey.pass_review()
        assert journey.resolve(status=409)["code"] == "decision_missing"
        service.hear_twice(property.DecisionRecorded, "decision", decided)
    journey.resolve()
    (resolved,) = service.said(consultation.TopicResolved)
    assert resolved.data["owners_decision"] == {
        "required": True,
        "reason": "改变共有部分用途",
        "decision_ref": "decision",
    }


@pytest.mark.parametrize(
    "changed",
    [{"outcome": "rejected"}, {"plan_hash": "of another version"}, {"kind": "ordinary"}, {"area_ref": "b"}],
)
def test_another_decision_does_not_do(service, journey, changed):
    journey.accept()
    plan = journey.propose(owners_decision=build.owners_must_decide())
    journey.pass_review()
    decided = build.decision(journey.topic_id, plan["hash"]) | changed
    service.hear(property.DecisionRecorded, "decision", decided)
    assert journey.resolve(status=409)["code"] == "decision_missing"


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_a_second_vote_that_adopts_counts_whichever_result_is_heard_first(service, journey, order):
    journey.accept()
    plan = journey.propose(owners_decision=build.owners_must_decide())
    journey.pass_review()
    outcomes = {"first": "rejected", "second": "adopted"}
    for ref in order:
        data = build.decision(journey.topic_id, plan["hash"], decision_ref=ref, outcome=outcomes[ref])
        service.hear(property.DecisionRecorded, ref, data)
    journey.resolve()
    (resolved,) = service.said(consultation.TopicResolved)
    assert resolved.data["owners_decision"]["decision_ref"] == "second"


# ---- works


def created(journey, **changed):
    return build.works_created(journey.topic_id, journey.topic()["plan_hash"], **changed)


def test_the_works_made_from_the_adopted_plan_are_the_topics_works(service, journey):
    journey.deliver()
    service.hear_twice(property.WorksCreated, "works", created(journey))
    assert (journey.topic()["works_ref"], journey.topic()["works_accepted"]) == ("works", False)


def test_works_of_another_version_are_not_the_topics_works(service, journey):
    journey.deliver()
    before = service.snapshot()
    service.hear(property.WorksCreated, "works", created(journey) | {"plan_hash": "of another version"})
    assert service.snapshot() == before


def test_accepted_works_let_the_result_land(service, journey):
    journey.deliver()
    service.hear(property.WorksCreated, "works", created(journey))
    assert journey.land(status=409)["code"] == "works_open"
    accepted = facts.works_accepted(topic_ref=journey.topic_id)
    service.hear_twice(property.WorksAccepted, "works", accepted)
    assert journey.land()["state"] == "landed"
    (landed,) = service.said(consultation.ResultLanded)
    assert (landed.subject, landed.data["works_ref"]) == (journey.topic_id, "works")
    assert (landed.data["maintainer_name"], landed.data["case_refs"]) == ("示例物业", ["case"])


def test_acceptance_heard_before_the_creation_ends_in_the_same_state(service, journey):
    journey.deliver()
    service.hear(property.WorksAccepted, "works", facts.works_accepted(topic_ref=journey.topic_id), version=5)
    service.hear(property.WorksCreated, "works", created(journey), version=1)
    assert_all_was_handled(service)
    assert (journey.topic()["works_ref"], journey.topic()["works_accepted"]) == ("works", True)


def test_cancelled_works_bring_the_topic_back_once(service, journey):
    journey.deliver()
    service.hear(property.WorksCreated, "works", created(journey))
    cancelled = facts.works_cancelled(topic_ref=journey.topic_id)
    service.hear_twice(property.WorksCancelled, "works", cancelled)
    (returned,) = service.said(consultation.TopicReturned)
    assert (returned.data["works_ref"], returned.data["reason_text"]) == ("works", "施工单位退出")
    view = journey.topic()
    assert (view["state"], view["phase"], view["works_ref"]) == ("deliberating", "共议方案", None)


def test_works_whose_cancelling_is_heard_first_never_become_current(service, journey):
    journey.deliver()
    data = created(journey)
    service.hear(
        property.WorksCancelled, "works", facts.works_cancelled(topic_ref=journey.topic_id), version=3
    )
    before = service.snapshot()
    service.hear(property.WorksCreated, "works", data, version=1)
    assert service.snapshot() == before
    assert journey.topic()["works_ref"] is None


def test_after_cancelled_works_a_new_version_is_judged_adopted_and_built(service, journey):
    journey.deliver()
    first = created(journey)
    service.hear(property.WorksCreated, "works", first)
    service.hear(property.WorksCancelled, "works", facts.works_cancelled(topic_ref=journey.topic_id))
    assert journey.resolve(status=409)["code"] == "version_given_up"
    journey.propose()
    assert journey.resolve(status=409)["code"] == "latest_not_passed"
    journey.pass_review()
    journey.resolve()
    hashes = [event.data["plan_hash"] for event in service.said(consultation.TopicResolved)]
    assert len(set(hashes)) == 2
    service.hear(property.WorksCreated, "works", first)
    service.hear(property.WorksAccepted, "works", facts.works_accepted(topic_ref=journey.topic_id))
    service.hear(property.WorksCancelled, "works", facts.works_cancelled(topic_ref=journey.topic_id))
    view = journey.topic()
    assert (view["state"], view["works_ref"], view["works_accepted"]) == ("delivering", None, False)
    service.hear(property.WorksCreated, "works-2", created(journey, works_ref="works-2"))
    accepted = facts.works_accepted(topic_ref=journey.topic_id, works_ref="works-2")
    service.hear(property.WorksAccepted, "works-2", accepted)
    assert journey.land()["works_ref"] == "works-2"


def test_works_that_are_cancelled_after_the_result_has_landed_change_nothing(service, journey):
    journey.deliver()
    service.hear(property.WorksAccepted, "works", facts.works_accepted(topic_ref=journey.topic_id))
    journey.land()
    before = service.snapshot()
    service.hear(property.WorksCancelled, "works", facts.works_cancelled(topic_ref=journey.topic_id))
    assert service.snapshot() == before


# ---- satisfaction


def test_the_residents_word_is_kept_once_even_if_it_comes_before_the_landing(service, journey):
    journey.deliver()
    service.hear(property.WorksAccepted, "works", facts.works_accepted(topic_ref=journey.topic_id))
    data = build.question_closed(journey.topic_id)
    service.hear(notify.QuestionClosed, "question", data)
    assert service.heard()["pending"] == 1
    journey.land()
    service.run()
    assert_all_was_handled(service)
    assert journey.topic()["satisfaction"] == {"asked": 30, "answered": 24, "resolved": 22}
    service.hear_twice(notify.QuestionClosed, "question", data)


def test_a_question_about_a_case_is_none_of_a_topics_business(service, journey):
    before = service.snapshot()
    data = build.question_closed("x", about={"type": "case", "ref": "case", "turn": 1})
    service.hear(notify.QuestionClosed, "question", data)
    assert service.snapshot() == before
    assert_all_was_handled(service)


@pytest.mark.parametrize(
    ("event", "subject", "data", "aggregate"),
    [
        (grid.PlaceRegistered, "spot", facts.place(), "grid.place"),
        (grid.PlaceChanged, "spot", facts.place(), "grid.place"),
        (property.PartyRegistered, "company", facts.party(), "property.party"),
        (property.AreaRegistered, "area", facts.area(), "property.area"),
        (notify.ContactRegistered, "resident-1", facts.contact(), "notify.contact"),
        (notify.ContactMoved, "resident-1", facts.contact_moved(), "notify.contact"),
    ],
)
def test_a_reference_fact_is_kept_once_and_only_if_it_is_newer(service, event, subject, data, aggregate):
    newer = service.message(event, subject, data, version=2)
    older = service.message(event, subject, data | {"name": "旧"} if "name" in data else data, version=1)
    service.deliver(newer)
    before = service.snapshot()
    service.deliver(newer, older, older)
    (kept,) = service.copies(aggregate)
    assert data.items() <= kept.items()
    assert service.snapshot() == before


def test_a_changed_place_replaces_the_registered_one_whichever_comes_first(service):
    registered = service.message(grid.PlaceRegistered, "new", facts.building("new"), version=1)
    renamed = facts.building("new") | {"name": "新名"}
    changed = service.message(grid.PlaceChanged, "new", renamed, version=2)
    service.deliver(changed, registered, changed)
    assert [copy["name"] for copy in service.copies("grid.place") if copy["place_ref"] == "new"] == ["新名"]


def test_an_erased_person_is_forgotten_and_no_older_fact_brings_the_person_back(service):
    registered = service.message(notify.ContactRegistered, "resident-1", facts.contact(), version=1)
    erased = service.message(notify.ContactErased, "resident-1", facts.contact_erased(), version=2)
    service.deliver(registered, erased)
    before = service.snapshot()
    service.forget()
    service.deliver(erased, registered)
    assert service.copies("notify.contact") == [{}]
    assert service.snapshot() == before


def test_a_pairing_that_has_ended_collects_nothing_until_somebody_takes_over(service):
    build.hear_the_neighbourhood(service)
    body = build.survey_body(pairing_refs=["pairing"])
    started = service.message(grid.PairingStarted, "pairing", facts.pairing(), version=1)
    ended = service.message(grid.PairingEnded, "pairing", facts.pairing_ended(), version=2)
    service.deliver(ended, started, ended)
    assert service.request("POST", "/surveys", body).status_code == 422
    service.hear(grid.PairingStarted, "pairing", facts.pairing(), version=3)
    service.post("/surveys", body)


def test_an_open_topic_follows_its_place_with_all_that_belongs_to_it_and_a_declined_one_stays(
    service, under_review
):
    under_review.engage_expert()
    under_review.hold_joint_session()
    under_review.ballot("resident-1")
    declined = service.post("/topics", build.topic_body(), role="community")["id"]
    service.post(f"/topics/{declined}/decline", {"reason": "不属于协商范围"}, role="party_org", status=200)
    theirs = ("plans", "sessions", "reviews", "ballots")
    move_the_estate(service)
    assert paths(service, *theirs, "topics") == {key: {MERGED} for key in theirs} | {
        "topics": {MERGED, facts.ESTATE_PATH}
    }
    supersede_the_estate(service)
    assert paths(service, *theirs) == {key: {SUCCESSOR} for key in theirs}
    scope = "place:merged"
    (seen,) = service.request("GET", "/topics", role="community", scope=scope).json["items"]
    assert (seen["id"], seen["place_ref"], seen["estate_ref"]) == (
        under_review.topic_id,
        "estate-2",
        "estate-2",
    )


def test_a_topic_at_a_place_that_was_superseded_is_raised_at_its_successor(service, journey):
    move_the_estate(service)
    supersede_the_estate(service)
    new = service.post("/topics", build.topic_body(place_ref="estate"), role="community")
    assert new["place_ref"] == "estate-2"
    assert (
        service.request("GET", f"/topics/{new['id']}", role="community", scope="place:estate").status_code
        == 200
    )


@pytest.mark.parametrize("event", [grid.PlaceRegistered, grid.PlaceChanged, grid.PlaceSuperseded])
def test_whatever_is_told_of_a_place_is_kept_once_and_only_if_it_is_newer(service, event):
    hear_of_the_estate(service, event)


# ---- what puts itself up for deliberation: clusters (chain 4), unmanaged areas, evaluations


def topics_of(service):
    return service.request("GET", "/topics").json["items"]


def test_a_cluster_for_deliberation_raises_one_topic_by_itself(service):
    build.hear_the_neighbourhood(service)
    service.hear_twice(grid.ClusterFound, "cluster", facts.cluster_found())
    (topic,) = topics_of(service)
    assert topic["title"] == "金侨时代家园“路面破损”问题集中"
    assert (topic["state"], topic["raised_by"], topic["source_ref"]) == ("raised", "resident", "cluster")
    assert topic["case_refs"] == [f"case-{number}" for number in range(5)]


@pytest.mark.parametrize("route", ["claim", "unmanaged", "need", "association"])
def test_a_cluster_of_another_route_is_another_service_s(service, route):
    build.hear_the_neighbourhood(service)
    service.hear_twice(grid.ClusterFound, "cluster", facts.cluster_found(route=route))
    service.hear_twice(grid.ClusterCaseJoined, "cluster", facts.case_joined(route=route))
    assert topics_of(service) == []


def test_a_sixth_case_joins_the_topic_whatever_comes_first(service):
    build.hear_the_neighbourhood(service)
    found = service.message(grid.ClusterFound, "cluster", facts.cluster_found(), version=1)
    joined = service.message(grid.ClusterCaseJoined, "cluster", facts.case_joined(), version=2)
    service.deliver(joined, found, joined)
    (topic,) = topics_of(service)
    assert topic["case_refs"] == [f"case-{number}" for number in range(6)]
    service.hear_twice(grid.ClusterCaseJoined, "cluster", facts.case_joined())


def test_a_case_that_joins_an_accepted_topic_is_told_to_grid_and_one_that_joins_an_ended_topic_is_not(
    service,
):
    build.hear_the_neighbourhood(service)
    service.hear(grid.ClusterFound, "cluster", facts.cluster_found())
    (topic,) = topics_of(service)
    service.post(f"/topics/{topic['id']}/cases", {"case_refs": ["case-9", "case-0"]}, status=200)
    assert service.said(consultation.TopicCasesLinked) == [], "its acceptance will speak of them all"
    accepted = {"party_org": "社区党委"}
    service.post(f"/topics/{topic['id']}/accept", accepted, role="party_org", status=200)
    service.hear(grid.ClusterCaseJoined, "cluster", facts.case_joined())
    (linked,) = service.said(consultation.TopicCasesLinked)
    assert (linked.data["linked_case_refs"], linked.data["plan_version"]) == (["case-5"], None)
    assert linked.data["case_refs"] == [*(f"case-{number}" for number in range(5)), "case-9", "case-5"]


def test_a_case_that_joins_a_declined_topic_changes_nothing(service):
    build.hear_the_neighbourhood(service)
    service.hear(grid.ClusterFound, "cluster", facts.cluster_found())
    (topic,) = topics_of(service)
    declined = {"reason": "已列入市政计划"}
    service.post(f"/topics/{topic['id']}/decline", declined, role="party_org", status=200)
    service.hear_twice(grid.ClusterCaseJoined, "cluster", facts.case_joined())
    assert len(topics_of(service)[0]["case_refs"]) == 5
    answer = service.request("POST", f"/topics/{topic['id']}/cases", {"case_refs": ["case-9"]})
    assert answer.status_code == 409


def test_a_case_that_joins_a_merged_topic_joins_the_one_that_goes_on(service, journey):
    service.hear(grid.ClusterFound, "cluster", facts.cluster_found())
    (topic,) = (each for each in topics_of(service) if each["source_ref"])
    service.post(f"/topics/{topic['id']}/merge", {"into_ref": journey.topic_id}, status=200)
    service.hear_twice(grid.ClusterCaseJoined, "cluster", facts.case_joined())
    assert journey.topic()["case_refs"] == ["case", *(f"case-{number}" for number in range(6))]


def test_an_area_that_nobody_manages_raises_one_topic_by_itself(service):
    build.hear_the_neighbourhood(service)
    service.hear_twice(property.UnmanagedAreaFound, "area", facts.unmanaged_found())
    (topic,) = topics_of(service)
    assert (topic["title"], topic["raised_by"], topic["area_ref"]) == ("映翠居物业管理缺位", "street", "area")
    assert topic["case_refs"] == ["case-1", "case-2"]


def test_an_evaluation_that_failed_twice_raises_one_topic_however_often_it_goes_on_failing(service):
    build.hear_the_neighbourhood(service)
    service.hear(property.EvaluationTurnStarted, "evaluation", facts.turn_started(turn=2, failed_turns=1))
    assert topics_of(service) == []
    third = service.message(property.EvaluationTurnStarted, "evaluation", facts.turn_started(), version=3)
    fourth = service.message(
        property.EvaluationTurnStarted, "evaluation", facts.turn_started(turn=4, failed_turns=3), version=4
    )
    service.deliver(fourth, third, fourth)
    (topic,) = topics_of(service)
    assert topic["title"] == "金侨时代家园物业服务多轮整改未达标"


def test_what_is_found_at_a_place_that_is_not_known_yet_waits_for_it(service):
    service.hear(property.UnmanagedAreaFound, "area", facts.unmanaged_found())
    assert service.heard()["pending"] == 1
    build.hear_the_neighbourhood(service)
    service.run()
    assert len(topics_of(service)) == 1


# ---- a result that is not good


def test_a_result_that_most_find_unresolved_is_reopened_by_itself_and_can_land_again(service, journey):
    journey.deliver()
    service.hear(property.WorksAccepted, "works", facts.works_accepted(topic_ref=journey.topic_id))
    journey.land()
    bad = build.question_closed(journey.topic_id, resolved=11)
    service.hear_twice(notify.QuestionClosed, "question", bad)
    (reopened,) = service.said(consultation.ResultReopened)
    assert (reopened.data["works_ref"], reopened.data["turn"]) == ("works", 2)
    assert reopened.data["reason_text"] == "24人评价，13人认为没有解决"
    assert journey.topic()["state"] == "deliberating"
    journey.propose(maintainer_ref="company", items=[build.item(title="排水坡")])
    journey.pass_review()
    journey.resolve()
    service.hear(
        property.WorksAccepted,
        "works-2",
        facts.works_accepted(topic_ref=journey.topic_id, works_ref="works-2"),
    )
    journey.land()
    good = build.question_closed(journey.topic_id, question_ref="question-2")
    good["about"]["turn"] = 2
    service.hear_twice(notify.QuestionClosed, "question-2", good)
    assert journey.topic()["satisfaction"]["resolved"] == 22
    assert [event.data["turn"] for event in service.said(consultation.ResultLanded)] == [1, 2]
