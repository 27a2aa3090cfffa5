"""一轮办理: what a case forgets when it is opened again is written down as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.grid.domain.case import Answer
from services.grid.domain.errors.clocks import DecidedByWhoAsked
from services.grid.domain.turn import REOPENED
from shared.kernel.errors import NotNow
from tests.unit.grid.case_builder import CALENDAR, COMPANY, NOW, STREET, category, reported

HOUR = timedelta(hours=1)


def verified(case, now=NOW):
    case.accept(now=now)
    case.handle(
        outcome="好了", modes=[], evidence_refs=[], by="property:1", now=now + HOUR, calendar=CALENDAR
    )
    case.verify(finding="好", evidence_refs=["photo"], by="community:1", now=now + 2 * HOUR)
    return case


def answer(case, resolution, *, grade=3, now=NOW + 3 * HOUR, choice=COMPANY):
    case.hear_answer(
        Answer(case.turn, resolution, grade), choice, category(case.category), now=now, calendar=CALENDAR
    )


def test_a_turn_that_ends_is_written_down_with_what_was_done_and_said():
    case = reported()
    case.contact(now=NOW + HOUR / 2)
    answer(verified(case), "resolved", grade=5)
    (turn,) = case.take_ended()
    assert (turn.number, turn.turn, turn.outcome, turn.resolution, turn.grade) == (
        case.number,
        1,
        "revisited",
        "resolved",
        5,
    )
    assert (turn.begun_at, turn.contacted_at, turn.answered_at, turn.ended_at) == (
        NOW,
        NOW + HOUR / 2,
        NOW + HOUR,
        NOW + 3 * HOUR,
    )
    assert (turn.has_reporter, turn.community_ref) == (True, case.place_path.split("/")[2])
    assert case.take_ended() == []


def test_each_turn_has_its_own_times_its_own_party_and_its_own_objections():
    case = reported()
    case.object(reason="不属于", by="property:1", now=NOW)
    case.uphold(STREET, reason="确属", by="street:1", now=NOW)
    answer(verified(case), "unresolved", grade=1)
    later = NOW + 30 * HOUR
    answer(verified(case, later), "resolved", now=later + 3 * HOUR)
    first, second = case.take_ended()
    assert (first.outcome, first.reopened_at, first.resolution, first.grade) == (
        REOPENED,
        NOW + 3 * HOUR,
        "unresolved",
        1,
    )
    assert (first.lead_party_ref, first.dispatches, first.objections, first.objections_upheld) == (
        None,
        2,
        1,
        1,
    )
    assert (second.turn, second.begun_at, second.reopened_at) == (2, NOW + 3 * HOUR, None)
    assert (second.lead_party_ref, second.dispatches, second.objections) == ("company", 1, 0)


def test_a_turn_that_had_been_closed_is_said_again_when_its_case_is_opened_again():
    case = verified(reported())
    for _ in range(3):
        case.try_revisit(now=NOW + 3 * HOUR)
    case.close(now=NOW + 3 * HOUR)
    (closed,) = case.take_ended()
    answer(case, "unresolved", grade=2, now=NOW + 9 * HOUR)
    (again,) = case.take_ended()
    assert (closed.turn, again.turn) == (1, 1)
    closed.reopen(resolution=again.resolution, grade=again.grade, now=NOW + 9 * HOUR)
    assert (closed.outcome, closed.resolution, closed.grade) == ("unanswered", "unresolved", 2)
    assert closed.reopened_at == NOW + 9 * HOUR


def test_the_first_answer_of_a_turn_counts_and_a_later_one_only_opens_the_case_again():
    case = verified(reported())
    answer(case, "resolved", grade=5)
    (closed,) = case.take_ended()
    closed.reopen(resolution="unresolved", grade=1, now=NOW + 9 * HOUR)
    assert (closed.resolution, closed.grade, closed.reopened_at) == ("resolved", 5, NOW + 9 * HOUR)


@given(resolutions=st.lists(st.sampled_from(["resolved", "partly", "unresolved"]), min_size=1, max_size=8))
def test_there_is_one_row_for_each_turn_whatever_is_answered(resolutions):
    case, now, rows = reported(), NOW, []
    for resolution in resolutions:
        if case.state == "dispatched":
            verified(case, now)
        now += 5 * HOUR
        answer(case, resolution, now=now)
        rows += [turn.turn for turn in case.take_ended()]
    ended = case.turn if case.state == "closed" else case.turn - 1
    assert sorted(set(rows)) == list(range(1, ended + 1))


def ended():
    case = verified(reported())
    answer(case, "resolved")
    return case.take_ended()[0]


def test_an_exclusion_is_asked_by_one_and_decided_by_another():
    turn = ended()
    turn.ask_exclusion(reason="诉求不实", by="property:1", now=NOW)
    assert turn.allowed_actions == ["exclude", "refuse_exclusion"]
    with pytest.raises(DecidedByWhoAsked):
        turn.exclude(by="property:1", now=NOW)
    assert turn.state == "asked"
    turn.exclude(by="street:1", now=NOW + HOUR)
    assert (turn.state, turn.exclusion.decided_by, turn.exclusion.decided_at) == (
        "excluded",
        "street:1",
        NOW + HOUR,
    )
    with pytest.raises(NotNow):
        turn.ask_exclusion(reason="再次", by="property:1", now=NOW)


def test_what_was_refused_counts_and_can_be_asked_for_again():
    turn = ended()
    turn.ask_exclusion(reason="诉求不实", by="property:1", now=NOW)
    turn.refuse_exclusion(by="street:1", now=NOW)
    assert (turn.state, turn.allowed_actions) == ("counted", ["ask_exclusion"])


def test_somebody_whom_only_the_hotline_knows_has_reported_it():
    case = reported(reporter_ref=None, reporter_sealed="c1:x")
    answer(verified(case), "resolved")
    (turn,) = case.take_ended()
    assert turn.has_reporter
