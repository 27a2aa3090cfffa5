"""`maker`, `listener` or both, as they are deployed: green threads, relay, receiver and lane under the real holder.

Settings: `services` (name → database), `amqp_uri` (or null: embedded), `holder` (false: a replica that does not hold the
lease), `clients` that commit `commits` events in all, as fast as they can or `pace` a second, `notified` (the prototype: the
relay is woken by PostgreSQL's NOTIFY too), `moments` (a file: when each event was committed, and when its effect was).
"""

from __future__ import annotations

from shared.suite import patch

patch()

import json  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from itertools import count  # noqa: E402
from pathlib import Path  # noqa: E402

import psycopg2  # noqa: E402
from eventlet.hubs import trampoline  # noqa: E402
from sqlalchemy.engine import make_url  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from shared.application import Application  # noqa: E402
from shared.kernel.clock import SystemClock  # noqa: E402
from shared.kernel.command import Actor  # noqa: E402
from shared.kernel.ids import new_id  # noqa: E402
from shared.messaging.embedded import EmbeddedBus  # noqa: E402
from shared.messaging.holder import Holder  # noqa: E402
from shared.messaging.rabbitmq import RabbitMQ  # noqa: E402
from shared.persistence.database import Database  # noqa: E402
from tests.bench import child, toy  # noqa: E402

CHANNEL = "bench_outbox"
CLIENT = Actor("client", "street")


class Toy(Application):
    """One of the two, as it is."""

    def __init__(self, name: str, url: str) -> None:
        super().__init__(toy.DEFINITIONS[name], Database(url), SystemClock(), "110112010")


class Watched(Toy):
    """Keeps the moment at which each effect was committed."""

    def __init__(self, name: str, url: str) -> None:
        super().__init__(name, url)
        self.moments: dict[str, float] = {}
        self._noted: list[str] = []

    def carry_out(self, session, command, cause, **options):
        if isinstance(command, toy.NoteLamp):
            self._noted.append(command.lamp)
        return super().carry_out(session, command, cause, **options)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with super().writing() as session:
            yield session
        now = time.time()
        self.moments.update((lamp, now) for lamp in self._noted)
        self._noted.clear()


class Clients:
    """Green threads, each of which does one commit after the other."""

    def __init__(self, maker: Application, number: int, commits: int, pace: float | None) -> None:
        self._maker = maker
        self._commits = commits
        self._pace = pace
        self._next = count()
        self._begun = time.monotonic()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(number)]
        self.moments: dict[str, float] = {}

    def run(self) -> float:
        """Until all is committed; the seconds that it took."""
        for thread in self._threads:
            thread.start()
        for thread in self._threads:
            thread.join()
        return time.monotonic() - self._begun

    def _work(self) -> None:
        while (number := next(self._next)) < self._commits:
            if self._pace:
                time.sleep(max(0.0, self._begun + number / self._pace - time.monotonic()))
            lamp = new_id()
            self._maker.handle(toy.ReportLamp(lamp, "place-1", f"第 {number} 号路灯不亮"), CLIENT)
            self.moments[lamp] = time.time()


def _be_notified(maker: Application) -> None:
    url = make_url(maker.database.url)
    connection = psycopg2.connect(host=url.host, port=url.port, user=url.username, dbname=url.database)
    connection.autocommit = True
    connection.cursor().execute(f"LISTEN {CHANNEL}")
    while True:
        trampoline(connection.fileno(), read=True)
        connection.poll()
        if connection.notifies:
            connection.notifies.clear()
            maker.committed.set()


def main() -> None:
    told = child.settings()
    bus = EmbeddedBus()
    kind = Watched if told.get("moments") else Toy  # what is kept of each event would show in `memory`
    services = {name: kind(name, url) for name, url in told["services"].items()}
    holders = []
    for name, service in services.items():
        bus.join(service)
        uri = told["amqp_uri"]
        holders.append(Holder(service, RabbitMQ(uri, name, list(service.subscriptions)) if uri else bus))
    child.wait_for_go()
    for holder in holders if told.get("holder", True) else ():
        holder.start()
    if told.get("notified"):
        threading.Thread(target=_be_notified, args=(services["maker"],), daemon=True).start()
    clients = None
    if told.get("clients"):
        time.sleep(told.get("pause", 0))
        clients = Clients(services["maker"], told["clients"], told["commits"], told.get("pace"))
        print(clients.run(), flush=True)
    child.wait_for_the_end()
    for holder in holders if told.get("holder", True) else ():
        holder.stop()
    if told.get("moments"):
        seen = services["listener"].moments if "listener" in services else {}
        committed = clients.moments if clients else {}
        Path(told["moments"]).write_text(json.dumps({"committed": committed, "seen": seen}))


if __name__ == "__main__":
    main()
