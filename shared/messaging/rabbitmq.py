"""RabbitMQ as the substrate: two durable topic exchanges, one quorum queue per service.

nameko's own publisher and consumers are not used: a handler that raises is acked there and its event is gone.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from amqp import Message
from amqp.exceptions import AMQPError, RecoverableConnectionError
from kombu import Connection

from shared.contracts.envelope import CONTENT_TYPE
from shared.messaging import topology
from shared.messaging.failpoints import failpoint
from shared.messaging.topology import EVENTS, EXCHANGES, FEED, REPLAY, inbox_queue
from shared.messaging.transport import Incoming, Keep, NobodyThere, Outgoing, Sent, TransportAway

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 20
CONNECT_SECONDS = 5
# A broker that says nothing for so long while it owes an answer is given up; green sockets know no other limit.
SOCKET_SECONDS = 30.0
CONFIRM_SECONDS = 30.0
# what the feed is given once all that concerns a service is confirmed; and as long as it has not answered in time
FEED_SECONDS, SILENT_FEED_SECONDS = 5.0, 0.2
BLOCKED_SECONDS = 1.0
FEED_WARNING_SECONDS = 60.0
PREFETCH = 400
BATCH = 200
T = TypeVar("T")
_TROUBLE = (AMQPError, OSError, RecoverableConnectionError, RuntimeError)


class Blocked(TransportAway):
    """The broker takes no messages for now (内存或磁盘告警): its memory or its disk is nearly full."""

    def __init__(self) -> None:
        super().__init__(
            "消息服务器内存或磁盘告警，暂不接收消息；事件留在发件箱中等待 "
            "(an alarm of memory or disk: the broker takes no messages, events wait in the outbox)"
        )


def declare(uri: str, service: str, event_types: Sequence[str]) -> None:
    """Declare exchanges, the service's queue and its bindings; safe to repeat. Raises TransportAway, TopologyWrong."""
    connection = Connection(uri, connect_timeout=CONNECT_SECONDS)
    try:
        _open(connection)
        topology.declare(connection, service, event_types)
    except _TROUBLE as error:
        raise TransportAway(f"RabbitMQ: {error}") from error
    finally:
        connection.collect()


def _open(connection: Connection) -> None:
    connection.connect()
    connection.connection.transport.sock.settimeout(SOCKET_SECONDS)


class RabbitMQ:
    """One service's connections: one to publish, one to consume, since a blocked publisher must not stop acks."""

    def __init__(self, uri: str, service: str, event_types: Sequence[str]) -> None:
        self._uri = uri
        self._service = service
        self._event_types = list(event_types)
        self._publisher: _Publisher | None = None
        self._troubles: dict[str, TransportAway | None] = {}

    def send(self, messages: Sequence[Outgoing]) -> Sent:
        """Publish and wait for all confirms, matched by tag. Raises TransportAway; Blocked during an alarm."""
        return self._publishing(lambda publisher: publisher.publish(messages))

    def send_to(self, service: str, messages: Sequence[Outgoing]) -> None:
        """Publish to one service's queue and wait for all confirms. Raises TransportAway, NobodyThere."""
        self._publishing(lambda publisher: publisher.replay(service, messages))

    def receive(self, keep: Keep, wanted: Callable[[], bool]) -> None:
        """Consume the service's queue while `wanted()`; ack what `keep` has stored. Raises TransportAway."""
        connection = Connection(self._uri, heartbeat=HEARTBEAT_SECONDS, connect_timeout=CONNECT_SECONDS)
        try:
            _open(connection)
            topology.resume(connection, self._service, self._event_types)
            self._troubles["consume"] = None
            _consume(connection, inbox_queue(self._service, []).name, keep, wanted)
        except (*_TROUBLE, TransportAway) as error:
            raise self._trouble("consume", error) from error
        finally:
            connection.collect()

    def is_up(self) -> bool:
        """Whether the last attempts to publish and to consume succeeded."""
        return self.trouble() is None

    def trouble(self) -> TransportAway | None:
        """Why the last attempt to publish or to consume failed."""
        return next(filter(None, self._troubles.values()), None)

    def close(self) -> None:
        """Close the publisher's connection. What troubled a holder does not trouble whoever is none."""
        self._drop_publisher()
        self._troubles.clear()

    def _publishing(self, deed: Callable[[_Publisher], T]) -> T:
        try:
            if self._publisher is None:
                self._publisher = _Publisher(self._uri)
            done = deed(self._publisher)
        except Blocked as error:  # the connection stays: the broker would not even notice that it was closed
            raise self._trouble("publish", error) from None
        except (*_TROUBLE, TransportAway) as error:
            self._drop_publisher()
            raise self._trouble("publish", error) from error
        self._troubles["publish"] = None
        return done

    def _trouble(self, what: str, error: Exception) -> TransportAway:
        away = error if isinstance(error, TransportAway) else TransportAway(f"RabbitMQ, {what}: {error}")
        self._troubles[what] = away
        return away

    def _drop_publisher(self) -> None:
        if self._publisher is not None:
            self._publisher.close()
        self._publisher = None


class _Publisher:
    """A channel in confirm mode. A whole batch is written first, then its confirms are awaited by tag:
    one round trip for many messages instead of one for each.

    The feed's confirms are awaited too, but an outsider's queue stops nobody: neither a full one, which refuses, nor a
    broken one, for which the broker never answers. What a service may hear is sent `mandatory`: the broker gives back,
    before the confirm, what no queue is bound for. On the feed nobody need listen.
    """

    def __init__(self, uri: str) -> None:
        self._connection = Connection(uri, connect_timeout=CONNECT_SECONDS)
        try:
            _open(self._connection)
            for exchange in EXCHANGES:
                topology.look(self._connection, exchange)
            self._channel: Any = self._connection.channel()
            self._channel.confirm_select()
        except BaseException:
            self.close()
            raise
        self._connection.connection.on_blocked = self._on_blocked
        self._connection.connection.on_unblocked = self._on_unblocked
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)
        self._tag = 0
        self._open: dict[int, str] = {}
        self._open_on_feed: dict[int, str] = {}
        self._refused: list[str] = []
        self._returned: list[tuple[str, str]] = []
        self._is_blocked = False
        self._feed_is_silent = False
        self._next_warning = 0.0

    def replay(self, service: str, messages: Sequence[Outgoing]) -> None:
        self._begin()
        for message in messages:
            self._write(REPLAY.name, message, message.body, only_to=service)
        self._await_confirms()
        if (REPLAY.name, service) in self._returned:
            raise NobodyThere(service)
        if self._refused:
            raise TransportAway(f"the broker refused {len(self._refused)} messages")

    def publish(self, messages: Sequence[Outgoing]) -> Sent:
        self._begin()
        for message in messages:
            self._write(EVENTS.name, message, message.body)
            if message.feed_body is not None:
                self._write(FEED.name, message, message.feed_body)
            failpoint("relay.mid_batch")
        failpoint("relay.after_publish")
        self._await_confirms()
        refused = self._refused.count(EVENTS.name)
        if refused:
            raise TransportAway(f"the broker refused {refused} messages")
        if self._refused:
            self._warn_of_feed(len(self._refused), "did not confirm" if self._feed_is_silent else "refused")
        unrouted = [event_type for exchange, event_type in self._returned if exchange == EVENTS.name]
        return Sent(len(self._refused), unrouted)

    def _begin(self) -> None:
        """Raises Blocked: what is written during an alarm would only be written again."""
        until = time.monotonic() + BLOCKED_SECONDS
        while self._is_blocked:
            left = until - time.monotonic()
            if left <= 0:
                raise Blocked
            with suppress(TimeoutError):
                self._connection.drain_events(timeout=left)
        self._refused, self._returned = [], []

    def _await_confirms(self) -> None:
        self._await(self._open, CONFIRM_SECONDS)
        if self._open:
            raise TransportAway(f"{len(self._open)} confirms did not come within {CONFIRM_SECONDS:.0f} s")
        self._await(self._open_on_feed, SILENT_FEED_SECONDS if self._feed_is_silent else FEED_SECONDS)
        self._feed_is_silent = bool(self._open_on_feed)
        self._refused += [FEED.name] * len(self._open_on_feed)
        self._open_on_feed.clear()

    def _await(self, confirms: Collection[int], seconds: float) -> None:
        """Until they are there, or the time is over. Raises Blocked."""
        deadline = time.monotonic() + seconds
        while confirms and (left := deadline - time.monotonic()) > 0:
            if self._is_blocked:
                raise Blocked
            with suppress(TimeoutError):
                self._connection.drain_events(timeout=left)

    def _warn_of_feed(self, number: int, what: str) -> None:
        if time.monotonic() >= self._next_warning:
            log.warning("the feed %s %d messages: an outsider's queue is full or broken", what, number)
            self._next_warning = time.monotonic() + FEED_WARNING_SECONDS

    def close(self) -> None:
        """Close the socket without a dialogue, for which a silent broker would be waited for without end."""
        self._connection.collect()

    def _write(self, exchange: str, message: Outgoing, body: bytes, only_to: str | None = None) -> None:
        self._tag += 1
        (self._open_on_feed if exchange == FEED.name else self._open)[self._tag] = exchange
        envelope = Message(
            body,
            content_type=CONTENT_TYPE,
            delivery_mode=2,
            message_id=message.event_id,
            type=message.type,
            application_headers={"partitionkey": message.partition_key},
        )
        self._channel.basic_publish(
            envelope,
            exchange=exchange,
            routing_key=only_to or message.type,
            mandatory=exchange != FEED.name,
        )

    def _on_blocked(self, _reason: str) -> None:
        self._is_blocked = True

    def _on_unblocked(self) -> None:
        self._is_blocked = False

    def _on_return(self, _error: Exception, exchange: str, routing_key: str, _message: Any) -> None:
        self._returned.append((exchange, routing_key))

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._settled(tag, multiple)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._refused += self._settled(tag, multiple)

    def _settled(self, tag: int, multiple: bool) -> list[str]:
        """The exchanges of the messages that are not waited for any more."""
        return [
            waiting.pop(one)
            for waiting in (self._open, self._open_on_feed)
            for one in ([each for each in waiting if each <= tag] if multiple else [tag])
            if one in waiting
        ]


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
            failpoint("receive.after_commit")
            channel.basic_ack(waiting[-1].delivery_tag, multiple=True)
            failpoint("receive.after_ack")
            waiting.clear()
        connection.heartbeat_check()


def _incoming(message: Any) -> Incoming:
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode("utf-8", "replace")
    headers = message.headers or {}
    digest = hashlib.sha256(body).hexdigest()
    routing_key = str(message.delivery_info.get("routing_key") or "?")
    replayed = message.delivery_info.get("exchange") == REPLAY.name
    return Incoming(
        event_id=str(message.properties.get("message_id") or digest),
        type=str(message.properties.get("type") or routing_key) if replayed else routing_key,
        partition_key=str(headers.get("partitionkey") or digest),
        body=body,
        replayed=replayed,
    )
