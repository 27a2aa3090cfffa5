"""What a substrate must do for the bus: two of them exist, RabbitMQ and the embedded one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


class TransportAway(Exception):
    """The broker cannot be reached, or refuses; nothing is lost, the same is sent again after a pause."""

    pause_seconds = 1.0


class NobodyThere(Exception):
    """There is no service of that name on this bus; sending the same again would not help."""

    def __init__(self, service: str) -> None:
        super().__init__(
            f"{service}: 总线上没有这个服务的收件队列 (no service of that name has an inbox on this bus)"
        )


@dataclass(frozen=True)
class Outgoing:
    """A row of the outbox on its way: `feed_body` is what outsiders may read, None where nothing."""

    event_id: str
    type: str
    partition_key: str
    body: bytes
    feed_body: bytes | None


@dataclass(frozen=True)
class Sent:
    """What is to be known of messages that are safe: how many an outside queue, full or broken, did not take, and the
    types of those for which no service has a queue."""

    refused_by_feed: int = 0
    unrouted: Sequence[str] = ()


@dataclass(frozen=True)
class Incoming:
    """A message as it came: nothing in it is believed yet. `replayed`: it was sent to this service alone, by
    somebody who does not know what it subscribes to."""

    event_id: str
    type: str
    partition_key: str
    body: bytes
    replayed: bool = False


Keep = Callable[[Sequence[Incoming]], None]


class Transport(Protocol):
    """Moves bytes from one service's outbox to the others' inboxes."""

    def send(self, messages: Sequence[Outgoing]) -> Sent:
        """Returns when every message is safe on the other side, in order. Raises TransportAway."""

    def send_to(self, service: str, messages: Sequence[Outgoing]) -> None:
        """As `send`, to one service only and not to the feed. Raises TransportAway, NobodyThere."""

    def receive(self, keep: Keep, wanted: Callable[[], bool]) -> None:
        """Hand over messages to `keep`, which has stored them when it returns, while `wanted()`.

        Raises TransportAway.
        """

    def is_up(self) -> bool:
        """Whether the last attempt to reach the other side succeeded."""

    def trouble(self) -> TransportAway | None:
        """Why it did not."""

    def close(self) -> None:
        """Let go of all connections."""
