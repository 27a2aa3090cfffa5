"""Raise topics, accept or decline them, adopt their plans, land their results."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.consultation.domain.attached import TOPIC
from services.consultation.domain.errors import NoVersionPassed, ReviewOpen
from services.consultation.domain.topic import Problem, Site, Topic, must_maintain, must_speak_as
from services.consultation.use_cases.common import must_know_proposer
from services.consultation.use_cases.ports import Work
from shared.attaching import attach_photographs
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class RaiseTopic(Command):
    """提出问题"""

    title: str
    text: str
    category: str
    theme: str
    place_ref: str
    raised_by: str
    area_ref: str | None = None
    case_refs: list[str] = field(default_factory=list)
    proposer_ref: str | None = None


@use_case
def raise_topic(command: RaiseTopic, work: Work) -> Topic:
    """A new topic; a resident who raises it, or for whom staff do, hears what becomes of it. Raises NotYourVoice,
    UnknownReference, OutsideEstate, Forbidden."""
    must_speak_as(work.actor.role, command.raised_by)
    proposer_ref = command.proposer_ref or work.actor.person_ref
    must_know_proposer(proposer_ref, work)
    place = work.copy_of("grid.place", command.place_ref, field="place_ref")
    problem = Problem(
        title=command.title,
        text=command.text,
        category=command.category,
        theme=command.theme,
        area_ref=command.area_ref,
        raised_by=command.raised_by,
        case_refs=command.case_refs,
        proposer_refs=[proposer_ref] if proposer_ref else [],
    )
    topic = Topic(problem, site=Site.of(place), now=work.now)
    if command.area_ref:
        area = work.copy_of("property.area", command.area_ref, field="area_ref")
        topic.must_hold_area(command.area_ref, area["estate_ref"])
    work.topics.add(topic)
    return topic


@dataclass(frozen=True)
class LinkCases(Command):
    """关联事项"""

    topic_id: str
    case_refs: list[str]


@use_case
def link_cases(command: LinkCases, work: Work) -> Topic:
    """More cases are about the same. Raises NotNow, TooManyCases."""
    topic = work.topics.get(command.topic_id)
    topic.link_cases(command.case_refs)
    return topic


@dataclass(frozen=True)
class ReferTopic(Command):
    """转办 `case_category`: as what grid has it attended to."""

    topic_id: str
    case_category: str
    reason: str


@use_case
def refer_topic(command: ReferTopic, work: Work) -> Topic:
    """It needs no deliberation; it becomes a case. Raises NotNow."""
    topic = work.topics.get(command.topic_id)
    topic.refer(case_category=command.case_category, reason=command.reason, now=work.now)
    return topic


@dataclass(frozen=True)
class MergeTopic(Command):
    """合并议题"""

    topic_id: str
    into_ref: str


@use_case
def merge_topic(command: MergeTopic, work: Work) -> Topic:
    """Another topic is about the same. Raises NotNow, Unknown, MergedWithItself, OutsideEstate, TooManyCases,
    TooManyProposers."""
    topic = work.topics.get(command.topic_id)
    topic.merge_into(work.topics.named(command.into_ref, field="into_ref"), now=work.now)
    return topic


@dataclass(frozen=True)
class SuspendTopic(Command):
    """中止共议"""

    topic_id: str
    reason: str


@use_case
def suspend_topic(command: SuspendTopic, work: Work) -> Topic:
    """Deliberation rests. Raises NotNow, ReviewOpen."""
    review = work.reviews.open_for_topic(command.topic_id)
    if review is not None:
        raise ReviewOpen(version=review.plan_version)
    topic = work.topics.get(command.topic_id)
    topic.suspend(reason=command.reason, now=work.now)
    return topic


@dataclass(frozen=True)
class ResumeTopic(Command):
    """恢复共议"""

    topic_id: str


@use_case
def resume_topic(command: ResumeTopic, work: Work) -> Topic:
    """Deliberation goes on. Raises NotNow."""
    topic = work.topics.get(command.topic_id)
    topic.resume(now=work.now)
    return topic


@dataclass(frozen=True)
class AcceptTopic(Command):
    """立项"""

    topic_id: str
    party_org: str
    note: str


@use_case
def accept_topic(command: AcceptTopic, work: Work) -> Topic:
    """The party organisation approves the agenda. Raises NotNow."""
    topic = work.topics.get(command.topic_id)
    topic.accept(party_org=command.party_org, note=command.note, now=work.now)
    return topic


@dataclass(frozen=True)
class DeclineTopic(Command):
    """不予立项"""

    topic_id: str
    reason: str


@use_case
def decline_topic(command: DeclineTopic, work: Work) -> Topic:
    """The topic ends without deliberation. Raises NotNow."""
    topic = work.topics.get(command.topic_id)
    topic.decline(reason=command.reason, now=work.now)
    return topic


@dataclass(frozen=True)
class ResolveTopic(Command):
    """方案通过"""

    topic_id: str


@use_case
def resolve_topic(command: ResolveTopic, work: Work) -> Topic:
    """Adopt the version that passed. Raises NotNow and Conflict with what is missing."""
    plan = work.plans.of_topic(command.topic_id, locked=True)
    topic = work.topics.get(command.topic_id)
    if plan is None:
        raise NoVersionPassed()
    maintainer_name = name_of_maintainer(plan.latest.content.maintainer_ref, work)
    adopted = work.suggestions.adopted_for(topic.id)
    topic.resolve(plan, maintainer_name=maintainer_name, suggestions_adopted=adopted, now=work.now)
    return topic


@dataclass(frozen=True)
class LandResult(Command):
    """落实成果"""

    topic_id: str
    accepted_by: str
    evidence: str
    maintainer_ref: str
    photographs: list[str] = field(default_factory=list)


@use_case
def land_result(command: LandResult, work: Work) -> Topic:
    """The works are accepted, the residents say so, and somebody keeps it in order.

    Raises NotNow, WorksOpen, NotMaintainer, PhotographUnknown.
    """
    topic = work.topics.get(command.topic_id)
    topic.land(
        accepted_by=command.accepted_by,
        evidence=command.evidence,
        photographs=command.photographs,
        maintainer_ref=command.maintainer_ref,
        maintainer_name=name_of_maintainer(command.maintainer_ref, work),
        now=work.now,
    )
    attach_photographs(command.photographs, TOPIC, topic.id, work)
    return topic


@dataclass(frozen=True)
class ReopenResult(Command):
    """成果重议"""

    topic_id: str
    reason: str


@use_case
def reopen_result(command: ReopenResult, work: Work) -> Topic:
    """The residents say that the result is not good. Raises NotNow."""
    topic = work.topics.get(command.topic_id)
    topic.reopen(reason=command.reason, now=work.now)
    return topic


def name_of_maintainer(ref: str, work: Work) -> str:
    """The name of the party that keeps the result in order. Raises UnknownReference, NotMaintainer."""
    party = work.copy_of("property.party", ref, field="maintainer_ref")
    must_maintain(ref, party["kind"])
    return str(party["name"])
