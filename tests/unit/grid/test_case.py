"""事项: its clocks, its turns, and what it hears too late or too early."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.grid.domain import categories
from services.grid.domain.case import Answer
from services.grid.domain.case_events import CaseClosed, CaseDispatched, CaseHandled, CaseWaiting
from services.grid.domain.case_lifecycle import LIFECYCLE
from services.grid.domain.categories import CATEGORIES, STREET_ITSELF
from services.grid.domain.errors.categories import CategoryUnknown
from services.grid.domain.errors.places import (
    GridCodeWrong,
    NoGridHere,
    PlaceKindWrong,
)
from services.grid.domain.policies import Candidate
from services.grid.plugins.first_receiver import FirstReceiver
from shared.kernel.errors import NotYet
from tests.unit.grid.case_builder import CALENDAR, COMPANY, NOW, category, grid, place, reported

GREENERY = category("0603")


def land(case, now=NOW):
    case.land(topic_ref="topic", works_ref="works", outcome="完成", now=now, calendar=CALENDAR)


@pytest.fixture
def spot():
    return place("spot", grid())


@pytest.fixture
def case(spot):
    return reported(at=spot)


def hear(case, *, turn=1, resolution="resolved"):
    case.hear_answer(Answer(turn, resolution, 4), COMPANY, GREENERY, now=NOW, calendar=CALENDAR)


def recorded(case):
    return [type(fact.event) for fact in case.take_recorded()]


def test_a_case_is_never_without_grid_party_and_deadline(case):
    assert (case.grid_code, case.lead_party_name) == ("110112010904001", "示例物业")
    assert case.answer_due_at == NOW + timedelta(days=7)


def test_each_fact_raises_the_version_by_one(case):
    assert [fact.version for fact in case.take_recorded()] == [1, 2]


def test_a_matter_at_a_place_without_grid_is_refused():
    estate = place("estate", place("community", place("street", code="110112010"), code="110112010904"))
    with pytest.raises(NoGridHere):
        estate.must_have_grid()


def test_waiting_is_an_interim_answer_and_stops_the_answer_clock_only(case):
    case.wait_for_topic("topic", reason="共议中", now=NOW + timedelta(days=1), calendar=CALENDAR)
    assert case.is_on_time
    land(case, NOW + timedelta(days=90))
    assert case.is_on_time


def test_a_case_that_had_no_answer_in_time_stays_late(case):
    land(case, NOW + timedelta(days=8))
    assert not case.is_on_time


def test_hearing_the_same_thing_twice_changes_nothing(case):
    case.wait_for_topic("topic", reason="共议中", now=NOW, calendar=CALENDAR)
    case.wait_for_works("topic", 1, reason="待工程", now=NOW, calendar=CALENDAR)
    land(case, NOW)
    case.take_recorded()
    case.wait_for_topic("topic", reason="共议中", now=NOW, calendar=CALENDAR)
    case.wait_for_works("topic", 1, reason="待工程", now=NOW, calendar=CALENDAR)
    land(case, NOW)
    assert recorded(case) == []


def test_dispatching_again_gives_a_fresh_clock(case):
    case.wait_for_works("topic", 1, reason="待工程", now=NOW, calendar=CALENDAR)
    later = NOW + timedelta(days=30)
    case.lose_works("topic", 1, "works", COMPANY, GREENERY, now=later, calendar=CALENDAR)
    assert (case.state, case.answer_due_at, case.answered_at) == (
        "dispatched",
        later + timedelta(days=7),
        None,
    )


def test_works_that_were_cancelled_before_the_case_heard_of_them_do_not_make_it_wait(case):
    case.lose_works("topic", 1, "works", COMPANY, GREENERY, now=NOW, calendar=CALENDAR)
    case.wait_for_works("topic", 1, reason="待工程", now=NOW, calendar=CALENDAR)
    assert case.state == "dispatched"
    case.wait_for_works("topic", 2, reason="待工程", now=NOW, calendar=CALENDAR)
    assert (case.state, case.waiting_for) == ("waiting", "works")


def test_an_old_cancellation_does_not_take_away_the_works_of_a_later_plan(case):
    case.wait_for_works("topic", 2, reason="待工程", now=NOW, calendar=CALENDAR)
    case.lose_works("topic", 1, "old works", COMPANY, GREENERY, now=NOW, calendar=CALENDAR)
    assert case.state == "waiting"


def test_a_good_answer_closes_and_an_early_one_must_wait(case):
    with pytest.raises(NotYet):
        hear(case)
    land(case, NOW)
    hear(case)
    assert case.state == "closed"


def test_an_answer_to_an_earlier_turn_never_closes_a_later_one(case):
    land(case, NOW)
    hear(case, resolution="unresolved")
    assert (case.state, case.turn) == ("dispatched", 2)
    hear(case, turn=1)
    assert (case.state, case.turn) == ("dispatched", 2)


def test_a_late_answer_can_reopen_a_closed_case_but_not_close_it_twice(case):
    land(case, NOW)
    hear(case)
    case.take_recorded()
    hear(case)
    assert recorded(case) == []
    hear(case, resolution="unresolved")
    assert case.turn == 2


STEPS = {
    "topic": lambda case: case.wait_for_topic("topic", reason="", now=NOW, calendar=CALENDAR),
    "works": lambda case: case.wait_for_works("topic", 1, reason="", now=NOW, calendar=CALENDAR),
    "cancelled": lambda case: case.lose_works(
        "topic", 1, "works", COMPANY, GREENERY, now=NOW, calendar=CALENDAR
    ),
    "landed": land,
    "good": lambda case: hear(case, turn=case.turn),
    "bad": lambda case: hear(case, turn=case.turn, resolution="unresolved"),
}


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=12))
def test_in_whatever_order_things_are_heard_a_case_is_closed_only_after_it_was_handled(steps):
    community = place("community", place("street", code="110112010"), code="110112010904")
    case = reported(at=place("grid", community, code="110112010904001"))
    for step in steps:
        try:
            STEPS[step](case)
        except NotYet:
            assert step in ("good", "bad")
    facts = [type(fact.event) for fact in case.take_recorded()]
    assert case.state in LIFECYCLE.states
    for position, fact in enumerate(facts):
        if fact is CaseClosed:
            since = max(i for i in range(position) if facts[i] is CaseDispatched)
            assert CaseHandled in facts[since:position]
            assert facts[position - 1] is not CaseWaiting


def test_an_unknown_category_is_told_the_known_ones():
    with pytest.raises(CategoryUnknown) as refused:
        category("9999")
    assert "0603" in refused.value.text("zh")


def test_no_category_has_a_community_as_first_receiver():
    assert {kind.first_receiver for kind in CATEGORIES.values()} == {categories.COMPANY, STREET_ITSELF}


@pytest.mark.parametrize(
    "candidates", [[], [Candidate("a", "company", "甲"), Candidate("b", "company", "乙")]]
)
def test_without_exactly_one_company_the_street_stands_in(candidates):
    assert FirstReceiver().choose(GREENERY, candidates).party_ref is None


def test_places_lie_where_they_can():
    street = place("street", code="110112010")
    with pytest.raises(PlaceKindWrong):
        place("door", street)
    with pytest.raises(PlaceKindWrong):
        place("street", street)
    with pytest.raises(PlaceKindWrong):
        place("community")


@pytest.mark.parametrize("code", ["110112010904", "999112010904001", "11011201090400a"])
def test_a_grid_code_has_fifteen_digits_of_its_street(code):
    with pytest.raises(GridCodeWrong):
        place("grid", place("community", place("street", code="110112010"), code="110112010904"), code=code)
