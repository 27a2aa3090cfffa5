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
DELIVERY, TEMPORARY, PERMANENT = "delivered", "temporary_failure", "permanent_failure"
OUTCOMES = {DELIVERY: "已送达", TEMPORARY: "暂时失败", PERMANENT: "永久失败"}

# seconds on the system clock before each further attempt; after the last one there is none
WAITS = (5.0, 30.0, 120.0, 600.0)

LIFECYCLE = Lifecycle(
    Term("消息", "message"),
    {CREATED: "待发送", SENDING: "发送中", DELIVERED: "已送达", FAILED: "发送失败"},
    #     action               from                to
    heard("claim", "领取", (CREATED, SENDING), SENDING),
    heard("deliver", "送达", SENDING, DELIVERED),
    heard("retry", "重试", SENDING, CREATED),
    heard("fail", "判定失败", SENDING, FAILED),
    heard("withhold", "停发", (CREATED, SENDING), FAILED),
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
    """重试 The channel could not do it now."""


@dataclass(frozen=True)
class MessageFailed(DomainEvent):
    """失败 The channel cannot do it, or could not too often."""


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
    """消息 What one resident hears of one milestone, by the channel the resident prefers. It lies where the
    resident lives."""

    term = LIFECYCLE.name

    def __init__(
        self, contact: Contact, *, milestone: str, about_ref: str, wording: Wording, now: datetime
    ) -> None:
        self.id = new_id()
        self.resident_ref = contact.id
        self.place_path = contact.place_path
        self.channel = contact.channels[0]
        self.milestone = milestone
        self.about_ref = about_ref
        self.title = wording.title
        self.text = wording.text
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
            self._retry(system_time)
        else:
            self._fail()

    def _deliver(self, now: datetime) -> None:
        self.state = LIFECYCLE.after("deliver", self.state)
        self.delivered_at = now
        self.record(MessageDelivered())

    def _retry(self, system_time: float) -> None:
        self.state = LIFECYCLE.after("retry", self.state)
        self.not_before = system_time + WAITS[self.attempts - 1]
        self.record(MessageRetried())

    def _fail(self) -> None:
        self.state = LIFECYCLE.after("fail", self.state)
        self.record(MessageFailed())
