"""What the responsible party, the officers and the reporter do with a case, from its acceptance to its end;
revisits are in case_answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.grid.domain.attached import CASE
from services.grid.domain.case import Case
from services.grid.domain.case_lifecycle import (
    CAPACITIES,
    HELPER,
    LEAD,
    LIFECYCLE,
    OFFICER,
    REPORTER,
)
from services.grid.domain.categories import RECEIVERS, STREET_ITSELF
from services.grid.domain.errors.cases import NotYourPart, PartyUnfit
from services.grid.domain.policies import Choice, ReceiverRefused, permitted
from services.grid.use_cases.answers import take_waiting_word
from services.grid.use_cases.case_clocks import follow_up
from services.grid.use_cases.categories import category_of
from services.grid.use_cases.dispatch import candidates_for
from services.grid.use_cases.ports import Work
from shared.attaching import attach_photographs
from shared.kernel.command import Actor, Command, use_case
from shared.kernel.errors import Term

ALL_BUT_THE_REPORTER = frozenset({LEAD, OFFICER, HELPER})  # the street enters what the others tell it
OFFICER_AND_HELPER = frozenset({OFFICER, HELPER})


def capacities(actor: Actor, case: Case) -> frozenset[str]:
    """In which capacities somebody stands to a case. The street's office does what the responsible party reports to it;
    a community never leads (gate G2)."""
    if actor.person_ref is not None:
        return frozenset({REPORTER}) if actor.person_ref == case.reporter_ref else frozenset()
    if actor.party_ref is not None:
        if actor.party_ref == case.lead_party_ref:
            return frozenset({LEAD})
        return frozenset({HELPER}) if actor.party_ref in case.co_party_refs else frozenset()
    if actor.role == "grid_worker":
        return frozenset({LEAD}) if case.lead_party_ref is None else frozenset()
    return {"street": ALL_BUT_THE_REPORTER, "community": OFFICER_AND_HELPER}.get(actor.role, frozenset())


def case_for(action: str, case_id: str, work: Work) -> Case:
    """The case, for somebody who may do this with it. Raises NotFound, Forbidden, NotYourPart."""
    case = work.cases.get(case_id)
    by = LIFECYCLE.by(action)
    if not by & capacities(work.actor, case):
        raise NotYourPart(who=Term("、".join(CAPACITIES[each] for each in sorted(by)), ", ".join(sorted(by))))
    return case


@dataclass(frozen=True)
class AcceptCase(Command):
    """接办"""

    case_id: str


@use_case
def accept_case(command: AcceptCase, work: Work) -> Case:
    """The responsible party takes it up. Raises NotFound, Forbidden, NotNow, ObjectionOpen."""
    case = case_for("accept", command.case_id, work)
    case.accept(now=work.now)
    return case


@dataclass(frozen=True)
class ObjectToCase(Command):
    """提出派单异议"""

    case_id: str
    reason: str


@use_case
def object_to_case(command: ObjectToCase, work: Work) -> Case:
    """Gate G3. Raises NotFound, Forbidden, NotNow, ObjectedBefore."""
    case = case_for("object", command.case_id, work)
    case.object(reason=command.reason, by=work.actor.told, now=work.now)
    return case


@dataclass(frozen=True)
class UpholdObjection(Command):
    """支持派单异议. `party_ref` None: the street itself."""

    case_id: str
    party_ref: str | None
    reason: str


@use_case
def uphold_objection(command: UpholdObjection, work: Work) -> Case:
    """It goes to another. Raises NotFound, Forbidden, NotNow, NoObjection, DecidedByWhoAsked, LedByThemNow,
    PartyUnfit."""
    case = case_for("uphold", command.case_id, work)
    choice = choice_of(command.party_ref, command.reason, case, work)
    case.uphold(choice, reason=command.reason, by=work.actor.told, now=work.now)
    return follow_up(case, work)


def choice_of(party_ref: str | None, reason: str, case: Case, work: Work) -> Choice:
    """That party, for that reason. Raises PartyUnfit."""
    candidates = candidates_for(case.area_ref, work)
    try:
        return permitted(Choice(party_ref, "", reason), candidates)
    except ReceiverRefused:
        names = [f"{each.name}（{each.party_ref}）" for each in candidates]
        possible = "、".join([*names, RECEIVERS[STREET_ITSELF]])
        raise PartyUnfit(ref=party_ref, possible=possible, field="party_ref") from None


@dataclass(frozen=True)
class OverruleObjection(Command):
    """驳回派单异议"""

    case_id: str
    reason: str


@use_case
def overrule_objection(command: OverruleObjection, work: Work) -> Case:
    """It stays where it is. Raises NotFound, Forbidden, NotNow, NoObjection, DecidedByWhoAsked."""
    case = case_for("overrule", command.case_id, work)
    case.overrule(reason=command.reason, by=work.actor.told, now=work.now)
    return case


@dataclass(frozen=True)
class ContactReporter(Command):
    """联系反映人"""

    case_id: str


@use_case
def contact_reporter(command: ContactReporter, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotNow, NoReporter."""
    case = case_for("contact", command.case_id, work)
    case.contact(now=work.now)
    return case


@dataclass(frozen=True)
class PauseClock(Command):
    """暂停计时"""

    case_id: str
    reason_code: str
    reason: str = ""


@use_case
def pause_clock(command: PauseClock, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotNow, ClockStands, OverdueAlready."""
    case = case_for("pause", command.case_id, work)
    case.pause(command.reason_code, reason=command.reason, now=work.now, calendar=work.calendar)
    return follow_up(case, work)


@dataclass(frozen=True)
class ResumeClock(Command):
    """恢复计时"""

    case_id: str


@use_case
def resume_clock(command: ResumeClock, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotNow, ClockRuns."""
    case = case_for("resume", command.case_id, work)
    case.resume(now=work.now, calendar=work.calendar)
    return follow_up(case, work)


@dataclass(frozen=True)
class AskExtension(Command):
    """申请延期, in the unit of the limit."""

    case_id: str
    amount: int
    reason: str


@use_case
def ask_extension(command: AskExtension, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotNow, ExtensionPending, OverdueAlready, ExtensionTooLong."""
    case = case_for("ask_extension", command.case_id, work)
    case.ask_extension(command.amount, reason=command.reason, by=work.actor.told, now=work.now)
    return case


@dataclass(frozen=True)
class ExtendCase(Command):
    """同意延期"""

    case_id: str


@use_case
def extend_case(command: ExtendCase, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotNow, NoExtension, DecidedByWhoAsked."""
    case = case_for("extend", command.case_id, work)
    case.extend(by=work.actor.told, now=work.now, calendar=work.calendar)
    return follow_up(case, work)


@dataclass(frozen=True)
class RefuseExtension(Command):
    """不同意延期"""

    case_id: str


@use_case
def refuse_extension(command: RefuseExtension, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotNow, NoExtension, DecidedByWhoAsked."""
    case = case_for("refuse_extension", command.case_id, work)
    case.refuse_extension(by=work.actor.told, now=work.now)
    return case


@dataclass(frozen=True)
class FinishPhase(Command):
    """完成阶段"""

    case_id: str


@use_case
def finish_phase(command: FinishPhase, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotNow, LastPhase."""
    case = case_for("finish_phase", command.case_id, work)
    case.finish_phase(category_of(case, work), now=work.now, calendar=work.calendar)
    return follow_up(case, work)


@dataclass(frozen=True)
class HandleCase(Command):
    """办结反馈"""

    case_id: str
    outcome: str
    modes: Sequence[str] = ()
    photographs: Sequence[str] = field(default_factory=tuple)


@use_case
def handle_case(command: HandleCase, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotNow, PhasesLeft, PhotographUnknown."""
    case = case_for("handle", command.case_id, work)
    case.handle(
        outcome=command.outcome,
        modes=command.modes,
        evidence_refs=command.photographs,
        by=work.actor.told,
        now=work.now,
        calendar=work.calendar,
    )
    attach_photographs(command.photographs, CASE, case.id, work)
    return follow_up(case, work)


@dataclass(frozen=True)
class VerifyCase(Command):
    """核实通过"""

    case_id: str
    finding: str
    photographs: Sequence[str]


@use_case
def verify_case(command: VerifyCase, work: Work) -> Case:
    """Gate G4. Raises NotFound, Forbidden, NotNow, VerifiedByWhoHandled, PhotographUnknown."""
    case = case_for("verify", command.case_id, work)
    case.verify(finding=command.finding, evidence_refs=command.photographs, by=work.actor.told, now=work.now)
    attach_photographs(command.photographs, CASE, case.id, work)
    take_waiting_word(case, work)
    return case


@dataclass(frozen=True)
class SendBackCase(Command):
    """退回重办"""

    case_id: str
    reason: str


@use_case
def send_back_case(command: SendBackCase, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotNow."""
    case = case_for("send_back", command.case_id, work)
    case.send_back(reason=command.reason, now=work.now)
    return follow_up(case, work)


@dataclass(frozen=True)
class TryRevisit(Command):
    """记录未能回访"""

    case_id: str


@use_case
def try_revisit(command: TryRevisit, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotNow, NoReporter."""
    case = case_for("try_revisit", command.case_id, work)
    case.try_revisit(now=work.now)
    return case


@dataclass(frozen=True)
class MergeCase(Command):
    """并案"""

    case_id: str
    into_ref: str


@use_case
def merge_case(command: MergeCase, work: Work) -> Case:
    """It goes on as an earlier case. Raises NotFound, Unknown, Forbidden, NotNow, ClaimOpen, OthersJoined,
    MergeUnfit."""
    case = case_for("merge", command.case_id, work)
    case.merge_into(work.cases.named(command.into_ref, field="into_ref"), now=work.now)
    return follow_up(case, work)


@dataclass(frozen=True)
class CloseCase(Command):
    """结案 Without an answer."""

    case_id: str


@use_case
def close_case(command: CloseCase, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotNow, RevisitFirst."""
    case = case_for("close", command.case_id, work)
    case.close(now=work.now)
    return follow_up(case, work)


@dataclass(frozen=True)
class AskEnd(Command):
    """申请不经办理结案"""

    case_id: str
    outcome: str
    reason: str


@use_case
def ask_end(command: AskEnd, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotNow, EndPending."""
    case = case_for("ask_end", command.case_id, work)
    case.ask_end(command.outcome, reason=command.reason, by=work.actor.told, now=work.now)
    return case


@dataclass(frozen=True)
class EndCase(Command):
    """批准不经办理结案"""

    case_id: str


@use_case
def end_case(command: EndCase, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotNow, NoEndAsked, DecidedByWhoAsked."""
    case = case_for("end", command.case_id, work)
    case.end(by=work.actor.told, now=work.now)
    return follow_up(case, work)


@dataclass(frozen=True)
class RefuseEnd(Command):
    """不予批准"""

    case_id: str


@use_case
def refuse_end(command: RefuseEnd, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotNow, NoEndAsked, DecidedByWhoAsked."""
    case = case_for("refuse_end", command.case_id, work)
    case.refuse_end(by=work.actor.told, now=work.now)
    return case


@dataclass(frozen=True)
class WithdrawCase(Command):
    """撤回"""

    case_id: str
    reason: str


@use_case
def withdraw_case(command: WithdrawCase, work: Work) -> Case:
    """Raises NotFound, Forbidden, NotNow, NoReporter."""
    case = case_for("withdraw", command.case_id, work)
    case.withdraw(reason=command.reason, now=work.now)
    return follow_up(case, work)
