"""入户: what becomes of a visit, whatever order its attempts are heard of in, and how coverage is counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.grid.domain.errors.records import RecordedAhead
from services.grid.domain.errors.visits import VisitTooEarly
from services.grid.domain.household import Household
from services.grid.domain.place import Place
from services.grid.domain.visit import (
    LIFECYCLE,
    Campaign,
    Occasion,
    Report,
    Visit,
    VisitPlanned,
    VisitRecorded,
    VisitRequested,
)
from shared.kernel.errors import NotNow

ASKED = datetime(2024, 5, 27, 1, tzinfo=UTC)
NOW = ASKED + timedelta(days=30)
TODAY = date(2024, 5, 27)
_ids = count()

outcomes = st.sampled_from(["met", "absent", "refused"])
attempts = st.lists(st.tuples(outcomes, st.integers(0, 29)), max_size=8)


def place(kind, code, parent=None):
    return Place(
        kind=kind, name=f"{kind} {code}", code=code, parent=parent, street_code="110112010", today=TODAY
    )


STREET = place("street", "110112010")
COMMUNITY = place("community", "110112010904", STREET)
GRID = place("grid", "110112010904001", COMMUNITY)
BUILDING = place("building", "B1", GRID)
DOOR = place("door", "D1", BUILDING)


def visit(**occasion):
    return Visit(Occasion("policy", **occasion), door=DOOR, now=ASKED)


def report(outcome, days=0, **more):
    return Report(
        id=f"record-{next(_ids)}", occurred_at=ASKED + timedelta(days=days), outcome=outcome, **more
    )


def keep(visit, outcome, days=0):
    return visit.keep(report(outcome, days), recorded_by="grid_worker:w", now=NOW)


def told(visit):
    return [each.event for each in visit.take_recorded()]


def test_a_visit_that_is_asked_for_is_told_and_one_of_a_campaign_is_not():
    assert told(visit()) == [VisitRequested()]
    assert told(visit(campaign_ref="campaign")) == [VisitPlanned()]


def test_it_is_at_the_door_with_its_room_only_where_the_household_is_known():
    household = Household(DOOR, "301", today=TODAY)
    known = Visit(Occasion("care"), door=DOOR, household=household, now=ASKED)
    assert (known.household_ref, known.room, known.door_ref) == (household.id, "301", DOOR.id)
    assert (visit().household_ref, visit().room, visit().grid_ref) == (None, None, GRID.id)


def test_absent_once_is_to_be_visited_again_and_absent_twice_ends_on_the_board():
    task = visit()
    task.take_recorded()
    keep(task, "absent", 1)
    assert task.state == "absent"
    keep(task, "absent", 2)
    assert task.state == "board"
    assert [event.outcome for event in told(task)] == ["absent", "board"]
    keep(task, "absent", 3)
    assert told(task) == []


def test_a_person_who_was_met_was_met_whatever_was_heard_before():
    for before in ("refused", "absent"):
        task = visit()
        keep(task, before, 3)
        keep(task, before, 4)
        task.take_recorded()
        task.keep(report("met", 1, answer="agrees"), recorded_by="grid_worker:w", now=NOW)
        assert (task.state, task.answer, task.visited_at) == ("met", "agrees", ASKED + timedelta(days=1))
        assert told(task) == [VisitRecorded("met", "agrees", ASKED + timedelta(days=1))]


def test_a_record_after_the_end_is_kept_and_moves_nothing():
    task = visit()
    keep(task, "met", 1)
    version = task.version
    late = keep(task, "absent", 2)
    assert (task.state, task.version) == ("met", version)
    assert (late.outcome, late.visit_ref) == ("absent", task.id)


def test_nobody_was_there_in_the_future_or_before_it_was_asked_for():
    with pytest.raises(RecordedAhead):
        visit().keep(report("met", 31), recorded_by="w", now=NOW)
    with pytest.raises(VisitTooEarly):
        visit().keep(report("met", -1), recorded_by="w", now=NOW)


def test_a_refusal_or_the_board_may_be_followed_by_another_visit_and_a_meeting_may_not():
    refused = visit()
    keep(refused, "refused", 1)
    refused.revisit(due_at=None, now=ASKED + timedelta(days=5))
    assert (refused.state, refused.absences, refused.answer) == ("planned", 0, None)
    keep(refused, "refused", 2)  # of before: heard late
    assert refused.state == "planned"
    keep(refused, "met", 3)  # of before too, but somebody was met
    assert refused.state == "met"
    with pytest.raises(NotNow) as refusal:
        refused.revisit(due_at=None, now=NOW)
    assert refusal.value.allowed_actions == []


def test_the_same_report_says_the_same_and_another_does_not():
    task, said = visit(), report("met", 1)
    kept = task.keep(said, recorded_by="w", now=NOW)
    assert kept.says(task.id, said)
    assert not kept.says("another", said)
    other = Report(id=said.id, occurred_at=said.occurred_at, outcome="absent")
    assert not kept.says(task.id, other)


def what_became_of(made):
    """The slow and simple way: look at all that happened."""
    happened = [outcome for outcome, _ in made]
    if "met" in happened:
        return "met"
    if "refused" in happened:
        return "refused"
    return {0: "planned", 1: "absent"}.get(happened.count("absent"), "board")


@given(attempts, st.randoms())
def test_what_becomes_of_a_visit_does_not_depend_on_when_its_attempts_are_heard_of(made, random):
    shuffled = list(made)
    random.shuffle(shuffled)
    for order in (made, shuffled):
        task = visit()
        for outcome, day in order:
            keep(task, outcome, day)
        assert task.state == what_became_of(made)


@given(attempts)
def test_a_visit_tells_exactly_its_changes_and_only_such_as_the_table_allows(made):
    task = visit()
    task.take_recorded()
    for outcome, day in made:
        before = task.state
        keep(task, outcome, day)
        said = [event.outcome for event in told(task)]
        assert said == ([] if task.state == before else [task.state])
        if task.state != before:
            step = LIFECYCLE.after(outcome, before)
            assert task.state in (step, "board" if outcome == "absent" else step)


@given(st.lists(st.lists(outcomes, max_size=4), max_size=30))
def test_who_was_met_agrees_with_a_slow_count(households):
    campaign = Campaign(purpose="policy", title="宣讲", place=STREET, due_at=None, now=ASKED)
    homes = [Household(DOOR, str(number), today=TODAY) for number, _ in enumerate(households)]
    visits = campaign.visits(homes, [DOOR], now=ASKED)
    for task, made in zip(visits, households, strict=True):
        for outcome in made:
            keep(task, outcome)
    met = sum(task.state == "met" for task in visits)
    slow = sum("met" in made for made in households)
    assert met == slow
