"""消息 Messages: a resident hears once per milestone, however many hats the resident wears (events.md, notify)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from services.notify.domain.contact import Contact
from services.notify.domain.templates import Wording
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard

CREATED, SENDING, DELIVERED, FAILED = "created", "sending", "delivered", "failed"
IN_PERSON, REFUSED, BOARD = "in_person", "refused", "board"
DELIVERY, TEMPORARY, PERMANENT = "delivered", "temporary_failure", "permanent_failure"
OUTCOMES = {
    DELIVERY: "已送达",
    TEMPORARY: "暂时失败",
    PERMANENT: "永久失败",
    REFUSED: "拒收",
    BOARD: "多次未遇，转公示栏",
}
# what grid says became of a visit -> what happens to the message that it brought, and the outcome for the receipts
BY_VISIT = {"met": (IN_PERSON, DELIVERY), "refused": (REFUSED, REFUSED), "board": (BOARD, BOARD)}

# seconds on the system clock before each further attempt; after the last one there is none
WAITS = (5.0, 30.0, 120.0, 600.0)

LIFECYCLE = Lifecycle(
    Term("消息", "message"),
    {
        CREATED: "待发送",
        SENDING: "发送中",
        DELIVERED: "已送达",
        FAILED: "发送失败",
        IN_PERSON: "已当面送达",
        REFUSED: "当面拒收",
        BOARD: "转公示栏",
    },
    #     action               from                to
    heard("claim", "领取", (CREATED, SENDING), SENDING),
    heard("deliver", "送达", SENDING, DELIVERED),
    heard("retry", "重试", SENDING, CREATED),
    heard("fail", "判定失败", SENDING, FAILED),
    heard("withhold", "停发", (CREATED, SENDING), FAILED),
    # a visit's records come late and in any order: met goes before refused, refused before absent
    heard(IN_PERSON, "当面送达", (FAILED, REFUSED, BOARD), IN_PERSON),
    heard(REFUSED, "当面拒收", (FAILED, BOARD), REFUSED),
    heard(BOARD, "转公示栏", FAILED, BOARD),
)

_TOKEN = re.compile(r"(?<=/answers/)[\w-]+", re.ASCII)


@dataclass(frozen=True)
class MessageCreated(DomainEvent):
    """通知 Somebody is to be told."""


@dataclass(frozen=True)
class MessageClaimed(DomainEvent):
    """领取 A process is about to deliver it."""


@dataclass(frozen=True)
class MessageDelivered(DomainEvent):
    """送达 The channel has delivered it."""


@dataclass(frozen=True)
class MessageRetried(DomainEvent):
    """重试 The channel could not do it now, or another is to do it."""


@dataclass(frozen=True)
class MessageFailed(DomainEvent):
    """失败 None of the person's channels could do it."""


@dataclass(frozen=True)
class MessageVisited(DomainEvent):
    """当面送达 Somebody went there: delivered in person, refused, or put up on the board."""


@dataclass(frozen=True)
class MessageWithheld(DomainEvent):
    """停发 The person may not be written to any more."""


@dataclass(frozen=True)
class MessageForgotten(DomainEvent):
    """删除内容 What it said is gone; that it was delivered stays."""


@dataclass(frozen=True)
class Attempt:
    """回执 What became of one attempt at delivery."""

    at: datetime
    channel: str
    outcome: str
    provider_ref: str


class Message(Aggregate):
    """消息 What one resident hears of one milestone, by the channel the resident prefers, then by the others. It lies
    where the resident lives. One that `must_reach` does so by `reach_by`, if it says when."""

    term = LIFECYCLE.name

    def __init__(
        self,
        contact: Contact,
        *,
        milestone: str,
        about_ref: str,
        wording: Wording,
        now: datetime,
        reach_by: datetime | None = None,
    ) -> None:
        self.id = new_id()
        self.resident_ref = contact.id
        self.place_path = contact.place_path
        self.channel, *self.other_channels = contact.channels
        self.milestone = milestone
        self.about_ref = about_ref
        self.title = wording.title
        self.text = wording.text
        self.must_reach = wording.must_reach
        self.reach_by = reach_by
        self.created_at = now
        self.delivered_at: datetime | None = None
        self.claimed_by: str | None = None
        self.not_before = 0.0
        self.attempts = 0
        self.receipts: list[Attempt] = []
        self.state = CREATED
        self.record(MessageCreated())

    @property
    def masked_text(self) -> str:
        """The text as others than the resident may read it: without the token of the link to answer by."""
        return _TOKEN.sub("…", self.text)

    @property
    def allowed_actions(self) -> list[str]:
        """What people can do: nothing; a message moves by what its channel says."""
        return LIFECYCLE.actions(self.state)

    @property
    def about_type(self) -> str:
        """The kind of thing that it is about: `case`, `topic`, `consent`."""
        return self.milestone.partition(":")[0]

    @property
    def door_ref(self) -> str:
        """Where the person lived when it was written."""
        return (self.place_path or "").rstrip("/").rpartition("/")[2]

    @property
    def is_brought(self) -> bool:
        """Whether somebody goes there with it, or went."""
        return self.must_reach and self.state in (FAILED, IN_PERSON, REFUSED, BOARD)

    @property
    def is_forgotten(self) -> bool:
        """Whether its text is gone."""
        return not self.text

    def forget(self, *, place_path: str | None) -> None:
        """删除内容 The text and the door go; title and receipts, the proof of delivery, stay."""
        self.text, self.place_path = "", place_path
        self.record(MessageForgotten())

    def withhold(self) -> None:
        """停发 It is not delivered any more."""
        self.state = LIFECYCLE.after("withhold", self.state)
        self.record(MessageWithheld())

    def claim(self, holder: str) -> None:
        """`holder` is about to deliver it. One that is still being sent was left behind by a claim that died."""
        self.state = LIFECYCLE.after("claim", self.state)
        self.claimed_by = holder
        self.record(MessageClaimed())

    def is_claimed_by(self, holder: str) -> bool:
        """Whether `holder`, and nobody after it, is delivering it."""
        return self.state == SENDING and self.claimed_by == holder

    def note(self, outcome: str, *, provider_ref: str, now: datetime, system_time: float) -> None:
        """What the channel said: delivered, again later, or never."""
        self.attempts += 1
        self.receipts = [*self.receipts, Attempt(now, self.channel, outcome, provider_ref)]
        if outcome == DELIVERY:
            self._deliver(now)
        elif outcome == TEMPORARY and self.attempts <= len(WAITS):
            self._retry(system_time + WAITS[self.attempts - 1])
        elif self.other_channels:
            self.channel, *self.other_channels = self.other_channels
            self.attempts = 0
            self._retry(system_time)
        else:
            self._fail()

    def hear_visit(self, outcome: str, *, task_ref: str, at: datetime) -> None:
        """当面送达 What became of the visit that brought it; nothing where nobody was there yet, or that is known."""
        state, noted = BY_VISIT.get(outcome, ("", ""))
        if state and LIFECYCLE.allows(state, self.state):
            self.state = LIFECYCLE.after(state, self.state)
            self.receipts = [*self.receipts, Attempt(at, IN_PERSON, noted, task_ref)]
            self.delivered_at = at if noted == DELIVERY else None
            self.record(MessageVisited())

    def _deliver(self, now: datetime) -> None:
        self.state = LIFECYCLE.after("deliver", self.state)
        self.delivered_at = now
        self.record(MessageDelivered())

    def _retry(self, not_before: float) -> None:
        self.state = LIFECYCLE.after("retry", self.state)
        self.not_before = not_before
        self.record(MessageRetried())

    def _fail(self) -> None:
        self.state = LIFECYCLE.after("fail", self.state)
        self.record(MessageFailed())
