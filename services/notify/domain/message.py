"""消息 Messages: a resident hears once per milestone, however many hats the resident wears (events.md, notify)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.notify.domain.contact import Contact
from services.notify.domain.templates import Words
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

CREATED, SENDING, DELIVERED, FAILED = "created", "sending", "delivered", "failed"
DELIVERY, TEMPORARY, PERMANENT = "delivered", "temporary_failure", "permanent_failure"

# seconds on the system clock before each further attempt; after the last one there is none
WAITS = (5.0, 30.0, 120.0, 600.0)

LIFECYCLE = Lifecycle(
    "message",
    #    action     from                to
    move("claim", (CREATED, SENDING), SENDING),
    move("deliver", SENDING, DELIVERED),
    move("retry", SENDING, CREATED),
    move("fail", SENDING, FAILED),
)


@dataclass(frozen=True)
class MessageCreated(DomainEvent):
    """Somebody is to be told."""


@dataclass(frozen=True)
class MessageClaimed(DomainEvent):
    """A process is about to deliver it."""


@dataclass(frozen=True)
class MessageDelivered(DomainEvent):
    """送达"""


@dataclass(frozen=True)
class MessageRetried(DomainEvent):
    """The channel could not do it now."""


@dataclass(frozen=True)
class MessageFailed(DomainEvent):
    """The channel cannot do it, or could not too often."""


@dataclass(frozen=True)
class Attempt:
    """回执 What became of one attempt at delivery."""

    at: datetime
    channel: str
    outcome: str
    provider_ref: str


class Message(Aggregate):
    """What one resident hears of one milestone. It lies where the resident lives."""

    def __init__(
        self, contact: Contact, *, milestone: str, about_ref: str, words: Words, now: datetime
    ) -> None:
        self.id = new_id()
        self.resident_ref = contact.id
        self.place_path = contact.place_path
        self.channel = contact.channels[0]
        self.milestone = milestone
        self.about_ref = about_ref
        self.title = words.title
        self.text = words.text
        self.created_at = now
        self.delivered_at: datetime | None = None
        self.claimed_by: str | None = None
        self.not_before = 0.0
        self.attempts = 0
        self.receipts: list[Attempt] = []
        self.state = CREATED

    @classmethod
    def create(
        cls, contact: Contact, *, milestone: str, about_ref: str, words: Words, now: datetime
    ) -> Message:
        """A message by the resident's preferred channel."""
        message = cls(contact, milestone=milestone, about_ref=about_ref, words=words, now=now)
        message.record(MessageCreated())
        return message

    @property
    def allowed_actions(self) -> list[str]:
        """What can happen next."""
        return LIFECYCLE.actions(self.state)

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
