"""What the use cases need kept: the store's repositories, in their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from services.notify.domain.alarm import Alarm
from services.notify.domain.consent import Consent
from services.notify.domain.contact import Contact
from services.notify.domain.disclosure import Disclosure
from services.notify.domain.message import Message
from services.notify.domain.question import About, Question, Respondent
from services.notify.domain.staff_notice import StaffNotice
from shared.kernel import ports
from shared.kernel.ports import Repository


class Contacts(Repository[Contact], Protocol):
    """Contacts."""

    def by_phone(self, phone: str) -> Contact | None:
        """The person with that phone."""

    def known(self, refs: Iterable[str]) -> Sequence[Contact]:
        """Those of the refs that are known here and may be written to."""

    def residents_of_place(self, place_path: str) -> Sequence[Contact]:
        """The residents who live within the place."""

    def residents_of_building(self, building_ref: str) -> Sequence[Contact]:
        """The residents of a building."""


class Consents(Repository[Consent], Protocol):
    """Consents."""

    def in_force(self, resident_ref: str, purpose: str, recipient_ref: str) -> Consent | None:
        """The person's consent for that purpose towards that recipient."""

    def all_of(self, resident_ref: str) -> Sequence[Consent]:
        """All that the person consents to, or did."""


class Disclosures(Repository[Disclosure], Protocol):
    """Records of what was told to whom."""


class Messages(Repository[Message], Protocol):
    """Messages."""

    def add_all(self, messages: Sequence[Message]) -> None:
        """Keep many new messages at once."""

    def of(self, resident_ref: str) -> Sequence[Message]:
        """All messages to a person."""

    def told(self, milestone: str) -> set[str]:
        """The refs of those who have been told of the milestone."""

    def claimable(self, system_time: float, most: int) -> Sequence[Message]:
        """The oldest messages that may be delivered now, those that a dead claim left behind among them."""


class Questions(Repository[Question], Protocol):
    """Questions."""

    def about(self, about: About, *, locked: bool = False) -> Question | None:
        """The question about that turn of that thing."""

    def latest_about(self, type: str, ref: str) -> Question | None:
        """The question about the last turn of that thing, under a lock."""


class Respondents(Repository[Respondent], Protocol):
    """Respondents."""

    def add_all(self, respondents: Sequence[Respondent]) -> None:
        """Keep many at once."""

    def residents(self, question_ref: str) -> set[str]:
        """The refs of those who were asked the question."""

    def of(self, question_ref: str, resident_ref: str) -> Respondent | None:
        """The one person who was asked the question."""

    def all_of(self, resident_ref: str) -> Sequence[Respondent]:
        """All that a person was asked."""

    def by_token(self, token: str) -> Respondent | None:
        """Whose link it is."""


class Alarms(Repository[Alarm], Protocol):
    """Alarms."""

    def of(self, milestone: str) -> Alarm | None:
        """The alarm of that milestone."""


class StaffNotices(Repository[StaffNotice], Protocol):
    """Notices to staff."""

    def open_about(self, kind: str, about_ref: str) -> StaffNotice | None:
        """The open one of that kind about that thing."""


class Work(ports.Work, Protocol):
    """One transaction of notify."""

    contacts: Contacts
    consents: Consents
    disclosures: Disclosures
    messages: Messages
    questions: Questions
    respondents: Respondents
    alarms: Alarms
    staff_notices: StaffNotices
