"""Topics, and their stories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Reading

from services.consultation.domain.design_request import DesignRequest
from services.consultation.domain.plan import Plan
from services.consultation.domain.policies import CHAMBER_NAMES
from services.consultation.domain.review import PASSED, ChamberVerdict, Review
from services.consultation.domain.session import KINDS, Session
from services.consultation.domain.topic import StoryLine, Topic
from services.consultation.store.plans import plans
from services.consultation.store.reviews import reviews
from services.consultation.store.sessions import sessions
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.kernel.money import yuan
from shared.persistence.listing import one, one_around, page


def topic(session: Reading, actor: Actor, id: str) -> Topic:
    """One topic. Raises NotFound, Forbidden."""
    return one_around(session, actor, Topic, id)


def topics_in_scope(session: Reading, actor: Actor, **filters: Any) -> Page:
    """Topics, oldest first."""
    return page(session, actor, Topic, around=True, **filters)


def design_request(session: Reading, actor: Actor, id: str) -> DesignRequest:
    """One request for designers. Raises NotFound, Forbidden."""
    return one(session, actor, DesignRequest, id)


def design_requests_in_scope(session: Reading, actor: Actor, *, topic_ref: str, **paging: Any) -> Page:
    """What designers were asked for a topic, and who came."""
    return page(session, actor, DesignRequest, topic_ref=topic_ref, around=True, **paging)


@dataclass(frozen=True)
class Story:
    """A topic as anyone may read it: no names, no persons' refs, and not who accepted the result."""

    topic: Topic
    steps: Sequence[StoryLine]


def story(session: Reading, actor: Actor, id: str) -> Story:
    """议题的来龙去脉 Each step with its time, in the order in which they happened. Raises NotFound."""
    told = topic(session, actor, id)
    steps = [*told.story, *_meetings(session, id), *_versions(session, id), *_reviews(session, id)]
    return Story(told, sorted(steps, key=lambda step: step.at))


def _meetings(session: Reading, topic_id: str) -> Iterator[StoryLine]:
    public = select(Session).where(sessions.c.topic_ref == topic_id, sessions.c.published_at.is_not(None))
    for meeting in session.scalars(public.order_by(sessions.c.id)):
        text = f"{KINDS[meeting.kind]}，{meeting.persons}人参加，形成意见{len(meeting.points)}条"
        if meeting.published_at is not None:
            yield StoryLine(meeting.published_at, text)


def _versions(session: Reading, topic_id: str) -> Iterator[StoryLine]:
    for plan in session.scalars(select(Plan).where(plans.c.topic_ref == topic_id)):
        for version in plan.versions:
            budget = yuan(version.content.budget_fen)
            yield StoryLine(version.proposed_at, f"提出第{version.number}版方案，预算{budget}")


def _reviews(session: Reading, topic_id: str) -> Iterator[StoryLine]:
    of_topic = select(Review).where(reviews.c.topic_ref == topic_id).order_by(reviews.c.id)
    for review in session.scalars(of_topic):
        yield StoryLine(review.opened_at, f"第{review.plan_version}版方案开始双审")
        if review.closed_at is not None:
            ended = "双审通过" if review.state == PASSED else "双审退回"
            yield StoryLine(review.closed_at, f"第{review.plan_version}版方案{ended}：{_counts(review)}")


def _counts(review: Review) -> str:
    return "；".join(
        f"{CHAMBER_NAMES[verdict.chamber]}应到{verdict.on_roster}、投票{verdict.voted}{_entered(verdict)}、同意{verdict.approved}"
        for verdict in review.verdicts
    )


def _entered(verdict: ChamberVerdict) -> str:
    """Said where there are any: a ballot that others put in is no secret."""
    return f"（代录{verdict.entered_for_others}）" if verdict.entered_for_others else ""
