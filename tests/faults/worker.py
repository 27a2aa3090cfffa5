"""A process with some services of the chain, and with writers where it has the first one: `python -m
tests.faults.worker <settings as JSON>`. It goes on until it is told to stop, or killed.

Settings: `databases` (service → URL), `amqp_uri` (or null: embedded), `intents` (the file that the writers keep),
`quiet` (the file whose existence ends the writing), `seed`, `writers` (how many).
"""

# ruff: noqa: E402 (patched before anything else is imported)

from __future__ import annotations

from shared.suite import patch

patch()

import gc
import json
import logging
import os
import random
import signal
import sys
import threading
import time
import traceback
from pathlib import Path

import greenlet

from shared.application import Application
from shared.kernel.command import Actor, Cause
from shared.kernel.errors import ConcurrentChange
from shared.messaging import lane, rabbitmq
from shared.messaging.embedded import EmbeddedBus
from shared.messaging.holder import Holder
from shared.telemetry import logs
from tests.faults import chain
from tests.faults.ledger import BEGUN, COMMITTED, ROLLED_BACK, UNKNOWN

log = logging.getLogger(__name__)

KEYS, POISONED_KEYS = 40, 8
# each deadly one costs five processes at the end, one after the other: few of them
KINDS = {chain.PLAIN: 3520, chain.LATER: 400, chain.REFUSED: 40, chain.BROKEN: 36, chain.DEADLY: 1}
LONGEST_PAUSE = 0.12
WRITER = Actor("writer", "street")
# few, so that a bad one is dead soon, and so that attempts burnt by a fault that is not its own would show
lane.MOST_ATTEMPTS = 4


class RolledBack(Exception):
    """What the transaction has written must not be."""


class Intents:
    """The file in which each writer says what it is about to do and how it ended; on disk before it goes on."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def write(self, outcome: str, intents: list[str]) -> None:
        os.write(self._file, "".join(f"{outcome} {intent}\n" for intent in intents).encode())
        os.fsync(self._file)


class Writer:
    """Moves counters at random: one or two in a transaction, some of which are rolled back at their very end."""

    def __init__(self, application: Application, intents: Intents, quiet: Path, seed: str) -> None:
        self._application = application
        self._intents = intents
        self._quiet = quiet
        self._random = random.Random(seed)
        self._name = f"{os.getpid()}-{time.time_ns() % 10**9}-{seed[-1]}"
        self._number = 0

    def run(self) -> None:
        while not self._quiet.exists():
            self._write()
            time.sleep(self._random.uniform(0, LONGEST_PAUSE))

    def _write(self) -> None:
        moves = [self._some_move() for _ in range(self._random.choice((1, 1, 1, 2)))]
        intents = [move.intent for move in moves]
        is_rolled_back = self._random.random() < 0.1

        def deed(session):
            for move in moves:
                self._application.carry_out(session, move, Cause(WRITER))
            if is_rolled_back:
                raise RolledBack

        self._intents.write(BEGUN, intents)
        try:
            self._application.in_transaction(deed)
        except (RolledBack, ConcurrentChange):
            self._intents.write(ROLLED_BACK, intents)
        except Exception as error:  # the database went away: only its rows can tell
            log.warning("a write failed: %s", error)
            self._intents.write(UNKNOWN, intents)
            time.sleep(0.3)
        else:
            self._intents.write(COMMITTED, intents)

    def _some_move(self) -> chain.Move:
        self._number += 1
        intent = f"{self._name}-{self._number}"
        (kind,) = self._random.choices([*KINDS], [*KINDS.values()])
        # what may be poisoned has keys of its own: behind a dead one its key waits
        is_risky = kind in chain.POISON or self._random.random() < 0.02
        key = f"p{self._random.randrange(POISONED_KEYS)}" if is_risky else f"k{self._random.randrange(KEYS)}"
        return chain.Move(key, intent, kind)


def say_where_all_are() -> None:
    """The stack of each green thread, into the log."""
    for thread in gc.get_objects():
        if isinstance(thread, greenlet.greenlet) and thread.gr_frame:
            print("".join(traceback.format_stack(thread.gr_frame)), file=sys.stderr, flush=True)


def main() -> None:
    """Run until SIGTERM."""
    settings = json.loads(sys.argv[1])
    logs.configure("INFO", "text")
    asked: list[int] = []
    signal.signal(signal.SIGUSR1, lambda _number, _frame: say_where_all_are())
    signal.signal(signal.SIGTERM, lambda number, _frame: asked.append(number))
    bus = EmbeddedBus()
    applications = [chain.application(name, url) for name, url in settings["databases"].items()]
    holders = []
    for application in applications:
        bus.join(application)
        transport = bus
        if settings["amqp_uri"]:
            transport = rabbitmq.RabbitMQ(
                settings["amqp_uri"], application.name, list(application.subscriptions)
            )
        holders.append(Holder(application, transport))
    for holder in holders:
        holder.start()
    for application in applications:
        if application.name == "first":
            _write(application, settings)
    while not asked:
        time.sleep(0.1)
    for holder in holders:
        holder.stop()


def _write(application: Application, settings) -> None:
    intents, quiet = Intents(settings["intents"]), Path(settings["quiet"])
    for number in range(settings["writers"]):
        writer = Writer(application, intents, quiet, f"{settings['seed']}-{number}")
        threading.Thread(target=writer.run, daemon=True).start()


if __name__ == "__main__":
    main()
