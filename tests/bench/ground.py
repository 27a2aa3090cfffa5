"""What a measurement stands on: databases, queues, backlogs, and processes that begin when they are told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from amqp import Message
from kombu import Connection, Exchange, Queue
from psycopg2.extras import execute_values
from sqlalchemy.engine import make_url

from shared.contracts.envelope import Envelope
from tests.bench import toy
from tests.real import RealPostgreSQL, RealRabbitMQ, find_postgresql, find_rabbitmq

QUORUM = {"x-queue-type": "quorum"}
LONGEST_SECONDS = 180
_AT_ONCE = 500


class TooSlow(Exception):
    """What was measured did not come to its end."""


class NoServers(Exception):
    """Speed is measured on the real ones only."""


class Sql:
    """Plain statements on one database."""

    def __init__(self, url: str) -> None:
        self.url = url
        parts = make_url(url)
        self._connection = psycopg2.connect(
            host=parts.host,
            port=parts.port,
            user=parts.username,
            password=parts.password,
            dbname=parts.database,
        )
        self._connection.autocommit = True

    def do(self, statement: str, *values: object) -> None:
        """Execute it."""
        with self._connection.cursor() as cursor:
            cursor.execute(statement, values or None)

    def one(self, statement: str) -> int:
        """Its one number."""
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
            return int(cursor.fetchone()[0])

    def fill(self, statement: str, rows: Sequence[tuple]) -> None:
        """Insert many rows."""
        with self._connection.cursor() as cursor:
            execute_values(cursor, statement, rows, page_size=500)

    def empty(self) -> None:
        """All tables without rows; what is written next finds the log as it would be between checkpoints."""
        self.do("TRUNCATE inbox_messages, outbox_messages, effects, lamps, leases RESTART IDENTITY")

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()


class Ground:
    """A PostgreSQL with databases of this run's own, and a virtual host of RabbitMQ."""

    def __init__(self, postgresql: RealPostgreSQL, rabbitmq: RealRabbitMQ) -> None:
        self._postgresql = postgresql
        self._rabbitmq = rabbitmq
        self.amqp_uri = rabbitmq.new_vhost()

    def new_database(self, purpose: str) -> Sql:
        """An empty database with the tables of both services."""
        url = self._postgresql.new_database(f"bench_{purpose}")
        toy.create_tables(url)
        return Sql(url)

    def empty_database(self, purpose: str) -> str:
        """The URL of a database without tables."""
        return self._postgresql.new_database(f"bench_{purpose}")

    def declare(self, queue: str, exchange: str, routing_key: str) -> None:
        """A queue that is bound, empty."""
        with Connection(self.amqp_uri) as connection:
            bound = Queue(
                queue,
                Exchange(exchange, type="topic", durable=True),
                routing_key=routing_key,
                durable=True,
                queue_arguments=QUORUM,
            )
            bound(connection.default_channel).declare()

    def fill(
        self,
        exchange: str,
        routing_key: str,
        events: Sequence[Envelope],
        content_type: str = "application/json",
    ) -> None:
        """Publish, durable and confirmed."""
        with Connection(self.amqp_uri) as connection:
            channel = connection.default_channel
            channel.confirm_select()
            unconfirmed: set[int] = set()

            def on_ack(tag: int, multiple: bool) -> None:
                unconfirmed.difference_update(
                    [one for one in unconfirmed if one <= tag] if multiple else [tag]
                )

            channel.events["basic_ack"].add(on_ack)
            for tag, event in enumerate(events, start=1):
                message = Message(
                    event.to_bytes(),
                    content_type=content_type,
                    content_encoding="utf-8",
                    delivery_mode=2,
                    message_id=event.id,
                    application_headers={"partitionkey": event.partition_key},
                )
                unconfirmed.add(tag)
                channel.basic_publish(message, exchange=exchange, routing_key=routing_key)
                while len(unconfirmed) >= _AT_ONCE:
                    connection.drain_events(timeout=30)
            while unconfirmed:
                connection.drain_events(timeout=30)

    def close(self) -> None:
        """Remove what was made."""
        self._postgresql.close()
        self._rabbitmq.close()


@contextmanager
def ground() -> Iterator[Ground]:
    """The servers on which the tests run, too. Raises NoServers."""
    postgresql, rabbitmq = find_postgresql(), find_rabbitmq()
    if postgresql is None or rabbitmq is None:
        raise NoServers(
            "make bench needs PostgreSQL and RabbitMQ on 127.0.0.1, or JIUSHU_TEST_… saying where"
        )
    made = Ground(postgresql, rabbitmq)
    try:
        yield made
    finally:
        made.close()


class Child:
    """A process of `tests.bench.<module>`, ready to begin."""

    def __init__(self, module: str, **settings: object) -> None:
        command = [sys.executable, "-W", "ignore", "-m", f"tests.bench.{module}", json.dumps(settings)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self._line() != "ready":
            raise TooSlow(f"{module} did not become ready")
        self.pid = self._process.pid

    def go(self) -> float:
        """Let it begin; when that was."""
        self._say("go")
        return time.monotonic()

    def wait(self) -> str:
        """The next line that it writes."""
        return self._line()

    def cpu_seconds(self) -> float:
        """What it has used of processors so far."""
        spent = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, spent)) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self) -> float:
        """What it holds of memory."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def stop(self) -> None:
        """Let it finish in order."""
        self._process.terminate()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            pipe.close()

    def _say(self, line: str) -> None:
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _line(self) -> str:
        return self._process.stdout.readline().strip()


@contextmanager
def child(module: str, **settings: object) -> Iterator[Child]:
    """A process that is stopped at the end."""
    made = Child(module, **settings)
    try:
        yield made
    finally:
        made.stop()


def until(reached: Callable[[], bool], pause: float = 0.05) -> float:
    """When that was. Raises TooSlow."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while not reached():
        if time.monotonic() > deadline:
            raise TooSlow(f"not reached within {LONGEST_SECONDS} s")
        time.sleep(pause)
    return time.monotonic()
