"""What a substrate must do for the bus: two of them exist, RabbitMQ and the embedded one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


class TransportAway(Exception):
    """The broker cannot be reached, or refuses; nothing is lost, the same is sent again later."""


@dataclass(frozen=True)
class Outgoing:
    """A row of the outbox on its way: `feed_body` is what outsiders may read, None where nothing."""

    event_id: str
    type: str
    partition_key: str
    body: bytes
    feed_body: bytes | None


@dataclass(frozen=True)
class Incoming:
    """A message as it came: nothing in it is believed yet."""

    event_id: str
    type: str
    partition_key: str
    body: bytes


Keep = Callable[[Sequence[Incoming]], None]


class Transport(Protocol):
    """Moves bytes from one service's outbox to the others' inboxes."""

    def send(self, messages: Sequence[Outgoing]) -> None:
        """Returns when every message is safe on the other side, in order. Raises TransportAway."""

    def receive(self, keep: Keep, wanted: Callable[[], bool]) -> None:
        """Hand over messages to `keep`, which has stored them when it returns, while `wanted()`.

        Raises TransportAway.
        """

    def is_up(self) -> bool:
        """Whether the last attempt to reach the other side succeeded."""

    def close(self) -> None:
        """Let go of all connections."""
