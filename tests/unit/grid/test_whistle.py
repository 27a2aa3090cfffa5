"""吹哨报到: both sides' clocks, whatever is done and whenever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.grid.domain.co_handler import Helper
from services.grid.domain.errors.whistles import CaseNotOpen, SolvedBeforeAnswered
from services.grid.domain.limit import HOURS, WORKING_DAYS, Limit
from services.grid.domain.whistle import BLOWER, CALLED, CLOCKS, LIFECYCLE, UNDER_WAY, Call, Whistle
from shared.kernel.errors import NotNow
from tests.unit.grid.case_builder import CALENDAR, NOW, reported

WATER = Helper("区水务局", party_ref="water")
CALL = Call("核实管网权属", Limit(2, HOURS), Limit(48, HOURS))


def blown(call=CALL, case=None):
    return Whistle(case or reported(), WATER, call, by="street:1", now=NOW, calendar=CALENDAR)


def at(hours):
    return NOW + timedelta(hours=hours)


DEEDS = {
    "answer": lambda whistle, now: whistle.answer("", now=now),
    "report": lambda whistle, now: whistle.report("已处理", now=now, calendar=CALENDAR),
    "confirm": lambda whistle, now: whistle.confirm(now=now),
    "send_back": lambda whistle, now: whistle.send_back("未解决", now=now),
    "withdraw": lambda whistle, now: whistle.withdraw("误吹", now=now),
    "watch": lambda whistle, now: whistle.watch(now),
}
STEPS = st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 60)), max_size=12)


@given(STEPS)
def test_each_deed_is_done_exactly_where_the_table_allows_it_and_a_clock_is_late_exactly_where_it_ran_out(
    steps,
):
    whistle, now, late = blown(), NOW, []
    for action, hours in steps:
        now += timedelta(hours=hours)
        state, due_at = whistle.state, whistle.due_at
        allowed = action == "watch" or LIFECYCLE.allows(action, state)
        try:
            DEEDS[action](whistle, now)
        except NotNow:
            assert not allowed
            continue
        assert allowed
        if due_at is not None and due_at <= now and CLOCKS[state] not in late:
            late.append(CLOCKS[state])
        assert whistle.late == late
        assert (whistle.due_at is None) == (whistle.state not in UNDER_WAY)
        assert not whistle.is_overdue or CLOCKS[whistle.state] in late


def test_both_sides_in_time():
    whistle = blown()
    assert (whistle.answered_in_time, whistle.solved_in_time, whistle.confirmed_in_time) == (None, None, None)
    whistle.answer("已到场", now=at(1))
    whistle.report("已封堵", now=at(47), calendar=CALENDAR)
    whistle.confirm(now=at(48))
    assert (whistle.answered_in_time, whistle.solved_in_time, whistle.confirmed_in_time) == (True, True, True)


def test_the_department_is_late_and_so_is_who_blew():
    whistle = blown()
    whistle.watch(at(1))
    assert not whistle.is_overdue
    whistle.watch(at(2))
    assert (whistle.is_overdue, whistle.answered_in_time) == (True, False)
    whistle.answer("", now=at(3))
    assert not whistle.is_overdue
    whistle.report("已封堵", now=at(48), calendar=CALENDAR)
    whistle.confirm(now=at(51))
    assert whistle.late == ["answer", "solve", "confirm"]


def test_what_is_sent_back_runs_on_with_the_departments_clock():
    whistle = blown()
    whistle.answer("", now=at(1))
    whistle.report("已封堵", now=at(2), calendar=CALENDAR)
    whistle.send_back("仍在渗水", now=at(3))
    assert (whistle.due_at, whistle.reported_at) == (at(48), None)
    whistle.report("已更换", now=at(50), calendar=CALENDAR)
    assert whistle.late == ["solve"]


def test_limits_in_working_days_follow_the_calendar():
    whistle = blown(Call("核实", Limit(2, HOURS), Limit(1, WORKING_DAYS)))
    assert whistle.solve_due_at == CALENDAR.end_of(CALENDAR.day_after(NOW.date(), 1))


def test_nobody_is_called_to_what_is_done_and_nothing_is_solved_before_they_came():
    case = reported()
    case.withdraw(reason="", now=NOW)
    with pytest.raises(CaseNotOpen):
        blown(case=case)
    with pytest.raises(SolvedBeforeAnswered):
        blown(Call("?", Limit(2, HOURS), Limit(1, HOURS)))


def test_each_side_does_its_own_part():
    whistle = blown()
    assert whistle.actions_for(frozenset({CALLED})) == ["answer"]
    assert whistle.actions_for(frozenset({BLOWER})) == ["withdraw"]
