"""The embedded bus: all services in one process. The relay writes straight into the subscribers' inboxes, so
nothing is lost at `kill -9`; there is no broker and none is imitated."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from shared.messaging import inbox
from shared.messaging.failpoints import failpoint
from shared.messaging.transport import Incoming, Keep, NobodyThere, Outgoing, Sent, TransportAway

if TYPE_CHECKING:
    from shared.application import Application


log = logging.getLogger(__name__)


class EmbeddedBus:
    """Knows all services of the process."""

    def __init__(self) -> None:
        self._subscribers: list[Application] = []

    def join(self, application: Application) -> None:
        """From now on the service receives what it subscribes to."""
        self._subscribers.append(application)

    def send(self, messages: Sequence[Outgoing]) -> Sent:
        """Put the messages into each subscriber's inbox; a repetition is dropped there.

        One whose database is away does not keep them from the others. Raises TransportAway at the end.
        """
        failed = [
            subscriber.name
            for subscriber in self._subscribers
            if not _bring(subscriber, [one for one in messages if one.type in subscriber.subscriptions])
        ]
        failpoint("relay.after_publish")
        if failed:
            raise TransportAway(f"the inbox of {', '.join(failed)} could not be written")
        heard = {event_type for subscriber in self._subscribers for event_type in subscriber.subscriptions}
        return Sent(unrouted=[message.type for message in messages if message.type not in heard])

    def send_to(self, service: str, messages: Sequence[Outgoing]) -> None:
        """Put the messages into one service's inbox. Raises TransportAway, NobodyThere."""
        named = [subscriber for subscriber in self._subscribers if subscriber.name == service]
        if not named:
            raise NobodyThere(service)
        if not _bring(named[0], messages, replayed=True):
            raise TransportAway(f"the inbox of {service} could not be written")

    def receive(self, keep: Keep, wanted: Callable[[], bool]) -> None:
        """Nothing to do: senders write into the inbox."""

    def is_up(self) -> bool:
        """Always: it is this process."""
        return True

    def trouble(self) -> TransportAway | None:
        """None."""
        return None

    def close(self) -> None:
        """Nothing is held."""


def _bring(subscriber: Application, messages: Sequence[Outgoing], *, replayed: bool = False) -> bool:
    brought = [
        Incoming(message.event_id, message.type, message.partition_key, message.body, replayed)
        for message in messages
    ]
    try:
        inbox.receive(subscriber, brought)
    except Exception:  # whatever is wrong there, the others must hear
        log.warning("%s cannot be reached", subscriber.name, exc_info=True)
        return False
    failpoint("relay.mid_batch")
    return True
