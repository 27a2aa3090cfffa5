"""Announce sessions, record their minutes and publish them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.consultation.domain.session import Session
from services.consultation.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class AnnounceSession(Command):
    """议事会预告"""

    topic_id: str
    kind: str
    venue: str
    starts_at: datetime
    audience: str


@use_case
def announce_session(command: AnnounceSession, work: Work) -> Session:
    """People are invited. Raises NotNow, NoReviewOpen."""
    review = work.reviews.open_for_topic(command.topic_id)
    session = Session(
        work.topics.get(command.topic_id),
        kind=command.kind,
        venue=command.venue,
        starts_at=command.starts_at,
        audience=command.audience,
        open_review_ref=review.id if review else None,
    )
    work.sessions.add(session)
    return session


@dataclass(frozen=True)
class RescheduleSession(Command):
    """议事会改期 `venue` None: at the same one."""

    session_id: str
    starts_at: datetime
    venue: str | None
    reason: str


@use_case
def reschedule_session(command: RescheduleSession, work: Work) -> Session:
    """Those who were invited hear of it. Raises NotNow, TimeIsPast."""
    session = work.sessions.get(command.session_id)
    session.reschedule(
        starts_at=command.starts_at,
        venue=command.venue or session.venue,
        reason=command.reason,
        now=work.now,
    )
    return session


@dataclass(frozen=True)
class CancelSession(Command):
    """取消议事会"""

    session_id: str
    reason: str


@use_case
def cancel_session(command: CancelSession, work: Work) -> Session:
    """Those who were invited hear of it. Raises NotNow."""
    session = work.sessions.get(command.session_id)
    session.cancel(reason=command.reason)
    return session


@dataclass(frozen=True)
class MinuteSession(Command):
    """会议纪要"""

    session_id: str
    attendance: dict[str, int]
    text: str
    points: list[str]


@use_case
def minute_session(command: MinuteSession, work: Work) -> Session:
    """It was held. Raises NotNow, SessionNotBegun, AttendanceIncomplete."""
    session = work.sessions.get(command.session_id)
    session.minute(
        attendance=command.attendance,
        text=command.text,
        points=command.points,
        by=work.actor.id,
        now=work.now,
    )
    return session


@dataclass(frozen=True)
class PublishSession(Command):
    """公布纪要"""

    session_id: str


@use_case
def publish_session(command: PublishSession, work: Work) -> Session:
    """Somebody else has looked at the minutes. Raises NotNow, OwnWork."""
    session = work.sessions.get(command.session_id)
    session.publish(by=work.actor.id, now=work.now)
    return session


@dataclass(frozen=True)
class PublishSessionInEmergency(Command):
    """紧急公布纪要"""

    session_id: str
    because: str


@use_case
def publish_session_in_emergency(command: PublishSessionInEmergency, work: Work) -> Session:
    """A lone officer cannot wait. Raises NotNow."""
    session = work.sessions.get(command.session_id)
    session.publish_in_emergency(because=command.because, by=work.actor.id, now=work.now)
    return session


@dataclass(frozen=True)
class ApproveSession(Command):
    """补批纪要"""

    session_id: str


@use_case
def approve_session(command: ApproveSession, work: Work) -> Session:
    """Another approves what was published alone. Raises NotNow, OwnWork."""
    session = work.sessions.get(command.session_id)
    session.approve(by=work.actor.id)
    return session
