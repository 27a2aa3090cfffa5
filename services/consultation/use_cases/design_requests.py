"""Ask for designers, and note who comes and goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.consultation.domain.design_request import DesignRequest
from services.consultation.domain.professionals import Engagement
from services.consultation.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class RequestDesign(Command):
    """征集设计机构"""

    topic_id: str
    expertise: list[str]
    experts_needed: int
    answer_by: datetime


@use_case
def request_design(command: RequestDesign, work: Work) -> DesignRequest:
    """Professionals are wanted. Raises NotNow, TimeIsPast."""
    request = DesignRequest(
        work.topics.get(command.topic_id),
        expertise=command.expertise,
        experts_needed=command.experts_needed,
        answer_by=command.answer_by,
        now=work.now,
    )
    work.design_requests.add(request)
    return request


@dataclass(frozen=True)
class EngageDesigners(Command):
    """An organisation accepted to design."""

    request_ref: str
    engagement_ref: str
    org_ref: str


@use_case
def engage_designers(command: EngageDesigners, work: Work) -> None:
    """It may author plans of the topic, and judges none of them, not even the one under review."""
    request = work.design_requests.get(command.request_ref)
    request.engage(Engagement(command.engagement_ref, command.org_ref))
    review = work.reviews.open_for_topic(request.topic_ref, locked=True)
    if review is not None:
        review.exclude(request.designer_refs)


@dataclass(frozen=True)
class WithdrawDesigners(Command):
    """An organisation does not go on designing."""

    request_ref: str
    engagement_ref: str
    org_ref: str


@use_case
def withdraw_designers(command: WithdrawDesigners, work: Work) -> None:
    """What it drew so far stays its own, and is not its to judge."""
    work.design_requests.get(command.request_ref).withdraw(command.engagement_ref, command.org_ref)


def designers_of(topic_ref: str, work: Work) -> list[str]:
    """The organisations that are or were engaged for the topic's design."""
    requests = work.design_requests.of_topic(topic_ref)
    return [ref for request in requests for ref in request.designer_refs]


@dataclass(frozen=True)
class NoteDesignUnfilled(Command):
    """The answer date has passed without enough designers."""

    request_ref: str


@use_case
def note_design_unfilled(command: NoteDesignUnfilled, work: Work) -> None:
    """The convenor sees it on the request."""
    work.design_requests.get(command.request_ref).note_unfilled()
