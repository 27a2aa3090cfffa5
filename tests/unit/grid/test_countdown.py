"""计时: limits of four kinds, pauses, extensions, phases, warnings and escalation (gate G20)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.grid.domain.case_events import (
    CaseEscalated,
    CaseExtended,
    ClockRecounted,
    DeadlineMissed,
    DeadlineWarned,
    PhaseFinished,
)
from services.grid.domain.categories import CATEGORIES
from services.grid.domain.countdown import Countdown, step_of_escalation
from services.grid.domain.errors.clocks import (
    ClockRuns,
    ClockStands,
    DecidedByWhoAsked,
    ExtensionPending,
    ExtensionTooLong,
    LastPhase,
    NoExtension,
    OverdueAlready,
    PhasesLeft,
)
from services.grid.domain.limit import UNITS, Limit
from services.grid.domain.organisation import Organisation
from shared.kernel.clock import BEIJING, local_date
from shared.kernel.working_time import WorkingCalendar
from tests.unit.grid.case_builder import CALENDAR, NOW, category, facts, reported

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIMITS = st.builds(Limit, st.integers(1, 20), st.sampled_from(sorted(UNITS)))
MOMENTS = st.integers(0, 12_400_000).map(
    lambda minutes: datetime(2004, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)
)
# what a calendar learns when the year 2027 is published
KNOWING_2027 = WorkingCalendar(
    CALENDAR.free | {date(2027, 1, 1), date(2027, 1, 4)},
    CALENDAR.worked,
    CALENDAR.years | {2027},
    CALENDAR.hours,
)


def beijing(*moment):
    return datetime(*moment, tzinfo=BEIJING)


def running(code="0603", **options):
    case = reported(code, **options)
    case.accept(now=case.reported_at)
    facts(case)
    return case


def look(case, now, above=None):
    case.watch(above, now=now, calendar=CALENDAR)
    return [type(fact) for fact in facts(case)]


@pytest.mark.parametrize(
    ("code", "start", "due"),
    [
        ("0102", beijing(2024, 9, 30, 23), beijing(2024, 10, 1, 1)),  # two hours, through the night
        ("0204", beijing(2024, 9, 30, 17), beijing(2024, 10, 1, 17)),  # 24 hours, holiday or not
        ("0603", beijing(2024, 9, 28, 9), beijing(2024, 10, 5, 9)),  # seven days, holiday or not
        ("0301", beijing(2024, 9, 30, 16), beijing(2024, 10, 8, 11)),  # four working hours over the holidays
        ("0301", beijing(2024, 9, 29, 8), beijing(2024, 9, 29, 14)),  # on a Sunday that is worked
    ],
)
def test_gate_g20_when_an_answer_is_due(code, start, due):
    assert reported(code, now=start).answer_due_at == due


@given(LIMITS, MOMENTS)
def test_gate_g20_more_time_is_never_over_sooner(limit, start):
    due_at = limit.due_at(start, CALENDAR)
    assert due_at > start
    assert limit.more(1).due_at(start, CALENDAR) > due_at


@given(LIMITS, MOMENTS, st.integers(0, 100), st.integers(0, 3000))
def test_gate_g20_a_pause_gives_back_what_it_took_in_the_clocks_own_unit(limit, start, percent, minutes):
    countdown = Countdown(start, limit)
    due_at = countdown.due_at(CALENDAR)
    paused_at = start + (due_at - start) * percent / 101
    resumed_at = paused_at + timedelta(minutes=minutes)
    after = countdown.paused(paused_at, CALENDAR).resumed(resumed_at).due_at(CALENDAR)
    if limit.unit in ("hours", "days"):
        assert after - due_at == resumed_at - paused_at
    elif limit.unit == "working_hours":
        assert CALENDAR.worked_between(due_at, after) == CALENDAR.worked_between(paused_at, resumed_at)
    else:
        days = CALENDAR.days_between(local_date(paused_at), local_date(resumed_at))
        assert CALENDAR.days_between(local_date(due_at), local_date(after)) == days


@given(LIMITS, MOMENTS)
def test_gate_g20_the_warning_comes_before_time_is_over(limit, start):
    countdown = Countdown(start, limit)
    assert start < countdown.warned_at(CALENDAR) < countdown.due_at(CALENDAR)


@given(LIMITS, MOMENTS)
def test_gate_g20_only_working_time_through_an_unknown_year_is_provisional(limit, start):
    countdown = Countdown(start, limit)
    through_2027 = local_date(countdown.due_at(CALENDAR)).year == 2027
    assert countdown.is_provisional(CALENDAR) == (limit.is_working_time and through_2027)
    assert not countdown.is_provisional(KNOWING_2027)


def test_gate_g20_a_provisional_clock_is_counted_anew_when_the_calendar_knows_the_year():
    case = running("0301", now=beijing(2026, 12, 31, 17))
    assert (case.due_at, case.due_is_provisional) == (beijing(2027, 1, 4, 12), True)
    case.recount(KNOWING_2027)
    assert (case.due_at, case.due_is_provisional) == (beijing(2027, 1, 5, 12), False)
    assert [type(fact) for fact in facts(case)] == [ClockRecounted]
    case.recount(KNOWING_2027)
    assert facts(case) == []


def test_a_clock_stands_still_once_and_not_when_it_is_too_late():
    case = running("0102")
    case.pause("weather", reason="", now=NOW + HOUR, calendar=CALENDAR)
    assert case.next_look_at(CALENDAR) is None
    with pytest.raises(ClockStands):
        case.pause("weather", reason="", now=NOW + HOUR, calendar=CALENDAR)
    case.resume(now=NOW + 5 * HOUR, calendar=CALENDAR)
    assert (case.due_at, case.answer_due_at) == (NOW + 6 * HOUR, NOW + 6 * HOUR)
    with pytest.raises(ClockRuns):
        case.resume(now=NOW, calendar=CALENDAR)
    with pytest.raises(OverdueAlready):
        case.pause("weather", reason="", now=NOW + 6 * HOUR, calendar=CALENDAR)


def test_more_time_is_asked_for_in_time_within_the_limit_and_granted_by_another():
    case = running("0603")
    with pytest.raises(ExtensionTooLong):
        case.ask_extension(8, reason="需订货", by="property:1", now=NOW)
    case.ask_extension(3, reason="需订货", by="property:1", now=NOW)
    with pytest.raises(ExtensionPending):
        case.ask_extension(3, reason="需订货", by="property:1", now=NOW)
    with pytest.raises(DecidedByWhoAsked):
        case.extend(by="property:1", now=NOW, calendar=CALENDAR)
    facts(case)
    case.extend(by="street:1", now=NOW, calendar=CALENDAR)
    assert (case.due_at, case.answer_due_at) == (NOW + 10 * DAY, NOW + 10 * DAY)
    assert facts(case) == [CaseExtended(3, "days", "需订货")]
    with pytest.raises(OverdueAlready):
        case.ask_extension(1, reason="还不够", by="property:1", now=NOW + 10 * DAY)


def test_an_extension_that_is_refused_changes_nothing():
    case = running("0603")
    case.ask_extension(3, reason="需订货", by="property:1", now=NOW)
    case.refuse_extension(by="street:1", now=NOW)
    assert (case.due_at, case.extension) == (NOW + 7 * DAY, None)


def test_phases_are_finished_one_after_the_other_each_with_a_clock_of_its_own():
    case = running("0602")
    assert case.due_at == NOW + DAY
    with pytest.raises(PhasesLeft):
        case.handle(outcome="已围挡", modes=[], evidence_refs=[], by="street:1", now=NOW, calendar=CALENDAR)
    fenced_at = NOW + 5 * HOUR
    case.finish_phase(category("0602"), now=fenced_at, calendar=CALENDAR)
    assert facts(case) == [PhaseFinished("围挡", "修复")]
    assert (case.due_at, case.answer_due_at, case.is_on_time) == (fenced_at + 15 * DAY, NOW + DAY, True)
    with pytest.raises(LastPhase):
        case.finish_phase(category("0602"), now=fenced_at, calendar=CALENDAR)
    case.handle(
        outcome="已修复",
        modes=[],
        evidence_refs=[],
        by="street:1",
        now=fenced_at + 20 * DAY,
        calendar=CALENDAR,
    )
    assert case.is_on_time, "the reporter had an answer in the interim"


def test_more_time_that_was_asked_for_one_phase_is_not_granted_to_the_next():
    case = running("0602")
    case.ask_extension(20, reason="等待脚手架", by="property:1", now=NOW)
    case.finish_phase(category("0602"), now=NOW, calendar=CALENDAR)
    assert case.extension is None
    with pytest.raises(NoExtension):
        case.extend(by="street:1", now=NOW, calendar=CALENDAR)
    assert case.due_at == NOW + 15 * DAY


def test_a_case_is_warned_of_missed_and_goes_up_one_level_after_the_other_until_the_top():
    case = running("0204")
    street = Organisation(
        kind="party_work_committee", name="党工委", parent=None, place=None, today=local_date(NOW)
    )
    community = Organisation(
        kind="party_building_committee", name="委员会", parent=street, place=None, today=local_date(NOW)
    )
    assert case.next_look_at(CALENDAR) == NOW + DAY * 4 / 5
    assert look(case, NOW + DAY * 4 / 5) == [DeadlineWarned]
    assert look(case, NOW + DAY * 4 / 5) == []
    assert case.next_look_at(CALENDAR) == NOW + DAY
    assert look(case, NOW + DAY, community) == [DeadlineMissed, CaseEscalated]
    assert case.organisation_ref == community.id
    assert case.next_look_at(CALENDAR) == NOW + 2 * DAY
    assert look(case, NOW + 2 * DAY, street) == [CaseEscalated]
    assert look(case, NOW + 3 * DAY, None) == []
    assert case.organisation_ref == street.id


def test_after_a_long_silence_what_was_missed_is_said_without_the_warning():
    assert look(running("0204"), NOW + 9 * DAY) == [DeadlineMissed]


@pytest.mark.parametrize("code", CATEGORIES)
def test_one_level_has_an_overdue_case_for_as_long_as_the_limit_but_a_day_at_most(code):
    step = step_of_escalation(category(code).limit)
    assert timedelta(0) < step <= DAY


def test_what_waits_or_is_handled_is_neither_warned_of_nor_missed():
    waiting, done = running(), running()
    waiting.wait_for_topic("topic", reason="共议中", now=NOW, calendar=CALENDAR)
    done.handle(outcome="好了", modes=[], evidence_refs=[], by="property:1", now=NOW, calendar=CALENDAR)
    for case in (waiting, done):
        facts(case)
        assert case.next_look_at(CALENDAR) is None
        assert look(case, NOW + 90 * DAY) == []


def test_a_case_handled_while_its_clock_stands_is_not_late_by_the_time_of_the_pause():
    case = reported()
    case.accept(now=NOW)
    case.pause("weather", reason="", now=NOW + 6 * DAY, calendar=CALENDAR)
    case.handle(
        outcome="已补种", modes=[], evidence_refs=[], by="property:1", now=NOW + 9 * DAY, calendar=CALENDAR
    )
    assert case.answer_due_at == NOW + 10 * DAY
    assert case.is_on_time
    assert case.countdown.paused_at is None
