"""Two toy services for tests of the bus: `sender` says that a thing was made, `listener` notes what it hears.

The thing's name decides what the listener does with it: `bad` fails for ever, `refused` is refused, `early` must wait
until its `gate` is open, `flaky` fails twice, `kills` and `exits` end the process, `leaves` raises SystemExit, `slow`
takes its time, `cut off` loses its connection. Everything else is noted.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from types import SimpleNamespace

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select, text
from sqlalchemy.orm import registry

from shared.application import Application, Definition
from shared.contracts.fields import Text, Whole
from shared.contracts.registry import Event
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.clock import FixedClock
from shared.kernel.command import Actor, Command, use_case
from shared.kernel.errors import Invalid, NotYet, Term
from shared.messaging.subscriptions import Received, advance, copy
from shared.persistence.database import Database
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.repository import Repository
from shared.persistence.tables import kernel
from shared.persistence.types import Id
from shared.persistence.unit_of_work import UnitOfWork
from shared.testing.harness import STARTED
from shared.web.api import Api

MAKER = Actor("maker", "street")


class ThingMade(Event):
    """Sent when: a thing is made or renamed. Not sent when: never."""

    type = "sender.thing.made.v1"
    name = Text(100, required=True)
    count = Whole(required=True)


class LabelSet(Event):
    """Sent when: a label is set. Not sent when: never."""

    type = "sender.label.set.v1"
    name = Text(100, required=True)


@dataclass(frozen=True)
class Made(DomainEvent):
    name: str
    count: int


class Thing(Aggregate):
    term = Term("物品", "thing")

    def __init__(self, id: str) -> None:
        self.id = id
        self.count = 0

    def make(self, name: str) -> None:
        self.count += 1
        self.record(Made(name, self.count))


@dataclass(frozen=True)
class MakeThing(Command):
    id: str
    name: str


@use_case
def make_thing(command: MakeThing, work) -> Thing:
    thing = work.things.find(command.id)
    if thing is None:
        thing = Thing(command.id)
        work.things.add(thing)
    thing.make(command.name)
    return thing


@dataclass(frozen=True)
class NoteThing(Command):
    thing: str
    name: str
    count: int


@use_case
def note_thing(command: NoteThing, work) -> None:
    work.session.execute(insert(notes).values(thing=command.thing, name=command.name, count=command.count))
    if command.name == "bad":
        raise RuntimeError("this one is broken")
    if command.name == "refused":
        raise Invalid(message="refused")
    if command.name == "unsayable":
        raise Invalid(message="\x00 and \ud800")
    if command.name == "early" and not work.gate_is_open():
        raise NotYet("the gate is closed")
    if command.name == "kills":
        os.kill(os.getpid(), signal.SIGKILL)
    if command.name == "exits":
        os._exit(1)
    if command.name == "leaves":
        raise SystemExit(1)
    if command.name == "slow":
        time.sleep(SLOW_SECONDS)
    if command.name == "cut off" and FLAKY["cuts"] > 0:
        FLAKY["cuts"] -= 1
        work.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    if command.name == "flaky":
        FLAKY["failures"] += 1
        if FLAKY["failures"] <= 2:
            raise RuntimeError("not this time")


FLAKY = {"failures": 0, "cuts": 0}
SLOW_SECONDS = float(os.environ.get("TOY_SLOW_SECONDS", "0.03"))

sender_metadata, listener_metadata = MetaData(), MetaData()
things = aggregate_table("things", sender_metadata, Column("count", Integer, nullable=False))
map_aggregate(registry(metadata=sender_metadata), Thing, things)
notes = Table(
    "notes",
    listener_metadata,
    Column("id", Integer, primary_key=True),
    Column("thing", Id, nullable=False),
    Column("name", String(100), nullable=False),
    Column("count", Integer, nullable=False),
)


class Things(Repository[Thing]):
    kind = Thing


class SenderStore(UnitOfWork):
    things: Things


class ListenerStore(UnitOfWork):
    def gate_is_open(self) -> bool:
        return (
            self.session.execute(select(notes.c.id).where(notes.c.name == "open the gate")).first()
            is not None
        )


def on_thing_made(event: Received) -> NoteThing:
    return NoteThing(event.subject, event.data["name"], event.data["count"])


def _module(function):
    """Commands are collected from modules; this one holds a single function."""
    return SimpleNamespace(__name__=function.__module__, function=function)


_no_migrations = SimpleNamespace(__file__=__file__, __package__="tests.integration.messaging.migrations")

SENDER = Definition(
    name="sender",
    title="",
    use_cases=(_module(make_thing),),
    store=SenderStore,
    metadata=sender_metadata,
    translations={Made: lambda thing, event: (ThingMade, {"name": event.name, "count": event.count})},
    subscriptions=(),
    api=Api("sender"),
    migrations=_no_migrations,
)

LISTENER = Definition(
    name="listener",
    title="",
    use_cases=(_module(note_thing),),
    store=ListenerStore,
    metadata=listener_metadata,
    translations={},
    subscriptions=(advance(ThingMade, on_thing_made), copy(LabelSet)),
    api=Api("listener"),
    migrations=_no_migrations,
)


def application(definition: Definition, database: Database) -> Application:
    kernel.create_all(database.engine)
    definition.metadata.create_all(database.engine)
    return Application(definition, database, FixedClock(STARTED), "110112010")


def noted(listener: Application) -> list[tuple[str, str, int]]:
    """What the listener has noted, in the order in which it did."""
    with listener.database.reading() as session:
        rows = session.execute(select(notes.c.thing, notes.c.name, notes.c.count).order_by(notes.c.id))
        return [tuple(row) for row in rows]
