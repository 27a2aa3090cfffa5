"""联系人 Contacts: the only place where a resident_ref has a name and a phone (domain.md 0, 个保法 4, 73)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.notify.domain.errors import (
    ChannelUnknown,
    EmailMissing,
    EmailWrong,
    KeepUntilPast,
    KeepUntilTooFar,
    NameInvisible,
    NotADoor,
    PhoneWrong,
)
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard, move
from shared.kernel.personal import masked_email, masked_phone

RESIDENT, WORKER = "resident", "worker"
CLASSES = (RESIDENT, WORKER)
DOOR = "door"
PHONE, EMAIL = "phone", "email"  # where a channel reaches a person
IN_USE, STOPPED, ERASED = "in_use", "stopped", "erased"

LIFECYCLE = Lifecycle(
    Term("联系人", "contact"),
    {IN_USE: "使用中", STOPPED: "停止使用（法定期限内只保存）", ERASED: "已删除"},
    #     action     from    to
    move("correct", "更正", IN_USE, IN_USE),
    move("stop", "停止使用", (IN_USE, STOPPED), STOPPED),
    move("resume", "恢复使用", STOPPED, IN_USE),
    move("erase", "删除", IN_USE, ERASED),
    heard("expire", "期满删除", STOPPED, ERASED),
)

LONGEST_STOP = timedelta(days=3 * 366)

_MOBILE = re.compile(r"1[0-9]{10}")
_EMAIL = re.compile(r"(?=.{6,254}$)[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_LANDLINE = re.compile(r"010-[0-9]{8}")
# letters by their kind, but blank: the fillers of Hangul
_FILLERS = "\u115f\u1160\u3164\uffa0"


@dataclass(frozen=True)
class ContactRegistered(DomainEvent):
    """登记 A person can be reached."""


@dataclass(frozen=True)
class ContactCorrected(DomainEvent):
    """更正 What was wrong is right."""


@dataclass(frozen=True)
class ContactMoved(DomainEvent):
    """迁居 The person lives at another door than before; what else was wrong is right too."""

    from_door_ref: str


@dataclass(frozen=True)
class ContactStopped(DomainEvent):
    """停止使用 Kept because a law demands it, and used for nothing."""


@dataclass(frozen=True)
class ContactResumed(DomainEvent):
    """恢复使用 The person may be written to and spoken of again."""


@dataclass(frozen=True)
class ContactErased(DomainEvent):
    """删除 Nobody knows any more who the ref is."""


@dataclass(frozen=True)
class Person:
    """Who is to be reached, how, and on what legal basis (个保法 13) in words."""

    name: str
    phone: str
    channels: list[str]
    contact_class: str
    basis: str
    email: str = ""


class Contact(Aggregate):
    """联系人 A person who can be reached: same phone, same person. Its id is the resident_ref of all services; it stays
    when the person is erased."""

    term = LIFECYCLE.name
    leads_journey = False

    def __init__(self, person: Person, *, door: Mapping[str, Any], installed: Mapping[str, str]) -> None:
        """登记 `installed`: the channels, and by what each reaches a person.

        Raises NameInvisible, PhoneWrong, EmailWrong, NotADoor, ChannelUnknown, EmailMissing.
        """
        self.id = new_id()
        self._be_named(person.name)
        self._be_called_at(person.phone)
        self._be_written_to_at(person.email)
        self._be_reached_by(person.channels, installed)
        self._live_at(door)
        self.contact_class = person.contact_class
        self.basis = person.basis
        self.kept_until: datetime | None = None
        self.kept_because = ""
        self.state = IN_USE
        self.record(ContactRegistered())

    @property
    def masked_name(self) -> str:
        """张**"""
        return f"{self.name[0]}**" if self.name else "（已删除）"

    @property
    def masked_phone(self) -> str:
        """138****5678, or 010-****5678"""
        return masked_phone(self.phone) if self.phone else ""

    @property
    def masked_email(self) -> str:
        """z***@example.cn; empty where there is none."""
        return masked_email(self.email)

    def address_of(self, kind: str) -> str:
        """Where a channel of that kind reaches the person; empty where it cannot."""
        return self.email if kind == EMAIL else self.phone

    @property
    def building_path(self) -> str:
        """Where the person lives, as others may know it: never the door."""
        path = self.place_path or ""
        return path if self.state == ERASED else path[: path.rstrip("/").rfind("/") + 1]

    @property
    def building_ref(self) -> str:
        """The building of that path."""
        return self.building_path.rstrip("/").rpartition("/")[2]

    @property
    def is_in_use(self) -> bool:
        """Whether the person may be written to, called and spoken of."""
        return self.state == IN_USE

    @property
    def is_erased(self) -> bool:
        """Whether nobody knows any more who it was."""
        return self.state == ERASED

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done."""
        return LIFECYCLE.actions(self.state)

    def correct(
        self,
        *,
        name: str | None,
        phone: str | None,
        channels: list[str] | None,
        door: Mapping[str, Any] | None,
        installed: Mapping[str, str],
        email: str | None = None,
    ) -> None:
        """更正（个保法 46） What is None stays, an empty `email` goes. Raises NotNow and what registering raises."""
        self.state = LIFECYCLE.after("correct", self.state)
        if name is not None:
            self._be_named(name)
        if phone is not None:
            self._be_called_at(phone)
        if email is not None:
            self._be_written_to_at(email)
        if channels is not None or email is not None:
            self._be_reached_by(self.channels if channels is None else channels, installed)
        before = self.door_ref
        if door is not None:
            self._live_at(door)
        self.record(ContactCorrected() if self.door_ref == before else ContactMoved(before))

    def stop(self, *, until: datetime, because: str, now: datetime) -> None:
        """停止使用（个保法 47） Kept `until` then, for the law that `because` names; said again, until another time.

        Nobody can be erased meanwhile: it lasts three years at most, as claims do (诉讼时效，民法典 188), and whoever
        still needs the data then looks and says so again. Raises NotNow, KeepUntilPast, KeepUntilTooFar.
        """
        if until <= now:
            raise KeepUntilPast(field="until")
        if until > now + LONGEST_STOP:
            raise KeepUntilTooFar(field="until")
        self.state = LIFECYCLE.after("stop", self.state)
        self.kept_until, self.kept_because = until, because
        self.record(ContactStopped())

    def resume(self, *, basis: str) -> None:
        """恢复使用 The person is to be reached again, on this legal basis (个保法 13) in words. Raises NotNow."""
        self.state = LIFECYCLE.after("resume", self.state)
        self.basis = basis
        self.kept_until, self.kept_because = None, ""
        self.record(ContactResumed())

    def erase(self) -> None:
        """删除（个保法 47） Raises NotNow."""
        self._vanish("erase")

    def expire(self) -> None:
        """期满删除 The time for which a law demanded it is over. Raises NotNow."""
        self._vanish("expire")

    def _vanish(self, action: str) -> None:
        state = LIFECYCLE.after(action, self.state)
        self.name = self.phone = self.email = self.basis = self.kept_because = ""
        self.channels = list[str]()
        self.door_ref, self.place_path = self.building_ref, self.building_path
        self.state = state
        self.record(ContactErased())

    def _be_named(self, name: str) -> None:
        if not any(character.isalnum() and character not in _FILLERS for character in name):
            raise NameInvisible(field="name")
        self.name = name

    def _be_called_at(self, phone: str) -> None:
        if not (_MOBILE.fullmatch(phone) or _LANDLINE.fullmatch(phone)):
            raise PhoneWrong(field="phone")
        self.phone = phone

    def _be_written_to_at(self, email: str) -> None:
        if email and not _EMAIL.fullmatch(email):
            raise EmailWrong(field="email")
        self.email = email

    def _be_reached_by(self, channels: list[str], installed: Mapping[str, str]) -> None:
        unknown = [channel for channel in channels if channel not in installed]
        if unknown:
            raise ChannelUnknown(channels=", ".join(unknown), known=", ".join(installed), field="channels")
        mailing = [channel for channel in channels if installed[channel] == EMAIL]
        if mailing and not self.email:
            raise EmailMissing(channels=", ".join(mailing), field="email")
        self.channels = channels

    def _live_at(self, door: Mapping[str, Any]) -> None:
        if door["kind"] != DOOR:
            raise NotADoor(name=door["name"], field="door_ref")
        self.door_ref = door["place_ref"]
        self.place_path = door["path"]


def normal_phone(given: str) -> str:
    """A phone as it is kept, however it was written: `＋86 138-0000 5678` is `13800005678`.

    >>> normal_phone("＋86 138-0000 5678"), normal_phone("（010）6955 1234"), normal_phone("12345")
    ('13800005678', '010-69551234', '12345')
    """
    digits = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", given))
    digits = re.sub(r"^(?:\+|00)86", "", digits)
    return f"010-{digits[3:]}" if re.fullmatch(r"010[0-9]{8}", digits) else digits
