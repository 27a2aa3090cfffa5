"""Register contacts."""

from __future__ import annotations

from dataclasses import dataclass

from services.notify.domain.contact import Contact, Person
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


@dataclass(frozen=True)
class Registered:
    """The contact, and whether it was unknown until now."""

    contact: Contact
    is_new: bool


@use_case
def register_contact(command: RegisterContact, work: Work) -> Registered:
    """A new contact, or the one who has the phone already, unchanged.

    Raises UnknownReference, NameInvisible, NotADoor, PhoneWrong, ChannelUnknown, Forbidden.
    """
    known = work.contacts.by_phone(command.phone)
    if known is not None:
        work.actor.must_cover(known.place_path)
        return Registered(known, is_new=False)
    installed = work.plugins["channels"]
    channels = command.channels or [preferred(installed)]
    contact = Contact(
        Person(command.name, command.phone, channels, command.contact_class, command.basis),
        door=work.copy_of("grid.place", command.door_ref, field="door_ref"),
        installed=list(installed),
    )
    work.contacts.add(contact)
    return Registered(contact, is_new=True)
