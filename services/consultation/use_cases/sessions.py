"""Announce sessions, record their minutes and publish them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.consultation.domain.errors import VenueMissing, VenueTaken
from services.consultation.domain.platform import NO_RULES
from services.consultation.domain.session import Meeting, Session
from services.consultation.use_cases.ports import Work
from shared.kernel.clock import local
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class AnnounceSession(Command):
    """议事会预告 At a registered venue, or at a place in words; `ends_at` None: two hours later."""

    topic_id: str
    kind: str
    starts_at: datetime
    audience: str
    venue: str | None = None
    venue_ref: str | None = None
    ends_at: datetime | None = None
    platform_ref: str | None = None


@use_case
def announce_session(command: AnnounceSession, work: Work) -> Session:
    """People are invited. Raises NotNow, NoReviewOpen, VenueMissing, Unknown, VenueTaken, SessionTooShort,
    SessionTooLong, SessionTooSoon."""
    review = work.reviews.open_for_topic(command.topic_id)
    rules = NO_RULES
    if command.platform_ref is not None:
        platform = work.platforms.named(command.platform_ref, field="platform_ref")
        platform.must_convene()
        rules = platform.rules
    session = Session(
        work.topics.get(command.topic_id),
        kind=command.kind,
        meeting=_booked(command, None, work),
        audience=command.audience,
        open_review_ref=review.id if review else None,
        now=work.now,
        rules=rules,
        platform_ref=command.platform_ref,
    )
    work.sessions.add(session)
    return session


@dataclass(frozen=True)
class RescheduleSession(Command):
    """议事会改期 Where neither `venue` nor `venue_ref` is said, it is held where it was to be."""

    session_id: str
    starts_at: datetime
    reason: str
    venue: str | None = None
    venue_ref: str | None = None
    ends_at: datetime | None = None


@use_case
def reschedule_session(command: RescheduleSession, work: Work) -> Session:
    """Those who were invited hear of it. Raises NotNow, TimeIsPast, Unknown, VenueTaken, SessionTooShort,
    SessionTooLong, SessionTooSoon."""
    session = work.sessions.get(command.session_id)
    if command.venue is None and command.venue_ref is None:
        command = replace(command, venue=session.venue, venue_ref=session.venue_ref)
    session.reschedule(_booked(command, session, work), reason=command.reason, now=work.now)
    return session


def _booked(command: AnnounceSession | RescheduleSession, session: Session | None, work: Work) -> Meeting:
    """Where and when, with the venue held so that nobody else books the same hours meanwhile."""
    if command.venue_ref is None:
        if command.venue is None:
            raise VenueMissing(field="venue")
        return Meeting(command.venue, command.starts_at, command.ends_at)
    venue = work.venues.named(command.venue_ref, field="venue_ref", locked=True)
    venue.must_be_open()
    meeting = Meeting(venue.name, command.starts_at, command.ends_at, venue.id)
    taken = work.sessions.in_venue(venue.id, meeting.starts_at, meeting.until)
    for other in taken:
        if session is None or other.id != session.id:
            begins, ends = (
                f"{local(instant):%Y-%m-%d %H:%M}" for instant in (other.starts_at, other.ends_at)
            )
            raise VenueTaken(venue=venue.name, begins=begins, ends=ends)
    return meeting


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
    """It was held. Raises NotNow, SessionNotBegun, TooFewCame, AttendanceIncomplete."""
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
