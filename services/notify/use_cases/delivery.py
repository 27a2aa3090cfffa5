"""Deliver messages: claim them, hand them to a channel between two transactions, record what it said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from services.notify.domain.contact import PHONE
from services.notify.use_cases.ports import Work
from shared.kernel.command import Command, use_case

MOST_AT_ONCE = 20


@dataclass(frozen=True)
class OutgoingMessage:
    """What a channel is given. The address is personal: it must not be logged."""

    address: str = field(repr=False)
    title: str
    text: str = field(repr=False)
    message_ref: str


@dataclass(frozen=True)
class Receipt:
    """What a channel gives back: the provider's number of the delivery."""

    provider_ref: str


class TemporaryFailure(Exception):
    """It did not work now; it may work later."""


class PermanentFailure(Exception):
    """It will never work: the address does not exist, or refuses."""


@runtime_checkable
class Channel(Protocol):
    """通知渠道 A way to reach people. `message_ref` is the same when a delivery is tried again.

    It is given the person's phone, or, where it says `reaches = "email"`, the e-mail address.
    """

    api: int

    def deliver(self, message: OutgoingMessage) -> Receipt:
        """Deliver one message. Raises TemporaryFailure, PermanentFailure."""


def kind_of(channel: Any) -> str:
    """By what a channel reaches a person."""
    return str(getattr(channel, "reaches", PHONE))


def kinds(channels: Mapping[str, Any]) -> dict[str, str]:
    """The same of each, by name."""
    return {name: kind_of(channel) for name, channel in channels.items()}


@dataclass(frozen=True)
class Consignment:
    """A claimed message and the channel to hand it to; None where that channel is not installed any more."""

    channel: Channel | None
    message: OutgoingMessage


@dataclass(frozen=True)
class ClaimMessages(Command):
    """The lease's holder is about to deliver."""

    holder: str
    system_time: float


@use_case
def claim_messages(command: ClaimMessages, work: Work) -> list[Consignment]:
    """A few messages, with their addresses; those to people who may not be written to any more are withheld."""
    messages = work.messages.claimable(command.system_time, MOST_AT_ONCE)
    known = {contact.id: contact for contact in work.contacts.known(m.resident_ref for m in messages)}
    consignments = []
    for message in messages:
        if message.is_forgotten or message.resident_ref not in known:
            message.withhold()
            continue
        message.claim(command.holder)
        channel = work.plugins["channels"].get(message.channel)
        address = known[message.resident_ref].address_of(kind_of(channel))
        consignments.append(
            Consignment(channel, OutgoingMessage(address, message.title, message.text, message.id))
        )
    return consignments


@dataclass(frozen=True)
class HearOfVisit(Command):
    """What became of the visit that brings a message, where no channel could."""

    message_ref: str
    task_ref: str
    outcome: str
    occurred_at: datetime


@use_case
def hear_of_visit(command: HearOfVisit, work: Work) -> None:
    """Delivered in person, refused, or put up on the board. Raises NotFound."""
    message = work.messages.get(command.message_ref)
    message.hear_visit(command.outcome, task_ref=command.task_ref, at=command.occurred_at)


@dataclass(frozen=True)
class RecordReceipt(Command):
    """What came of one attempt."""

    message_ref: str
    holder: str
    outcome: str
    provider_ref: str
    system_time: float


@use_case
def record_receipt(command: RecordReceipt, work: Work) -> None:
    """Nothing where another holder has claimed the message meanwhile: it will say itself."""
    message = work.messages.get(command.message_ref)
    if message.is_claimed_by(command.holder):
        message.note(
            command.outcome,
            provider_ref=command.provider_ref,
            now=work.now,
            system_time=command.system_time,
        )
