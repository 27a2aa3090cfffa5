"""Announce sessions and record their minutes."""

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
    session.minute(attendance=command.attendance, text=command.text, points=command.points, now=work.now)
    return session
