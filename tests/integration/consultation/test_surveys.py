"""问需, through its doors: collected by many, imported as a whole or not at all, answered one by one or together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.contracts import consultation, grid
from shared.web.files import CSV
from tests.builders import consultation as build
from tests.builders import facts

FAR = {"path": "/street/other/far/", "code": "FAR"}
HEADER = "表号,建议内容,渠道,类别,场所编码,联系人编号"


@pytest.fixture
def heard(service):
    build.hear_the_neighbourhood(service)
    return service


@pytest.fixture
def survey(heard):
    return opened(heard)


def opened(service, **changed):
    survey = service.post("/surveys", build.survey_body(**changed), role="community")
    return service.post(f"/surveys/{survey['id']}/open", role="community", status=200)


def collect(service, survey, *, role="community", scope="*", status=201, **changed):
    path = f"/surveys/{survey['id']}/suggestions"
    return service.post(path, build.suggestion_body(**changed), role=role, scope=scope, status=status)


def import_sheet(service, survey, *lines, query=""):
    sheet = "\n".join([HEADER, *lines]).encode()
    return service.raw("POST", f"/surveys/{survey['id']}/imports{query}", sheet, content_type=CSV)


def listed(service, survey, query=""):
    return service.request("GET", f"/surveys/{survey['id']}/suggestions{query}").json["items"]


def many(service, survey, what, refs, *, status=200, **body):
    path = f"/surveys/{survey['id']}/{what}"
    return service.post(path, {"suggestion_refs": refs, **body}, role="community", status=status)


def finish(service, survey):
    path = f"/surveys/{survey['id']}"
    service.post(f"{path}/close", role="community", status=200)
    service.post(f"{path}/analyse", {"conclusions": "车棚最受关注"}, role="community", status=200)
    return service.request("POST", f"{path}/feed-back", role="community")


def fields_of(answer):
    return {error["field"] for error in answer.json["errors"]}


def test_a_survey_lies_where_its_place_lies_and_says_so_when_it_opens(heard, survey):
    assert (survey["state"], survey["place_name"]) == ("open", "金侨时代家园")
    (said,) = heard.said(consultation.SurveyOpened)
    assert (said.subject, said.data["place_path"]) == (survey["id"], facts.ESTATE_PATH)


def test_a_survey_closes_by_itself_when_its_time_is_over(heard, survey):
    collect(heard, survey)
    heard.clock.advance(days=20)
    heard.run()
    assert heard.request("GET", f"/surveys/{survey['id']}").json["state"] == "closed"
    (said,) = heard.said(consultation.SurveyClosed)
    assert said.data["received"] == 1


def test_who_closes_it_before_is_not_closed_again(heard, survey):
    heard.post(f"/surveys/{survey['id']}/close", role="community", status=200)
    heard.clock.advance(days=20)
    heard.run()
    assert len(heard.said(consultation.SurveyClosed)) == 1


def test_a_survey_about_a_topic_lies_in_the_topic_s_estate(journey):
    heard, topic = journey.service, journey.topic_id
    survey = heard.post("/surveys", build.survey_body(topic_ref=topic), role="community")
    assert survey["topic_ref"] == topic
    heard.hear(grid.PlaceRegistered, "far", facts.estate("far") | FAR)
    answer = heard.request("POST", "/surveys", build.survey_body(topic_ref=topic, place_ref="far"))
    assert (answer.status_code, fields_of(answer)) == (422, {"place_ref"})


def test_a_resident_makes_a_suggestion_of_the_own_and_sees_no_other_s(heard, survey):
    as_resident = {"role": "resident", "scope": "person:resident-1"}
    mine = collect(heard, survey, **as_resident, proposer_ref="resident-1", channel="online")
    other = collect(heard, survey, proposer_ref="resident-2")
    assert heard.request("GET", f"/suggestions/{mine['id']}", **as_resident).status_code == 200
    assert heard.request("GET", f"/suggestions/{other['id']}", **as_resident).status_code == 403
    collect(heard, survey, **as_resident, proposer_ref="resident-2", status=403)
    assert heard.request("GET", f"/surveys/{survey['id']}/suggestions", **as_resident).status_code == 403


def test_what_is_said_of_another_place_is_not_collected(heard, survey):
    heard.hear(grid.PlaceRegistered, "far", facts.estate("far") | FAR)
    body = build.suggestion_body(place_ref="far")
    answer = heard.request("POST", f"/surveys/{survey['id']}/suggestions", body)
    assert (answer.status_code, fields_of(answer)) == (422, {"place_ref"})


def test_a_phone_number_in_a_suggestion_is_refused_since_it_will_be_public(heard, survey):
    body = build.suggestion_body(text="请打13800138000")
    answer = heard.request("POST", f"/surveys/{survey['id']}/suggestions", body)
    assert (answer.status_code, fields_of(answer)) == (422, {"text"})


# ---- sheets


def test_a_sheet_brings_many_at_once_and_the_same_sheet_again_brings_none(heard, survey):
    lines = [f"A{number},建议{number},入户,{'停车' if number % 2 else ''}" for number in range(1, 133)]
    first = import_sheet(heard, survey, *lines)
    assert (first.status_code, first.json["created"], first.json["rows"]) == (200, 132, 132)
    again = import_sheet(heard, survey, *lines)
    assert (again.json["created"], again.json["unchanged"]) == (0, 132)
    figures = heard.anonymous("GET", f"/surveys/{survey['id']}/figures").json
    assert (figures["tally"]["received"], figures["tally"]["unclassified"]) == (132, 66)
    assert len(heard.said(consultation.SuggestionReceived)) == 132


def test_one_wrong_row_and_nothing_of_the_sheet_is_kept(heard, survey):
    answer = import_sheet(
        heard,
        survey,
        "A1,增加车位,入户,停车",
        "A2,,入户,停车",
        "A3,太吵,入户,噪声时间",
        "A4,加灯,入户,照明,NOWHERE",
        "A5,加灯,入户,照明,,nobody",
    )
    wrong = {error["field"] for error in answer.json["errors"]}
    assert answer.status_code == 422
    assert wrong == {"rows.3.text", "rows.4.category", "rows.5.place_code", "rows.6.proposer_ref"}
    assert listed(heard, survey) == []


def test_a_trial_says_what_would_be_and_keeps_nothing(heard, survey):
    answer = import_sheet(heard, survey, "A1,增加车位,入户,停车", query="?dry_run=true")
    assert (answer.json["created"], answer.json["dry_run"]) == (1, True)
    assert listed(heard, survey) == []


def test_a_closed_survey_takes_no_sheet(heard, survey):
    heard.post(f"/surveys/{survey['id']}/close", role="community", status=200)
    assert import_sheet(heard, survey, "A1,增加车位,入户,停车").status_code == 409


def test_the_template_is_a_sheet_that_may_be_imported(heard, survey):
    template = heard.request("GET", "/suggestions/template?format=csv", role="community")
    path = f"/surveys/{survey['id']}/imports"
    answer = heard.raw("POST", path, template.data, content_type=CSV)
    assert (answer.status_code, answer.json["rows"]) == (200, 0)


# ---- answers


def test_everybody_is_answered_before_a_survey_ends(heard, survey):
    shed = collect(heard, survey, category="bike_shed", proposer_ref="resident-1")
    parking = collect(heard, survey, category="parking", proposer_ref="resident-2")
    assert finish(heard, survey).status_code == 409
    many(heard, survey, "answers", [shed["id"]], outcome="adopted")
    many(heard, survey, "answers", [parking["id"]], outcome="not_adopted", reason="用地不足")
    ended = heard.request("POST", f"/surveys/{survey['id']}/feed-back", role="community")
    assert ended.json["state"] == "fed_back"
    (said,) = heard.said(consultation.SurveyFedBack)
    assert (said.data["received"], said.data["adopted"], said.data["not_adopted"]) == (2, 1, 1)
    answered = {said.data["proposer_ref"]: said.data for said in heard.said(consultation.SuggestionAnswered)}
    assert answered["resident-2"]["reason_text"] == "用地不足"


def test_many_get_the_same_answer_or_none_does(heard, survey):
    refs = [collect(heard, survey, category="parking")["id"] for _ in range(3)]
    unsorted = collect(heard, survey)["id"]
    many(heard, survey, "answers", [*refs, unsorted], outcome="adopted", status=409)
    assert [each["state"] for each in listed(heard, survey, "?state=answered")] == []
    many(heard, survey, "classifications", [unsorted], category="parking")
    many(heard, survey, "answers", [*refs, unsorted], outcome="adopted")
    assert len(listed(heard, survey, "?outcome=adopted")) == 4


def test_a_suggestion_of_another_survey_is_not_answered_here(heard, survey):
    other = collect(heard, opened(heard), category="parking")
    path = f"/surveys/{survey['id']}/answers"
    body = {"suggestion_refs": [other["id"]], "outcome": "adopted"}
    answer = heard.request("POST", path, body, role="community")
    assert (answer.status_code, fields_of(answer)) == (422, {"suggestion_refs"})


def test_answers_are_published_and_nobody_is_named(heard, survey):
    one = collect(heard, survey, category="parking", proposer_ref="resident-1")
    collect(heard, survey, category="lighting", proposer_ref="resident-2")
    many(heard, survey, "answers", [one["id"]], outcome="partly_adopted", reason="先增加十个")
    published = heard.anonymous("GET", f"/surveys/{survey['id']}/answers")
    (shown,) = published.json["items"]
    assert (shown["outcome"], shown["reason"]) == ("partly_adopted", "先增加十个")
    assert "resident-1" not in published.text


def test_what_was_adopted_is_carried_out_and_who_said_it_hears(heard, survey):
    one = collect(heard, survey, category="lighting", proposer_ref="resident-1")
    many(heard, survey, "answers", [one["id"]], outcome="adopted")
    path = f"/suggestions/{one['id']}/implement"
    done = heard.post(path, {"evidence": "路灯已装"}, role="community", status=200)
    assert done["state"] == "implemented"
    (said,) = heard.said(consultation.SuggestionImplemented)
    assert (said.data["proposer_ref"], said.data["evidence_text"]) == ("resident-1", "路灯已装")


def test_a_survey_that_was_called_off_collects_nothing(heard):
    survey = heard.post("/surveys", build.survey_body(), role="community")
    heard.post(f"/surveys/{survey['id']}/call-off", role="community", status=200)
    collect(heard, survey, status=409)


def test_a_survey_of_the_past_is_not_planned(heard):
    yesterday = (heard.clock.now() - timedelta(days=1)).isoformat()
    answer = heard.request("POST", "/surveys", build.survey_body(closes_at=yesterday))
    assert (answer.status_code, fields_of(answer)) == (422, {"closes_at"})


# ---- 云景里 (domain.md 3.4 a)

YUNJINGLI = [
    (
        "design",
        {"上下水": 28, "外墙": 24, "停车": 22, "绿化": 15, "无障碍": 12, "车棚": 11, "照明": 10, "其他": 10},
        {"adopted": 96, "partly_adopted": 21, "not_adopted": 15},
    ),
    (
        "entry",
        {
            "噪声时间": 48,
            "入户恢复": 41,
            "空调机位": 29,
            "材料堆放": 26,
            "出行": 22,
            "进度公示": 14,
            "其他": 10,
        },
        {"adopted": 141, "partly_adopted": 31, "not_adopted": 18},
    ),
]


def test_of_the_322_suggestions_of_yunjingli_every_one_is_answered(heard):
    answered = 0
    for stage, said, became in YUNJINGLI:
        survey = opened(heard, stage=stage)
        rows = [
            f"{name}{number},{name},入户,{name}" for name, count in said.items() for number in range(count)
        ]
        assert import_sheet(heard, survey, *rows).json["created"] == len(rows)
        waiting = [each["id"] for each in listed(heard, survey, "?limit=200")]
        for outcome, count in became.items():
            now, waiting = waiting[:count], waiting[count:]
            many(heard, survey, "answers", now, outcome=outcome, reason="已研究")
        assert finish(heard, survey).json["state"] == "fed_back"
        figures = heard.anonymous("GET", f"/surveys/{survey['id']}/figures").json
        assert {each["name"]: each["count"] for each in figures["categories"]} == said
        assert {outcome: figures["tally"][outcome] for outcome in became} == became
        answered += figures["tally"]["answered"]
    assert answered == 132 + 190
    assert len(heard.said(consultation.SuggestionAnswered)) == 322
