"""What people read."""

from __future__ import annotations

import importlib
import re
from datetime import UTC, date, datetime

import pytest

from services.notify.domain.templates import QUESTIONS, TEMPLATES, wording
from shared.kernel.errors import JiushuError
from shared.kernel.personal import personal_data_in
from tests.builders import facts
from tests.builders import notify as build
from tests.contract.ours import NAMES

LINK = {"link": "/notify/v1/answers/t", "closes_at": datetime(2024, 6, 10, 1, tzinfo=UTC)}
FACTS = {
    "case_reported": facts.case(),
    "case_waits_for_topic": build.case_waiting(),
    "case_waits": build.case_waiting(waiting_for="works"),
    "case_dispatched_again": build.case_dispatched(reason_code="works_cancelled"),
    "case_reopened": build.case_dispatched(reason_code="reopened"),
    "case_merged": facts.case(into_case_ref="earlier", into_number="240526-0009-1"),
    "case_given_to_another": build.case_dispatched(
        reason_code="taken_over", reason_text="物业管理区域已由示例物业接管"
    ),
    "case_verified": build.case_verified() | LINK,
    "survey_opened": build.survey_opened(),
    **{
        f"suggestion_{outcome}": build.suggestion_answered(outcome=outcome)
        for outcome in ("adopted", "partly_adopted", "not_adopted")
    },
    "suggestion_implemented": build.suggestion_implemented(),
    "session_announced": build.session_announced(),
    "session_rescheduled": build.session_rescheduled(),
    "session_cancelled": build.session_cancelled(),
    "project_opened": facts.project(),
    "project_paused": facts.project_paused(),
    "project_completed": facts.project_closed(),
    "project_called_off": facts.project_closed(outcome="called_off"),
    "topic_accepted": facts.topic_turn(party_org="社区党委"),
    **{f"topic_{turn}": facts.topic_turn() for turn in ("declined", "referred", "suspended", "reopened")},
    "topic_merged": facts.topic_turn(into_title="花坛改造"),
    "topic_resolved": facts.topic_resolved(),
    "topic_landed": facts.result_landed() | LINK,
    "works_started": facts.works_started(),
    "works_accepted": facts.works_accepted(),
    "works_cancelled": facts.works_cancelled(),
    "steward_appointed": build.steward_appointed(),
    "captains_missing": facts.vacancy_found(),
    "consent_recorded": {"purpose_name": "上门维修", "recipient_name": "示例物业"},
    "steward_expired": build.steward_expired(),
}


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_is_filled_by_its_event(template):
    filled = wording(template, FACTS[template], [])
    assert "{" not in filled.title + filled.text
    assert "None" not in filled.title + filled.text


def test_the_longest_title_fits():
    longest = {"title": "长" * 100, "building_name": "长" * 100, "door_name": "长" * 100}
    assert all(len(wording(name, FACTS[name] | longest, []).title) <= 200 for name in TEMPLATES)


def test_a_case_is_told_with_its_number_once():
    assert wording("case_reported", facts.case(), ["240527-0001-5"]).text.count("240527-0001-5") == 1


def test_a_link_ends_where_the_numbers_begin():
    text = wording("case_verified", FACTS["case_verified"], ["240527-0001-5"]).text
    assert text.split()[0].endswith(LINK["link"])


@pytest.mark.parametrize("end", ["", "。", "\uff1b", "\uff0c", ".", "。。"])
def test_what_somebody_wrote_ends_with_one_stop(end):
    given = facts.works_cancelled(reason_text=f"施工单位退出{end}")
    assert "施工单位退出。后续" in wording("works_cancelled", given, []).text


def test_time_is_read_in_beijing_days_as_days_and_money_in_yuan():
    assert "2024年6月1日09:30" in wording("session_announced", build.session_announced(), []).text
    started = facts.works_started(planned_end_on=date(2024, 9, 30))
    assert "计划2024年9月30日完工" in wording("works_started", started, []).text
    assert "预算120,000.00元" in wording("topic_resolved", facts.topic_resolved(), []).text


def test_the_numbers_of_the_readers_own_cases_are_added():
    text = wording("topic_resolved", facts.topic_resolved(), ["240527-0001-5", "240527-0002-6"]).text
    assert text.endswith("您的事项编号：240527-0001-5、240527-0002-6。")
    assert "编号" not in wording("topic_resolved", facts.topic_resolved(), []).text


def test_braces_in_what_somebody_wrote_stay_as_they_are():
    cancelled = facts.works_cancelled(reason_text="{name} 与 {0}")
    assert "原因：{name} 与 {0}。" in wording("works_cancelled", cancelled, []).text


HALF_WIDTH = re.compile("[\u4e00-\u9fff\u201d}][,:;?(]")


def refusals(kind):
    for sub in kind.__subclasses__():
        yield sub
        yield from refusals(sub)


def test_what_residents_read_has_chinese_punctuation():
    texts = [*QUESTIONS.values(), *(part for said in TEMPLATES.values() for part in (said.title, said.text))]
    assert [text for text in texts if HALF_WIDTH.search(text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_refusal_has_chinese_punctuation(name):
    module = importlib.import_module(f"services.{name}.domain.errors").__name__
    texts = [
        refusal.zh
        for refusal in refusals(JiushuError)
        if refusal.__module__.startswith((module, "shared.kernel.errors"))
    ]
    assert [text for text in texts if HALF_WIDTH.search(text)] == []


@pytest.mark.parametrize("words", [*TEMPLATES.values(), *QUESTIONS.values()], ids=[*TEMPLATES, *QUESTIONS])
def test_no_template_holds_anything_personal(words):
    assert personal_data_in(str(words)) == []
