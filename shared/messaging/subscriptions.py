"""What a service listens to, each subscription with its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from shared.contracts.envelope import Envelope
from shared.contracts.registry import Event, read
from shared.kernel.command import Command

Kind = Literal["copy", "start", "advance"]


@dataclass(frozen=True)
class Received:
    """An event as its subscriber reads it: `data` holds the contract's values, unknown fields left out."""

    envelope: Envelope
    data: dict[str, Any]

    @property
    def subject(self) -> str:
        """The id of the publisher's aggregate."""
        return self.envelope.subject

    @property
    def is_the_first(self) -> bool:
        """Whether it is the first that its aggregate had to say, and not a fact that is corrected, or said anew."""
        return self.envelope.aggregate_version == 1

    @classmethod
    def of(cls, contract: type[Event], envelope: Envelope) -> Received:
        """Raises ContractBroken where the data does not keep the contract."""
        return cls(envelope, read(contract, envelope.data))


ToCommand = Callable[[Received], Command | Iterable[Command] | None]


@dataclass(frozen=True)
class Subscription:
    """One event type that a service listens to.

    kind `copy`: a reference fact, kept if newer than the copy at hand; a dead one blocks nobody. `is_end`: the
    aggregate is no more; that is kept instead of its facts, so that older ones do not bring them back.
    kind `start`: creates something, unique on the causing subject; a second delivery changes nothing.
    kind `advance`: moves something; already there: nothing; not there yet: `NotYet`, tried again for free.
    """

    contract: type[Event]
    kind: Kind
    to_command: ToCommand | None = None
    is_end: bool = False

    def commands(self, received: Received) -> Sequence[Command]:
        """What the event makes the service do."""
        wanted = self.to_command(received) if self.to_command else None
        if wanted is None:
            return ()
        return (wanted,) if isinstance(wanted, Command) else tuple(wanted)


def copy(contract: type[Event], to_command: ToCommand | None = None) -> Subscription:
    """Keep the newest facts of the aggregate as a local copy."""
    return Subscription(contract, "copy", to_command)


def forget(contract: type[Event], to_command: ToCommand | None = None) -> Subscription:
    """Keep no facts of the aggregate any more, whatever older ones come later."""
    return Subscription(contract, "copy", to_command, is_end=True)


def start(contract: type[Event], to_command: ToCommand) -> Subscription:
    """Create something because of the event."""
    return Subscription(contract, "start", to_command)


def advance(contract: type[Event], to_command: ToCommand) -> Subscription:
    """Move something because of the event."""
    return Subscription(contract, "advance", to_command)


def by_type(subscriptions: Sequence[Subscription]) -> dict[str, Subscription]:
    """Subscriptions by event type; one per type and service."""
    found: dict[str, Subscription] = {}
    for subscription in subscriptions:
        if subscription.contract.type in found:
            raise ValueError(f"{subscription.contract.type} is subscribed to twice")
        found[subscription.contract.type] = subscription
    return found
