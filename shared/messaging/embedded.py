"""The embedded bus: all services in one process. The relay writes straight into the subscribers' inboxes, so
nothing is lost at `kill -9`; there is no broker and none is imitated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from shared.messaging import inbox
from shared.messaging.transport import Incoming, Keep, Outgoing

if TYPE_CHECKING:
    from shared.application import Application


class EmbeddedBus:
    """Knows all services of the process."""

    def __init__(self) -> None:
        self._subscribers: list[Application] = []

    def join(self, application: Application) -> None:
        """From now on the service receives what it subscribes to."""
        self._subscribers.append(application)

    def send(self, messages: Sequence[Outgoing]) -> None:
        """Put the messages into each subscriber's inbox; a repetition is dropped there."""
        for subscriber in self._subscribers:
            wanted = [
                Incoming(message.event_id, message.type, message.partition_key, message.body)
                for message in messages
                if message.type in subscriber.subscriptions
            ]
            if wanted:
                inbox.keep(subscriber.database, wanted)
                subscriber.received.set()

    def receive(self, keep: Keep, wanted: Callable[[], bool]) -> None:
        """Nothing to do: senders write into the inbox."""

    def is_up(self) -> bool:
        """Always: it is this process."""
        return True

    def close(self) -> None:
        """Nothing is held."""
