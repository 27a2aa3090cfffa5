"""What must be on the broker (拓扑), said once: three exchanges, a queue for each service, who may do what.

It comes into being by `jiushu migrate`, or by importing what `jiushu topology export` writes. A start declares it
again, which changes nothing, or only looks where its user may not declare.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from amqp.exceptions import AccessRefused, NotFound, PreconditionFailed
from kombu import Exchange, Queue, binding

from shared.contracts.registry import load_contracts
from shared.messaging.transport import TransportAway

EVENTS = Exchange("jiushu.events", type="topic", durable=True)
FEED = Exchange("jiushu.feed", type="topic", durable=True)
# routing key: the one service that is to hear again
REPLAY = Exchange("jiushu.replay", type="direct", durable=True)
EXCHANGES = (EVENTS, FEED, REPLAY)
# Delivery limits count dropped connections too, and reaching one would throw good messages away.
# Only one consumer at a time: what a frozen one has prefetched comes back in its place, not behind later messages.
QUEUE_ARGUMENTS = {"x-queue-type": "quorum", "x-delivery-limit": 1_000_000, "x-single-active-consumer": True}
# 所有外部队列的上限：十万条、256 MB、七天，超出时先丢弃最早的
OUTSIDERS_PATTERN = r"^ext\."
OUTSIDERS_POLICY = {
    "max-length": 100_000,
    "max-length-bytes": 256 * 1024**2,
    "message-ttl": 7 * 24 * 3600 * 1000,
    "overflow": "drop-head",
}
_NOTHING = "^$"

Definitions = dict[str, Any]

log = logging.getLogger(__name__)


class TopologyWrong(TransportAway):
    """What is on the broker is not what is declared here. Waiting does not mend it; an operator does."""

    pause_seconds = 10.0

    def __init__(self, entity: Exchange | Queue, said: str, text: str) -> None:
        self.entity = entity
        self.said = said
        super().__init__(text)


class Missing(TopologyWrong):
    """An exchange or a queue is not there."""

    def __init__(self, entity: Exchange | Queue, said: str) -> None:
        super().__init__(
            entity,
            said,
            f"消息服务器上没有 {entity.name}：请为全部服务运行 jiushu migrate，或重新导入定义 "
            f"(there is no {entity.name} on the broker: run `jiushu migrate` for all services, or import the "
            "definitions again; docs/operating/broker.md)",
        )


class Different(TopologyWrong):
    """An exchange or a queue is there, with other arguments than declared here."""

    def __init__(self, entity: Exchange | Queue, said: str) -> None:
        super().__init__(
            entity,
            said,
            f"{entity.name} 的参数与声明不同：{said}。更换办法见 docs/operating/broker.md "
            f"({entity.name} has other arguments than declared; docs/operating/broker.md says how to change it)",
        )


class MayNotBind(TopologyWrong):
    """What is there cannot be bound, or unbound, by this user: a type that is newly heard would be lost."""

    def __init__(self, entity: Exchange | Queue, said: str) -> None:
        super().__init__(
            entity,
            said,
            f"此用户无权绑定 {entity.name}：请设 JIUSHU_TOPOLOGY_AMQP_URI，或在启动新版本之前重新导入定义 "
            f"(this user may not bind {entity.name}: set JIUSHU_TOPOLOGY_AMQP_URI, or import the definitions again "
            "before the new version starts; docs/operating/broker.md)",
        )


# ---- over AMQP, on an open connection


def inbox_queue(service: str, event_types: Iterable[str]) -> Queue:
    """The service's queue with a binding for each type that it subscribes to, and for what is replayed to it."""
    return Queue(
        f"{service}.inbox",
        durable=True,
        queue_arguments=QUEUE_ARGUMENTS,
        bindings=[
            *(binding(EVENTS, routing_key=event_type) for event_type in sorted(event_types)),
            binding(REPLAY, routing_key=service),
        ],
    )


def declare(connection: Any, service: str, event_types: Sequence[str]) -> None:
    """Bring the exchanges and the service's queue into being, with exactly the bindings of `event_types`.

    Safe to repeat. A client cannot list bindings, so each type that this installation knows and the service does not
    hear is unbound, there or not. Raises TopologyWrong; MayNotBind where the user may not.
    """
    for exchange in EXCHANGES:
        make(connection, exchange)
    queue = inbox_queue(service, event_types)
    make(connection, queue)
    try:
        _bind(connection, queue)
        _unbind(connection, queue, retired(event_types))
    except AccessRefused as error:
        raise MayNotBind(queue, str(error)) from error


def resume(connection: Any, service: str, event_types: Sequence[str]) -> None:
    """At each start: the service's queue and bindings anew, should they be gone; nothing is unbound, since the next
    version may be at work already. Raises TopologyWrong.

    An exchange that is gone while the queue is there was deleted, and every service's bindings with it. Were it made
    here, the publishers would speak into the void; so they wait until all are declared again.
    """
    queue = inbox_queue(service, event_types)
    is_there = _is_there(connection, queue)
    for exchange in EXCHANGES:
        (verify if is_there else make)(connection, exchange)
    make(connection, queue)
    if not is_there:
        log.error(
            "%s was not on the broker; it is there again, without what was published meanwhile", queue.name
        )
    with suppress(AccessRefused):  # whoever declared the queue bound it
        _bind(connection, queue)


def retired(event_types: Iterable[str]) -> list[str]:
    """The known types that are not among these."""
    return sorted(load_contracts().keys() - set(event_types))


def verify(connection: Any, entity: Exchange | Queue) -> None:
    """It is there, and as declared as far as the user may see. Changes nothing. Raises TopologyWrong."""
    look(connection, entity)
    make(connection, entity)


def look(connection: Any, entity: Exchange | Queue) -> Any:
    """What the broker says of what is there. Raises Missing."""
    with connection.channel() as channel:
        try:
            return _declare(channel, entity, passive=True)
        except NotFound as error:
            raise Missing(entity, str(error)) from error


def make(connection: Any, entity: Exchange | Queue) -> None:
    """Declare it; where the user may not, it must be there already. Raises TopologyWrong."""
    with connection.channel() as channel:
        try:
            _declare(channel, entity, passive=False)
        except PreconditionFailed as error:
            raise Different(entity, str(error)) from error
        except AccessRefused:
            look(connection, entity)


def _declare(channel: Any, entity: Exchange | Queue, *, passive: bool) -> Any:
    bound = entity(channel)
    return (bound.queue_declare if isinstance(bound, Queue) else bound.declare)(passive=passive)


def _is_there(connection: Any, entity: Exchange | Queue) -> bool:
    try:
        look(connection, entity)
    except Missing:
        return False
    return True


def _bind(connection: Any, queue: Queue) -> None:
    with connection.channel() as channel:
        for one in queue.bindings:
            channel.queue_bind(queue.name, one.exchange.name, one.routing_key)


def _unbind(connection: Any, queue: Queue, event_types: Iterable[str]) -> None:
    with connection.channel() as channel:
        for event_type in event_types:
            channel.queue_unbind(queue.name, EVENTS.name, event_type)


# ---- as definitions that RabbitMQ imports


@dataclass(frozen=True)
class User:
    """The broker's user of one service. Without a password it may not log in until somebody sets one."""

    service: str
    name: str
    password: str | None

    def definition(self) -> Definitions:
        """The user, with the hash of its password."""
        return {
            "name": self.name,
            "password_hash": hashed(self.password) if self.password else "",
            "hashing_algorithm": "rabbit_password_hashing_sha256",
            "tags": "",
        }

    def permission(self, vhost: str) -> Definitions:
        """It declares nothing, writes to the exchanges and not into queues, and reads its own queue."""
        names = "|".join(re.escape(exchange.name) for exchange in EXCHANGES)
        own = re.escape(inbox_queue(self.service, []).name)
        return {
            "user": self.name,
            "vhost": vhost,
            "configure": _NOTHING,
            "write": f"^({names})$",
            "read": f"^{own}$",
        }

    def topic_permissions(self, vhost: str) -> Iterator[Definitions]:
        """It says its own events only."""
        for exchange in (EVENTS, FEED):
            yield {
                "user": self.name,
                "vhost": vhost,
                "exchange": exchange.name,
                "write": rf"^{re.escape(self.service)}\.",
                "read": _NOTHING,
            }


class Declarer(User):
    """The broker's user by which `jiushu migrate` declares what is missing; no service has its password."""

    def permission(self, vhost: str) -> Definitions:
        """It makes, binds and unbinds."""
        return {"user": self.name, "vhost": vhost, "configure": ".*", "write": ".*", "read": ".*"}

    def topic_permissions(self, vhost: str) -> Iterator[Definitions]:
        """None of its own: it says no events."""
        yield from ()


def definitions(
    services: Mapping[str, Sequence[str]], users: Sequence[User] = (), vhost: str = "/"
) -> Definitions:
    """What `rabbitmqctl import_definitions` takes, for these services and the event types that they hear."""
    queues = [inbox_queue(service, event_types) for service, event_types in services.items()]
    return {
        "vhosts": [{"name": vhost}],
        "users": [user.definition() for user in users],
        "permissions": [user.permission(vhost) for user in users],
        "topic_permissions": [one for user in users for one in user.topic_permissions(vhost)],
        "policies": [
            {
                "vhost": vhost,
                "name": "outsiders",
                "pattern": OUTSIDERS_PATTERN,
                "apply-to": "queues",
                "definition": OUTSIDERS_POLICY,
                "priority": 0,
            }
        ],
        "exchanges": [_exchange_definition(exchange, vhost) for exchange in EXCHANGES],
        "queues": [_queue_definition(queue, vhost) for queue in queues],
        "bindings": [_binding_definition(queue, one, vhost) for queue in queues for one in _in_order(queue)],
    }


def hashed(password: str) -> str:
    """As RabbitMQ keeps it: four bytes of salt and SHA-256 of salt and password, in base64."""
    salt = os.urandom(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _in_order(queue: Queue) -> list[Any]:
    return sorted(queue.bindings, key=lambda one: (one.exchange.name, one.routing_key))


def _exchange_definition(exchange: Exchange, vhost: str) -> Definitions:
    return {
        "name": exchange.name,
        "vhost": vhost,
        "type": exchange.type,
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": {},
    }


def _queue_definition(queue: Queue, vhost: str) -> Definitions:
    return {
        "name": queue.name,
        "vhost": vhost,
        "durable": True,
        "auto_delete": False,
        "arguments": queue.queue_arguments,
    }


def _binding_definition(queue: Queue, one: Any, vhost: str) -> Definitions:
    return {
        "source": one.exchange.name,
        "vhost": vhost,
        "destination": queue.name,
        "destination_type": "queue",
        "routing_key": one.routing_key,
        "arguments": {},
    }
