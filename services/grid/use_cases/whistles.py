"""吹哨报到: call a department to a case; it comes, reports a result, and whoever blew looks at that."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.errors.whistles import WhistleOfAnother
from services.grid.domain.limit import Limit
from services.grid.domain.whistle import BLOWER, CALLED, LIFECYCLE, Call, Whistle
from services.grid.use_cases.helpers import department_named
from services.grid.use_cases.ports import Work
from shared.access.roles import COMMUNITY, STREET
from shared.kernel.command import Actor, Command, use_case
from shared.kernel.errors import Term

CAPACITIES = {
    BLOWER: Term("吹哨的街道、社区", "who blew"),
    CALLED: Term("被吹哨的部门", "the department called"),
}


@dataclass(frozen=True)
class Within:
    """So much time, as it is sent."""

    amount: int
    unit: str


@dataclass(frozen=True)
class BlowWhistle(Command):
    """吹哨 One of party and organisation."""

    case_ref: str
    party_ref: str | None
    organisation_ref: str | None
    need: str
    answer_within: Within
    solve_within: Within


@use_case
def blow_whistle(command: BlowWhistle, work: Work) -> Whistle:
    """Raises CaseNotOpen, SolvedBeforeAnswered, NotADepartment, HelperNotSaid, OrganisationEndedAlready, Unknown,
    UnknownReference, OutsideScope."""
    case = work.cases.named(command.case_ref, field="case_ref")
    called = department_named(command.party_ref, command.organisation_ref, work)
    answer, solve = (Limit(each.amount, each.unit) for each in (command.answer_within, command.solve_within))
    call = Call(command.need, answer, solve)
    whistle = Whistle(case, called, call, by=work.actor.told, now=work.now, calendar=work.calendar)
    work.whistles.add(whistle)
    return _keep_watch(whistle, work)


@dataclass(frozen=True)
class AnswerWhistle(Command):
    """报到"""

    id: str
    text: str = ""


@use_case
def answer_whistle(command: AnswerWhistle, work: Work) -> Whistle:
    """Raises NotFound, OutsideScope, WhistleOfAnother, NotNow."""
    whistle = _whistle_for("answer", command.id, work)
    whistle.answer(command.text, now=work.now)
    return _keep_watch(whistle, work)


@dataclass(frozen=True)
class ReportResult(Command):
    """反馈结果"""

    id: str
    result: str


@use_case
def report_result(command: ReportResult, work: Work) -> Whistle:
    """Raises NotFound, OutsideScope, WhistleOfAnother, NotNow."""
    whistle = _whistle_for("report", command.id, work)
    whistle.report(command.result, now=work.now, calendar=work.calendar)
    return _keep_watch(whistle, work)


@dataclass(frozen=True)
class ConfirmResult(Command):
    """确认解决"""

    id: str


@use_case
def confirm_result(command: ConfirmResult, work: Work) -> Whistle:
    """Raises NotFound, OutsideScope, WhistleOfAnother, NotNow."""
    whistle = _whistle_for("confirm", command.id, work)
    whistle.confirm(now=work.now)
    return _keep_watch(whistle, work)


@dataclass(frozen=True)
class SendWhistleBack(Command):
    """退回"""

    id: str
    reason: str


@use_case
def send_whistle_back(command: SendWhistleBack, work: Work) -> Whistle:
    """Raises NotFound, OutsideScope, WhistleOfAnother, NotNow."""
    whistle = _whistle_for("send_back", command.id, work)
    whistle.send_back(command.reason, now=work.now)
    return _keep_watch(whistle, work)


@dataclass(frozen=True)
class WithdrawWhistle(Command):
    """撤销吹哨"""

    id: str
    reason: str


@use_case
def withdraw_whistle(command: WithdrawWhistle, work: Work) -> Whistle:
    """Raises NotFound, OutsideScope, WhistleOfAnother, NotNow."""
    whistle = _whistle_for("withdraw", command.id, work)
    whistle.withdraw(command.reason, now=work.now)
    return _keep_watch(whistle, work)


@dataclass(frozen=True)
class WatchWhistle(Command):
    """看时限 A clock of a whistle may have run out."""

    id: str


@use_case
def watch_whistle(command: WatchWhistle, work: Work) -> None:
    """It is overdue, where nothing has happened meanwhile."""
    work.whistles.get(command.id).watch(work.now)


def capacities(actor: Actor, whistle: Whistle) -> frozenset[str]:
    """In which capacities somebody stands to a whistle. The street enters what a department tells it; a community is
    the blower's side only."""
    if actor.party_ref is not None:
        return frozenset({CALLED}) if actor.party_ref == whistle.party_ref else frozenset()
    both = {STREET: frozenset({BLOWER, CALLED}), COMMUNITY: frozenset({BLOWER})}
    return both.get(actor.role, frozenset())


def _whistle_for(action: str, id: str, work: Work) -> Whistle:
    whistle = work.whistles.get(id)
    by = LIFECYCLE.by(action)
    work.actor.must_act_for(whistle.party_ref or "nobody")
    if not by & capacities(work.actor, whistle):
        raise WhistleOfAnother(who=CAPACITIES[next(iter(by))])
    return whistle


def _keep_watch(whistle: Whistle, work: Work) -> Whistle:
    work.schedule(whistle.due_at, WatchWhistle(whistle.id), key=f"whistle:{whistle.id}")
    return whistle
