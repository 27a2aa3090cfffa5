"""What can be asked of notify: plain functions, a session and the caller in, plain rows out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notify.domain.alarm import Alarm
from services.notify.domain.contact import Contact
from services.notify.domain.errors import LinkUnknown
from services.notify.domain.message import Attempt, Message
from services.notify.domain.question import About, Question, Respondent
from services.notify.store import claimable, messages, respondents
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def contact(session: Session, actor: Actor, id: str) -> Contact:
    """One contact. Raises NotFound, Forbidden."""
    return one(session, actor, Contact, id)


@dataclass(frozen=True)
class MessageRead:
    """A message as its reader may see it: the link to answer by is the resident's alone."""

    id: str
    resident_ref: str
    milestone: str
    about_ref: str
    title: str
    text: str
    state: str
    channel: str
    receipts: list[Attempt]
    created_at: datetime
    delivered_at: datetime | None
    allowed_actions: list[str]


def messages_in_scope(session: Session, actor: Actor, *, resident_ref: str | None, **filters: Any) -> Page:
    """Messages, oldest first; a resident reads its own only. Raises Forbidden."""
    if resident_ref is not None:
        actor.must_speak_for(resident_ref)
    found = page(session, actor, Message, resident_ref=resident_ref or actor.person_ref, **filters)
    return Page([_read_by(actor, message) for message in found.items], found.next)


def _read_by(actor: Actor, message: Message) -> MessageRead:
    return MessageRead(
        id=message.id,
        resident_ref=message.resident_ref,
        milestone=message.milestone,
        about_ref=message.about_ref,
        title=message.title,
        text=message.text if actor.person_ref == message.resident_ref else message.masked_text,
        state=message.state,
        channel=message.channel,
        receipts=message.receipts,
        created_at=message.created_at,
        delivered_at=message.delivered_at,
        allowed_actions=message.allowed_actions,
    )


def questions_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Questions, oldest first."""
    return page(session, actor, Question, **filters)


def alarms_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Alarms, oldest first."""
    return page(session, actor, Alarm, **filters)


@dataclass(frozen=True)
class QuestionPut:
    """A question as the person who was asked it may see it."""

    text: str
    about: About
    closes_at: datetime
    allowed_actions: list[str]


def question_by_token(session: Session, _actor: Actor, token: str) -> QuestionPut:
    """The question that a link leads to. Raises LinkUnknown, QuestionOver."""
    query = select(Respondent).where(respondents.c.token == token)
    respondent = session.scalars(query).one_or_none()
    if respondent is None:
        raise LinkUnknown
    question = session.get_one(Question, respondent.question_ref)
    question.must_be_open()
    return QuestionPut(question.text, question.about, question.closes_at, respondent.allowed_actions)


def something_to_deliver(session: Session, system_time: float) -> bool:
    """Whether a message waits for its delivery."""
    query = select(messages.c.id).where(claimable(system_time)).limit(1)
    return session.execute(query).first() is not None
