"""事项的状态机: whatever is done and heard, in whatever order, a case is never where it may not be, and every ending
can be reached (row 15, gates G3 and G4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.grid.domain.case import ENDS_ASKED_FOR, MOST_TURNS, OUTCOMES, Answer
from services.grid.domain.case_events import (
    CaseClosed,
    CaseDispatched,
    CaseHandled,
    CaseReopened,
    CaseVerified,
)
from services.grid.domain.case_lifecycle import CAPACITIES, CLOSED, LIFECYCLE, OPEN, STATES
from services.grid.domain.categories import CATEGORIES
from services.grid.domain.co_handler import ASKED, Helper
from services.grid.domain.countdown import PAUSE_REASONS
from services.grid.domain.staff import Staff
from shared.kernel.clock import local_date
from shared.kernel.errors import JiushuError, NotYet
from tests.unit.grid.case_builder import CALENDAR, COMPANY, NOW, STREET, category, grid, reported

GRID = grid()
STAFF = [
    Staff(
        staff_no=f"C-{number}",
        name="人员",
        category="chengguan",
        grids=[(GRID, "member")],
        today=local_date(NOW),
    )
    for number in (1, 2, 3)
]
PEOPLE = st.sampled_from(["property:1", "street:1", "street:2", "community:1"])
CLAIMS = st.sampled_from(["claim-1", "claim-2"])
RESOLUTIONS = st.sampled_from(["resolved", "partly", "unresolved"])


def _refusal_of(deed):
    try:
        deed()
    except JiushuError as refused:
        return refused
    return None


class Cases(RuleBasedStateMachine):
    """One case, and everybody who has to do with it."""

    held = None  # the claim that it was waiting for when last looked at

    @initialize(
        code=st.sampled_from(sorted(CATEGORIES)),
        reporter_ref=st.sampled_from(["resident-1", None]),
        hotline=st.sampled_from([{}, {"reporter_sealed": "c1:x"}, {"due_at": NOW + timedelta(days=3)}]),
    )
    def report(self, code, reporter_ref, hotline):
        self.kind = category(code)
        self.now = NOW
        self.earlier = reported(code, at=GRID, reporter_ref="resident-0")
        self.case = reported(code, at=GRID, reporter_ref=reporter_ref, **hotline)
        self.story = []
        self.listen()

    def listen(self):
        self.story += [fact.event for fact in self.case.take_recorded()]

    def attempt(self, action, deed):
        """Do it; it goes well exactly where the table says that it can be done (by whom, is asked elsewhere)."""
        possible = action in self.case.actions_for(CAPACITIES)
        before = (self.case.state, self.case.version)
        refused = _refusal_of(deed)
        if refused is None:
            assert possible, f"{action} was not among what is allowed"
        else:
            assert not possible or refused.code in OTHERWISE_REFUSED, (action, refused)
            assert (self.case.state, self.case.version) == before, f"{action} was refused halfway"
        self.listen()

    @rule(hours=st.sampled_from([0, 1, 5, 24, 24 * 9]))
    def time_goes_by(self, hours):
        self.now += timedelta(hours=hours)
        self.case.watch(None, now=self.now, calendar=CALENDAR)
        self.listen()

    @rule()
    def accept(self):
        self.attempt("accept", lambda: self.case.accept(now=self.now))

    @rule(by=PEOPLE)
    def object(self, by):
        self.attempt("object", lambda: self.case.object(reason="不属于", by=by, now=self.now))

    @rule(by=PEOPLE, choice=st.sampled_from([COMPANY, STREET]))
    def uphold(self, by, choice):
        self.attempt("uphold", lambda: self.case.uphold(choice, reason="", by=by, now=self.now))

    @rule(by=PEOPLE)
    def overrule(self, by):
        self.attempt("overrule", lambda: self.case.overrule(reason="", by=by, now=self.now))

    @rule(who=st.sampled_from(["water", "fire", "company"]))
    def ask_co_handler(self, who):
        helper = Helper(who, party_ref=who)
        due_at = self.now + timedelta(days=1)
        self.attempt(
            "ask_co_handler", lambda: self.case.ask_co_handler(helper, "核实", due_at=due_at, now=self.now)
        )

    @rule(is_done=st.booleans(), last=st.booleans())
    def report_part(self, is_done, last):
        ref = self.co_handler(last)
        self.attempt(
            "report_part", lambda: self.case.report_part(ref, "已核实", is_done=is_done, now=self.now)
        )

    @rule(last=st.booleans())
    def release_co_handler(self, last):
        ref = self.co_handler(last)
        self.attempt(
            "release_co_handler", lambda: self.case.release_co_handler(ref, reason="不需要", now=self.now)
        )

    def co_handler(self, last):
        parts = self.case.co_handlers
        return parts[-1 if last else 0].id if parts else "nobody"

    @rule(number=st.integers(1, 3))
    def attend(self, number):
        self.attempt(
            "attend",
            lambda: self.case.attend(STAFF[number - 1], GRID.place_path, (), reason="就近", now=self.now),
        )

    @rule()
    def contact(self):
        self.attempt("contact", lambda: self.case.contact(now=self.now))

    @rule(code=st.sampled_from(sorted(PAUSE_REASONS)))
    def pause(self, code):
        self.attempt("pause", lambda: self.case.pause(code, reason="", now=self.now, calendar=CALENDAR))

    @rule()
    def resume(self):
        self.attempt("resume", lambda: self.case.resume(now=self.now, calendar=CALENDAR))

    @rule(by=PEOPLE, amount=st.integers(1, 20))
    def ask_extension(self, by, amount):
        self.attempt("ask_extension", lambda: self.case.ask_extension(amount, reason="", by=by, now=self.now))

    @rule(by=PEOPLE)
    def extend(self, by):
        self.attempt("extend", lambda: self.case.extend(by=by, now=self.now, calendar=CALENDAR))

    @rule(by=PEOPLE)
    def refuse_extension(self, by):
        self.attempt("refuse_extension", lambda: self.case.refuse_extension(by=by, now=self.now))

    @rule()
    def finish_phase(self):
        self.attempt(
            "finish_phase", lambda: self.case.finish_phase(self.kind, now=self.now, calendar=CALENDAR)
        )

    @rule(by=PEOPLE)
    def handle(self, by):
        self.attempt(
            "handle",
            lambda: self.case.handle(
                outcome="好了", modes=[], evidence_refs=[], by=by, now=self.now, calendar=CALENDAR
            ),
        )

    @rule(by=PEOPLE)
    def verify(self, by):
        self.attempt(
            "verify", lambda: self.case.verify(finding="好", evidence_refs=["photo"], by=by, now=self.now)
        )

    @rule()
    def send_back(self):
        self.attempt("send_back", lambda: self.case.send_back(reason="没好", now=self.now))

    @rule()
    def try_revisit(self):
        self.attempt("try_revisit", lambda: self.case.try_revisit(now=self.now))

    @rule(resolution=RESOLUTIONS)
    def revisit(self, resolution):
        self.attempt("revisit", lambda: self.hear(self.case.revisit, self.case.turn, resolution))

    @rule()
    def close(self):
        self.attempt("close", lambda: self.case.close(now=self.now))

    @rule(by=PEOPLE, outcome=st.sampled_from(sorted(ENDS_ASKED_FOR)))
    def ask_end(self, by, outcome):
        self.attempt("ask_end", lambda: self.case.ask_end(outcome, reason="", by=by, now=self.now))

    @rule(by=PEOPLE)
    def end(self, by):
        self.attempt("end", lambda: self.case.end(by=by, now=self.now))

    @rule(by=PEOPLE)
    def refuse_end(self, by):
        self.attempt("refuse_end", lambda: self.case.refuse_end(by=by, now=self.now))

    @rule()
    def withdraw(self):
        self.attempt("withdraw", lambda: self.case.withdraw(reason="", now=self.now))

    @rule()
    def merge(self):
        self.attempt("merge", lambda: self.case.merge_into(self.earlier, now=self.now))

    @rule(claim=CLAIMS)
    def a_claim_is_found(self, claim):
        self.case.wait_for_claim(claim, reason="", next_on=None, now=self.now, calendar=CALENDAR)
        self.listen()

    @rule(next_on=st.sampled_from([None, date(2024, 6, 7)]))
    def the_neighbours_are_mediated(self, next_on):
        self.case.wait_for_mediation("mediation", reason="", next_on=next_on, now=self.now, calendar=CALENDAR)
        self.listen()

    @rule(ref=CLAIMS | st.just("mediation"))
    def it_comes_to_nothing(self, ref):
        self.case.wait_no_more(ref, STREET, self.kind, "claim_denied", now=self.now, calendar=CALENDAR)
        self.listen()

    @rule(ref=CLAIMS | st.just("mediation"))
    def it_is_settled(self, ref):
        self.case.settle(ref, outcome="办妥", now=self.now, calendar=CALENDAR)
        self.listen()

    @rule(zone=st.sampled_from(["zone-1", "zone-2"]), is_decided=st.booleans())
    def it_is_found_whose_it_is(self, zone, is_decided):
        self.case.lie_in_gray_zone(zone)
        if is_decided:
            self.case.leave_gray_zone(zone, COMPANY, now=self.now)
        else:
            self.case.stay_in_gray_zone(zone, STREET, None, now=self.now)
        self.listen()

    @rule(topic=st.sampled_from(["topic-1", "topic-2"]), plan_version=st.integers(0, 2))
    def a_topic_takes_it_up(self, topic, plan_version):
        if plan_version:
            self.case.wait_for_works(topic, plan_version, reason="", now=self.now, calendar=CALENDAR)
        else:
            self.case.wait_for_topic(topic, reason="", now=self.now, calendar=CALENDAR)
        self.listen()

    @rule(topic=st.sampled_from(["topic-1", "topic-2"]), plan_version=st.integers(1, 2))
    def its_works_are_cancelled(self, topic, plan_version):
        self.case.lose_works(topic, plan_version, "works", STREET, self.kind, now=self.now, calendar=CALENDAR)
        self.listen()

    @rule()
    def its_result_lands(self):
        self.case.land(
            topic_ref="topic-1", works_ref="works", outcome="落成", now=self.now, calendar=CALENDAR
        )
        self.listen()

    @rule(choice=st.sampled_from([COMPANY, STREET]))
    def place(self, choice):
        where = {"area_ref": None, "organisation": None, "choice": choice}
        self.attempt("place", lambda: self.case.place(grid(), None, now=self.now, **where))

    @rule(hours=st.integers(-48, 480))
    def the_hotline_extends_it(self, hours):
        before, until = self.case.due_at, self.now + timedelta(hours=hours)
        self.case.hear_extension(until, reason="", now=self.now, calendar=CALENDAR)
        assert self.case.due_at == (max(before, until) if self.case.state in OPEN else before)
        self.listen()

    @rule(due_at=st.sampled_from([None, NOW + timedelta(days=5)]))
    def the_hotline_amends_it(self, due_at):
        said = {"text": "更正", "address": "", "reporter_sealed": None, "due_at": due_at}
        self.case.amend(**said, now=self.now, calendar=CALENDAR)
        self.listen()

    @rule()
    def it_leaves_the_street(self):
        self.case.leave(reason="不属于本街道", now=self.now)
        self.listen()

    @rule(resolution=RESOLUTIONS, hours=st.sampled_from([0, 1, 100]))
    def the_hotline_asks(self, resolution, hours):
        if self.case.hears(resolution, said_at=self.now - timedelta(hours=hours)):
            self.hear(self.case.hear_answer, self.case.turn, resolution)
        self.listen()

    @rule(turn=st.integers(1, MOST_TURNS + 1), resolution=RESOLUTIONS)
    def the_reporter_answers(self, turn, resolution):
        try:
            self.hear(self.case.hear_answer, turn, resolution)
        except NotYet:
            assert self.case.state not in ("verified", "closed")
        self.listen()

    def hear(self, listener, turn, resolution):
        listener(Answer(turn, resolution, 3), STREET, self.kind, now=self.now, calendar=CALENDAR)

    @invariant()
    def it_is_in_a_state_of_the_table_and_somebody_is_responsible(self):
        assert self.case.state in STATES
        assert self.case.lead_party_name
        assert self.case.grid_code

    @invariant()
    def it_is_closed_exactly_where_it_has_an_outcome(self):
        assert (self.case.state == CLOSED) == (self.case.outcome in OUTCOMES)
        assert (self.case.closed_at is not None) == (self.case.state == CLOSED)

    @invariant()
    def gate_g4_it_is_closed_as_good_only_after_it_was_handled_and_verified_in_this_turn(self):
        if self.case.outcome in ("revisited", "unreported", "unanswered"):
            begun = max(n for n, fact in enumerate(self.story) if isinstance(fact, CaseDispatched))
            done = [type(fact) for fact in self.story[begun:]]
            assert done.index(CaseHandled) < done.index(CaseVerified) < done.index(CaseClosed)

    @invariant()
    def what_waits_for_a_claim_goes_on_only_when_that_is_settled_or_denied(self):
        is_taken_back = self.case.outcome == "referred"  # by the hotline
        if self.held is not None and self.held not in self.case.over_refs and not is_taken_back:
            assert (self.case.state, self.case.waiting_for) == ("waiting", "claim")
        self.held = self.case.awaited_ref if self.case.waiting_for == "claim" else None

    @invariant()
    def it_waits_for_something_exactly_while_it_waits(self):
        assert (self.case.state == "waiting") == (self.case.waiting_for is not None)

    @invariant()
    def no_application_outlives_what_it_is_about(self):
        asked = (self.case.objection, self.case.extension, self.case.ending)
        assert self.case.state in OPEN or not any(asked)

    @invariant()
    def each_turn_but_the_first_began_with_a_reopening(self):
        assert self.case.turn == 1 + sum(isinstance(fact, CaseReopened) for fact in self.story) <= MOST_TURNS

    @invariant()
    def it_has_an_attendant_only_where_the_street_leads_it(self):
        assert self.case.attendant_ref is None or self.case.lead_party_ref is None

    @invariant()
    def who_leads_does_not_help_and_nobody_is_asked_twice_at_a_time(self):
        asked = [each.party_ref for each in self.case.co_handlers if each.state == ASKED]
        assert len(set(asked)) == len(asked)
        assert self.case.lead_party_ref is None or self.case.lead_party_ref not in asked

    @invariant()
    def its_clock_is_that_of_its_countdown(self):
        assert self.case.due_at == self.case.countdown.due_at(CALENDAR)
        if self.case.answered_at is None:
            assert self.case.answer_due_at == self.case.due_at


# what depends on who does it, how much is asked for, or how late it is
OTHERWISE_REFUSED = {
    "decided_by_who_asked",
    "led_by_them_now",
    "overdue_already",
    "extension_too_long",
    "verified_by_who_handled",
    "attends_already",
    "helps_already",
    "leads_already",
    "part_done",
    "part_released",
}

Cases.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyCase = Cases.TestCase


def _to_verified(case, by="property:1"):
    case.accept(now=NOW)
    case.handle(outcome="好了", modes=[], evidence_refs=[], by=by, now=NOW, calendar=CALENDAR)
    case.verify(finding="好", evidence_refs=["photo"], by="community:1", now=NOW)


def _revisited(case):
    _to_verified(case)
    case.revisit(Answer(case.turn, "partly", 3), COMPANY, category(case.category), now=NOW, calendar=CALENDAR)


def _unanswered(case):
    _to_verified(case)
    for _ in range(3):
        case.try_revisit(now=NOW)
    case.close(now=NOW)


def _unreported(case):
    case.reporter_ref = None
    _to_verified(case)
    case.close(now=NOW)


def _asked(outcome):
    def ended(case):
        case.ask_end(outcome, reason="", by="street:1", now=NOW)
        case.end(by="street:2", now=NOW)

    return ended


WAYS = {
    "revisited": _revisited,
    "unreported": _unreported,
    "unanswered": _unanswered,
    "withdrawn": lambda case: case.withdraw(reason="", now=NOW),
    "merged": lambda case: case.merge_into(reported(now=NOW), now=NOW),
    **{outcome: _asked(outcome) for outcome in ENDS_ASKED_FOR},
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_ending_can_be_reached(outcome):
    case = reported()
    WAYS[outcome](case)
    assert (case.state, case.outcome) == (CLOSED, outcome)
    assert case.next_look_at(CALENDAR) is None


def test_every_state_can_be_left_but_the_last_one_only_by_an_answer():
    for state in STATES:
        assert any(LIFECYCLE.allows(action, state) for action in ("wait", "land", "send_back", "reopen"))
