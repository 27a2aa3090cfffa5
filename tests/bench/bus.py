"""Ours alone: the relay, a whole hop, latency, what waiting costs, and what all of it costs as it grows."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kombu import Connection

from shared.contracts.envelope import CONTENT_TYPE, Envelope
from shared.contracts.registry import for_feed
from shared.messaging import rabbitmq
from tests.bench import toy
from tests.bench.ground import Child, Ground, Sql, child, until

CHANNEL = "bench_outbox"
OUTBOX = """INSERT INTO outbox_messages (event_id, type, partition_key, correlation_id, body, feed_body, recorded_at)
    VALUES %s"""
OLD_OUTBOX = """INSERT INTO outbox_messages
    (event_id, type, partition_key, correlation_id, body, feed_body, recorded_at, published_at)
    SELECT 'old-' || n, 'maker.lamp.reported.v1', 'lamp-' || n / 5, 'journey-' || n / 20, %s, %s, now(), now()
    FROM generate_series(1, %s) n"""
OLD_INBOX = """INSERT INTO inbox_messages
    (source, event_id, type, partition_key, correlation_id, body, state, blocks_key, attempts, waits, due,
     received_at, handled_at)
    SELECT '/jiushu/110112010/maker', 'old-' || n, 'maker.lamp.reported.v1', 'lamp-' || n / 5, 'journey-' || n / 20,
        %s, 'done', 0, 0, 0, 0, now(), now()
    FROM generate_series(1, %s) n"""
NOTIFY = f"""CREATE FUNCTION bench_notify() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('{CHANNEL}', ''); RETURN NULL; END $$;
    CREATE TRIGGER bench_notify AFTER INSERT ON outbox_messages FOR EACH STATEMENT EXECUTE FUNCTION bench_notify()"""
UNPUBLISHED = "SELECT count(*) FROM outbox_messages WHERE published_at IS NULL"
# by its index: counting a million rows five times a second would be most of what is measured
LAST_EFFECT = "SELECT coalesce(max(id), 0) FROM effects"
CLIENTS = 8


def grow(database: Sql, rows: int) -> None:
    """As many rows as a busy street has after some time, all handled and published."""
    (event,) = toy.some_events(1)
    database.do(OLD_OUTBOX, event.to_bytes(), _feed_body(event), rows)
    database.do(OLD_INBOX, event.to_bytes(), rows)
    database.do("VACUUM ANALYZE outbox_messages")
    database.do("VACUUM ANALYZE inbox_messages")


def relay(ground: Ground, database: Sql, events: int, *, fed: bool) -> float:
    """Events per second from the outbox to quorum queues, confirmed; `fed`: each goes to the outsiders' exchange too."""
    rabbitmq.declare(ground.amqp_uri, "listener", [toy.LampOut.type])
    _purge(ground)
    database.do("DELETE FROM leases")
    database.fill(OUTBOX, [_outbox_row(event, fed=fed) for event in toy.some_events(events)])
    with child("service", services={"maker": database.url}, amqp_uri=ground.amqp_uri) as maker:
        begun = maker.go()
        ended = until(lambda: database.one(UNPUBLISHED) == 0)
    _purge(ground)
    return events / (ended - begun)


def commits_alone(database: Sql, commits: int) -> float:
    """Commits per second of several clients, with nobody who takes the events further."""
    with child(
        "service", services={"maker": database.url}, amqp_uri=None, holder=False, clients=CLIENTS, commits=commits
    ) as maker:  # fmt: skip
        maker.go()
        return commits / float(maker.wait())


def whole_hop(
    ground: Ground, maker_database: Sql, listener_database: Sql, commits: int
) -> tuple[float, float]:
    """Commits per second of the same clients while the events travel; and events per second from the first commit to
    the last effect."""
    with (
        _listener(ground, listener_database),
        child(
            "service",
            services={"maker": maker_database.url},
            amqp_uri=ground.amqp_uri,
            clients=CLIENTS,
            commits=commits,
            pause=1.0,
        ) as maker,
    ):
        begun = maker.go() + 1.0
        committing = float(maker.wait())
        ended = until(lambda: listener_database.one("SELECT count(*) FROM effects") >= commits)
    return commits / committing, commits / (ended - begun)


@dataclass(frozen=True)
class Latency:
    """From the commit of a change until its effect in the other service is committed, in milliseconds."""

    p50: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Latency:
        ordered = sorted(seconds)
        return cls(1000 * ordered[len(ordered) // 2], 1000 * ordered[int(len(ordered) * 0.99)])


def latency(ground: Ground, maker_database: Sql, listener_database: Sql, events: int, pace: float) -> Latency:
    """The change is committed in the process that relays: it is woken."""
    with tempfile.TemporaryDirectory() as folder:
        with (
            _listener(ground, listener_database, moments=f"{folder}/listener"),
            child(
                "service",
                services={"maker": maker_database.url},
                amqp_uri=ground.amqp_uri,
                **_paced(folder, events, pace),
            ) as maker,
        ):
            _await_all(maker, listener_database, events)
        return _between(folder)


def latency_from_a_replica(
    ground: Ground, maker_database: Sql, listener_database: Sql, events: int, pace: float, *, notified: bool
) -> Latency:
    """The change is committed in a process that does not hold the lease: the holder polls, or (the prototype) is
    notified by PostgreSQL."""
    if notified:
        maker_database.do(NOTIFY)
    services = {"maker": maker_database.url}
    try:
        with tempfile.TemporaryDirectory() as folder:
            with (
                _listener(ground, listener_database, moments=f"{folder}/listener"),
                child("service", services=services, amqp_uri=ground.amqp_uri, notified=notified) as holder,
                child(
                    "service", services=services, amqp_uri=None, holder=False, **_paced(folder, events, pace)
                ) as replica,
            ):
                holder.go()
                _await_all(replica, listener_database, events)
            return _between(folder)
    finally:
        if notified:
            maker_database.do("DROP FUNCTION bench_notify CASCADE")


def latency_embedded(events: int, pace: float) -> Latency:
    """Both services in one process, SQLite files, no broker."""
    with tempfile.TemporaryDirectory() as folder:
        services = {name: f"sqlite:///{folder}/{name}.db" for name in ("maker", "listener")}
        for url in services.values():
            toy.create_tables(url)
        with child("service", services=services, amqp_uri=None, **_paced(folder, events, pace)) as both:
            both.go()
            both.wait()
            time.sleep(1)
        return _between(folder)


@dataclass(frozen=True)
class Idle:
    """What a service process costs that has nothing to do: percent of one core, and PostgreSQL transactions a second."""

    cpu_percent: float
    transactions: float


def idle(ground: Ground, database: Sql, seconds: float) -> Idle:
    """One service that waits."""
    with _listener(ground, database) as listener:
        time.sleep(3)
        cpu, transactions, begun = listener.cpu_seconds(), _transactions(database), time.monotonic()
        time.sleep(seconds)
        passed = time.monotonic() - begun
        return Idle(
            100 * (listener.cpu_seconds() - cpu) / passed, (_transactions(database) - transactions) / passed
        )


def memory(ground: Ground, database: Sql, marks: Sequence[int]) -> list[float]:
    """MiB resident in a consumer after so many events in all."""
    rabbitmq.declare(ground.amqp_uri, "listener", [toy.LampOut.type])
    found, sent = [], 0
    with _listener(ground, database) as listener:
        for mark in marks:
            while sent < mark:
                part = toy.some_events(min(5000, mark - sent))
                ground.fill("jiushu.events", toy.LampOut.type, part, CONTENT_TYPE)
                sent += len(part)
                until(lambda: database.one(LAST_EFFECT) >= sent, pause=0.2)  # noqa: B023
            found.append(listener.resident_mib())
    return found


@contextmanager
def _listener(ground: Ground, database: Sql, **settings: object) -> Iterator[Child]:
    rabbitmq.declare(ground.amqp_uri, "listener", [toy.LampOut.type])
    _purge(ground)
    with child(
        "service", services={"listener": database.url}, amqp_uri=ground.amqp_uri, **settings
    ) as listener:
        listener.go()
        yield listener


def _paced(folder: str, events: int, pace: float) -> dict[str, object]:
    return {"clients": 4, "commits": events, "pace": pace, "pause": 1.5, "moments": f"{folder}/maker"}


def _await_all(maker: Child, listener_database: Sql, events: int) -> None:
    maker.go()
    maker.wait()
    until(lambda: listener_database.one("SELECT count(*) FROM effects") >= events)


def _between(folder: str) -> Latency:
    committed: dict[str, float] = {}
    seen: dict[str, float] = {}
    for file in Path(folder).iterdir():
        if file.name in ("maker", "listener"):
            moments = json.loads(file.read_text())
            committed |= moments["committed"]
            seen |= moments["seen"]
    return Latency.of([seen[lamp] - at for lamp, at in committed.items()])


def _outbox_row(event: Envelope, *, fed: bool) -> tuple:
    return (
        event.id,
        event.type,
        event.partition_key,
        event.correlation_id,
        event.to_bytes(),
        _feed_body(event) if fed else None,
        event.time,
    )


def _feed_body(event: Envelope) -> bytes:
    return event.for_feed(for_feed(toy.LampOut, event.data)).to_bytes()


def _purge(ground: Ground) -> None:
    with Connection(ground.amqp_uri) as connection:
        connection.default_channel.queue_purge("listener.inbox")


def _transactions(database: Sql) -> int:
    database.do("SELECT pg_stat_clear_snapshot()")
    return database.one("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
