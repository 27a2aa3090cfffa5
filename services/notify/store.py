"""How notify keeps what it knows: tables, mapping, repositories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    Select,
    String,
    Text,
    UniqueConstraint,
    delete,
    event,
    false,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session, registry
from sqlalchemy.sql.elements import ColumnElement

from services.notify.domain.alarm import Alarm
from services.notify.domain.consent import IN_FORCE, Consent
from services.notify.domain.contact import ERASED, IN_USE, RESIDENT, Contact
from services.notify.domain.disclosure import Disclosure
from services.notify.domain.message import CREATED, SENDING, Attempt, Message
from services.notify.domain.question import ASKED, OPEN, RECORDED, About, Question, Respondent
from services.notify.domain.staff_notice import OPEN as UNSETTLED
from services.notify.domain.staff_notice import StaffNotice
from shared.persistence.mapping import aggregate_table, map_aggregate, new_metadata
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import BlindIndex, Digest, Id, Instant, Json, Sealed, kept_list
from shared.persistence.unit_of_work import UnitOfWork

metadata = new_metadata()
mapper = registry(metadata=metadata)

# the only table with names and phones
contacts = aggregate_table(
    "contacts",
    metadata,
    Column("name", Sealed("contacts.name"), nullable=False),
    Column("phone", Sealed("contacts.phone"), nullable=False),
    Column("phone_index", BlindIndex("contacts.phone"), unique=True),
    Column("email", Sealed("contacts.email"), nullable=False, server_default=""),
    Column("channels", Json, nullable=False),
    Column("door_ref", Id, nullable=False),
    Column("contact_class", String(20), nullable=False),
    Column("basis", Sealed("contacts.basis"), nullable=False),
    Column("state", String(20), nullable=False, server_default=IN_USE),
    Column("kept_until", Instant),
    Column("kept_because", Sealed("contacts.kept_because"), nullable=False, server_default=""),
)

consents = aggregate_table(
    "consents",
    metadata,
    Column("resident_ref", Id, nullable=False, index=True),
    Column("purpose", String(40), nullable=False),
    Column("recipient_ref", Id, nullable=False),
    Column("recipient_name", Sealed("consents.recipient_name"), nullable=False),
    Column("text_version", String(64), nullable=False),
    Column("given_by", String(20), nullable=False),
    Column("evidence", Sealed("consents.evidence"), nullable=False, server_default=""),
    Column("recorded_by", String(120), nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Column("withdrawn_by", String(120)),
    Column("state", String(20), nullable=False),
)

disclosures = aggregate_table(
    "disclosures",
    metadata,
    Column("resident_ref", Id, nullable=False, index=True),
    Column("purpose", String(40), nullable=False),
    Column("basis", String(200), nullable=False),
    Column("reason", Sealed("disclosures.reason"), nullable=False),
    Column("recipient", String(200), nullable=False),
    Column("consent_ref", Id),
    Column("disclosed_at", Instant, nullable=False),
)

messages = aggregate_table(
    "messages",
    metadata,
    Column("resident_ref", Id, nullable=False, index=True),
    Column("milestone", String(120), nullable=False),
    Column("about_ref", Id, nullable=False, index=True),
    Column("title", String(200), nullable=False),
    Column("text", Sealed("messages.text"), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("other_channels", Json, nullable=False, server_default="[]"),
    Column("must_reach", Boolean, nullable=False, server_default=false()),
    Column("reach_by", Instant),
    Column("created_at", Instant, nullable=False),
    Column("delivered_at", Instant),
    Column("claimed_by", Id),
    Column("not_before", Float, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("receipts", kept_list(Attempt), nullable=False),
    Column("state", String(20), nullable=False),
    UniqueConstraint("milestone", "resident_ref"),
)
Index("ix_messages_unsent", messages.c.state, messages.c.not_before)

questions = aggregate_table(
    "questions",
    metadata,
    Column("about_type", String(20), nullable=False),
    Column("about_ref", Id, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("asked", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("answered_by_staff", Integer, nullable=False, server_default="0"),
    Column("resolved", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    UniqueConstraint("about_type", "about_ref", "turn"),
)

respondents = aggregate_table(
    "respondents",
    metadata,
    Column("question_ref", Id, nullable=False),
    Column("resident_ref", Id, nullable=False),
    Column("token", Digest, nullable=False, unique=True),
    Column("covers", kept_list(About), nullable=False),
    Column("resolution", String(20)),
    Column("grade", Integer),
    Column("reason_code", String(32), nullable=False),
    Column("answered_at", Instant),
    Column("recorded_by", String(120)),
    Column("state", String(20), nullable=False),
    UniqueConstraint("question_ref", "resident_ref"),
)

alarms = aggregate_table(
    "alarms",
    metadata,
    Column("milestone", String(120), nullable=False, unique=True),
    Column("about_ref", Id, nullable=False),
    Column("raised_at", Instant, nullable=False),
)

staff_notices = aggregate_table(
    "staff_notices",
    metadata,
    Column("kind", String(30), nullable=False),
    Column("about_ref", Id, nullable=False),
    Column("title", String(200), nullable=False),
    Column("text", String(1000), nullable=False),
    Column("told_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("state", String(20), nullable=False),
)
Index(
    "uq_staff_notices_open",
    staff_notices.c.kind,
    staff_notices.c.about_ref,
    unique=True,
    sqlite_where=staff_notices.c.state == UNSETTLED,
    postgresql_where=staff_notices.c.state == UNSETTLED,
)
# what has been sent, told or answered is a record and stays; an alarm too
FOLLOWS = [
    Follows(contacts, contacts.c.state != ERASED, at=contacts.c.door_ref),
    Follows(consents, consents.c.state == IN_FORCE),
    Follows(messages, messages.c.state.in_((CREATED, SENDING))),
    Follows(staff_notices, staff_notices.c.state == UNSETTLED),
    Follows(questions, questions.c.state == OPEN),
    Follows(respondents, respondents.c.state.in_((ASKED, RECORDED))),
]

map_aggregate(mapper, Contact, contacts)
map_aggregate(mapper, Consent, consents)
map_aggregate(mapper, Disclosure, disclosures)
map_aggregate(mapper, Message, messages)
map_aggregate(mapper, Question, questions)
map_aggregate(mapper, Respondent, respondents)
map_aggregate(mapper, Alarm, alarms)
map_aggregate(mapper, StaffNotice, staff_notices)


@event.listens_for(Contact, "before_insert")
@event.listens_for(Contact, "before_update")
def _index_phone(_mapper: Any, _connection: Any, contact: Any) -> None:
    """The domain does not know how its phones are found."""
    contact.phone_index = contact.phone or None


def claimable(system_time: float) -> ColumnElement[bool]:
    """Messages that the lease's holder may deliver. It delivers one batch after the other: what is still
    being sent when it claims the next one was left behind, by another holder or by a failure of its own."""
    due = (messages.c.state == CREATED) & (messages.c.not_before <= system_time)
    return or_(due, messages.c.state == SENDING)


AT_ONCE = 500


def forget_texts(session: Session, before: datetime) -> int:
    """Empty some texts of messages that were made before; how many."""
    old = (messages.c.created_at < before) & (type_coerce(messages.c.text, Text) != "")
    some = select(messages.c.id).where(old).order_by(messages.c.id).limit(AT_ONCE)
    return _rows(session.execute(update(messages).where(messages.c.id.in_(some)).values(text="")))


def forget_disclosures(session: Session, before: datetime) -> int:
    """Remove some records of what was told before; how many."""
    old = select(disclosures.c.id).where(disclosures.c.disclosed_at < before).limit(AT_ONCE)
    return _rows(session.execute(delete(disclosures).where(disclosures.c.id.in_(old))))


def _rows(result: Any) -> int:
    return int(result.rowcount)


class Contacts(Repository[Contact]):
    """Contacts."""

    kind = Contact

    def by_phone(self, phone: str) -> Contact | None:
        """The person with that phone; also where it has not been sealed and indexed yet."""
        plain = contacts.c.phone_index.is_(None) & (type_coerce(contacts.c.phone, Text) == phone)
        query = select(Contact).where(or_(contacts.c.phone_index == phone, plain))
        return self.session.scalars(query).one_or_none()

    def known(self, refs: Iterable[str]) -> Sequence[Contact]:
        """Those of the refs that are known here and may be written to."""
        query = select(Contact).where(contacts.c.id.in_(sorted(set(refs))), contacts.c.state == IN_USE)
        return self.session.scalars(query.order_by(contacts.c.id)).all()

    def residents_of_place(self, place_path: str) -> Sequence[Contact]:
        """The residents who live within the place."""
        return self._residents(contacts.c.place_path.startswith(place_path, autoescape=True))

    def residents_of_building(self, building_ref: str) -> Sequence[Contact]:
        """The residents of a building."""
        return self._residents(contacts.c.place_path.contains(f"/{building_ref}/", autoescape=True))

    def _residents(self, where: ColumnElement[bool]) -> Sequence[Contact]:
        residents = (contacts.c.contact_class == RESIDENT) & (contacts.c.state == IN_USE)
        query = select(Contact).where(residents, where)
        return self.session.scalars(query.order_by(contacts.c.id)).all()


class Consents(Repository[Consent]):
    """Consents."""

    kind = Consent

    def in_force(self, resident_ref: str, purpose: str, recipient_ref: str) -> Consent | None:
        """The person's consent for that purpose towards that recipient."""
        query = self._of(resident_ref).where(
            consents.c.state == IN_FORCE,
            consents.c.purpose == purpose,
            consents.c.recipient_ref == recipient_ref,
        )
        return self.session.scalars(query.limit(1)).first()

    def all_of(self, resident_ref: str) -> Sequence[Consent]:
        """All that the person consents to, or did."""
        return self.session.scalars(self._of(resident_ref)).all()

    def _of(self, resident_ref: str) -> Select[Consent]:
        return select(Consent).where(consents.c.resident_ref == resident_ref).order_by(consents.c.id)


class Disclosures(Repository[Disclosure]):
    """Records of what was told to whom."""

    kind = Disclosure


class Messages(Repository[Message]):
    """Messages."""

    kind = Message

    def add_all(self, messages: Sequence[Message]) -> None:
        """Keep many new messages at once."""
        self.session.add_all(messages)

    def of(self, resident_ref: str) -> Sequence[Message]:
        """All messages to a person."""
        query = select(Message).where(messages.c.resident_ref == resident_ref)
        return self.session.scalars(query.order_by(messages.c.id)).all()

    def told(self, milestone: str) -> set[str]:
        """The refs of those who have been told of the milestone."""
        query = select(messages.c.resident_ref).where(messages.c.milestone == milestone)
        return set(self.session.scalars(query))

    def claimable(self, system_time: float, most: int) -> Sequence[Message]:
        """The oldest messages that may be delivered now, those that a dead claim left behind among them."""
        query = select(Message).where(claimable(system_time)).order_by(messages.c.id).limit(most)
        return self.session.scalars(query).all()


class Questions(Repository[Question]):
    """Questions."""

    kind = Question

    def about(self, about: About, *, locked: bool = False) -> Question | None:
        """The question about that turn of that thing."""
        query = select(Question).where(
            questions.c.about_type == about.type,
            questions.c.about_ref == about.ref,
            questions.c.turn == about.turn,
        )
        return self.session.scalars(query.with_for_update() if locked else query).one_or_none()

    def latest_about(self, type: str, ref: str) -> Question | None:
        """The question about the last turn of that thing, under a lock."""
        query = select(Question).where(questions.c.about_type == type, questions.c.about_ref == ref)
        return self.session.scalars(
            query.order_by(questions.c.turn.desc()).limit(1).with_for_update()
        ).first()


class Respondents(Repository[Respondent]):
    """Respondents."""

    kind = Respondent

    def add_all(self, respondents: Sequence[Respondent]) -> None:
        """Keep many at once."""
        self.session.add_all(respondents)

    def residents(self, question_ref: str) -> set[str]:
        """The refs of those who were asked the question."""
        query = select(respondents.c.resident_ref).where(respondents.c.question_ref == question_ref)
        return set(self.session.scalars(query))

    def of(self, question_ref: str, resident_ref: str) -> Respondent | None:
        """The one person who was asked the question."""
        of_question = respondents.c.question_ref == question_ref
        query = select(Respondent).where(of_question, respondents.c.resident_ref == resident_ref)
        return self.session.scalars(query).one_or_none()

    def all_of(self, resident_ref: str) -> Sequence[Respondent]:
        """All that a person was asked."""
        query = select(Respondent).where(respondents.c.resident_ref == resident_ref)
        return self.session.scalars(query.order_by(respondents.c.id)).all()

    def by_token(self, token: str) -> Respondent | None:
        """Whose link it is."""
        return self.session.scalars(select(Respondent).where(respondents.c.token == token)).one_or_none()


class Alarms(Repository[Alarm]):
    """Alarms."""

    kind = Alarm

    def of(self, milestone: str) -> Alarm | None:
        """The alarm of that milestone."""
        return self.session.scalars(select(Alarm).where(alarms.c.milestone == milestone)).one_or_none()


class StaffNotices(Repository[StaffNotice]):
    """Notices to staff."""

    kind = StaffNotice

    def open_about(self, kind: str, about_ref: str) -> StaffNotice | None:
        """The open one of that kind about that thing."""
        query = select(StaffNotice).where(
            staff_notices.c.kind == kind,
            staff_notices.c.about_ref == about_ref,
            staff_notices.c.state == UNSETTLED,
        )
        return self.session.scalars(query).one_or_none()


class Store(UnitOfWork):
    """One transaction of notify."""

    follows = FOLLOWS

    contacts: Contacts
    consents: Consents
    disclosures: Disclosures
    messages: Messages
    questions: Questions
    respondents: Respondents
    alarms: Alarms
    staff_notices: StaffNotices
