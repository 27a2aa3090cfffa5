"""consultation's doors: what comes back, and what bad input is told."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from services.consultation.use_cases.reviews import CastBallot, CloseReview
from shared.contracts import alliance, consultation, grid, notify, property
from shared.contracts.envelope import LARGEST_MESSAGE
from shared.kernel.command import Actor
from shared.kernel.errors import Conflict, NotNow
from tests.builders import consultation as build
from tests.builders import facts
from tests.integration.consultation.conftest import Journey


def refusal(answer):
    return answer.status_code, answer.json["code"]


def fields_of(answer):
    return {error["field"] for error in answer.json["errors"]}


# ---- topics


def test_a_raised_topic_lies_where_its_place_lies(service, journey):
    view = journey.topic()
    assert (view["state"], view["phase"]) == ("raised", "提出问题")
    assert (view["place_name"], view["estate_ref"]) == ("金侨时代家园", "estate")
    assert view["allowed_actions"] == ["accept", "decline", "refer", "merge", "link_cases"]
    (raised,) = service.said(consultation.TopicRaised)
    assert (raised.subject, raised.data["raised_by"]) == (journey.topic_id, "resident")
    assert raised.data["place_path"] == facts.ESTATE_PATH


def test_a_topic_at_a_place_that_is_not_known_yet_may_be_raised_later(service):
    answer = service.request("POST", "/topics", build.topic_body())
    assert refusal(answer) == (422, "unknown_reference")
    assert (fields_of(answer), answer.headers["Retry-After"]) == ({"place_ref"}, "2")


def test_every_wrong_field_of_a_topic_is_named(service):
    answer = service.request("POST", "/topics", {"title": "", "theme": "party", "colour": "red"})
    assert answer.status_code == 422
    named = {"title", "text", "category", "theme", "place_ref", "raised_by", "colour"}
    assert fields_of(answer) == named


def test_a_topic_that_another_one_is_about_as_well_is_merged_into_it(service, journey):
    other = journey.post("/topics", build.topic_body(raised_by="property"), role="community", status=201)
    path = f"/topics/{other['id']}/merge"
    merged = journey.post(path, {"into_ref": journey.topic_id}, role="community")
    assert (merged["state"], merged["merged_into_ref"]) == ("merged", journey.topic_id)
    assert journey.topic()["also_raised_by"] == ["property"]
    (said,) = service.said(consultation.TopicMerged)
    assert said.data["into_topic_ref"] == journey.topic_id
    answer = service.request("POST", f"/topics/{journey.topic_id}/merge", {"into_ref": "nowhere"})
    assert (answer.status_code, fields_of(answer)) == (422, {"into_ref"})


def test_a_suspended_topic_rests_until_it_is_resumed_and_never_under_review(service, journey):
    journey.accept()
    path = f"/topics/{journey.topic_id}"
    assert journey.post(f"{path}/suspend", {"reason": "等待区级方案"})["state"] == "suspended"
    answer = service.request("POST", f"{path}/plans", build.plan_body(), role="convenor")
    assert refusal(answer) == (409, "not_now")
    assert journey.post(f"{path}/resume")["state"] == "deliberating"
    assert len(service.said(consultation.TopicSuspended)) == len(service.said(consultation.TopicResumed)) == 1
    journey.propose()
    journey.open_review()
    answer = service.request("POST", f"{path}/suspend", {"reason": "?"}, role="convenor")
    assert refusal(answer) == (409, "review_open")


@pytest.mark.parametrize(
    ("role", "scope", "own"),
    [("resident", "person:resident-1", "resident"), ("property", "party:company", "property")],
)
def test_who_speaks_for_itself_raises_a_topic_as_nobody_else(service, journey, role, scope, own):
    body = build.topic_body(raised_by="community", case_refs=[])
    before = service.snapshot()
    answer = service.request("POST", "/topics", body, role=role, scope=scope)
    assert (refusal(answer), fields_of(answer)) == ((422, "not_your_voice"), {"raised_by"})
    assert service.snapshot() == before
    assert service.post("/topics", body | {"raised_by": own}, role=role, scope=scope)["raised_by"] == own


def test_only_the_party_organisation_sets_the_agenda(service, journey):
    path = f"/topics/{journey.topic_id}/accept"
    for role in ("street", "convenor", "community"):
        answer = service.request("POST", path, {"party_org": "社区党委"}, role=role)
        assert refusal(answer) == (403, "role_missing")
    assert journey.accept()["phase"] == "共议方案"
    (accepted,) = service.said(consultation.TopicAccepted)
    assert accepted.data["party_org"] == "社区党委"


def test_a_declined_topic_is_over_and_says_why(service, journey):
    path = f"/topics/{journey.topic_id}/decline"
    view = journey.post(path, {"reason": "已列入区级计划"}, role="party_org")
    assert (view["state"], view["allowed_actions"]) == ("declined", [])
    (declined,) = service.said(consultation.TopicDeclined)
    assert declined.data["reason_text"] == "已列入区级计划"
    again = service.request(
        "POST", f"/topics/{journey.topic_id}/accept", {"party_org": "社区党委"}, role="party_org"
    )
    assert refusal(again) == (409, "not_now")


def test_a_caller_sees_and_touches_only_its_own_place(service, journey):
    inside, outside = "place:community", "place:another"
    path = f"/topics/{journey.topic_id}"
    assert len(service.request("GET", "/topics", role="community", scope=inside).json["items"]) == 1
    assert service.request("GET", "/topics", role="community", scope=outside).json["items"] == []
    assert service.request("GET", path, role="community", scope=outside).status_code == 403
    body = build.topic_body()
    assert service.request("POST", "/topics", body, role="community", scope=outside).status_code == 403


def test_topics_are_listed_by_state(service, journey):
    assert service.request("GET", "/topics?state=deliberating").json["items"] == []
    journey.accept()
    (found,) = service.request("GET", "/topics?state=deliberating").json["items"]
    assert found["id"] == journey.topic_id
    assert fields_of(service.request("GET", "/topics?state=asleep")) == {"state"}


# ---- design requests and sessions


def test_designers_are_asked_for_in_the_name_of_the_request(service, journey):
    journey.accept()
    request = journey.request_design()
    (asked,) = service.said(consultation.DesignRequested)
    assert asked.subject == asked.data["request_ref"] == request["id"]
    assert (asked.data["topic_ref"], asked.data["expertise"]) == (journey.topic_id, ["planning"])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (
            "design-requests",
            {"expertise": ["law"], "experts_needed": 1, "answer_by": "2024-06-10T18:00:00+08:00"},
        ),
        ("sessions", build.session_body()),
        ("plans", build.plan_body()),
    ],
)
def test_before_the_agenda_is_approved_nothing_is_deliberated(service, journey, path, body):
    answer = service.request("POST", f"/topics/{journey.topic_id}/{path}", body)
    assert refusal(answer) == (409, "not_now")
    assert answer.json["allowed_actions"] == ["accept", "decline", "refer", "merge", "link_cases"]


def test_an_answer_date_in_the_past_is_refused(service, journey):
    journey.accept()
    body = {"expertise": ["law"], "experts_needed": 1, "answer_by": "2024-05-01T18:00:00+08:00"}
    answer = service.request("POST", f"/topics/{journey.topic_id}/design-requests", body)
    assert (refusal(answer), fields_of(answer)) == ((422, "time_is_past"), {"answer_by"})


def test_a_session_is_announced_and_minuted_once(service, journey):
    journey.accept()
    path = f"/topics/{journey.topic_id}/sessions"
    session = journey.post(path, build.session_body(), role="community", status=201)
    assert session["allowed_actions"] == ["reschedule", "cancel", "minute"]
    (announced,) = service.said(consultation.SessionAnnounced)
    assert (announced.data["title"], announced.data["venue"]) == ("水池花坛改造", "大树下")
    minutes = f"/sessions/{session['id']}/minutes"
    assert journey.post(minutes, build.minutes_body())["state"] == "minuted"
    (minuted,) = service.said(consultation.SessionMinuted)
    assert (minuted.data["attendance"], minuted.data["points"]) == (15, 2)
    assert refusal(service.request("POST", minutes, build.minutes_body())) == (409, "not_now")
    assert service.request("GET", f"/sessions/{session['id']}").json["points"] == ["地面防滑", "增加座椅"]


def minuted(journey):
    journey.accept()
    path = f"/topics/{journey.topic_id}/sessions"
    session = journey.post(path, build.session_body(), role="community", status=201)
    return journey.post(f"/sessions/{session['id']}/minutes", build.minutes_body(), role="convenor")


def meetings_in_story(service, journey):
    story = service.request("GET", f"/topics/{journey.topic_id}/story").json["steps"]
    return [step for step in story if "人参加" in step["text"]]


def test_minutes_are_public_once_another_than_their_author_has_published_them(service, journey):
    path = f"/sessions/{minuted(journey)['id']}"
    assert refusal(service.request("POST", f"{path}/publish", role="convenor")) == (403, "own_work")
    assert meetings_in_story(service, journey) == []
    assert journey.post(f"{path}/publish", role="community")["state"] == "published"
    assert len(meetings_in_story(service, journey)) == 1


def test_a_lone_officer_publishes_in_an_emergency_and_another_approves(service, journey):
    path, because = f"/sessions/{minuted(journey)['id']}", {"because": "今夜停水，须立即告知"}
    assert (
        service.request("POST", f"{path}/publish-in-emergency", because, role="convenor").status_code == 403
    )
    alone = journey.post(f"{path}/publish-in-emergency", because, role="street")
    assert (alone["state"], alone["allowed_actions"]) == ("awaiting_approval", ["approve"])
    assert len(meetings_in_story(service, journey)) == 1
    assert refusal(service.request("POST", f"{path}/approve", role="street")) == (403, "own_work")
    assert journey.post(f"{path}/approve", role="party_org")["state"] == "published"


def test_minutes_tell_what_was_not_what_will_be(service, journey):
    journey.accept()
    body = build.session_body(starts_at="2024-05-28T09:00:00+08:00")
    session = journey.post(f"/topics/{journey.topic_id}/sessions", body, status=201)
    minutes = f"/sessions/{session['id']}/minutes"
    assert refusal(service.request("POST", minutes, build.minutes_body())) == (409, "session_not_begun")
    service.clock.advance(days=1)
    journey.post(minutes, build.minutes_body())


def test_a_session_is_put_off_and_cancelled_and_those_invited_are_told(service, journey):
    journey.accept()
    path = f"/topics/{journey.topic_id}/sessions"
    session = journey.post(path, build.session_body(), status=201)
    later = {"starts_at": "2024-06-03T09:00:00+08:00", "reason": "场地维修"}
    moved = journey.post(f"/sessions/{session['id']}/reschedule", later)
    assert (moved["starts_at"], moved["venue"]) == (later["starts_at"], session["venue"])
    ended = journey.post(f"/sessions/{session['id']}/cancel", {"reason": "高温"})
    assert (ended["state"], ended["allowed_actions"]) == ("cancelled", [])
    (rescheduled,) = service.said(consultation.SessionRescheduled)
    (cancelled,) = service.said(consultation.SessionCancelled)
    assert (rescheduled.data["times_rescheduled"], cancelled.data["reason_text"]) == (1, "高温")


def test_sessions_are_listed_by_when_they_begin(service, journey):
    journey.accept()
    path = f"/topics/{journey.topic_id}/sessions"
    for day in ("05", "03", "04"):
        journey.post(path, build.session_body(starts_at=f"2024-06-{day}T09:00:00+08:00"), status=201)
    listed = service.request("GET", f"/sessions?topic_ref={journey.topic_id}&sort=starts_at").json["items"]
    assert [each["starts_at"][8:10] for each in listed] == ["03", "04", "05"]
    assert service.request("GET", "/sessions?state=cancelled").json["items"] == []


@pytest.mark.parametrize("attendance", [{"residents": 12}, {"residents": 0, "professionals": 2}])
def test_a_joint_session_is_one_of_residents_and_professionals(service, journey, attendance):
    journey.accept()
    journey.propose()
    journey.open_review()
    body = build.session_body(kind="joint_review")
    session = journey.post(f"/topics/{journey.topic_id}/sessions", body, status=201)
    body = build.minutes_body(attendance=attendance)
    answer = service.request("POST", f"/sessions/{session['id']}/minutes", body)
    assert (refusal(answer), fields_of(answer)) == ((422, "attendance_incomplete"), {"attendance"})


def test_attendance_is_counted_in_whole_heads(service, journey):
    journey.accept()
    session = journey.post(f"/topics/{journey.topic_id}/sessions", build.session_body(), status=201)
    body = build.minutes_body(attendance={"residents": -1, "party": 2.5})
    answer = service.request("POST", f"/sessions/{session['id']}/minutes", body)
    assert answer.status_code == 422
    assert fields_of(answer) == {"attendance.residents.value", "attendance.party.value"}


@pytest.mark.parametrize("who", ["张三13812345678住3号楼501", "13812345678", "王秀英", "neighbours"])
def test_who_came_is_told_by_class_and_never_by_name(service, journey, who):
    journey.accept()
    session = journey.post(f"/topics/{journey.topic_id}/sessions", build.session_body(), status=201)
    body = build.minutes_body(attendance={"residents": 12, who: 1})
    before = service.snapshot()
    answer = service.request("POST", f"/sessions/{session['id']}/minutes", body)
    assert (answer.status_code, fields_of(answer)) == (422, {f"attendance.{who}.key"})
    assert service.snapshot() == before


def test_a_joint_session_needs_something_to_review(service, journey):
    journey.accept()
    body = build.session_body(kind="joint_review")
    answer = service.request("POST", f"/topics/{journey.topic_id}/sessions", body)
    assert refusal(answer) == (409, "no_review_open")


# ---- plans


def test_a_plan_keeps_all_its_versions_each_with_its_hash(service, journey):
    journey.accept()
    first = journey.propose()
    second = journey.propose(items=[build.item(), build.item(title="座椅", budget_fen=30_000)])
    assert (first["id"], first["version"], second["version"]) == (second["id"], 1, 2)
    assert second["budget_fen"] == 12_030_000
    view = service.request("GET", f"/plans/{first['id']}", role="resident").json
    assert [one["hash"] for one in view["versions"]] == [first["hash"], second["hash"]]
    assert len(set(view["hash"])) > 1
    assert len(view["hash"]) == 64
    said = service.said(consultation.PlanProposed)
    assert [event.data["plan_version"] for event in said] == [1, 2]
    assert [event.data["plan_hash"] for event in said] == [first["hash"], second["hash"]]


def test_of_two_who_edit_a_plan_the_second_is_told_that_it_has_moved_on(service, journey):
    journey.accept()
    path = f"/topics/{journey.topic_id}/plans"
    first = journey.propose()
    assert refusal(service.request("POST", path, build.plan_body())) == (409, "plan_moved_on"), "unread"
    ours = build.plan_body(base_version=1, items=[build.item(title="坡道")])
    theirs = build.plan_body(base_version=1, items=[build.item(title="座椅")])
    assert service.request("POST", path, ours).status_code == 201
    answer = service.request("POST", path, theirs)
    assert (refusal(answer), "第2版" in answer.json["detail"]) == ((409, "plan_moved_on"), True)
    assert service.request("POST", path, theirs | {"base_version": 2}).status_code == 201
    titles = [
        [item["title"] for item in version["items"]]
        for version in service.request("GET", f"/plans/{first['id']}").json["versions"]
    ]
    assert titles == [["防滑铺装"], ["坡道"], ["座椅"]]


def test_two_versions_are_compared_item_by_item(service, journey):
    journey.accept()
    bench = build.item(title="座椅", location="树下", budget_fen=30_000)
    journey.propose(items=[build.item(), bench])
    plan = journey.propose(items=[build.item(budget_fen=11_000_000), build.item(title="坡道")])
    path = f"/plans/{plan['id']}/diff"
    view = service.request("GET", f"{path}?from=1&to=2").json
    assert view["added"] == [build.item(title="坡道")]
    assert view["removed"] == [bench]
    assert view["changed"] == [{"before": build.item(), "after": build.item(budget_fen=11_000_000)}]
    assert view["budget_change_fen"] == 10_970_000
    assert refusal(service.request("GET", f"{path}?from=1&to=3")) == (404, "version_unknown")
    assert fields_of(service.request("GET", path)) == {"from", "to"}


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"funding": [{"source": "街道", "amount_fen": 11_999_999}]}, "funding_wrong", "funding"),
        ({"items": [build.item(), build.item()]}, "item_twice", "items"),
        ({"maintainer_ref": "nobody"}, "unknown_reference", "maintainer_ref"),
        ({"area_ref": "nowhere"}, "unknown_reference", "area_ref"),
        ({"building_refs": ["nowhere"]}, "unknown_reference", "building_refs"),
        ({"area_ref": "another_area"}, "outside_estate", "area_ref"),
        ({"building_refs": ["estate"]}, "not_building", "building_refs"),
        ({"building_refs": ["another"]}, "outside_estate", "building_refs"),
        ({"maintainer_ref": "contractor"}, "not_maintainer", "maintainer_ref"),
        ({"items": [build.item(kind="铺")]}, "invalid", "items.0.kind"),
        ({"author_org_refs": ["institute"]}, "author_not_engaged", "author_org_refs"),
        (
            {"owners_decision": build.owners_must_decide(kind=None)},
            "decision_kind_missing",
            "owners_decision.kind",
        ),
    ],
)
def test_a_plan_that_cannot_be_right_is_told_what_is_wrong(service, journey, changed, code, field):
    journey.accept()
    service.hear(
        property.AreaRegistered, "another_area", facts.area(area_ref="another_area", estate_ref="another")
    )
    service.hear(
        grid.PlaceRegistered, "another", facts.building("another") | {"path": "/street/community/x/another/"}
    )
    service.hear(
        property.PartyRegistered, "contractor", facts.party(party_ref="contractor", kind="contractor")
    )
    before = service.snapshot()
    answer = service.request("POST", f"/topics/{journey.topic_id}/plans", build.plan_body(**changed))
    assert (refusal(answer), fields_of(answer)) == ((422, code), {field})
    assert service.snapshot() == before


def test_a_designer_proposes_only_what_it_drew_itself(service, journey):
    journey.accept()
    request = journey.request_design()
    data = build.engagement(request["id"], journey.topic_id, purpose="design")
    service.hear(alliance.EngagementAccepted, "engagement", data)
    path, body = f"/topics/{journey.topic_id}/plans", build.plan_body(author_org_refs=["institute"])
    another = service.request("POST", path, body, role="professional", scope="party:another")
    assert refusal(another) == (403, "outside_scope")
    own = service.request("POST", path, body, role="professional", scope="party:institute")
    assert own.status_code == 201


def test_what_is_being_judged_stands_still(service, journey):
    journey.accept()
    journey.propose()
    journey.open_review()
    answer = service.request("POST", f"/topics/{journey.topic_id}/plans", build.plan_body())
    assert refusal(answer) == (409, "review_open")


# ---- reviews


@pytest.fixture
def reviewed(journey):
    """A version under review, with one expert, after its joint session."""
    journey.accept()
    journey.propose()
    journey.open_review()
    journey.engage_expert()
    journey.hold_joint_session()
    return journey


INTEREST = {"voter_ref": "resident-1", "chamber": "residents", "text": "亲属"}


def ballot_of(journey, voter_ref, chamber, **changed):
    return {
        "voter_ref": voter_ref,
        "chamber": chamber,
        "plan_hash": journey.review["plan_hash"],
        "approve": True,
    } | changed


def ballot_refused(journey, voter_ref="resident-1", chamber="residents", **changed):
    """How the convenor's paper ballot is refused; one of the professionals' is the reviewer's own."""
    on_paper = chamber == "residents"
    role, scope = ("convenor", "*") if on_paper else ("reviewer", f"person:{voter_ref}")
    body = ballot_of(journey, voter_ref, chamber, **changed)
    path = f"/reviews/{journey.review['id']}/ballots"
    before = journey.service.snapshot()
    answer = journey.service.request("POST", path, body, role=role, scope=scope)
    assert journey.service.snapshot() == before
    return refusal(answer)


def test_the_convenor_of_a_smaller_place_puts_in_no_ballot_of_a_review_around_it(reviewed):
    path, body = f"/reviews/{reviewed.review['id']}/ballots", ballot_of(reviewed, "resident-1", "residents")
    own = {"role": "convenor", "scope": "place:building"}
    assert refusal(reviewed.service.request("POST", path, body, **own)) == (403, "outside_scope")


def test_a_review_locks_the_latest_version_and_asks_for_professionals(service, journey):
    journey.accept()
    journey.propose()
    plan = journey.propose(items=[build.item(title="坡道")])
    review = journey.open_review()
    assert (review["plan_version"], review["plan_hash"]) == (2, plan["hash"])
    assert (review["quorum_percent"], review["threshold_percent"]) == (50, 50)
    (asked,) = service.said(consultation.ReviewRequested)
    assert asked.subject == asked.data["review_ref"] == review["id"]
    assert (asked.data["plan_hash"], asked.data["excluded_org_refs"]) == (plan["hash"], [])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"resident_roster": []}, "resident_roster"),
        ({"resident_roster": ["resident-1", "resident-1"]}, "resident_roster"),
        ({"resident_roster": ["resident-1", "nobody"]}, "resident_roster"),
        ({"closes_at": "2024-05-01T18:00:00+08:00"}, "closes_at"),
        ({"answer_by": "2024-05-01T18:00:00+08:00"}, "answer_by"),
        ({"threshold_percent": 100}, "threshold_percent"),
        ({"threshold_percent": 49}, "threshold_percent"),
        ({"quorum_percent": 49}, "quorum_percent"),
        ({"closes_at": "2024-08-26T18:00:00+08:00"}, "closes_at"),
        ({"resident_roster": ["resident-1", "neighbour"]}, "resident_roster"),
    ],
)
def test_a_review_that_cannot_be_held_is_told_why(service, journey, changed, field):
    journey.accept()
    plan = journey.propose()
    away = facts.contact("neighbour", place_path="/street/community/another/door/")
    service.hear(notify.ContactRegistered, "neighbour", away)
    answer = service.request("POST", f"/plans/{plan['id']}/reviews", build.review_body(**changed))
    assert (answer.status_code, fields_of(answer)) == (422, {field})


def test_one_review_at_a_time_and_one_per_version(service, reviewed):
    path = f"/plans/{reviewed.plan['id']}/reviews"
    assert refusal(service.request("POST", path, build.review_body())) == (409, "review_open")
    for voter in ("resident-1", "resident-2", "resident-3"):
        reviewed.ballot(voter, approve=False, criteria=["access"], reasons="台阶太高")
    reviewed.ballot("expert-1", "professionals")
    assert reviewed.close()["next_step"] == "revise"
    assert refusal(service.request("POST", path, build.review_body())) == (409, "version_judged")
    reviewed.propose()
    assert (reviewed.open_review()["plan_version"], reviewed.review["round"]) == (2, 1)


def test_a_version_that_too_few_have_judged_is_put_to_the_vote_once_more_and_no_more(service, reviewed):
    path = f"/plans/{reviewed.plan['id']}/reviews"
    closed = reviewed.close_in_the_end()
    assert (closed["state"], closed["next_step"]) == ("returned", "vote_again")
    later = {"answer_by": "2024-07-01T18:00:00+08:00", "closes_at": "2024-07-02T18:00:00+08:00"}
    again = reviewed.open_review(**later)
    assert (again["plan_version"], again["round"]) == (1, 2)
    assert reviewed.close_in_the_end()["next_step"] == "revise"
    even_later = {"answer_by": "2024-08-01T18:00:00+08:00", "closes_at": "2024-08-02T18:00:00+08:00"}
    answer = service.request("POST", path, build.review_body(**even_later))
    assert refusal(answer) == (409, "version_judged")


def test_both_chambers_pass_the_version(service, reviewed):
    for voter in ("resident-1", "resident-2"):
        reviewed.ballot(voter)
    reviewed.ballot("resident-3", approve=False, criteria=["cost"], reasons="太贵")
    reviewed.ballot("expert-1", "professionals")
    closed = reviewed.close()
    assert (closed["state"], closed["allowed_actions"]) == ("passed", [])
    (passed,) = service.said(consultation.ReviewPassed)
    residents, professionals = passed.data["verdicts"]
    assert (residents["on_roster"], residents["voted"], residents["approved"]) == (3, 3, 2)
    assert professionals["why"] == "专业机构投票1人，同意1人，超过50%"
    assert service.said(consultation.DecisionRequested) == []
    again = service.request("POST", f"/reviews/{reviewed.review['id']}/close")
    assert refusal(again) == (409, "not_now")


def test_one_chamber_alone_passes_nothing_and_says_what_failed(service, reviewed):
    for voter in ("resident-1", "resident-2"):
        reviewed.ballot(voter)
    reviewed.ballot("resident-3", approve=False, criteria=["cost"], reasons="太贵")
    reviewed.ballot(
        "expert-1",
        "professionals",
        approve=False,
        criteria=["water_depth", "slip_resistance"],
        reasons="水深与防滑不达标",
    )
    assert reviewed.close()["state"] == "returned"
    (returned,) = service.said(consultation.ReviewReturned)
    assert returned.data["reason_codes"] == ["slip_resistance", "water_depth"]
    assert [verdict["passed"] for verdict in returned.data["verdicts"]] == [True, False]
    assert reviewed.resolve(status=409)["code"] == "no_version_passed"


def test_a_version_that_needs_the_owners_asks_for_their_decision_when_it_passes(service, journey):
    journey.accept()
    plan = journey.propose(owners_decision=build.owners_must_decide())
    journey.pass_review()
    (asked,) = service.said(consultation.DecisionRequested)
    assert asked.subject == plan["id"]
    assert (asked.data["plan_hash"], asked.data["kind"], asked.data["area_ref"]) == (
        plan["hash"],
        "common_parts",
        "area",
    )


def test_who_is_not_on_the_roster_has_no_ballot(reviewed):
    assert ballot_refused(reviewed, "stranger") == (403, "not_on_roster")
    assert ballot_refused(reviewed, "resident-1", "professionals") == (403, "not_on_roster")
    assert ballot_refused(reviewed, "expert-1", "residents") == (403, "not_on_roster")


@pytest.mark.parametrize("who", ["resident-1", "neighbour"])
def test_a_resident_lent_as_an_expert_is_none_on_the_roster_or_not(service, reviewed, who):
    service.hear(notify.ContactRegistered, "neighbour", facts.contact("neighbour"))
    reviewed.engage_expert(engagement_ref="second", org_ref="academy", expert_refs=[who, "expert-2"])
    assert reviewed.review_view()["expert_refs"] == ["expert-1", "expert-2"]
    assert ballot_refused(reviewed, who, "professionals") == (403, "not_on_roster")


def test_a_reviewer_sees_the_reviews_that_it_judges(service, reviewed):
    path = f"/reviews/{reviewed.review['id']}"
    assert service.request("GET", path, role="reviewer", scope="person:expert-1").status_code == 200
    assert service.request("GET", path, role="reviewer", scope="person:resident-1").status_code == 403


def test_a_ballot_counts_for_the_version_that_its_voter_read(reviewed):
    assert ballot_refused(reviewed, plan_hash="of another version") == (409, "other_version")


def test_ballots_come_after_the_joint_session_of_this_review(journey):
    journey.accept()
    journey.propose()
    journey.open_review()
    assert ballot_refused(journey) == (409, "no_joint_session")
    path = f"/topics/{journey.topic_id}/sessions"
    session = journey.post(path, build.session_body(kind="joint_review"), status=201)
    assert ballot_refused(journey) == (409, "no_joint_session")
    journey.post(f"/sessions/{session['id']}/minutes", build.minutes_body())
    journey.ballot("resident-1")


@pytest.mark.parametrize(
    ("role", "voter_ref", "chamber"),
    [("resident", "expert-1", "professionals"), ("reviewer", "resident-1", "residents")],
)
def test_residents_judge_as_residents_and_reviewers_as_professionals(
    service, reviewed, role, voter_ref, chamber
):
    path = f"/reviews/{reviewed.review['id']}"
    body = {"voter_ref": voter_ref, "chamber": chamber}
    ballot = body | {"plan_hash": reviewed.review["plan_hash"], "approve": True}
    for door, sent in (("ballots", ballot), ("interests", body | {"text": "亲属"})):
        answer = service.request("POST", f"{path}/{door}", sent, role=role, scope=f"person:{voter_ref}")
        assert refusal(answer) == (403, "chamber_not_yours")


def test_a_paper_ballot_keeps_who_put_it_in_and_a_voter_sees_the_own_ballot_only(service, reviewed):
    body = ballot_of(reviewed, "resident-1", "residents")
    ballot = reviewed.post(f"/reviews/{reviewed.review['id']}/ballots", body, status=201)
    path = f"/ballots/{ballot['id']}"
    for role in ("convenor", "community", "street"):
        seen = service.request("GET", path, role=role).json
        assert (seen["cast_by"], seen["entered_for_other"]) == ("convenor-1", True)
    own = service.request("GET", path, role="resident", scope="person:resident-1")
    assert own.json == ballot
    other = service.request("GET", path, role="resident", scope="person:resident-2")
    assert refusal(other) == (403, "outside_scope")


def test_the_trail_of_a_person_tells_of_ballots_and_interests_put_in_refused_and_read(service, reviewed):
    path = f"/reviews/{reviewed.review['id']}"
    ballot = reviewed.post(f"{path}/ballots", ballot_of(reviewed, "resident-1", "residents"), status=201)
    service.request("GET", f"/ballots/{ballot['id']}", role="community")
    interest = reviewed.post(f"{path}/interests", INTEREST, status=201)
    service.request("GET", f"/interests/{interest['id']}", role="convenor")
    assert ballot_refused(reviewed, "resident-1") == (403, "not_on_roster")
    reviewed.ballot("resident-2")
    found = service.request("GET", "/audit/entries?subject=resident-1", role="auditor").json["items"]
    assert [(one["operation"].replace("/consultation/v1", ""), one["status"]) for one in found] == [
        ("POST /reviews/{id}/ballots", 201),
        ("GET /ballots/{id}", 200),
        ("POST /reviews/{id}/interests", 201),
        ("GET /interests/{id}", 200),
        ("POST /reviews/{id}/ballots", 403),
    ]


def test_everybody_reads_how_many_ballots_the_convenor_put_in(service, reviewed):
    reviewed.ballot("resident-1")
    for voter in ("resident-2", "resident-3"):
        on_paper = ballot_of(reviewed, voter, "residents")
        reviewed.post(f"/reviews/{reviewed.review['id']}/ballots", on_paper, status=201)
    reviewed.ballot("expert-1", "professionals")
    closed = reviewed.close()
    assert [verdict["entered_for_others"] for verdict in closed["verdicts"]] == [2, 0]
    (passed,) = service.said(consultation.ReviewPassed)
    assert [verdict["entered_for_others"] for verdict in passed.data["verdicts"]] == [2, 0]
    story = service.request("GET", f"/topics/{reviewed.topic_id}/story").json
    assert "居民应到3、投票3（代录2）、同意3；专业机构应到1、投票1、同意1" in story["steps"][-1]["text"]


@pytest.mark.parametrize("role", ["convenor", "community", "street"])
@pytest.mark.parametrize("door", ["ballots", "interests"])
def test_nobody_of_the_convenors_judges_for_the_professionals(service, reviewed, role, door):
    ballot = ballot_of(reviewed, "expert-1", "professionals")
    body = ballot if door == "ballots" else {**INTEREST, "voter_ref": "expert-1", "chamber": "professionals"}
    before = service.snapshot()
    answer = service.request("POST", f"/reviews/{reviewed.review['id']}/{door}", body, role=role)
    assert refusal(answer) == (403, "chamber_not_yours" if role == "convenor" else "role_missing")
    assert service.snapshot() == before


def test_an_organisation_puts_in_the_ballots_of_the_experts_whom_it_lends(service, reviewed):
    lent = build.engagement(
        reviewed.review["id"],
        reviewed.topic_id,
        engagement_ref="second",
        org_ref="academy",
        expert_refs=["expert-2"],
    )
    service.hear(alliance.EngagementAccepted, "second", lent)
    path = f"/reviews/{reviewed.review['id']}/ballots"
    body = ballot_of(reviewed, "expert-2", "professionals")
    for org_ref in ("institute", "stranger"):
        other = service.request("POST", path, body, role="professional", scope=f"party:{org_ref}")
        assert refusal(other) == (403, "expert_not_yours")
    for_residents = ballot_of(reviewed, "resident-1", "residents")
    answer = service.request("POST", path, for_residents, role="professional", scope="party:academy")
    assert refusal(answer) == (403, "chamber_not_yours")
    own = reviewed.post(path, body, role="professional", scope="party:academy", status=201)
    assert (own["voter_ref"], own["entered_for_other"]) == ("expert-2", True)


def test_while_some_have_not_voted_the_review_stays_open(service, reviewed):
    for voter in ("resident-1", "resident-2"):
        reviewed.ballot(voter)
    reviewed.ballot("expert-1", "professionals")
    answer = service.request("POST", f"/reviews/{reviewed.review['id']}/close")
    assert refusal(answer) == (409, "voting_goes_on")
    assert "2024-06-20 18:00" in answer.json["detail"]
    assert reviewed.close_in_the_end()["state"] == "passed"


@pytest.mark.parametrize(
    "criteria", [[f"c{number}" for number in range(11)], ["x" * 33], ["防滑"], ["cost", "cost"]]
)
def test_criteria_are_few_short_codes(reviewed, criteria):
    assert ballot_refused(reviewed, approve=False, criteria=criteria, reasons="不好") == (422, "invalid")


def test_one_person_has_one_ballot(reviewed):
    reviewed.ballot("resident-1")
    assert ballot_refused(reviewed) == (409, "already_voted")


def test_after_the_closing_there_are_no_ballots(reviewed):
    reviewed.close_in_the_end()
    assert ballot_refused(reviewed) == (409, "not_now")


def test_after_the_last_moment_there_are_no_ballots(service, reviewed):
    service.clock.advance(days=30)
    assert ballot_refused(reviewed) == (409, "voting_ended")
    assert reviewed.close()["state"] == "returned"


def test_nobody_votes_or_stands_back_for_another_person(service, reviewed):
    path = f"/reviews/{reviewed.review['id']}"
    body = {"voter_ref": "resident-1", "chamber": "residents"}
    ballot = body | {"plan_hash": reviewed.review["plan_hash"], "approve": True}
    for door, sent in (("ballots", ballot), ("interests", body | {"text": "亲属"})):
        answer = service.request("POST", f"{path}/{door}", sent, role="resident", scope="person:resident-2")
        assert refusal(answer) == (403, "outside_scope")


@pytest.mark.parametrize("given", [{}, {"criteria": ["cost"]}, {"reasons": "不好"}])
def test_a_rejection_names_what_failed_and_why(reviewed, given):
    assert ballot_refused(reviewed, approve=False, **given) == (422, "rejection_unexplained")


def test_who_declares_an_interest_stands_back_and_a_ballot_cast_before_no_longer_counts(service, reviewed):
    for voter in ("resident-1", "resident-2", "resident-3"):
        reviewed.ballot(voter)
    path = f"/reviews/{reviewed.review['id']}/interests"
    body = {"voter_ref": "resident-3", "chamber": "residents", "text": "施工单位的亲属"}
    reviewed.post(path, body, role="resident", scope="person:resident-3", status=201)
    again = service.request("POST", path, body, role="resident", scope="person:resident-3")
    assert refusal(again) == (409, "interest_already_declared")
    body["voter_ref"] = "stranger"
    stranger = service.request("POST", path, body, role="resident", scope="person:stranger")
    assert refusal(stranger) == (403, "not_on_roster")
    assert ballot_refused(reviewed, "resident-3") == (403, "not_on_roster")
    residents = reviewed.close_in_the_end()["verdicts"][0]
    assert (residents["on_roster"], residents["voted"]) == (2, 2)


def cast_at_the_same_time(journey, voters, *meanwhile):
    """Whether each voter's ballot was taken; `meanwhile` is done among them.

    By commands: the doors of the tests build their map per request, which Python 3.11 cannot do in threads.
    """

    def cast(voter_ref):
        review = journey.review
        command = CastBallot(review["id"], voter_ref, "residents", review["plan_hash"], True, [], "")
        try:
            journey.service.handle(command, Actor("convenor-1", "convenor"))
        except (Conflict, NotNow):
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        half = len(voters) // 2
        ballots = [pool.submit(cast, voter) for voter in voters[:half]]
        deeds = [pool.submit(deed) for deed in meanwhile]
        ballots += [pool.submit(cast, voter) for voter in voters[half:]]
    for deed in deeds:
        deed.result()
    return [ballot.result() for ballot in ballots]


@pytest.fixture
def crowd(service, journey):
    """Twenty-four residents who may vote now."""
    voters = [f"voter-{number}" for number in range(24)]
    for voter in voters:
        service.hear(notify.ContactRegistered, voter, facts.contact(voter))
    journey.accept()
    journey.propose()
    journey.open_review(resident_roster=voters)
    journey.hold_joint_session()
    return voters


def test_ballots_cast_at_the_same_time_all_count(journey, crowd):
    assert all(cast_at_the_same_time(journey, crowd))
    assert journey.close_in_the_end()["verdicts"][0]["voted"] == 24


def test_a_ballot_that_was_taken_while_the_review_closes_is_counted(service, journey, crowd):
    def close():
        service.clock.at = datetime.fromisoformat(journey.review["closes_at"]).astimezone(UTC)
        service.handle(CloseReview(journey.review["id"]))

    taken = cast_at_the_same_time(journey, crowd, close)
    assert journey.review_view()["verdicts"][0]["voted"] == sum(taken)


# ---- the end


def test_without_a_plan_there_is_nothing_to_adopt(journey):
    journey.accept()
    assert journey.resolve(status=409)["code"] == "no_version_passed"


def test_only_the_version_that_passed_is_adopted(journey):
    journey.accept()
    journey.propose()
    journey.pass_review()
    journey.propose(items=[build.item(title="坡道")])
    assert journey.resolve(status=409)["code"] == "latest_not_passed"


def test_an_adopted_plan_says_all_that_its_builders_need(service, journey):
    view = journey.deliver()
    assert (view["state"], view["phase"], view["allowed_actions"]) == (
        "delivering",
        "落实成果",
        ["link_cases", "land"],
    )
    (resolved,) = service.said(consultation.TopicResolved)
    assert resolved.subject == journey.topic_id
    expected = {
        "plan_ref": journey.plan["id"],
        "plan_version": 1,
        "plan_hash": journey.plan["hash"],
        "items": [build.item()],
        "budget_fen": 12_000_000,
        "funding": [{"source": "新芽项目资金", "amount_fen": 12_000_000}],
        "owners_decision": {"required": False, "reason": "不改变共有部分用途", "decision_ref": None},
        "maintainer_ref": "company",
        "maintainer_name": "示例物业",
        "case_refs": ["case"],
    }
    assert expected.items() <= resolved.data.items()
    assert journey.resolve(status=409)["code"] == "not_now"


def test_the_largest_topic_with_the_largest_plan_fits_into_its_event(service):
    """Chinese characters take three bytes, rare ones four; control characters are the largest of all, with six."""
    refs = [f"building-{number:055}" for number in range(100)]
    for ref in refs:
        service.hear(grid.PlaceRegistered, ref, facts.building(ref, code=ref[-15:]))
    longest = {"title": "\x01" * 98 + "水池", "category": "c" * 64}
    journey = Journey(service, **longest, case_refs=[f"case-{number:059}" for number in range(100)])
    party = facts.party(party_ref="c" * 64, name="\x01" * 100)
    service.hear(property.PartyRegistered, "c" * 64, party)
    journey.accept()
    many = [
        build.item(
            kind="k" * 64, title=f"{number:03}" + "\x01" * 56 + "铺", location="x" + "\x01" * 58 + "园"
        )
        | {"budget_fen": 10**13 // 2}
        for number in range(40)
    ]
    journey.propose(
        items=many,
        funding=[{"source": "街" + "\x01" * 48 + "街", "amount_fen": 10**13}] * 20,
        building_refs=refs,
        maintainer_ref="c" * 64,
        owners_decision=build.owners_must_decide(required=False, reason="因" + "\x01" * 298 + "因"),
    )
    journey.pass_review()
    journey.resolve()
    (resolved,) = service.said(consultation.TopicResolved)
    assert len(resolved.data["items"]) == 40
    assert LARGEST_MESSAGE * 3 // 4 < len(resolved.envelope.to_bytes()) <= LARGEST_MESSAGE


def test_the_story_is_told_to_anyone_and_names_nobody(service, journey):
    def later():
        service.clock.advance(hours=1)

    journey.accept(), later()
    journey.propose(), later()
    journey.pass_review(), later()
    journey.resolve(), later()
    accepted = facts.works_accepted(topic_ref=journey.topic_id)
    service.hear(property.WorksAccepted, "works", accepted), later()
    journey.land()
    service.hear(notify.QuestionClosed, "question", build.question_closed(journey.topic_id))
    story = service.request("GET", f"/topics/{journey.topic_id}/story", role="outside_system").json
    assert [step["text"] for step in story["steps"]] == [
        "居民提出问题：水池花坛改造",
        "社区党委同意立项，开始共议方案",
        "提出第1版方案，预算120,000.00元",
        "居民与专业机构联审会，15人参加，形成意见2条",
        "第1版方案开始双审",
        "第1版方案双审通过：居民应到3、投票3、同意3；专业机构应到1、投票1、同意1",
        "第1版方案通过，预算120,000.00元",
        "工程竣工验收",
        "成果落地，日常维护责任已明确",
    ]
    assert story["steps"][0]["at"] == "2024-05-27T09:00:00+08:00"
    assert story["satisfaction"] == {"asked": 30, "answered": 24, "resolved": 22}
    told = json.dumps(story, ensure_ascii=False)
    for ref in ("resident-", "expert-", "居民代表3人", "老人孩子"):
        assert ref not in told
