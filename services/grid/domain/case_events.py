"""What happens to a case (事项)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.kernel.aggregate import DomainEvent


@dataclass(frozen=True)
class CaseReported(DomainEvent):
    """立案 A matter is registered (row 14)."""


@dataclass(frozen=True)
class CaseDispatched(DomainEvent):
    """派单 A responsible party has it."""

    reason_code: str
    reason_text: str


@dataclass(frozen=True)
class ResponsibilityAsked(DomainEvent):
    """请求认定责任 The list names nobody; somebody has it meanwhile."""


@dataclass(frozen=True)
class DisputeFound(DomainEvent):
    """邻里纠纷 Mediation may be offered (domain row 75)."""

    is_hazardous: bool


@dataclass(frozen=True)
class DisputeWithdrawn(DomainEvent):
    """纠纷撤回 It ended without a mediation."""

    outcome: str


@dataclass(frozen=True)
class CaseMerged(DomainEvent):
    """并案 It is the same matter as another case, which goes on."""

    into_ref: str
    into_number: str


@dataclass(frozen=True)
class CaseTookIn(DomainEvent):
    """并入 Another case was merged into it. Stays at home: the other says so."""


@dataclass(frozen=True)
class CaseAccepted(DomainEvent):
    """接办 The responsible party has taken it up."""


@dataclass(frozen=True)
class CaseObjected(DomainEvent):
    """派单异议 The first receiver says that it is another's (gate G3). The clock runs on."""

    reason_text: str


@dataclass(frozen=True)
class ObjectionRuled(DomainEvent):
    """异议裁定 Whether the first receiver was right."""

    is_upheld: bool
    reason_text: str


@dataclass(frozen=True)
class CasePassed(DomainEvent):
    """转交 The organisation above or below has it in hand now (rows 7–9)."""

    from_ref: str
    to_name: str
    direction: str
    reason_text: str


@dataclass(frozen=True)
class CaseContacted(DomainEvent):
    """联系反映人 Whoever is responsible has spoken with the reporter, for the first time in this turn."""

    contacted_at: datetime


@dataclass(frozen=True)
class CaseAttended(DomainEvent):
    """选定经办人 Another person attends to it, or nobody does. Stays at home: who works on what is theirs."""


@dataclass(frozen=True)
class CoHandlersChanged(DomainEvent):
    """协办 Somebody is asked to help, has reported, or is released. Stays at home until the case is closed."""


@dataclass(frozen=True)
class ClockPaused(DomainEvent):
    """暂停计时 For a reason that the list allows."""

    reason_code: str
    reason_text: str


@dataclass(frozen=True)
class ClockResumed(DomainEvent):
    """恢复计时 The clock has got back what the pause took."""


@dataclass(frozen=True)
class ExtensionAsked(DomainEvent):
    """申请延期. Stays at home until it is decided."""


@dataclass(frozen=True)
class ExtensionRefused(DomainEvent):
    """不同意延期. Stays at home: nothing has changed."""


@dataclass(frozen=True)
class CaseExtended(DomainEvent):
    """延期 There is more time, and why."""

    amount: int
    unit: str
    reason_text: str


@dataclass(frozen=True)
class PhaseFinished(DomainEvent):
    """完成阶段 One phase is done, and the clock of the next begins."""

    phase_name: str
    next_phase_name: str


@dataclass(frozen=True)
class DeadlineWarned(DomainEvent):
    """临期 One fifth of the time is left."""


@dataclass(frozen=True)
class DeadlineMissed(DomainEvent):
    """超期 Time is over."""


@dataclass(frozen=True)
class CaseEscalated(DomainEvent):
    """逐级上报 It is overdue; the organisation above has it in hand now: 网格 → 社区 → 街道. `from_ref` None: nobody
    had it."""

    from_ref: str | None
    to_name: str


@dataclass(frozen=True)
class ClockRecounted(DomainEvent):
    """重算期限 The calendar knows a year that it only assumed before. Stays at home."""


@dataclass(frozen=True)
class CaseWaiting(DomainEvent):
    """等待 It waits, with an interim answer."""

    waiting_for: str
    reason_text: str
    plan_version: int | None


@dataclass(frozen=True)
class WorksGivenUp(DomainEvent):
    """The works of a plan were cancelled before the case had heard that it waits for them. Stays at home."""


@dataclass(frozen=True)
class CaseHandled(DomainEvent):
    """办理完成 What was to be done is done."""

    outcome_text: str
    handled_at: datetime


@dataclass(frozen=True)
class CaseVerified(DomainEvent):
    """核实 Somebody else has seen that it is done (gate G4)."""

    finding_text: str


@dataclass(frozen=True)
class CaseSentBack(DomainEvent):
    """退回重办 Somebody else has seen that it is not done."""

    reason_text: str


@dataclass(frozen=True)
class RevisitTried(DomainEvent):
    """未能回访 The reporter was asked in vain. Stays at home."""


@dataclass(frozen=True)
class EndAsked(DomainEvent):
    """申请不经办理结案. Stays at home until it is decided."""


@dataclass(frozen=True)
class EndRefused(DomainEvent):
    """不予批准. Stays at home: nothing has changed."""


@dataclass(frozen=True)
class CaseClosed(DomainEvent):
    """结案 The end. `resolution` and `grade` are the reporter's words, where there is an answer."""

    outcome: str
    resolution: str | None
    grade: int | None
    reason_text: str


@dataclass(frozen=True)
class CaseReopened(DomainEvent):
    """重新办理 It is not good; a new turn begins."""

    reason_code: str


@dataclass(frozen=True)
class CasePlaced(DomainEvent):
    """定位 Somebody has put the case at its place."""


@dataclass(frozen=True)
class CaseAmended(DomainEvent):
    """热线更正 The hotline has put right what it had sent. Stays at home: its words are nobody else's."""


@dataclass(frozen=True)
class CaseMoved(DomainEvent):
    """移格 The place of an open case lies in another grid now. Stays at home: places are told."""
