"""工作日历: which days are worked, and how far working time reaches (gate G20)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calendar import working_calendar
from shared.kernel.clock import BEIJING, local
from shared.kernel.working_time import WorkingCalendar

CALENDAR = working_calendar()
FIRST, LAST = date(2004, 1, 1), date(2027, 12, 31)
MINUTE = timedelta(minutes=1)
DAYS = st.dates(FIRST, LAST - timedelta(days=60))
FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 2), (5, 3), (10, 1), (10, 2), (10, 3)}


def beijing(*moment):
    return datetime(*moment, tzinfo=BEIJING)


@cache
def is_worked(day):
    """As the library says; where it says nothing, weekends and the fixed holidays are off."""
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS


def is_worked_at(minute):
    """Whether the minute that begins then is worked: counted one by one, without spans."""
    here = local(minute)
    return is_worked(here.date()) and (
        time(9) <= here.time() < time(12) or time(13) <= here.time() < time(18)
    )


def test_every_day_of_twenty_four_years_is_as_the_library_says_and_the_last_year_is_assumed():
    day = FIRST
    while day <= LAST:
        assert CALENDAR.is_working(day) == is_worked(day), day
        day += timedelta(days=1)
    assert CALENDAR.knows(FIRST, date(2026, 12, 31))
    assert not CALENDAR.knows(date(2026, 12, 31), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2024, 9, 27), 5, date(2024, 10, 10)),
        (date(2025, 1, 24), 10, date(2025, 2, 13)),
        (date(2024, 9, 28), 1, date(2024, 9, 29)),
        (date(2024, 10, 11), 1, date(2024, 10, 12)),
    ],
)
def test_gate_g20_working_days_are_counted_over_holidays_and_the_weekends_worked_for_them(start, days, due):
    assert CALENDAR.day_after(start, days) == due
    assert CALENDAR.days_between(start, due) == days


@given(DAYS, st.integers(1, 30))
def test_gate_g20_a_working_day_later_is_where_counting_day_by_day_ends(start, number):
    day, left = start, number
    while left:
        day += timedelta(days=1)
        left -= is_worked(day)
    assert CALENDAR.day_after(start, number) == day


@settings(deadline=None)
@given(DAYS, st.integers(0, 1439), st.integers(1, 8 * 60))
def test_gate_g20_working_hours_later_is_where_counting_minute_by_minute_ends(day, minute_of_day, minutes):
    start = datetime.combine(day, time(0), BEIJING) + minute_of_day * MINUTE
    minute, left = start, minutes
    while left:
        left -= is_worked_at(minute)
        minute += MINUTE
    due_at = CALENDAR.moment_after(start, minutes * MINUTE)
    assert due_at == minute
    assert CALENDAR.worked_between(start, due_at) == minutes * MINUTE


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (
            beijing(2024, 5, 27, 9),
            3,
            beijing(2024, 5, 27, 12),
        ),  # to the end of the morning, not the next span
        (beijing(2024, 5, 27, 12), 1, beijing(2024, 5, 27, 14)),
        (beijing(2024, 5, 27, 16), 4, beijing(2024, 5, 28, 11)),
        (beijing(2024, 5, 31, 23, 59), 4, beijing(2024, 6, 3, 14)),  # over a weekend, at midnight
        (beijing(2024, 12, 31, 17), 4, beijing(2025, 1, 2, 12)),  # over the year's end
        (beijing(2026, 12, 31, 17), 4, beijing(2027, 1, 4, 12)),  # into a year that is not known
    ],
)
def test_gate_g20_four_working_hours_at_the_edges(start, hours, due):
    assert CALENDAR.moment_after(start, timedelta(hours=hours)) == due


def test_no_time_at_all_is_over_at_once():
    start = datetime(2024, 10, 1, tzinfo=UTC)
    assert CALENDAR.moment_after(start, timedelta(0)) == start
    assert CALENDAR.worked_between(start, start) == timedelta(0)


def test_a_site_has_its_own_hours():
    calendar = WorkingCalendar(frozenset(), frozenset(), frozenset({2024}), ((time(8, 30), time(11)),))
    assert calendar.moment_after(beijing(2024, 5, 27, 10), timedelta(hours=2)) == beijing(2024, 5, 28, 9, 30)
    assert calendar.end_of(date(2024, 5, 27)) == beijing(2024, 5, 27, 11)


@pytest.mark.parametrize(
    ("moment", "is_at_work"),
    [
        (beijing(2024, 5, 27, 9), True),  # a Monday, as work begins
        (beijing(2024, 5, 27, 12, 30), True),  # a break at noon
        (beijing(2024, 5, 27, 23), False),
        (beijing(2024, 5, 26, 10), False),  # a Sunday
        (beijing(2024, 5, 11, 10), True),  # a Saturday that is worked (调休)
        (beijing(2024, 5, 1, 10), False),
    ],
)
def test_everybody_is_at_work_from_the_beginning_to_the_end_of_a_working_day(moment, is_at_work):
    assert CALENDAR.is_at_work(moment) == is_at_work


@given(st.integers(0, 3 * 365 * 24 * 60))
def test_whoever_has_worked_some_time_was_at_work_then(minutes):
    moment = beijing(2024, 1, 1) + minutes * MINUTE
    if CALENDAR.worked_between(moment, moment + MINUTE):
        assert CALENDAR.is_at_work(moment) or CALENDAR.is_at_work(moment + MINUTE)
