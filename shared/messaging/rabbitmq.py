"""RabbitMQ as the substrate: two durable topic exchanges, one quorum queue per service.

nameko's own publisher and consumers are not used: a handler that raises is acked there and its event is gone.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from amqp import Message
from amqp.exceptions import AMQPError, RecoverableConnectionError
from kombu import Connection, Exchange, Queue, binding

from shared.contracts.envelope import CONTENT_TYPE
from shared.messaging.transport import Incoming, Keep, Outgoing, TransportAway

log = logging.getLogger(__name__)

EVENTS = Exchange("jiushu.events", type="topic", durable=True)
FEED = Exchange("jiushu.feed", type="topic", durable=True)
HEARTBEAT_SECONDS = 20
CONFIRM_SECONDS = 30.0
PREFETCH = 400
BATCH = 200
# Delivery limits count dropped connections too, and reaching one would throw good messages away.
# Only one consumer at a time: what a frozen one has prefetched comes back in its place, not behind later messages.
QUEUE_ARGUMENTS = {"x-queue-type": "quorum", "x-delivery-limit": 1_000_000, "x-single-active-consumer": True}
SOCKET_LIMITS = {"read_timeout": 30, "write_timeout": 30}
_TROUBLE = (AMQPError, OSError, RecoverableConnectionError, RuntimeError)


def inbox_queue(service: str, event_types: Sequence[str]) -> Queue:
    """The service's queue with a binding for each type that it subscribes to."""
    return Queue(
        f"{service}.inbox",
        durable=True,
        queue_arguments=QUEUE_ARGUMENTS,
        bindings=[binding(EVENTS, routing_key=event_type) for event_type in sorted(event_types)],
    )


def declare(uri: str, service: str, event_types: Sequence[str]) -> None:
    """Declare the exchanges and the service's queue; safe to repeat. Raises TransportAway."""
    connection = Connection(uri, connect_timeout=5)
    try:
        connection.connect()
        channel = connection.channel()
        EVENTS(channel).declare()
        FEED(channel).declare()
        inbox_queue(service, event_types)(channel).declare()
    except _TROUBLE as error:
        raise TransportAway(f"RabbitMQ: {error}") from error
    finally:
        connection.collect()


class RabbitMQ:
    """One service's connections: one to publish, one to consume, since a blocked publisher must not stop acks."""

    def __init__(self, uri: str, service: str, event_types: Sequence[str]) -> None:
        self._uri = uri
        self._service = service
        self._event_types = list(event_types)
        self._publisher: _Publisher | None = None
        self._up = {"publish": True, "consume": True}

    def send(self, messages: Sequence[Outgoing]) -> None:
        """Publish and wait for all confirms, matched by tag. Raises TransportAway."""
        try:
            if self._publisher is None:
                self._publisher = _Publisher(self._uri)
            self._publisher.publish(messages)
            self._up["publish"] = True
        except (*_TROUBLE, TransportAway) as error:
            self._up["publish"] = False
            self._drop_publisher()
            raise TransportAway(f"RabbitMQ, publishing: {error}") from error

    def receive(self, keep: Keep, wanted: Callable[[], bool]) -> None:
        """Consume the service's queue while `wanted()`; ack what `keep` has stored. Raises TransportAway."""
        connection = Connection(self._uri, heartbeat=HEARTBEAT_SECONDS, connect_timeout=5)
        try:
            declare(self._uri, self._service, self._event_types)
            connection.connect()
            self._up["consume"] = True
            _consume(connection, f"{self._service}.inbox", keep, wanted)
        except (*_TROUBLE, TransportAway) as error:
            self._up["consume"] = False
            raise TransportAway(f"RabbitMQ, consuming: {error}") from error
        finally:
            connection.collect()

    def is_up(self) -> bool:
        """Whether the last attempts to publish and to consume reached the broker."""
        return all(self._up.values())

    def close(self) -> None:
        """Close the publisher's connection."""
        self._drop_publisher()

    def _drop_publisher(self) -> None:
        if self._publisher is not None:
            self._publisher.close()
        self._publisher = None


class _Publisher:
    """A channel in confirm mode. A whole batch is written first, then its confirms are awaited by tag:
    one round trip for many messages instead of one for each.

    The feed's confirms are awaited too, but an outsider's full queue that refuses one stops nobody.
    """

    def __init__(self, uri: str) -> None:
        self._connection = Connection(uri, connect_timeout=5, transport_options=SOCKET_LIMITS)
        self._connection.connect()
        self._channel: Any = self._connection.channel()
        EVENTS(self._channel).declare()
        FEED(self._channel).declare()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._tag = 0
        self._open: dict[int, str] = {}
        self._refused: list[str] = []

    def publish(self, messages: Sequence[Outgoing]) -> None:
        self._refused = []
        for message in messages:
            self._write(EVENTS.name, message, message.body)
            if message.feed_body is not None:
                self._write(FEED.name, message, message.feed_body)
        deadline = time.monotonic() + CONFIRM_SECONDS
        while self._open:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TransportAway(f"{len(self._open)} confirms did not come within {CONFIRM_SECONDS:.0f} s")
            self._connection.drain_events(timeout=left)
        refused = self._refused.count(EVENTS.name)
        if refused:
            raise TransportAway(f"the broker refused {refused} messages")
        if self._refused:
            log.warning("the feed refused %d messages: an outsider's queue is full", len(self._refused))

    def close(self) -> None:
        """Close the socket without a dialogue, for which a silent broker would be waited for without end."""
        self._connection.collect()

    def _write(self, exchange: str, message: Outgoing, body: bytes) -> None:
        self._tag += 1
        self._open[self._tag] = exchange
        envelope = Message(
            body,
            content_type=CONTENT_TYPE,
            delivery_mode=2,
            message_id=message.event_id,
            application_headers={"partitionkey": message.partition_key},
        )
        self._channel.basic_publish(envelope, exchange=exchange, routing_key=message.type)

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._settled(tag, multiple)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._refused += self._settled(tag, multiple)

    def _settled(self, tag: int, multiple: bool) -> list[str]:
        """The exchanges of the messages that are not waited for any more."""
        tags = [waiting for waiting in self._open if waiting <= tag] if multiple else [tag]
        return [self._open.pop(one) for one in tags if one in self._open]


def _consume(connection: Connection, queue: str, keep: Keep, wanted: Callable[[], bool]) -> None:
    channel = connection.channel()
    # Neither kombu's nor amqp's decoding: a message with a strange header must not stop the others.
    channel.auto_decode = False
    channel.basic_qos(0, PREFETCH, False)
    waiting: list[Any] = []
    channel.basic_consume(queue, callback=waiting.append)
    while wanted():
        try:
            connection.drain_events(timeout=1.0)
            while len(waiting) < BATCH:
                connection.drain_events(timeout=0.002)
        except TimeoutError:
            pass
        if waiting:
            keep([_incoming(message) for message in waiting])
            channel.basic_ack(waiting[-1].delivery_tag, multiple=True)
            waiting.clear()
        connection.heartbeat_check()


def _incoming(message: Any) -> Incoming:
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode("utf-8", "replace")
    headers = message.headers or {}
    digest = hashlib.sha256(body).hexdigest()
    return Incoming(
        event_id=str(message.properties.get("message_id") or digest),
        type=str(message.delivery_info.get("routing_key") or "?"),
        partition_key=str(headers.get("partitionkey") or digest),
        body=body,
    )
