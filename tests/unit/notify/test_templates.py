"""What people read."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.notify.domain.templates import TEMPLATES, words
from tests.builders import facts
from tests.builders import notify as build

LINK = {"link": "/notify/v1/answers/t", "closes_at": datetime(2024, 6, 10, 1, tzinfo=UTC)}
FACTS = {
    "case_reported": facts.case(),
    "case_waits_for_topic": build.case_waiting(),
    "case_waits_for_works": build.case_waiting(waiting_for="works"),
    "case_dispatched_again": build.case_dispatched(reason_code="works_cancelled"),
    "case_reopened": build.case_dispatched(reason_code="reopened"),
    "case_handled": build.case_handled() | LINK,
    "session_announced": build.session_announced(),
    "topic_resolved": facts.topic_resolved(),
    "topic_landed": facts.result_landed() | LINK,
    "works_started": facts.works_started(),
    "works_accepted": facts.works_accepted(),
    "works_cancelled": facts.works_cancelled(),
    "steward_appointed": build.steward_appointed(),
    "steward_expired": build.steward_expired(),
}


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_is_filled_by_its_event(template):
    filled = words(template, FACTS[template], [])
    assert "{" not in filled.title + filled.text
    assert "None" not in filled.title + filled.text


def test_the_longest_title_fits():
    longest = {"title": "长" * 100, "building_name": "长" * 100}
    assert all(len(words(name, FACTS[name] | longest, []).title) <= 200 for name in TEMPLATES)


def test_time_is_read_in_beijing_days_as_days_and_money_in_yuan():
    assert "2024年6月1日09:30" in words("session_announced", build.session_announced(), []).text
    started = facts.works_started(planned_end_on=date(2024, 9, 30))
    assert "计划2024年9月30日完工" in words("works_started", started, []).text
    assert "预算120,000.00元" in words("topic_resolved", facts.topic_resolved(), []).text


def test_the_numbers_of_the_readers_own_cases_are_added():
    text = words("topic_resolved", facts.topic_resolved(), ["240527-0001-5", "240527-0002-6"]).text
    assert text.endswith("您的事项编号:240527-0001-5、240527-0002-6。")
    assert "编号" not in words("topic_resolved", facts.topic_resolved(), []).text


def test_braces_in_what_somebody_wrote_stay_as_they_are():
    cancelled = facts.works_cancelled(reason_text="{name} 与 {0}")
    assert "原因:{name} 与 {0}。" in words("works_cancelled", cancelled, []).text
