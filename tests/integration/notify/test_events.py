"""What notify does with what it hears: each subscription twice and out of order."""

from __future__ import annotations

from datetime import date

import pytest

from shared.contracts import consultation, grid, notify, property
from tests.builders import facts
from tests.builders import notify as build
from tests.builders.places import (
    MERGED,
    SUCCESSOR,
    changed,
    hear_of_the_estate,
    move_the_estate,
    paths,
    supersede_the_estate,
    superseded,
)

GOOD = {"resolution": "resolved", "grade": 5}


@pytest.fixture
def service(under_test):
    """notify with one resident in building 1."""
    service = under_test("notify")
    service.resident = build.register(service, "13800005678")
    return service


@pytest.fixture
def reporter(service):
    """A reporter who lives in another community."""
    return build.elsewhere(service, "13900001234", name="李四")


@pytest.fixture
def case(service, reporter):
    """The reporter's case."""
    data = facts.case(reporter_refs=[reporter])
    service.hear(grid.CaseReported, "case", data)
    return data


def alarms(service):
    return [(alarm["about"], alarm["milestone"]) for alarm in service.request("GET", "/alarms").json["items"]]


def hear_the_report_twice(service, data):
    """A copy is as new as its event: the same report in another event comes with the same version."""
    message = service.hear(grid.CaseReported, "case", data, version=1)
    known = service.snapshot()
    service.deliver(message)
    service.hear(grid.CaseReported, "case", data, version=1)
    assert service.snapshot() == known
    assert set(service.heard()) == {"done"}, service.reasons()


@pytest.mark.parametrize(
    ("event", "subject", "data", "milestone", "said"),
    [
        (
            consultation.SessionAnnounced,
            "session",
            build.session_announced(),
            "session:session:announced",
            "社区议事厅",
        ),
        (
            consultation.SessionRescheduled,
            "session",
            build.session_rescheduled(),
            "session:session:rescheduled1",
            "改为2024年6月1日",
        ),
        (
            consultation.SessionCancelled,
            "session",
            build.session_cancelled(),
            "session:session:cancelled",
            "取消。原因：场地维修",
        ),
        (consultation.SurveyOpened, "survey", build.survey_opened(), "survey:survey:opened", "6月10日"),
        (
            consultation.TopicResolved,
            "topic",
            facts.topic_resolved(),
            "topic:topic:v2:resolved",
            "120,000.00元",
        ),
        (consultation.ResultLanded, "topic", facts.result_landed(), "topic:topic:landed", "示例物业"),
        (property.WorksStarted, "works", facts.works_started(), "works:works:started", "示例建设"),
        (property.WorksAccepted, "works", facts.works_accepted(), "works:works:accepted", "2026年9月30日"),
        (property.WorksCancelled, "works", facts.works_cancelled(), "works:works:cancelled", "施工单位退出"),
        (
            grid.StewardAppointed,
            "steward",
            build.steward_appointed(),
            "steward:steward:appointed",
            "楼栋管家",
        ),
        (grid.StewardExpired, "steward", build.steward_expired(), "steward:steward:expired", "1号楼"),
    ],
)
def test_the_residents_of_the_place_hear_once_and_nobody_else(
    service, reporter, event, subject, data, milestone, said
):
    build.register(service, "13700000000", contact_class="worker")
    service.hear_twice(event, subject, data)
    (message,) = service.request("GET", "/messages").json["items"]
    assert (message["resident_ref"], message["milestone"]) == (service.resident, milestone)
    assert said in message["text"]
    assert message["state"] == "delivered"


def test_each_new_time_of_a_session_is_news_of_its_own(service):
    for number in (1, 2, 1):
        data = build.session_rescheduled(times_rescheduled=number)
        service.hear(consultation.SessionRescheduled, "session", data)
    milestones = [each["milestone"] for each in service.request("GET", "/messages").json["items"]]
    assert milestones == ["session:session:rescheduled1", "session:session:rescheduled2"]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("adopted", "您提出的建议已采纳"),
        ("partly_adopted", "部分采纳。用地所限"),
        ("not_adopted", "原因：用地所限"),
    ],
)
def test_who_made_a_suggestion_hears_its_answer_once_and_nobody_else_does(service, reporter, outcome, said):
    data = build.suggestion_answered(proposer_ref=reporter, outcome=outcome)
    service.hear_twice(consultation.SuggestionAnswered, "suggestion", data)
    (message,) = service.request("GET", "/messages").json["items"]
    assert (message["resident_ref"], message["milestone"]) == (reporter, "suggestion:suggestion:answered")
    assert said in message["text"]


def test_who_made_a_suggestion_hears_that_it_is_carried_out_whatever_comes_first(service, reporter):
    implemented = service.message(
        consultation.SuggestionImplemented,
        "suggestion",
        build.suggestion_implemented(proposer_ref=reporter),
        version=3,
    )
    answered = service.message(
        consultation.SuggestionAnswered,
        "suggestion",
        build.suggestion_answered(proposer_ref=reporter),
        version=2,
    )
    service.deliver(implemented, answered, implemented)
    messages = service.request("GET", "/messages").json["items"]
    assert {message["milestone"].rpartition(":")[2] for message in messages} == {"answered", "implemented"}
    assert len(messages) == 2


def test_a_suggestion_without_a_name_is_no_news_to_anybody(service):
    service.hear_twice(consultation.SuggestionAnswered, "suggestion", build.suggestion_answered())
    service.hear_twice(consultation.SuggestionImplemented, "suggestion", build.suggestion_implemented())
    assert service.request("GET", "/messages").json["items"] == []
    assert alarms(service) == []


@pytest.mark.parametrize(
    ("event", "subject", "data", "milestone"),
    [
        (consultation.SessionAnnounced, "session", build.session_announced(), "session:session:announced"),
        (consultation.TopicResolved, "topic", facts.topic_resolved(), "topic:topic:v2:resolved"),
        (consultation.ResultLanded, "topic", facts.result_landed(), "topic:topic:landed"),
        (property.WorksStarted, "works", facts.works_started(), "works:works:started"),
        (grid.StewardAppointed, "steward", build.steward_appointed(), "steward:steward:appointed"),
        (
            grid.CaseVerified,
            "case",
            build.case_verified(reporter_refs=["nobody"]),
            "case:case:turn1:verified",
        ),
    ],
)
def test_an_audience_of_zero_is_an_alarm(under_test, event, subject, data, milestone):
    service = under_test("notify")
    service.hear_twice(event, subject, data)
    assert alarms(service) == [(subject, milestone)]
    assert service.request("GET", "/messages").json["items"] == []


def test_a_receipt_that_reaches_nobody_is_an_alarm(under_test):
    service = under_test("notify")
    hear_the_report_twice(service, facts.case(reporter_refs=["nobody"]))
    assert alarms(service) == [("case", "case:case:reported")]
    assert service.request("GET", "/messages").json["items"] == []


def test_a_reporter_gets_a_receipt_with_number_and_deadline(service, reporter):
    hear_the_report_twice(service, facts.case(reporter_refs=[reporter]))
    (message,) = build.messages(service, reporter)
    assert message["milestone"] == "case:case:reported"
    assert message["text"].count("240527-0001-5") == 1
    assert "2024年6月3日09:00" in message["text"]
    assert build.messages(service, service.resident) == []


def test_a_report_heard_again_in_a_newer_version_is_not_told_again(service, reporter, case):
    before = build.messages(service, reporter)
    service.hear(grid.CaseReported, "case", case, version=2)
    assert build.messages(service, reporter) == before


def test_a_case_that_is_only_said_anew_is_kept_and_told_to_nobody(service, reporter):
    service.hear(grid.CaseReported, "case", facts.case(reporter_refs=[reporter]), version=3)
    assert [case["number"] for case in service.copies("grid.case")] == ["240527-0001-5"]
    assert build.messages(service, reporter) == []
    assert alarms(service) == []


def test_a_case_without_a_reporter_concerns_nobody(service):
    hear_the_report_twice(service, facts.case(reporter_refs=[]))
    service.hear_twice(grid.CaseVerified, "case", build.case_verified(reporter_refs=[]))
    assert service.request("GET", "/messages").json["items"] == []
    assert service.request("GET", "/alarms").json["items"] == []


def test_the_first_dispatch_says_nothing_more_than_the_receipt(service, reporter, case):
    service.hear_twice(grid.CaseDispatched, "case", build.case_dispatched(reporter_refs=[reporter]))
    assert build.milestones(service, reporter) == ["case:case:reported"]


@pytest.mark.parametrize(
    ("changed", "milestone"),
    [
        (
            {"reason_code": "works_cancelled", "works_ref": "works", "topic_ref": "topic"},
            "works:works:cancelled",
        ),
        ({"reason_code": "reopened", "turn": 2}, "case:case:turn2:reopened"),
        ({"reason_code": "claim_denied"}, "case:case:turn1:claim_denied"),
        (
            {"reason_code": "gray_zone_assigned", "lead_party_ref": "owner"},
            "case:case:turn1:gray_zone_assigned:owner",
        ),
    ],
)
def test_a_further_dispatch_is_told_to_the_reporter(service, reporter, case, changed, milestone):
    data = build.case_dispatched(reporter_refs=[reporter], **changed)
    service.hear_twice(grid.CaseDispatched, "case", data)
    message = build.messages(service, reporter)[-1]
    assert message["milestone"] == milestone
    assert "240527-0001-5" in message["text"]


@pytest.mark.parametrize(
    ("waiting_for", "next_on", "milestone"),
    [
        ("topic", None, "topic:topic:accepted"),
        ("works", None, "topic:topic:v2:resolved"),
        ("mediation", None, "case:case:turn1:waiting:mediation:"),
        ("claim", date(2024, 6, 20), "case:case:turn1:waiting:claim:2024-06-20"),
    ],
)
def test_an_interim_answer_is_told_to_the_reporter(service, reporter, case, waiting_for, next_on, milestone):
    data = build.case_waiting(reporter_refs=[reporter], waiting_for=waiting_for, next_on=next_on)
    service.hear_twice(grid.CaseWaiting, "case", data)
    assert build.milestones(service, reporter)[-1] == milestone


def test_who_reported_what_is_merged_hears_under_which_number_it_goes_on(service, reporter, case):
    data = facts.case(reporter_refs=[reporter], into_case_ref="earlier", into_number="240526-0009-1")
    service.hear_twice(grid.CaseMerged, "case", data)
    assert build.milestones(service, reporter)[-1] == "case:case:merged"
    assert "240526-0009-1" in build.messages(service, reporter)[-1]["text"]


@pytest.mark.parametrize("order", [1, -1])
def test_a_reporter_hears_once_that_the_topic_is_resolved_whoever_says_it_first(
    service, reporter, case, order
):
    waiting = service.message(
        grid.CaseWaiting, "case", build.case_waiting(reporter_refs=[reporter], waiting_for="works")
    )
    resolved = service.message(consultation.TopicResolved, "topic", facts.topic_resolved(case_refs=["case"]))
    service.deliver(*[waiting, resolved][::order])
    assert build.milestones(service, reporter) == ["case:case:reported", "topic:topic:v2:resolved"]
    assert "240527-0001-5" in build.messages(service, reporter)[-1]["text"]
    assert build.milestones(service, service.resident) == ["topic:topic:v2:resolved"]


@pytest.mark.parametrize("order", [1, -1])
def test_a_reporter_hears_once_that_the_works_are_cancelled_whoever_says_it_first(
    service, reporter, case, order
):
    again = build.case_dispatched(reporter_refs=[reporter], reason_code="works_cancelled", works_ref="works")
    messages = [
        service.message(grid.CaseDispatched, "case", again),
        service.message(property.WorksCancelled, "works", facts.works_cancelled(case_refs=["case"])),
    ]
    service.deliver(*messages[::order])
    assert build.milestones(service, reporter) == ["case:case:reported", "works:works:cancelled"]
    assert build.milestones(service, service.resident) == ["works:works:cancelled"]


def test_a_resident_who_is_also_the_reporter_of_two_cases_hears_once_with_both_numbers(service):
    for ref, number in [("case", "240527-0001-5"), ("case-2", "240527-0002-6")]:
        data = facts.case(case_ref=ref, number=number, reporter_refs=[service.resident])
        service.hear(grid.CaseReported, ref, data)
    data = facts.topic_resolved(case_refs=["case", "case-2"])
    service.hear_twice(consultation.TopicResolved, "topic", data)
    message = build.messages(service, service.resident)[-1]
    assert build.milestones(service, service.resident).count("topic:topic:v2:resolved") == 1
    assert "240527-0001-5、240527-0002-6" in message["text"]


def test_the_reporter_of_a_case_that_lies_elsewhere_is_neither_told_nor_asked(service, reporter):
    elsewhere = facts.case(reporter_refs=[reporter], place_path="/street/community-2/")
    service.hear(grid.CaseReported, "case", elsewhere)
    service.hear_twice(consultation.TopicResolved, "topic", facts.topic_resolved(case_refs=["case"]))
    service.hear_twice(consultation.ResultLanded, "topic", facts.result_landed(case_refs=["case"]))
    service.hear_twice(property.WorksCancelled, "works", facts.works_cancelled(case_refs=["case"]))
    assert build.milestones(service, reporter) == ["case:case:reported"]
    (question,) = service.request("GET", "/questions").json["items"]
    assert question["asked"] == 1


@pytest.mark.parametrize("order", [1, -1])
def test_a_case_that_is_put_at_its_place_lies_there_here_too(service, reporter, order):
    there = facts.case(reporter_refs=[reporter], place_path="/street/community-2/grid-2/")
    messages = [
        service.message(grid.CaseReported, "case", facts.case(reporter_refs=[reporter]), version=1),
        service.message(grid.CasePlaced, "case", there, version=2),
    ]
    service.deliver(*messages[::order])
    service.deliver(messages[1])
    assert [case["place_path"] for case in service.copies("grid.case")] == ["/street/community-2/grid-2/"]
    assert set(service.heard()) == {"done"}, service.reasons()


# ---- asking


def test_those_of_the_hotline_are_asked_by_the_hotline_alone(service, reporter):
    data = build.case_verified(reporter_refs=[reporter], source="hotline")
    service.hear_twice(grid.CaseVerified, "case", data)
    assert service.request("GET", "/questions").json["items"] == []
    assert build.messages(service, reporter) == []


def handled_with_topic(reporter, **changed):
    return build.case_verified(reporter_refs=[reporter], topic_ref="topic", works_ref="works", **changed)


def covers(service):
    return [event.data["covers"] for event in service.said(notify.FeedbackReceived)]


ABOUT_CASE = {"type": "case", "ref": "case", "turn": 1}


def test_a_landed_result_asks_each_person_once_and_the_answer_speaks_for_the_persons_own_case(
    service, reporter, case
):
    service.hear_twice(consultation.ResultLanded, "topic", facts.result_landed(case_refs=["case"]))
    service.hear_twice(grid.CaseVerified, "case", handled_with_topic(reporter))
    assert build.milestones(service, reporter) == ["case:case:reported", "topic:topic:landed"]
    for person in (reporter, service.resident):
        service.post(build.link(service, person), GOOD, status=200)
    assert covers(service) == [[ABOUT_CASE], []]
    (closed,) = service.said(notify.QuestionClosed)
    assert (closed.data["asked"], closed.data["answered"], closed.data["resolved"]) == (2, 2, 2)
    assert closed.data["about"] == {"type": "topic", "ref": "topic", "turn": 1}
    assert service.scheduled() == []


def test_a_handled_case_waits_until_its_topics_result_is_heard_of(service, reporter, case):
    service.hear(grid.CaseVerified, "case", handled_with_topic(reporter))
    assert service.heard()["pending"] == 1
    service.hear(consultation.ResultLanded, "topic", facts.result_landed(case_refs=["case"]))
    assert "pending" not in service.heard()
    service.post(build.link(service, reporter), GOOD, status=200)
    assert covers(service) == [[ABOUT_CASE]]


def test_a_case_that_is_heard_to_be_handled_after_the_answer_gets_a_feedback_of_its_own(
    service, reporter, case
):
    service.hear(consultation.ResultLanded, "topic", facts.result_landed(case_refs=["case"]))
    service.post(build.link(service, reporter), {"resolution": "partly", "grade": 3}, status=200)
    assert covers(service) == [[]]
    service.hear_twice(grid.CaseVerified, "case", handled_with_topic(reporter))
    first, second = service.said(notify.FeedbackReceived)
    assert second.data == first.data | {"covers": [ABOUT_CASE]}


def test_a_reporter_whom_the_landed_result_did_not_reach_is_asked_when_the_case_is_handled(service, reporter):
    service.hear(consultation.ResultLanded, "topic", facts.result_landed(case_refs=["case"]))
    assert build.messages(service, reporter) == []
    service.hear_twice(grid.CaseVerified, "case", handled_with_topic(reporter))
    assert build.milestones(service, reporter) == ["topic:topic:landed"]
    service.post(build.link(service, reporter), GOOD, status=200)
    assert covers(service) == [[ABOUT_CASE]]


def test_a_case_verified_after_its_topics_question_is_over_is_asked_about_by_itself(service, reporter, case):
    service.hear(consultation.ResultLanded, "topic", facts.result_landed(case_refs=["case"]))
    service.clock.advance(days=14)
    service.run()
    (closed,) = service.said(notify.QuestionClosed)
    assert (closed.data["asked"], closed.data["answered"]) == (2, 0)
    service.hear_twice(grid.CaseVerified, "case", handled_with_topic(reporter))
    assert build.milestones(service, reporter)[-1] == "case:case:turn1:verified"
    service.post(build.link(service, reporter), GOOD, status=200)
    (feedback,) = service.said(notify.FeedbackReceived)
    assert feedback.data["about"] == ABOUT_CASE


def test_a_case_without_a_topic_is_asked_about_once_per_turn(service, reporter, case):
    for turn in (1, 2):
        data = build.case_verified(reporter_refs=[reporter], turn=turn)
        service.hear_twice(grid.CaseVerified, "case", data)
        service.post(build.link(service, reporter), GOOD, status=200)
    asked = [event.data["about"]["turn"] for event in service.said(notify.FeedbackReceived)]
    assert asked == [1, 2]
    assert build.milestones(service, reporter)[1:] == ["case:case:turn1:verified", "case:case:turn2:verified"]


def test_a_landed_result_heard_again_later_asks_nobody_who_came_after_it(service):
    service.hear(consultation.ResultLanded, "topic", facts.result_landed())
    newcomer = build.register(service, "13600000000")
    service.hear(consultation.ResultLanded, "topic", facts.result_landed())
    assert build.messages(service, newcomer) == []


def test_everything_out_of_order_tells_each_person_the_same(service, reporter):
    messages = [
        service.message(grid.CaseReported, "case", facts.case(reporter_refs=[reporter])),
        service.message(
            grid.CaseWaiting, "case", build.case_waiting(reporter_refs=[reporter], waiting_for="works")
        ),
        service.message(grid.CaseVerified, "case", handled_with_topic(reporter)),
        service.message(consultation.TopicResolved, "topic", facts.topic_resolved(case_refs=["case"])),
        service.message(property.WorksStarted, "works", facts.works_started()),
        service.message(consultation.ResultLanded, "topic", facts.result_landed(case_refs=["case"])),
    ]
    service.deliver(*reversed(messages))
    service.deliver(*messages)
    assert sorted(build.milestones(service, reporter)) == [
        "case:case:reported",
        "topic:topic:landed",
        "topic:topic:v2:resolved",
    ]
    assert sorted(build.milestones(service, service.resident)) == [
        "topic:topic:landed",
        "topic:topic:v2:resolved",
        "works:works:started",
    ]
    assert "pending" not in service.heard()


# ---- staff


COMMUNITY = {"role": "community", "scope": "place:community"}


def staff_notices(service, **who):
    listed = service.request("GET", "/staff-notices", **(who or COMMUNITY))
    return [(notice["state"], notice["title"], notice["text"]) for notice in listed.json["items"]]


ONE = ("缺楼门长：1号楼1单元", "1号楼1单元应有2名楼门长，现缺1名，请尽快物色。")
TWO = (ONE[0], ONE[1].replace("现缺1名", "现缺2名"))


def test_the_staff_of_the_place_learn_of_a_vacancy_once_and_that_it_is_filled(service):
    found = service.hear(grid.VacancyFound, "door", facts.vacancy_found(), version=2)
    service.forget()
    before = service.snapshot()
    service.deliver(found)
    assert service.snapshot() == before
    assert staff_notices(service) == [("open", *ONE)]
    assert staff_notices(service, role="community", scope="place:another") == []
    filled = service.hear(grid.VacancyFilled, "door", facts.vacancy(), version=3)
    service.forget()
    before = service.snapshot()
    service.deliver(filled, found)
    assert service.snapshot() == before
    assert staff_notices(service) == [("settled", *ONE)]
    assert service.request("GET", "/messages").json["items"] == []


def test_a_vacancy_that_grows_is_one_notice_and_a_later_one_another(service):
    service.hear(grid.VacancyFound, "door", facts.vacancy_found(), version=2)
    service.hear(grid.VacancyFound, "door", facts.vacancy_found(missing=2), version=3)
    assert staff_notices(service) == [("open", *TWO)]
    service.hear(grid.VacancyFilled, "door", facts.vacancy(), version=4)
    service.hear(grid.VacancyFound, "door", facts.vacancy_found(), version=5)
    assert staff_notices(service) == [("settled", *TWO), ("open", *ONE)]


def test_a_vacancy_filled_before_it_was_heard_of_is_nobodys_work(service):
    filled = service.message(grid.VacancyFilled, "door", facts.vacancy(), version=3)
    found = service.message(grid.VacancyFound, "door", facts.vacancy_found(), version=2)
    service.deliver(filled, found)
    assert staff_notices(service) == []


def test_a_place_is_kept_once_and_only_if_it_is_newer(service):
    newer = service.message(grid.PlaceRegistered, "spot", facts.place(), version=2)
    older = service.message(grid.PlaceRegistered, "spot", facts.place(name="旧名"), version=1)
    service.deliver(newer)
    before = service.snapshot()
    service.deliver(newer, older, older)
    assert facts.place() in service.copies("grid.place")
    assert service.snapshot() == before


def test_a_changed_place_replaces_the_registered_one_whichever_comes_first(service):
    changed = service.message(grid.PlaceChanged, "new", facts.place("new", name="新名"), version=2)
    registered = service.message(grid.PlaceRegistered, "new", facts.place("new"), version=1)
    service.deliver(changed, registered, changed)
    assert [copy["name"] for copy in service.copies("grid.place") if copy["place_ref"] == "new"] == ["新名"]


def test_what_came_of_a_visit_that_brought_no_message_changes_nothing(service):
    """Those that brought one: test_unreachable.py."""
    service.hear_twice(grid.VisitRecorded, "visit", facts.visit_recorded(message_ref=None))
    assert build.messages(service, service.resident) == []


def test_residents_follow_their_door_and_are_still_heard_of_when_places_merge(service, reporter):
    """What is told of the estate before notify has heard, or by one who has not, reaches them too."""
    door = facts.door()
    inside = f"{SUCCESSOR}grid/building/door/"
    move_the_estate(service)
    moved = changed(service, door, f"{MERGED}grid/building/door/", version=2)
    again = changed(service, door, inside, version=3)
    service.deliver(again)
    known = service.snapshot()
    service.forget()
    service.deliver(again, moved)
    assert service.snapshot() == known
    supersede_the_estate(service)
    for subject, path in [("old", facts.ESTATE_PATH), ("moved", MERGED), ("new", SUCCESSOR)]:
        data = build.session_announced(session_ref=subject, place_path=path)
        service.hear(consultation.SessionAnnounced, subject, data)
    messages = service.request("GET", "/messages").json["items"]
    assert [message["resident_ref"] for message in messages] == [service.resident] * 3
    merged = {"role": "community", "scope": "place:merged"}
    assert service.request("GET", f"/contacts/{service.resident}", **merged).status_code == 200


def test_who_was_erased_and_what_was_sent_stay_where_they_were(service):
    service.hear(consultation.SessionAnnounced, "session", build.session_announced())
    service.post(f"/contacts/{service.resident}/erase", {"reason": "本人要求"}, status=200)
    before = paths(service, "contacts", "messages")
    service.deliver(changed(service, facts.door(), f"{MERGED}grid/building/door/", version=2))
    service.deliver(superseded(service, facts.building(), "building-2", version=2))
    assert paths(service, "contacts", "messages") == before


@pytest.mark.parametrize("event", [grid.PlaceRegistered, grid.PlaceChanged, grid.PlaceSuperseded])
def test_whatever_is_told_of_a_place_is_kept_once_and_only_if_it_is_newer(service, event):
    hear_of_the_estate(service, event)


# ---- who has raised a topic

TURNS = {
    consultation.TopicAccepted: {"party_org": "社区党委"},
    consultation.TopicDeclined: {},
    consultation.TopicReferred: {"asked_text": "水池干涸", "case_category": "0603"},
    consultation.TopicMerged: {"into_topic_ref": "other", "into_title": "花坛改造"},
    consultation.TopicSuspended: {},
}


@pytest.mark.parametrize("turn", TURNS)
def test_who_raised_a_topic_hears_once_what_becomes_of_it_and_nobody_else_does(service, reporter, turn):
    data = facts.topic_turn(proposer_refs=[reporter]) | TURNS[turn]
    service.hear_twice(turn, "topic", {name: data[name] for name in data if name in turn().fields})
    (message,) = service.request("GET", "/messages").json["items"]
    assert (message["resident_ref"], message["about_ref"]) == (reporter, "topic")


@pytest.mark.parametrize("turn", TURNS)
def test_a_topic_that_nobody_in_particular_raised_is_told_to_nobody_in_particular(service, reporter, turn):
    data = facts.topic_turn() | TURNS[turn]
    service.hear_twice(turn, "topic", {name: data[name] for name in data if name in turn().fields})
    assert service.request("GET", "/messages").json["items"] == []
    assert set(service.heard()) == {"done"}


def test_a_result_that_lands_again_is_asked_about_again(service, reporter):
    service.hear_twice(consultation.ResultLanded, "topic", facts.result_landed())
    reopened = facts.topic_turn(works_ref="works", turn=2)
    service.hear_twice(consultation.ResultReopened, "topic", reopened)
    service.hear_twice(consultation.ResultLanded, "topic", facts.result_landed(turn=2))
    milestones = [each["milestone"] for each in service.request("GET", "/messages").json["items"]]
    assert milestones == ["topic:topic:landed", "topic:topic:reopened2", "topic:topic:landed:turn2"]
    questions = service.request("GET", "/questions").json["items"]
    assert [question["about"]["turn"] for question in questions] == [1, 2]


def test_an_answer_about_the_first_result_does_not_speak_for_a_case_that_the_second_one_settles(
    service, reporter
):
    case = build.case_verified(reporter_refs=[reporter], topic_ref="topic", turn=1)
    service.hear(consultation.ResultLanded, "topic", facts.result_landed())
    service.hear(grid.CaseVerified, "case", case, version=3)
    service.hear(grid.CaseVerified, "case", case | {"turn": 2}, version=6)
    assert service.heard()["pending"] == 1
    service.hear(consultation.ResultLanded, "topic", facts.result_landed(turn=2))
    service.run()
    assert set(service.heard()) == {"done"}
    milestones = {each["milestone"] for each in service.request("GET", "/messages").json["items"]}
    assert milestones == {"topic:topic:landed", "topic:topic:landed:turn2"}


# ---- projects


@pytest.mark.parametrize(
    ("event", "data", "title"),
    [
        (consultation.ProjectOpened, facts.project(), "项目启动：综合改造"),
        (consultation.ProjectPaused, facts.project_paused(), "暂停施工：综合改造"),
        (consultation.ProjectClosed, facts.project_closed(), "项目完成：综合改造"),
        (consultation.ProjectClosed, facts.project_closed(outcome="called_off"), "项目终止：综合改造"),
    ],
)
def test_the_residents_of_a_project_hear_once_of_each_turn(service, reporter, event, data, title):
    service.hear_twice(event, "project", data)
    (message,) = service.request("GET", "/messages").json["items"]
    assert message["title"] == title
    assert message["resident_ref"] != reporter, "who lives elsewhere"


def test_each_pause_of_a_project_is_news(service):
    for day in (8, 20):
        service.hear_twice(
            consultation.ProjectPaused, "project", facts.project_paused(paused_on=date(2024, 7, day))
        )
    assert len(service.request("GET", "/messages").json["items"]) == 2
