"""Minutes become public by another than who wrote them; alone only in an emergency (四眼原则)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.consultation.domain.errors import (
    OwnWork,
    SessionTooLong,
    SessionTooShort,
    SessionTooSoon,
    TimeIsPast,
    TooFewCame,
)
from services.consultation.domain.platform import NO_RULES, Rules
from services.consultation.domain.session import (
    AWAITING_APPROVAL,
    CLASSES,
    CO_DESIGN,
    PUBLISHED,
    Meeting,
    Session,
)
from services.consultation.domain.themes import TEMPLATES
from services.consultation.domain.topic import THEMES
from shared.kernel.clock import local_date
from shared.kernel.errors import NotNow
from tests.unit.consultation.test_topic import NOW, deliberating

LATER = datetime(2024, 6, 1, tzinfo=UTC)


def announced(starts_at=NOW, rules=NO_RULES):
    return Session(
        deliberating(),
        kind=CO_DESIGN,
        meeting=Meeting("大树下", starts_at),
        audience="居民",
        open_review_ref=None,
        now=NOW,
        rules=rules,
    )


@pytest.fixture
def minuted():
    session = announced()
    session.minute(attendance={"residents": 12}, text="防滑", points=["防滑"], by="zhang", now=NOW)
    return session


def test_who_wrote_the_minutes_does_not_publish_them(minuted):
    with pytest.raises(OwnWork):
        minuted.publish(by="zhang", now=LATER)
    assert minuted.published_at is None
    minuted.publish(by="li", now=LATER)
    assert (minuted.state, minuted.published_at, minuted.published_by) == (PUBLISHED, LATER, "li")


@pytest.mark.parametrize("officer", ["zhang", "li"])
def test_in_an_emergency_one_publishes_alone_and_another_approves(minuted, officer):
    minuted.publish_in_emergency(because="今夜停水", by=officer, now=LATER)
    assert (minuted.state, minuted.published_at, minuted.emergency) == (AWAITING_APPROVAL, LATER, "今夜停水")
    with pytest.raises(OwnWork):
        minuted.approve(by=officer)
    minuted.approve(by="wang")
    assert minuted.state == PUBLISHED


def test_nothing_is_published_or_approved_twice(minuted):
    minuted.publish(by="li", now=LATER)
    for again in (
        lambda: minuted.publish(by="wang", now=LATER + timedelta(days=1)),
        lambda: minuted.publish_in_emergency(because="?", by="wang", now=LATER),
        lambda: minuted.approve(by="wang"),
    ):
        with pytest.raises(NotNow):
            again()
    assert minuted.published_at == LATER


def test_a_session_gets_another_time_as_often_as_needed_even_when_it_should_have_begun():
    session = announced()
    for number in (1, 2):
        starts_at = LATER + timedelta(days=number)
        session.reschedule(Meeting("议事厅", starts_at), reason="到会人数不足", now=LATER)
        assert (session.starts_at, session.venue, session.state) == (starts_at, "议事厅", "announced")
        assert session.times_rescheduled == number


@pytest.mark.parametrize("starts_at", [LATER, LATER - timedelta(seconds=1)])
def test_the_new_time_lies_ahead(starts_at):
    session = announced()
    with pytest.raises(TimeIsPast):
        session.reschedule(Meeting("议事厅", starts_at), reason="?", now=LATER)
    assert (session.starts_at, session.times_rescheduled) == (NOW, 0)


def test_what_is_cancelled_is_neither_held_nor_put_off():
    session = announced()
    session.cancel(reason="高温")
    for again in (
        lambda: session.minute(attendance={"residents": 1}, text="?", points=[], by="zhang", now=LATER),
        lambda: session.reschedule(Meeting("?", LATER), reason="?", now=NOW),
        lambda: session.cancel(reason="?"),
    ):
        with pytest.raises(NotNow):
            again()


def test_what_was_held_is_neither_cancelled_nor_put_off(minuted):
    with pytest.raises(NotNow):
        minuted.cancel(reason="?")
    with pytest.raises(NotNow):
        minuted.reschedule(Meeting("?", LATER), reason="?", now=NOW)


@pytest.mark.parametrize(
    ("ends_at", "refused"),
    [
        (NOW, SessionTooShort),
        (NOW - timedelta(minutes=1), SessionTooShort),
        (NOW + timedelta(hours=24, seconds=1), SessionTooLong),
    ],
)
def test_a_session_lasts_some_time_and_no_more_than_a_day(ends_at, refused):
    with pytest.raises(refused):
        Meeting("大树下", NOW, ends_at).check()
    Meeting("大树下", NOW, NOW + timedelta(hours=24)).check()


def test_a_session_lasts_two_hours_unless_told_otherwise():
    assert announced().ends_at == NOW + timedelta(hours=2)


# ---- the rules of a platform


@given(st.integers(0, 60), st.integers(0, 24 * 70))
def test_a_session_of_a_platform_is_announced_so_many_days_ahead_by_the_calendar_of_beijing(days, hours):
    starts_at = NOW + timedelta(hours=hours)
    rules = Rules(lead_days=days, least_persons=0)
    if (local_date(starts_at) - local_date(NOW)).days >= days:
        assert announced(starts_at, rules).lead_days == days
    else:
        with pytest.raises(SessionTooSoon):
            announced(starts_at, rules)


def test_a_session_that_is_put_off_is_told_as_early_as_one_that_is_announced():
    session = announced(NOW + timedelta(days=3), Rules(3, 0))
    with pytest.raises(SessionTooSoon):
        session.reschedule(Meeting("大树下", NOW + timedelta(days=2)), reason="雨", now=NOW)
    assert session.times_rescheduled == 0


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_session_of_a_platform_counts_as_held_only_where_enough_have_come(came, least):
    session = announced(rules=Rules(0, least))
    said = {"attendance": {"residents": came}, "text": "商议", "points": [], "by": "li", "now": NOW}
    if came >= least:
        session.minute(**said)
        assert session.persons == came
    else:
        with pytest.raises(TooFewCame):
            session.minute(**said)
        assert session.minuted_at is None


def test_the_agenda_and_who_is_missed_follow_from_the_theme():
    session = announced()
    assert session.agenda == list(TEMPLATES["sprout"].agenda)
    assert session.missing_classes == []
    session.minute(attendance={"residents": 3}, text="商议", points=[], by="li", now=NOW)
    assert session.missing_classes == ["professionals"]


def test_every_theme_has_a_template_that_expects_classes_that_there_are():
    assert set(TEMPLATES) == set(THEMES)
    assert all(set(template.expected) <= set(CLASSES) and template.agenda for template in TEMPLATES.values())
