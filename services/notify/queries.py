"""What can be asked of notify: plain functions, a session and the caller in, plain rows out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notify.domain.alarm import Alarm
from services.notify.domain.consent import Consent
from services.notify.domain.contact import Contact
from services.notify.domain.disclosure import Disclosure
from services.notify.domain.errors import LinkUnknown
from services.notify.domain.message import Attempt, Message
from services.notify.domain.question import About, Question, Respondent
from services.notify.domain.staff_notice import StaffNotice
from services.notify.store import claimable, consents, disclosures, messages, respondents
from shared.access.roles import GRID_WORKER
from shared.kernel.command import Actor, OutsideScope
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def contact(session: Session, actor: Actor, id: str) -> Contact:
    """One contact. Raises NotFound, Forbidden."""
    return one(session, actor, Contact, id)


def consents_of(session: Session, actor: Actor, id: str, **paging: Any) -> Page:
    """To what a person consents, or did. Raises NotFound, Forbidden."""
    return page(session, actor, Consent, resident_ref=_own(session, actor, id).id, **paging)


def disclosures_of(session: Session, actor: Actor, id: str, **paging: Any) -> Page:
    """Who was told who the person is. Raises NotFound, Forbidden."""
    return page(session, actor, Disclosure, resident_ref=_own(session, actor, id).id, **paging)


def disclosure(session: Session, actor: Actor, id: str) -> Disclosure:
    """One record of provision. Raises NotFound, Forbidden."""
    found = one(session, actor, Disclosure, id)
    _own(session, actor, found.resident_ref)
    return found


@dataclass(frozen=True)
class PersonalFile:
    """All that notify holds about a person (个保法 45); to others than the person masked, and without the door."""

    contact: Contact
    name: str
    phone: str
    email: str
    door_ref: str | None
    consents: Sequence[Consent]
    disclosures: Sequence[Disclosure]
    messages: Sequence[MessageRead]
    answers: Sequence[Respondent]

    @property
    def resident_ref(self) -> str:
        """Whose it is."""
        return self.contact.id


def personal_file(session: Session, actor: Actor, id: str) -> PersonalFile:
    """Everything about a person. Raises NotFound, Forbidden."""
    found = _own(session, actor, id)
    is_own = actor.person_ref == id

    def of_person(kind: Any, table: Any) -> Sequence[Any]:
        return session.scalars(select(kind).where(table.c.resident_ref == id).order_by(table.c.id)).all()

    return PersonalFile(
        contact=found,
        name=found.name if is_own else found.masked_name,
        phone=found.phone if is_own else found.masked_phone,
        email=found.email if is_own else found.masked_email,
        door_ref=found.door_ref if is_own else None,
        consents=of_person(Consent, consents),
        disclosures=of_person(Disclosure, disclosures),
        messages=[_read_by(actor, message) for message in of_person(Message, messages)],
        answers=[one for one in of_person(Respondent, respondents) if one.has_answered],
    )


def _own(session: Session, actor: Actor, id: str) -> Contact:
    actor.must_speak_for(id)
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
    must_reach: bool
    reach_by: datetime | None
    created_at: datetime
    delivered_at: datetime | None
    allowed_actions: list[str]


def message(session: Session, actor: Actor, id: str) -> MessageRead:
    """One message; a resident reads its own only, a grid worker one that is brought to the door. Raises NotFound,
    Forbidden."""
    found = one(session, actor, Message, id)
    actor.must_speak_for(found.resident_ref)
    if actor.role == GRID_WORKER and not found.is_brought:
        raise OutsideScope()
    return _read_by(actor, found)


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
        must_reach=message.must_reach,
        reach_by=message.reach_by,
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


def staff_notices_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Notices to staff, oldest first."""
    return page(session, actor, StaffNotice, **filters)


@dataclass(frozen=True)
class QuestionPut:
    """A question as the person who was asked it may see it."""

    text: str
    about: About
    closes_at: datetime
    allowed_actions: list[str]


def question_by_token(session: Session, _actor: Actor, token: str) -> QuestionPut:
    """The question that a link leads to. Raises LinkUnknown, LinkVoid, QuestionOver."""
    query = select(Respondent).where(respondents.c.token == token)
    respondent = session.scalars(query).one_or_none()
    if respondent is None:
        raise LinkUnknown
    respondent.must_be_good()
    question = session.get_one(Question, respondent.question_ref)
    question.must_be_open()
    return QuestionPut(question.text, question.about, question.closes_at, respondent.allowed_actions)


def something_to_deliver(session: Session, system_time: float) -> bool:
    """Whether a message waits for its delivery."""
    query = select(messages.c.id).where(claimable(system_time)).limit(1)
    return session.execute(query).first() is not None
