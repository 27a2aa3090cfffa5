"""联系人 Contacts: the only place where a resident_ref has a name and a phone (domain.md 0, 个保法 4, 73)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from services.notify.domain.errors import ChannelUnknown, NameInvisible, NotADoor, PhoneWrong
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id

RESIDENT, WORKER = "resident", "worker"
CLASSES = (RESIDENT, WORKER)
DOOR = "door"

_MOBILE = re.compile(r"1[0-9]{10}")
_LANDLINE = re.compile(r"010-[0-9]{8}")
# letters by their kind, but blank: the fillers of Hangul
_FILLERS = "\u115f\u1160\u3164\uffa0"


@dataclass(frozen=True)
class ContactRegistered(DomainEvent):
    """登记 A person can be reached."""


@dataclass(frozen=True)
class Person:
    """Who is to be reached, how, and on what legal basis (个保法 13) in words."""

    name: str
    phone: str
    channels: list[str]
    contact_class: str
    basis: str


class Contact(Aggregate):
    """联系人 A person who can be reached: same phone, same person. Its id is the resident_ref of all services."""

    term = Term("联系人", "contact")
    leads_journey = False

    def __init__(self, person: Person, *, door: dict[str, Any], installed: Collection[str]) -> None:
        """登记 Raises NameInvisible, PhoneWrong, NotADoor, and ChannelUnknown for one that is not `installed`."""
        _must_be_read(person.name)
        _must_be_called(person.phone)
        _must_be_installed(person.channels, installed)
        if door["kind"] != DOOR:
            raise NotADoor(name=door["name"], field="door_ref")
        self.id = new_id()
        self.name = person.name
        self.phone = person.phone
        self.channels = person.channels
        self.door_ref = door["place_ref"]
        self.place_path = door["path"]
        self.contact_class = person.contact_class
        self.basis = person.basis
        self.record(ContactRegistered())

    @property
    def masked_name(self) -> str:
        """张**"""
        return f"{self.name[0]}**"

    @property
    def masked_phone(self) -> str:
        """138****5678, or 010-****5678"""
        shown = 4 if _LANDLINE.fullmatch(self.phone) else 3
        return f"{self.phone[:shown]}****{self.phone[-4:]}"


def _must_be_read(name: str) -> None:
    if not any(character.isalnum() and character not in _FILLERS for character in name):
        raise NameInvisible(field="name")


def _must_be_called(phone: str) -> None:
    if not (_MOBILE.fullmatch(phone) or _LANDLINE.fullmatch(phone)):
        raise PhoneWrong(field="phone")


def _must_be_installed(channels: list[str], installed: Collection[str]) -> None:
    unknown = [channel for channel in channels if channel not in installed]
    if unknown:
        raise ChannelUnknown(channels=", ".join(unknown), known=", ".join(installed), field="channels")
