"""What a topic hears from outside: the owners' decision, its works, the residents' satisfaction."""

from __future__ import annotations

from dataclasses import dataclass

from services.consultation.domain.topic import Decision, Satisfaction
from services.consultation.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class HearDecision(Command):
    """The owners decided on a version."""

    topic_ref: str
    decision_ref: str
    plan_hash: str
    kind: str
    area_ref: str
    outcome: str


@use_case
def hear_decision(command: HearDecision, work: Work) -> None:
    """Kept for the resolution, whether the version has passed its review yet or not."""
    decision = Decision(
        decision_ref=command.decision_ref,
        plan_hash=command.plan_hash,
        kind=command.kind,
        area_ref=command.area_ref,
        outcome=command.outcome,
    )
    work.topics.get(command.topic_ref).hear_decision(decision, now=work.now)


@dataclass(frozen=True)
class HearWorksCreated(Command):
    """The adopted version has works."""

    topic_ref: str
    works_ref: str
    plan_hash: str


@use_case
def hear_works_created(command: HearWorksCreated, work: Work) -> None:
    """The topic knows its works."""
    topic = work.topics.get(command.topic_ref)
    topic.hear_works_created(command.works_ref, command.plan_hash, now=work.now)


@dataclass(frozen=True)
class HearWorksAccepted(Command):
    """The works are accepted."""

    topic_ref: str
    works_ref: str


@use_case
def hear_works_accepted(command: HearWorksAccepted, work: Work) -> None:
    """The result can land."""
    work.topics.get(command.topic_ref).hear_works_accepted(command.works_ref, now=work.now)


@dataclass(frozen=True)
class HearWorksCancelled(Command):
    """The works were cancelled."""

    topic_ref: str
    works_ref: str
    reason: str


@use_case
def hear_works_cancelled(command: HearWorksCancelled, work: Work) -> None:
    """退回共议方案: a new version can be proposed, judged and built."""
    topic = work.topics.get(command.topic_ref)
    topic.hear_works_cancelled(command.works_ref, reason=command.reason, now=work.now)


@dataclass(frozen=True)
class HearSatisfaction(Command):
    """The residents said whether the result is good."""

    topic_ref: str
    turn: int
    question_ref: str
    asked: int
    answered: int
    resolved: int


@use_case
def hear_satisfaction(command: HearSatisfaction, work: Work) -> None:
    """The last line of the story, unless it is not good: then it goes on."""
    satisfaction = Satisfaction(
        question_ref=command.question_ref,
        asked=command.asked,
        answered=command.answered,
        resolved=command.resolved,
    )
    work.topics.get(command.topic_ref).hear_satisfaction(satisfaction, turn=command.turn, now=work.now)
