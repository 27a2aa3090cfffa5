"""热线工单 Orders of the 12345 hotline (接诉即办条例): what it sent, how it was triaged, and what it said of it since.

The triage is the hotline's (article 11): seven outcomes end with it, the eighth makes a case. The order keeps what the
hotline says; what is done keeps the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.grid.domain.case import Case
from services.grid.domain.errors.hotline import AnswerMissing, CategoryMissing, DispatchedAlready, WordTaken
from services.grid.domain.errors.records import RecordedAhead
from services.grid.domain.place import Place
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term

SYSTEM = "hotline"  # in a case's external refs
KINDS = {
    "consultation": "咨询",
    "help": "求助",
    "complaint": "投诉",
    "report": "举报",
    "suggestion": "建议",
}  # 接诉即办条例 2
DISPATCH = "dispatch"
TRIAGE = {
    "answered": "咨询，当场解答",
    "emergency": "紧急情况，转110、119、120、122",
    "statutory": "应走诉讼、仲裁、复议、信访等法定途径，告知",
    "repeated": "重复且无新情况，告知",
    "confidential": "涉及国家秘密、商业秘密、个人隐私，解释",
    "beyond_remit": "超出政府职责，告知",
    "improper": "违法或违背公序良俗，劝导",
    DISPATCH: "派单",
}  # 接诉即办条例 11

SKEW = timedelta(minutes=5)  # the hotline's clock is not ours
OBJECTION, EXTENSION, REVISIT = "objection", "extension", "revisit"
WORDS = {OBJECTION: "派单异议裁定", EXTENSION: "延期审批", REVISIT: "回访"}
UPHELD, OVERRULED = "upheld", "overruled"
GRANTED, REFUSED = "granted", "refused"
DONE, NOTED, WAITS = "done", "noted", "waits"
EFFECTS = {DONE: "已生效", NOTED: "只作记录", WAITS: "待核实后生效"}


@dataclass(frozen=True)
class OrderReceived(DomainEvent):
    """热线来单 Stays at home: the case tells what is to be told."""


@dataclass(frozen=True)
class OrderRevised(DomainEvent):
    """热线改单"""


@dataclass(frozen=True)
class OrderTakenUp(DomainEvent):
    """立案 It has become a case."""


@dataclass(frozen=True)
class HotlineSaid(DomainEvent):
    """热线来函 A ruling, an extension, a revisit."""


@dataclass(frozen=True)
class Said:
    """What the hotline sends. `due_at`: the limit that it has set; `fingerprint`: equal for equal bodies."""

    received_at: datetime
    revised_at: datetime
    kind: str
    content: str
    address: str
    triage: str
    answer: str
    category: str | None
    due_at: datetime | None
    reporter_sealed: str | None
    fingerprint: str


@dataclass(frozen=True)
class Word:
    """What the hotline has said of an order, under a number of its own; `outcome`: upheld or overruled, granted or
    refused, or the resolution. `effect`: what has come of it."""

    id: str
    kind: str
    outcome: str
    said_at: datetime
    reason: str = ""
    grade: int = 0
    until: datetime | None = None
    effect: str = NOTED

    def is_the_same_as(self, other: Word) -> bool:
        """Whether it says the same, whatever has come of it."""
        return replace(self, effect="") == replace(other, effect="")


class HotlineOrder(Aggregate):
    """热线工单 Its id is the hotline's number. The contact is there sealed to notify only, never plain."""

    term = Term("热线工单", "hotline order")
    leads_journey = False

    case_ref: str | None

    def __init__(self, number: str, said: Said, *, place: Place, now: datetime) -> None:
        """来单 Raises CategoryMissing, AnswerMissing, RecordedAhead."""
        _must_be_whole(said, now)
        self.id = number
        self.place_path = place.place_path
        self.recorded_at = now
        self.case_ref = None
        self.words: list[Word] = []
        self._keep(said)
        self.record(OrderReceived())

    def revise(self, said: Said, *, now: datetime) -> bool:
        """改单 What is new of it; False for the same again, and for what was written before what is known.

        Raises CategoryMissing, AnswerMissing, RecordedAhead, DispatchedAlready.
        """
        if said.fingerprint == self.fingerprint or said.revised_at < self.revised_at:
            return False
        _must_be_whole(said, now)
        if self.case_ref is not None:
            fixed = [name for name in ("triage", "category") if getattr(said, name) != getattr(self, name)]
            if fixed:
                raise DispatchedAlready(number=self.id, field=fixed)
        self._keep(said)
        self.record(OrderRevised())
        return True

    @property
    def is_to_be_taken_up(self) -> bool:
        """Whether a case is to be made of it."""
        return self.triage == DISPATCH and self.case_ref is None

    @property
    def has_contact(self) -> bool:
        """Whether the hotline has said how the reporter can be reached."""
        return self.reporter_sealed is not None

    @property
    def waiting(self) -> Sequence[Word]:
        """What will be heard once the case is verified."""
        return [word for word in self.words if word.effect == WAITS]

    def take_up(self, case: Case) -> None:
        """立案"""
        self.case_ref = case.id
        self.record(OrderTakenUp())

    def has_heard(self, word: Word) -> bool:
        """Whether it was said before. Raises WordTaken where something else was said under its number."""
        known = next((each for each in self.words if (each.kind, each.id) == (word.kind, word.id)), None)
        if known is not None and not known.is_the_same_as(word):
            raise WordTaken(ref=word.id, field="id")
        return known is not None

    def hear(self, word: Word, is_heard: bool | None, *, now: datetime) -> None:
        """来函 `is_heard`: whether something came of it; None: not yet. Raises RecordedAhead."""
        if word.said_at > now + SKEW:
            raise RecordedAhead(field="said_at")
        self.words = [*self.words, replace(word, effect=_effect(is_heard))]
        self.record(HotlineSaid())

    def settle(self, word: Word, is_heard: bool | None) -> None:
        """It was waited with until now."""
        settled = replace(word, effect=_effect(is_heard))
        self.words = [settled if each == word else each for each in self.words]
        self.record(HotlineSaid())

    def _keep(self, said: Said) -> None:
        self.received_at, self.revised_at = said.received_at, said.revised_at
        self.kind, self.content, self.address = said.kind, said.content, said.address
        self.triage, self.answer, self.category = said.triage, said.answer, said.category
        self.due_at, self.reporter_sealed = said.due_at, said.reporter_sealed
        self.fingerprint = said.fingerprint


def _effect(is_heard: bool | None) -> str:
    return {True: DONE, False: NOTED, None: WAITS}[is_heard]


def _must_be_whole(said: Said, now: datetime) -> None:
    for name in ("received_at", "revised_at"):
        if getattr(said, name) > now + SKEW:
            raise RecordedAhead(field=name)
    if said.triage == DISPATCH and said.category is None:
        raise CategoryMissing(field="category")
    if said.triage != DISPATCH and not said.answer:
        raise AnswerMissing(field="answer")
