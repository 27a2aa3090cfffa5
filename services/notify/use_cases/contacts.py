"""Register contacts; correct, stop and erase them (个保法 46, 47)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.notify.domain.contact import Contact, Person, normal_phone
from services.notify.domain.errors import KnownByAnotherName, NotYoursToCorrect, PhoneTaken
from services.notify.use_cases.delivery import kinds
from services.notify.use_cases.ports import Work
from shared.kernel.command import Command, use_case
from shared.plugins import preferred


@dataclass(frozen=True)
class RegisterContact(Command):
    """登记联系人 Without `channels` it is the preferred one."""

    name: str
    phone: str
    channels: list[str]
    door_ref: str
    contact_class: str
    basis: str
    email: str = ""


@dataclass(frozen=True)
class Registered:
    """The contact, and whether it was unknown until now."""

    contact: Contact
    is_new: bool


@use_case
def register_contact(command: RegisterContact, work: Work) -> Registered:
    """A new contact, or the one who has the phone already, unchanged.

    Raises KnownByAnotherName, UnknownReference, NameInvisible, NotADoor, PhoneWrong, EmailWrong, ChannelUnknown,
    EmailMissing, Forbidden.
    """
    phone = normal_phone(command.phone)
    known = work.contacts.by_phone(phone)
    if known is not None:
        work.actor.must_cover(known.place_path)
        if known.name != command.name:
            raise KnownByAnotherName(field="name")
        return Registered(known, is_new=False)
    installed = work.plugins["channels"]
    channels = command.channels or [preferred(installed)]
    contact = Contact(
        Person(command.name, phone, channels, command.contact_class, command.basis, command.email),
        door=work.copy_of("grid.place", command.door_ref, field="door_ref"),
        installed=kinds(installed),
    )
    work.contacts.add(contact)
    return Registered(contact, is_new=True)


@dataclass(frozen=True)
class CorrectContact(Command):
    """更正 What is None stays."""

    contact_id: str
    name: str | None
    phone: str | None
    channels: list[str] | None
    door_ref: str | None
    email: str | None = None


@use_case
def correct_contact(command: CorrectContact, work: Work) -> Contact:
    """The contact as it is right. Raises NotYoursToCorrect, PhoneTaken, and what registering raises."""
    contact = own_contact(command.contact_id, work)
    theirs = [name for name in ("phone", "email", "door_ref") if getattr(command, name) is not None]
    if work.actor.person_ref and theirs:
        raise NotYoursToCorrect(field=theirs)
    phone = normal_phone(command.phone) if command.phone else None
    bearer = work.contacts.by_phone(phone) if phone else None
    if bearer is not None and bearer.id != contact.id:
        raise PhoneTaken(field="phone")
    door = work.copy_of("grid.place", command.door_ref, field="door_ref") if command.door_ref else None
    work.actor.must_cover(door["path"] if door else None)
    contact.correct(
        name=command.name,
        phone=phone,
        channels=command.channels,
        door=door,
        installed=kinds(work.plugins["channels"]),
        email=command.email,
    )
    return contact


@dataclass(frozen=True)
class StopContact(Command):
    """停止使用 A law demands that the data be kept `until` then; they are used for nothing."""

    contact_id: str
    until: datetime
    because: str


@use_case
def stop_contact(command: StopContact, work: Work) -> Contact:
    """Erased by itself when the time is over. Raises KeepUntilPast, KeepUntilTooFar, NotNow."""
    contact = work.contacts.get(command.contact_id)
    contact.stop(until=command.until, because=command.because, now=work.now)
    work.schedule(command.until, ExpireContact(contact.id), key=_expiry(contact))
    return contact


@dataclass(frozen=True)
class ResumeContact(Command):
    """恢复使用 The person is to be reached again, on that `basis`."""

    contact_id: str
    basis: str


@use_case
def resume_contact(command: ResumeContact, work: Work) -> Contact:
    """The contact in use, and not erased by itself. Raises NotNow."""
    contact = work.contacts.get(command.contact_id)
    contact.resume(basis=command.basis)
    work.unschedule(_expiry(contact))
    return contact


@dataclass(frozen=True)
class ExpireContact(Command):
    """期满删除 The time for which a law demanded the data is over."""

    contact_id: str


@use_case
def expire_contact(command: ExpireContact, work: Work) -> None:
    """The data of the person are gone."""
    contact = work.contacts.get(command.contact_id)
    contact.expire()
    _forget(contact, work)


@dataclass(frozen=True)
class EraseContact(Command):
    """删除 The person, or staff at the person's wish."""

    contact_id: str


@use_case
def erase_contact(command: EraseContact, work: Work) -> Contact:
    """Name, phone, address, texts of messages, links and words about answers are gone; the ref stays. Raises NotNow."""
    contact = own_contact(command.contact_id, work)
    contact.erase()
    _forget(contact, work)
    return contact


def own_contact(id: str, work: Work, *, locked: bool = False) -> Contact:
    """A contact of the actor's place; a resident's own. Raises NotFound, Forbidden."""
    work.actor.must_speak_for(id)
    return work.contacts.get(id, locked=locked)


def _expiry(contact: Contact) -> str:
    return f"expire:{contact.id}"


def _forget(contact: Contact, work: Work) -> None:
    for message in work.messages.of(contact.id):
        message.forget(place_path=contact.place_path)
    for respondent in work.respondents.all_of(contact.id):
        respondent.forget()
    for consent in work.consents.all_of(contact.id):
        consent.forget(by=work.actor.told, now=work.now)
