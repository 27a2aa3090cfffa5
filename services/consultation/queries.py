"""What can be asked of consultation: plain functions, a session and the caller in, plain rows out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Reading

from services.consultation.domain.design_request import DesignRequest
from services.consultation.domain.plan import Difference, Plan, difference
from services.consultation.domain.policies import CHAMBER_NAMES
from services.consultation.domain.review import PASSED, Review
from services.consultation.domain.session import JOINT_REVIEW, Session
from services.consultation.domain.topic import Topic
from services.consultation.store import design_requests, plans, reviews, sessions, topics
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.kernel.money import yuan
from shared.persistence.listing import one, page


def topic(session: Reading, actor: Actor, id: str) -> Topic:
    """One topic. Raises NotFound, Forbidden."""
    return one(session, actor, Topic, id, "topic")


def topics_in_scope(session: Reading, actor: Actor, *, state: str | None, **paging: Any) -> Page:
    """Topics, oldest first."""
    query = select(Topic)
    if state:
        query = query.where(topics.c.state == state)
    return page(session, actor, query, topics, **paging)


def design_requests_of(session: Reading, actor: Actor, topic_id: str, **paging: Any) -> Page:
    """What designers were asked, and who came."""
    query = select(DesignRequest).where(design_requests.c.topic_ref == topic_id)
    return page(session, actor, query, design_requests, **paging)


def meeting(session: Reading, actor: Actor, id: str) -> Session:
    """One session of a topic. Raises NotFound, Forbidden."""
    return one(session, actor, Session, id, "session")


def plan(session: Reading, actor: Actor, id: str) -> Plan:
    """One plan with all its versions. Raises NotFound, Forbidden."""
    return one(session, actor, Plan, id, "plan")


def plan_difference(session: Reading, actor: Actor, id: str, *, before: int, after: int) -> Difference:
    """What version `after` changes in version `before`. Raises NotFound, VersionUnknown, Forbidden."""
    found = plan(session, actor, id)
    return difference(found.numbered(before).content, found.numbered(after).content)


def review(session: Reading, actor: Actor, id: str) -> Review:
    """One review. Raises NotFound, Forbidden."""
    return one(session, actor, Review, id, "review")


@dataclass(frozen=True)
class Step:
    """One step of a topic's story."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Story:
    """A topic as anyone may read it: no names, no persons' refs."""

    topic: Topic
    steps: Sequence[Step]


def story(session: Reading, actor: Actor, id: str) -> Story:
    """议题的来龙去脉 Each step with its time, in the order in which they happened. Raises NotFound."""
    told = topic(session, actor, id)
    own = [Step(datetime.fromisoformat(line["at"]), line["text"]) for line in told.story]
    steps = [*own, *_meetings(session, id), *_versions(session, id), *_reviews(session, id)]
    return Story(told, sorted(steps, key=lambda step: step.at))


def _meetings(session: Reading, topic_id: str) -> Iterator[Step]:
    held = select(Session).where(sessions.c.topic_ref == topic_id, sessions.c.minuted_at.is_not(None))
    for meeting in session.scalars(held.order_by(sessions.c.id)):
        kind = "居民与专业机构联审会" if meeting.kind == JOINT_REVIEW else "共同设计议事会"
        if meeting.minuted_at is not None:
            yield Step(meeting.minuted_at, f"{kind},{meeting.persons}人参加,形成意见{len(meeting.points)}条")


def _versions(session: Reading, topic_id: str) -> Iterator[Step]:
    for plan in session.scalars(select(Plan).where(plans.c.topic_ref == topic_id)):
        for version in plan.versions:
            budget = yuan(version.content.budget_fen)
            yield Step(version.proposed_at, f"提出第{version.number}版方案,预算{budget}")


def _reviews(session: Reading, topic_id: str) -> Iterator[Step]:
    of_topic = select(Review).where(reviews.c.topic_ref == topic_id).order_by(reviews.c.id)
    for review in session.scalars(of_topic):
        yield Step(review.opened_at, f"第{review.plan_version}版方案开始双审")
        if review.closed_at is not None:
            ended = "双审通过" if review.state == PASSED else "双审退回"
            yield Step(review.closed_at, f"第{review.plan_version}版方案{ended}:{_counts(review)}")


def _counts(review: Review) -> str:
    return ";".join(
        f"{CHAMBER_NAMES[verdict['chamber']]}应到{verdict['on_roster']}、投票{verdict['voted']}、同意{verdict['approved']}"
        for verdict in review.verdicts
    )
