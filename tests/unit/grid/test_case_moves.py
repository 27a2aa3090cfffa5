"""事项的办理: who may do what and when, objections, applications, and every ending (gates G3 and G4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.grid.domain.case import MOST_TURNS, Answer
from services.grid.domain.case_conditions import CONDITIONS, TRIES
from services.grid.domain.case_events import (
    CaseAccepted,
    CaseClosed,
    CaseContacted,
    CaseDispatched,
    CaseHandled,
    CaseObjected,
    CaseReopened,
    CaseReported,
    CaseVerified,
    ObjectionRuled,
)
from services.grid.domain.case_lifecycle import LEAD, LIFECYCLE, OFFICER, REPORTER
from services.grid.domain.errors.cases import (
    EndPending,
    LedByThemNow,
    NoReporter,
    ObjectedBefore,
    ObjectionOpen,
    RevisitFirst,
    VerifiedByWhoHandled,
)
from services.grid.domain.errors.clocks import DecidedByWhoAsked
from services.grid.domain.policies import Choice
from shared.kernel.errors import NotNow
from tests.unit.grid.case_builder import CALENDAR, COMPANY, NOW, STREET, category, facts, reported

LATER = NOW + timedelta(hours=3)


def handling(**options):
    case = reported(**options)
    case.accept(now=NOW)
    return case


def handled(by="property:1", **options):
    case = handling(**options)
    case.handle(
        outcome="已补种",
        modes=["self_governance"],
        evidence_refs=["photo-1"],
        by=by,
        now=LATER,
        calendar=CALENDAR,
    )
    return case


def verified(**options):
    case = handled(**options)
    case.verify(finding="现场已恢复", evidence_refs=["photo-2"], by="community:1", now=LATER)
    return case


def revisit(case, resolution="resolved"):
    case.revisit(
        Answer(case.turn, resolution, 4), COMPANY, category(case.category), now=LATER, calendar=CALENDAR
    )


def test_a_case_is_accepted_handled_verified_by_another_revisited_and_closed():
    case = reported()
    case.contact(now=NOW)
    case.accept(now=NOW)
    case.handle(
        outcome="已补种",
        modes=["self_governance"],
        evidence_refs=[],
        by="property:1",
        now=LATER,
        calendar=CALENDAR,
    )
    case.verify(finding="现场已恢复", evidence_refs=["photo"], by="community:1", now=LATER)
    revisit(case)
    assert (case.state, case.outcome, case.modes, case.is_on_time) == (
        "closed",
        "revisited",
        ["self_governance"],
        True,
    )
    assert [type(fact) for fact in facts(case)] == [
        CaseReported,
        CaseDispatched,
        CaseContacted,
        CaseAccepted,
        CaseHandled,
        CaseVerified,
        CaseClosed,
    ]


def test_gate_g3_who_gets_a_case_first_can_only_object_and_the_clock_runs_on():
    case = reported()
    due_at = case.due_at
    case.object(reason="不属于本区域", by="property:1", now=NOW)
    assert (case.state, case.due_at, case.lead_party_ref) == ("dispatched", due_at, "company")
    with pytest.raises(ObjectionOpen):
        case.accept(now=NOW)
    case.overrule(reason="属于本区域", by="street:1", now=LATER)
    with pytest.raises(ObjectedBefore):
        case.object(reason="还是不属于", by="property:1", now=LATER)
    case.accept(now=LATER)
    assert case.due_at == due_at


def test_gate_g3_an_objection_that_is_upheld_takes_the_case_to_another_who_may_object_in_turn():
    case = reported()
    due_at = case.due_at
    case.object(reason="不属于本区域", by="property:1", now=NOW)
    facts(case)
    case.uphold(STREET, reason="确属市政设施", by="street:1", now=LATER)
    assert [type(fact) for fact in facts(case)] == [ObjectionRuled, CaseDispatched]
    assert (case.lead_party_ref, case.due_at) == (None, due_at)
    case.object(reason="应由产权单位负责", by="grid_worker:1", now=LATER)
    assert [type(fact) for fact in facts(case)] == [CaseObjected]


def test_an_objection_is_not_upheld_in_favour_of_who_objects_nor_by_who_objects():
    case = reported()
    case.object(reason="不属于本区域", by="street:1", now=NOW)
    with pytest.raises(LedByThemNow):
        case.uphold(COMPANY, reason="", by="street:2", now=NOW)
    with pytest.raises(DecidedByWhoAsked):
        case.uphold(STREET, reason="", by="street:1", now=NOW)
    assert case.objection is not None


def test_only_the_first_contact_of_a_turn_is_told():
    case = reported()
    case.contact(now=NOW)
    case.contact(now=LATER)
    assert [fact for fact in facts(case) if isinstance(fact, CaseContacted)] == [CaseContacted(NOW)]


def test_gate_g4_who_handled_a_case_does_not_verify_it():
    case = handled(by="street:1")
    with pytest.raises(VerifiedByWhoHandled):
        case.verify(finding="好", evidence_refs=["photo"], by="street:1", now=LATER)
    assert case.state == "handled"


def test_gate_g4_a_case_is_not_closed_before_it_was_verified():
    for case in (reported(), handling(), handled()):
        with pytest.raises(NotNow):
            case.close(now=LATER)
        with pytest.raises(NotNow):
            revisit(case)


def test_gate_g4_a_case_that_somebody_reported_is_closed_only_after_the_reporter_was_asked():
    case = verified()
    for _ in range(TRIES):
        with pytest.raises(RevisitFirst):
            case.close(now=LATER)
        case.try_revisit(now=LATER)
    case.close(now=LATER)
    assert case.outcome == "unanswered"


def test_gate_g4_what_was_found_on_a_patrol_is_closed_once_it_is_verified():
    case = verified(reporter_ref=None)
    with pytest.raises(NoReporter):
        case.try_revisit(now=LATER)
    case.close(now=LATER)
    assert case.outcome == "unreported"


def test_gate_g4_dissatisfied_it_is_opened_again_with_a_fresh_clock_and_nothing_of_the_last_turn():
    case = verified()
    facts(case)
    revisit(case, "unresolved")
    assert (case.state, case.turn, case.reopen_count) == ("dispatched", 2, 1)
    assert (case.handled_at, case.contacted_at, case.evidence_refs, case.modes) == (None, None, [], [])
    assert case.due_at == LATER + timedelta(days=7)
    assert [type(fact) for fact in facts(case)] == [CaseReopened, CaseDispatched]


def test_after_the_last_turn_it_is_closed_as_unresolved():
    case = verified()
    for _ in range(MOST_TURNS - 1):
        revisit(case, "unresolved")
        case.accept(now=LATER)
        case.handle(outcome="再办", modes=[], evidence_refs=[], by="property:1", now=LATER, calendar=CALENDAR)
        case.verify(finding="好", evidence_refs=["photo"], by="community:1", now=LATER)
    facts(case)
    revisit(case, "unresolved")
    assert (case.state, case.turn) == ("closed", MOST_TURNS)
    assert facts(case) == [CaseClosed("revisited", "unresolved", 4, "")]


def test_what_is_not_done_is_sent_back_and_was_never_answered():
    case = handled()
    case.send_back(reason="仍有枯枝", now=LATER)
    assert (case.state, case.handled_at, case.handled_by, case.is_on_time) == ("handling", None, None, False)


@pytest.mark.parametrize("outcome", ["explained", "referred", "raised"])
def test_it_ends_without_being_handled_only_with_a_second_officers_approval(outcome):
    case = handling()
    case.ask_end(outcome, reason="需区级协调", by="street:1", now=NOW)
    with pytest.raises(EndPending):
        case.ask_end(outcome, reason="再次申请", by="street:2", now=NOW)
    with pytest.raises(DecidedByWhoAsked):
        case.end(by="street:1", now=NOW)
    case.refuse_end(by="street:2", now=NOW)
    assert (case.state, case.ending) == ("handling", None)
    case.ask_end(outcome, reason="需区级协调", by="street:1", now=NOW)
    facts(case)
    case.end(by="street:2", now=LATER)
    assert facts(case) == [CaseClosed(outcome, None, None, "需区级协调")]


def test_whoever_reported_it_may_withdraw_it_until_it_is_handled():
    case = handling()
    case.withdraw(reason="已自行解决", now=LATER)
    assert (case.state, case.outcome) == ("closed", "withdrawn")
    with pytest.raises(NotNow):
        handled().withdraw(reason="", now=LATER)
    with pytest.raises(NoReporter):
        reported(reporter_ref=None).withdraw(reason="", now=LATER)


def test_who_may_do_what_is_said_by_state_capacity_and_what_waits_for_a_decision():
    case = reported()
    assert case.actions_for({LEAD}) == ["accept", "object", "pass", "ask_co_handler", "contact", "ask_end"]
    assert case.actions_for({OFFICER}) == ["pass", "place", "ask_co_handler", "ask_end", "withdraw", "merge"]
    assert case.actions_for({REPORTER}) == ["withdraw"]
    assert case.actions_for(set()) == []
    case.object(reason="不属于本区域", by="property:1", now=NOW)
    assert case.actions_for({OFFICER}) == [
        "uphold",
        "overrule",
        "pass",
        "place",
        "ask_co_handler",
        "ask_end",
        "withdraw",
        "merge",
    ]
    assert case.actions_for({LEAD}) == ["pass", "ask_co_handler", "contact", "ask_end"]
    done = verified()
    assert done.actions_for({LEAD}) == []
    assert done.actions_for({OFFICER}) == ["try_revisit", "revisit"]


def test_every_condition_is_about_an_action_of_the_table():
    for action in CONDITIONS:
        assert LIFECYCLE.by(action), action


def test_what_the_old_company_had_in_hand_the_new_one_is_to_accept_in_the_time_that_was_promised():
    case, waiting = handling(), handling()
    waiting.wait_for_topic("topic", reason="共议中", now=NOW, calendar=CALENDAR)
    case.ask_extension(1, reason="需订货", by="property:1", now=NOW)
    due_at = case.due_at
    for each in (case, waiting):
        each.hand_over(Choice("new", "新物业", "物业管理区域已由新物业接管"), "taken_over", now=LATER)
    assert (case.state, case.lead_party_name, case.extension, case.due_at) == (
        "dispatched",
        "新物业",
        None,
        due_at,
    )
    assert waiting.state == "waiting"
