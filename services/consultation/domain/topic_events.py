"""议题的事件 What happens to a topic."""

from __future__ import annotations

from dataclasses import dataclass

from services.consultation.domain.plan import Version
from shared.kernel.aggregate import DomainEvent


@dataclass(frozen=True)
class TopicRaised(DomainEvent):
    """提出问题 A problem is put up for deliberation."""


@dataclass(frozen=True)
class TopicAccepted(DomainEvent):
    """立项 The party organisation approves the agenda."""


@dataclass(frozen=True)
class TopicDeclined(DomainEvent):
    """不予立项 The topic ends without deliberation."""

    reason: str


@dataclass(frozen=True)
class CasesLinked(DomainEvent):
    """关联事项 More cases are about the same."""

    case_refs: list[str]


@dataclass(frozen=True)
class TopicMerged(DomainEvent):
    """合并 Another topic is about the same, and goes on for both."""

    into_ref: str
    into_title: str


@dataclass(frozen=True)
class TopicTookIn(DomainEvent):
    """并入 It goes on for another that is about the same. Stays at home."""


@dataclass(frozen=True)
class TopicReferred(DomainEvent):
    """转办 It is no matter for deliberation: grid has it attended to."""

    case_category: str
    reason: str


@dataclass(frozen=True)
class TopicSuspended(DomainEvent):
    """中止 Deliberation rests."""

    reason: str


@dataclass(frozen=True)
class TopicResumed(DomainEvent):
    """恢复共议 Deliberation goes on."""


@dataclass(frozen=True)
class TopicResolved(DomainEvent):
    """方案通过 A version is adopted."""

    version: Version
    decision_ref: str | None
    maintainer_name: str
    suggestions_adopted: int


@dataclass(frozen=True)
class TopicReturned(DomainEvent):
    """退回共议方案 Its works were cancelled."""

    works_ref: str
    reason: str


@dataclass(frozen=True)
class ResultLanded(DomainEvent):
    """落实成果 The result is there."""

    maintainer_name: str


@dataclass(frozen=True)
class ResultReopened(DomainEvent):
    """成果重议 The residents say that the result is not good."""

    works_ref: str | None
    plan_version: int | None
    reason: str


@dataclass(frozen=True)
class DecisionHeard(DomainEvent):
    """业主共同决定 The owners' vote is known. Stays at home."""


@dataclass(frozen=True)
class WorksHeard(DomainEvent):
    """工程进展 How the works stand is known. Stays at home."""


@dataclass(frozen=True)
class SatisfactionHeard(DomainEvent):
    """满意度 What the residents say of the result is known. Stays at home."""
