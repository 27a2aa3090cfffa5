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
from services.notify.domain.message import Message
from services.notify.domain.question import About, Asked, Question
from services.notify.store import alarms, asked, claimable, messages, questions
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def contact(session: Session, actor: Actor, id: str) -> Contact:
    """One contact. Raises NotFound, Forbidden."""
    return one(session, actor, Contact, id, "contact")


def messages_in_scope(
    session: Session, actor: Actor, *, resident_ref: str | None, about_ref: str | None, **paging: Any
) -> Page:
    """Messages, oldest first."""
    query = select(Message)
    for column, wanted in ((messages.c.resident_ref, resident_ref), (messages.c.about_ref, about_ref)):
        if wanted:
            query = query.where(column == wanted)
    return page(session, actor, query, messages, **paging)


def questions_in_scope(session: Session, actor: Actor, *, about_ref: str | None, **paging: Any) -> Page:
    """Questions, oldest first."""
    query = select(Question)
    if about_ref:
        query = query.where(questions.c.about_ref == about_ref)
    return page(session, actor, query, questions, **paging)


def alarms_in_scope(session: Session, actor: Actor, **paging: Any) -> Page:
    """Alarms, oldest first."""
    return page(session, actor, select(Alarm), alarms, **paging)


@dataclass(frozen=True)
class QuestionPut:
    """A question as the person who was asked it may see it."""

    text: str
    about: About
    closes_at: datetime
    allowed_actions: list[str]


def question_by_token(session: Session, _actor: Actor, token: str) -> QuestionPut:
    """The question that a link leads to. Raises LinkUnknown, QuestionOver."""
    person = session.scalars(select(Asked).where(asked.c.token == token)).one_or_none()
    if person is None:
        raise LinkUnknown
    question = session.get_one(Question, person.question_ref)
    question.must_be_open()
    allowed = [] if person.is_answered else question.allowed_actions
    return QuestionPut(question.text, question.about, question.closes_at, allowed)


def something_to_deliver(session: Session, system_time: float) -> bool:
    """Whether a message waits for its delivery."""
    query = select(messages.c.id).where(claimable(system_time)).limit(1)
    return session.execute(query).first() is not None
