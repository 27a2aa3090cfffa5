"""联系人 Contacts: the only place where a resident_ref has a name and a phone (domain.md 0, 个保法 4, 73)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from services.notify.domain.errors import ChannelUnknown, NotADoor, PhoneWrong
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.ids import new_id

RESIDENT, WORKER = "resident", "worker"
DOOR = "door"

_MOBILE = re.compile(r"1[0-9]{10}")
_LANDLINE = re.compile(r"010-[0-9]{8}")


@dataclass(frozen=True)
class ContactRegistered(DomainEvent):
    """A person can be reached."""


class Contact(Aggregate):
    """A person who can be reached: same phone, same person. Its id is the resident_ref of all services."""

    leads_journey = False

    def __init__(
        self,
        *,
        name: str,
        phone: str,
        channels: list[str],
        door: dict[str, Any],
        contact_class: str,
        basis: str,
    ) -> None:
        self.id = new_id()
        self.name = name
        self.phone = phone
        self.channels = channels
        self.door_ref = door["place_ref"]
        self.place_path = door["path"]
        self.contact_class = contact_class
        self.basis = basis

    @classmethod
    def register(
        cls,
        *,
        name: str,
        phone: str,
        channels: Sequence[str],
        installed: Collection[str],
        door: dict[str, Any],
        contact_class: str,
        basis: str,
    ) -> Contact:
        """登记 with the legal basis (个保法 13) in words. Raises PhoneWrong, ChannelUnknown, NotADoor."""
        if not (_MOBILE.fullmatch(phone) or _LANDLINE.fullmatch(phone)):
            raise PhoneWrong(field="phone")
        unknown = [channel for channel in channels if channel not in installed]
        if unknown:
            raise ChannelUnknown(channels=", ".join(unknown), known=", ".join(installed), field="channels")
        if door["kind"] != DOOR:
            raise NotADoor(name=door["name"], field="door_ref")
        contact = cls(
            name=name,
            phone=phone,
            channels=list(dict.fromkeys(channels)),
            door=door,
            contact_class=contact_class,
            basis=basis,
        )
        contact.record(ContactRegistered())
        return contact

    @property
    def masked_name(self) -> str:
        """张**"""
        return f"{self.name[0]}**"

    @property
    def masked_phone(self) -> str:
        """138****5678, or 010-****5678"""
        shown = 4 if _LANDLINE.fullmatch(self.phone) else 3
        return f"{self.phone[:shown]}****{self.phone[-4:]}"
