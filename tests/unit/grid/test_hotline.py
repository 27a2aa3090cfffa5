"""热线 What its orders do to a case: sent twice, late, and in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.grid.domain import anonymity
from services.grid.domain.case import Answer
from services.grid.domain.case_events import CaseClosed, CaseDispatched, CaseExtended, CasePlaced
from services.grid.domain.case_lifecycle import LEAD, OFFICER
from services.grid.domain.catch_all import CatchAll
from services.grid.domain.categories import CATEGORIES
from services.grid.domain.errors.cases import NoReporter, NotAnonymous
from services.grid.domain.errors.clocks import SetByHotline
from services.grid.domain.errors.hotline import AnswerMissing, CategoryMissing, DispatchedAlready, WordTaken
from services.grid.domain.errors.places import PlaceKindUnfit
from services.grid.domain.errors.records import RecordedAhead
from services.grid.domain.hotline_order import DISPATCH, SKEW, TRIAGE, HotlineOrder, Said, Word
from services.grid.domain.policies import Choice
from shared.kernel.errors import NotNow
from tests.unit.grid.case_builder import (
    CALENDAR,
    COMPANY,
    NOW,
    STREET,
    category,
    facts,
    grid,
    place,
    reported,
)

HOUR = timedelta(hours=1)
DUE = NOW + 30 * HOUR
SAID = Said(
    received_at=NOW - HOUR,
    revised_at=NOW - HOUR,
    kind="complaint",
    content="路灯不亮",
    address="云景东路",
    triage=DISPATCH,
    answer="",
    category="0203",
    due_at=DUE,
    reporter_sealed="c1:sealed",
    fingerprint="1",
)


def ordered(**more):
    """A case of the hotline, under its limit."""
    return reported("0203", reporter_ref=None, reporter_sealed="c1:sealed", due_at=DUE, **more)


def verified(case, *, at=NOW):
    case.accept(now=at)
    case.handle(outcome="好了", modes=[], evidence_refs=[], by="property:1", now=at, calendar=CALENDAR)
    case.verify(finding="好", evidence_refs=["photo"], by="community:1", now=at)
    return case


def answered(case, resolution, *, now):
    case.hear_answer(Answer(case.turn, resolution, 3), COMPANY, category("0203"), now=now, calendar=CALENDAR)
    return case


def order(**more):
    return HotlineOrder("BJ1", replace(SAID, **more), place=grid(), now=NOW)


# ---- the hotline's limit


def test_the_hotlines_limit_is_the_cases_and_no_pause_or_officer_moves_it():
    case = ordered()
    assert (case.due_at, case.answer_due_at, case.due_is_provisional) == (DUE, DUE, False)
    case.accept(now=NOW)
    with pytest.raises(SetByHotline):
        case.pause("weather", reason="", now=NOW, calendar=CALENDAR)
    case.ask_extension(1, reason="需订货", by="property:1", now=NOW)
    with pytest.raises(SetByHotline):
        case.extend(by="street:1", now=NOW, calendar=CALENDAR)
    assert "extend" not in case.actions_for({OFFICER})
    assert "pause" not in case.actions_for({LEAD})


def test_it_is_warned_of_when_a_fifth_of_that_is_left_and_missed_when_it_is_over():
    case = ordered()
    assert case.next_look_at(CALENDAR) == NOW + 24 * HOUR
    case.watch(None, now=NOW + 24 * HOUR, calendar=CALENDAR)
    assert (case.warned_at, case.next_look_at(CALENDAR)) == (NOW + 24 * HOUR, DUE)


def test_a_limit_of_the_hotline_holds_over_all_phases():
    case = reported("0602", due_at=DUE)
    case.accept(now=NOW)
    case.finish_phase(category("0602"), now=NOW, calendar=CALENDAR)
    assert case.due_at == DUE


def test_a_limit_that_is_over_when_it_comes_is_missed_at_once():
    case = reported("0203", due_at=NOW - HOUR)
    case.watch(None, now=NOW, calendar=CALENDAR)
    assert case.missed_at == NOW


def test_only_more_time_than_there_is_extends_it_and_the_same_again_does_nothing():
    case = ordered()
    facts(case)
    until = DUE + timedelta(minutes=90)
    assert case.hear_extension(until, reason="需订货", now=NOW, calendar=CALENDAR)
    assert not case.hear_extension(until, reason="需订货", now=NOW, calendar=CALENDAR)
    assert not case.hear_extension(DUE, reason="较早的一次", now=NOW, calendar=CALENDAR)
    assert facts(case) == [CaseExtended(2, "hours", "需订货")]
    assert case.due_at == until


def test_a_case_that_is_handled_needs_no_more_time_and_cannot_leave():
    case = verified(ordered())
    assert not case.hear_extension(DUE + HOUR, reason="", now=NOW, calendar=CALENDAR)
    assert not case.leave(reason="不属于", now=NOW)
    before = case.text
    case.amend(text="更正", address="", reporter_sealed=None, due_at=None, now=NOW, calendar=CALENDAR)
    assert (case.state, case.text) == ("verified", before)


def test_what_is_not_the_streets_leaves_it():
    case = ordered()
    assert case.leave(reason="属市政管理", now=NOW)
    assert facts(case)[-1] == CaseClosed("referred", None, None, "属市政管理")
    assert not case.leave(reason="属市政管理", now=NOW)


# ---- its revisits


def test_somebody_whom_only_the_hotline_knows_is_a_reporter():
    case = verified(ordered())
    assert "close" not in case.actions_for({OFFICER})
    assert verified(reported("0203", reporter_ref=None)).actions_for({OFFICER}) == ["close"]
    with pytest.raises(NoReporter):
        reported("0203", reporter_ref=None).contact(now=NOW)
    ordered().contact(now=NOW)


@pytest.mark.parametrize("resolution", ["resolved", "partly"])
def test_a_good_answer_that_comes_before_the_verification_waits_for_it(resolution):
    case = ordered()
    assert case.hears(resolution, said_at=NOW) is None
    assert verified(case).hears(resolution, said_at=NOW) is True


def test_a_bad_answer_from_before_it_was_handled_is_not_about_what_was_done():
    case = ordered()
    assert case.hears("unresolved", said_at=NOW) is False
    verified(case, at=NOW + HOUR)
    assert case.hears("unresolved", said_at=NOW) is False
    assert case.hears("unresolved", said_at=NOW + HOUR) is True


def test_a_late_good_answer_to_the_first_turn_never_closes_the_second():
    case = answered(verified(ordered()), "unresolved", now=NOW + 2 * HOUR)
    verified(case, at=NOW + 3 * HOUR)
    assert case.hears("resolved", said_at=NOW + HOUR) is False
    assert case.hears("resolved", said_at=NOW + 4 * HOUR) is True


def test_a_turn_that_begins_anew_is_under_the_limit_of_its_category():
    case = answered(verified(ordered()), "unresolved", now=NOW + HOUR)
    assert case.due_at == NOW + 25 * HOUR


# ---- the order


@pytest.mark.parametrize("triage", sorted(TRIAGE.keys() - {DISPATCH}))
def test_seven_outcomes_end_with_an_answer_and_without_a_case(triage):
    assert not order(triage=triage, answer="已告知", category=None).is_to_be_taken_up
    with pytest.raises(AnswerMissing):
        order(triage=triage)


def test_the_eighth_needs_a_category():
    assert len(TRIAGE) == 8
    assert order().is_to_be_taken_up
    with pytest.raises(CategoryMissing):
        order(category=None)


def test_an_order_is_not_received_tomorrow_but_the_hotlines_clock_may_be_a_little_ahead():
    order(received_at=NOW + SKEW, revised_at=NOW + SKEW)
    with pytest.raises(RecordedAhead):
        order(received_at=NOW + SKEW + HOUR)


@given(st.permutations([1, 2, 3]), st.lists(st.integers(1, 3), max_size=3))
def test_in_whatever_order_versions_come_and_however_often_the_last_one_stays(versions, again):
    def said(number):
        at = NOW - 5 * HOUR + number * HOUR
        return replace(SAID, revised_at=at, content=f"第{number}版", fingerprint=str(number))

    first, *rest = [*versions, *again]
    one = HotlineOrder("BJ1", said(first), place=grid(), now=NOW)
    for number in rest:
        one.revise(said(number), now=NOW)
    assert one.content == "第3版"


def test_the_same_again_changes_nothing():
    one = order()
    before = one.version
    assert not one.revise(SAID, now=NOW)
    assert one.version == before


def test_once_there_is_a_case_triage_and_category_stay():
    one = order()
    one.take_up(ordered())
    for change in ({"triage": "answered", "answer": "已答复"}, {"category": "0204"}):
        with pytest.raises(DispatchedAlready):
            one.revise(replace(SAID, fingerprint="2", **change), now=NOW)
    assert one.revise(replace(SAID, fingerprint="2", content="两盏路灯不亮"), now=NOW)


def test_what_ended_with_the_hotline_may_still_be_dispatched():
    one = order(triage="answered", answer="已答复")
    assert one.revise(replace(SAID, fingerprint="2"), now=NOW)
    assert one.is_to_be_taken_up


def test_a_word_is_known_by_its_kind_and_number_whatever_has_come_of_it():
    one, word = order(), Word("R1", "revisit", "resolved", NOW, grade=5)
    assert not one.has_heard(word)
    one.hear(word, None, now=NOW)
    assert one.has_heard(word)
    assert [each.effect for each in one.waiting] == ["waits"]
    assert not one.has_heard(Word("R1", "extension", "granted", NOW, until=DUE))
    with pytest.raises(WordTaken):
        one.has_heard(replace(word, outcome="unresolved"))
    one.settle(one.waiting[0], True)
    assert [each.effect for each in one.words] == ["done"]
    with pytest.raises(RecordedAhead):
        one.hear(Word("R2", "revisit", "resolved", NOW + timedelta(days=1)), None, now=NOW)


# ---- where nobody knows


def test_a_case_is_put_where_it_belongs_and_another_is_responsible_there():
    case = reported(place_is_unknown=True, address="水池旁")
    case.accept(now=NOW)
    facts(case)
    there, due_at = grid(), case.due_at
    where = {"area_ref": "area-2", "organisation": None, "now": NOW}
    case.place(there, None, choice=STREET, **where)
    assert facts(case) == [CasePlaced(), CaseDispatched("placed", STREET.reason)]
    assert (case.place_ref, case.grid_ref, case.place_is_unknown) == (there.id, there.id, False)
    assert (case.state, case.lead_party_ref, case.due_at) == ("dispatched", None, due_at)


def test_put_where_the_same_party_is_responsible_it_stays_in_hand():
    case = reported(place_is_unknown=True)
    case.accept(now=NOW)
    facts(case)
    same = Choice(COMPANY.party_ref, COMPANY.name, "")
    case.place(grid(), None, choice=same, area_ref="area", organisation=None, now=NOW)
    assert facts(case) == [CasePlaced()]
    assert case.state == "handling"


def test_what_is_handled_is_not_put_elsewhere():
    where = {"area_ref": None, "organisation": None, "choice": STREET, "now": NOW}
    with pytest.raises(NotNow):
        verified(reported()).place(grid(), None, **where)


def test_only_a_grid_takes_what_nobody_can_place():
    catch_all = CatchAll("110112010", grid())
    other = grid()
    catch_all.name(other)
    assert (catch_all.grid_ref, catch_all.place_path) == (other.id, other.place_path)
    with pytest.raises(PlaceKindUnfit):
        catch_all.name(place("spot", other))


# ---- late, and without a name


def test_what_happened_before_may_be_told_later_but_not_what_has_not_happened():
    case = reported(occurred_at=NOW - 50 * HOUR)
    assert (case.occurred_at, case.reported_at) == (NOW - 50 * HOUR, NOW)
    assert reported().occurred_at == NOW
    with pytest.raises(RecordedAhead):
        reported(occurred_at=NOW + timedelta(seconds=1))


@pytest.mark.parametrize("code", sorted(CATEGORIES))
def test_a_name_is_needed_exactly_where_somebody_is_a_party_or_is_to_be_helped(code):
    def may_be_anonymous():
        try:
            anonymity.must_be_possible(category(code), field="anonymous")
        except NotAnonymous:
            return False
        return True

    assert may_be_anonymous() == (code not in {"0402", "0403", "0503", "0802", "1001", "1002"})
