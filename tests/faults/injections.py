"""What another client of the broker may put into the queues: copies, shuffled, and messages spoilt in every way."""

from __future__ import annotations

import json
import pickle
import random
import time
from collections.abc import Callable, Sequence

from amqp import Message
from kombu import Connection

from shared.contracts.envelope import CONTENT_TYPE
from shared.kernel.clock import SystemClock
from shared.kernel.ids import new_id
from tests.faults.chain import FirstMoved

PATIENCE_SECONDS = 90
COPIES = 60


def _envelope(key: str, **other: object) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "id": new_id(),
        "source": "/jiushu/110112010/first",
        "type": FirstMoved.type,
        "subject": key,
        "time": SystemClock().now().isoformat(),
        "datacontenttype": "application/json",
        "correlationid": new_id(),
        "actor": "somebody",
        "aggregateversion": 1,
        "partitionkey": key,
        "data": {"number": 1, "intent": key, "kind": "plain"},
    } | other


def _without(key: str, name: str) -> dict[str, object]:
    return {field: value for field, value in _envelope(key).items() if field != name}


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


# name -> body; each belongs to a key of its own, so that it must hold up nobody
SPOILT: dict[str, Callable[[str], bytes]] = {
    "bad JSON": lambda key: b"{not json " + key.encode(),
    "not UTF-8": lambda key: b"\xff\xfe " + key.encode(),
    "pickle": lambda key: pickle.dumps({"key": key}),
    "empty object": lambda key: _json({"nonsense": key}),
    "no id": lambda key: _json(_without(key, "id")),
    "data that break the contract": lambda key: _json(_envelope(key, data={"number": "many"})),
    "1 MB": lambda key: b"x" * 1_000_000 + key.encode(),
    "id too long": lambda key: _json(_envelope(key, id="x" * 200)),
}
UNKNOWN_VERSION = "first.counter.moved.v9"


class Injector:
    """Publishes to the services' exchange directly, and remembers what it has put there."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._bodies: dict[bytes, str] = {}
        self.waiting_keys: set[str] = set()
        self.poison: list[str] = []

    def repeat(self, draw: random.Random, published: Sequence[tuple[str, str, bytes]]) -> int:
        """Copies of what was published, in any order; how many."""
        copies = [draw.choice(published) for _ in range(COPIES)] if published else []
        self._publish(copies)
        return len(copies)

    def spoil(self, draw: random.Random) -> None:
        """One message of each spoilt kind, and one of a version that is unknown, in any order."""
        messages = []
        for kind, body_for in SPOILT.items():
            key = f"raw-{draw.randrange(10**9)}"
            name = f"{kind} {key}"
            body = body_for(key)
            self._bodies[body] = name
            self.poison.append(name)
            messages.append((FirstMoved.type, key, body))
        key = f"raw-{draw.randrange(10**9)}"
        self.waiting_keys.add(key)
        messages.append((FirstMoved.type, key, _json(_envelope(key, type=UNKNOWN_VERSION))))
        draw.shuffle(messages)
        self._publish(messages)

    def name_of(self, body: bytes) -> str | None:
        """What it is, where it was spoilt here."""
        return self._bodies.get(body)

    def queues_are_empty(self, services: Sequence[str]) -> bool:
        """Whether nothing waits in the services' queues, nor is in somebody's hands."""
        with Connection(self._uri, connect_timeout=5) as connection:
            channel = connection.channel()
            declared = [channel.queue_declare(f"{name}.inbox", passive=True) for name in services]
        return all(queue.message_count == 0 for queue in declared)

    def _publish(self, messages: Sequence[tuple[str, str, bytes]]) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with Connection(
                    self._uri, connect_timeout=5, transport_options={"confirm_publish": True}
                ) as connection:
                    channel = connection.channel()
                    for event_type, key, body in messages:
                        headers = {"partitionkey": key}
                        message = Message(
                            body, content_type=CONTENT_TYPE, delivery_mode=2, application_headers=headers
                        )
                        channel.basic_publish_confirm(
                            message, exchange="jiushu.events", routing_key=event_type
                        )
                return
            except Exception:  # the broker is being killed: all of them once more
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)
