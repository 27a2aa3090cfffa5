"""Expect owners' decisions, and record the results of their votes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.property.domain.area import Area
from services.property.domain.decision import ExpectedDecision, OwnersDecision
from services.property.domain.errors import AlreadyAdopted
from services.property.domain.policies import Tally, Vote
from services.property.use_cases.parties import must_answer_for
from services.property.use_cases.ports import Work
from shared.kernel.command import Command, use_case
from shared.kernel.errors import UnknownReference


@dataclass(frozen=True)
class ExpectDecision(Command):
    """A plan needs a vote of the owners."""

    topic_ref: str
    plan_hash: str
    kind: str
    area_ref: str
    place_path: str


@use_case
def expect_decision(command: ExpectDecision, work: Work) -> None:
    """Keep what is asked, once per plan."""
    if work.expected_decisions.of_plan(command.topic_ref, command.plan_hash) is None:
        work.expected_decisions.add(
            ExpectedDecision(
                topic_ref=command.topic_ref,
                plan_hash=command.plan_hash,
                kind=command.kind,
                area_ref=command.area_ref,
                place_path=command.place_path,
            )
        )


@dataclass(frozen=True)
class RecordDecision(Command):
    """录入业主共同决定; the totals are the area's."""

    topic_ref: str
    area_ref: str
    plan_hash: str
    kind: str
    heads: dict[str, int]
    area_dm2: dict[str, int]
    noticed_topics: list[str]
    noticed_on: date
    voted_on: date
    posted_on: date
    scan: str


@use_case
def record_decision(command: RecordDecision, work: Work) -> OwnersDecision:
    """The result of a vote, checked.

    Raises UnknownReference, Unknown, DecisionAskedOtherwise, AlreadyAdopted, TallyImpossible,
    VotedBeforeNotice, PostedBeforeVote, DayInFuture.
    """
    _must_be_expected(command, work)
    area = work.areas.named(command.area_ref, field="area_ref")
    must_answer_for(area.id, work)
    _must_not_be_adopted(command, work)
    decision = OwnersDecision(
        plan_hash=command.plan_hash,
        area=area,
        vote=_vote(command, area),
        scan=command.scan,
        now=work.now,
    )
    work.decisions.add(decision)
    return decision


def _must_be_expected(command: RecordDecision, work: Work) -> None:
    expected = work.expected_decisions.of_plan(command.topic_ref, command.plan_hash, locked=True)
    if expected is None:
        raise UnknownReference(field="plan_hash", ref=command.plan_hash)
    expected.must_ask_for(kind=command.kind, area_ref=command.area_ref)


def _must_not_be_adopted(command: RecordDecision, work: Work) -> None:
    adopted = work.decisions.adopted(command.topic_ref, command.plan_hash)
    if adopted is not None:
        raise AlreadyAdopted(decision_ref=adopted.id)


def _vote(command: RecordDecision, area: Area) -> Vote:
    return Vote(
        topic_ref=command.topic_ref,
        kind=command.kind,
        heads=Tally(total=area.owners_total, **command.heads),
        area_dm2=Tally(total=area.area_total_dm2, **command.area_dm2),
        noticed_topics=command.noticed_topics,
        noticed_on=command.noticed_on,
        voted_on=command.voted_on,
        posted_on=command.posted_on,
    )
