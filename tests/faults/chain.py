"""Three toy services: `first` says that a counter moved, `second` moves its own because of it and says so, `third`
notes what it hears from both. Each change carries the intent that it came from, so that a ledger can ask for it.

    first ──counter.moved──► second ──counter.moved──► third
      └──────────────────────────────────────────────────┘

Each has a database of its own, with the same tables. Nothing in `effects` is unique: what is doubled must be seen.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from datetime import timedelta
from types import SimpleNamespace

from sqlalchemy import Column, Integer, MetaData, String, Table, insert
from sqlalchemy.orm import registry

from shared.application import Application, Definition
from shared.contracts.fields import Text, Whole
from shared.contracts.registry import Event
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.clock import SystemClock
from shared.kernel.command import Command, use_case
from shared.kernel.errors import Invalid, Term
from shared.messaging.subscriptions import Received, advance
from shared.persistence.database import Database
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.repository import Repository
from shared.persistence.tables import kernel
from shared.persistence.types import Id
from shared.persistence.unit_of_work import UnitOfWork
from shared.web.api import Api

# what `second` makes of a change of that kind: LATER also schedules a command, the others fail in their ways
PLAIN, LATER, REFUSED, BROKEN, DEADLY = "plain", "later", "refused", "broken", "deadly"
POISON = (REFUSED, BROKEN, DEADLY)
LATER_SECONDS = 0.5


class FirstMoved(Event):
    """Sent when: a counter of the first service moves. Not sent when: never."""

    type = "first.counter.moved.v1"
    number = Whole(required=True)
    intent = Text(60, required=True)
    kind = Text(10, required=True)


class SecondMoved(Event):
    """Sent when: a counter of the second service moves. Not sent when: never."""

    type = "second.counter.moved.v1"
    number = Whole(required=True)
    intent = Text(60, required=True)
    kind = Text(10, required=True)


@dataclass(frozen=True)
class Moved(DomainEvent):
    """A counter moved."""

    number: int
    intent: str
    kind: str


class Counter(Aggregate):
    """Counts its changes."""

    term = Term("计数", "counter")

    def __init__(self, id: str) -> None:
        self.id = id
        self.number = 0

    def move(self, intent: str, kind: str) -> None:
        self.number += 1
        self.record(Moved(self.number, intent, kind))


class Counters(Repository[Counter]):
    """The counters."""

    kind = Counter


class Store(UnitOfWork):
    """Counters; the logs are written as they are."""

    counters: Counters


metadata = MetaData()
map_aggregate(
    registry(metadata=metadata),
    Counter,
    aggregate_table("counters", metadata, Column("number", Integer, nullable=False)),
)
changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Id, nullable=False),
    Column("number", Integer, nullable=False),
    Column("intent", String(60), nullable=False),
    Column("kind", String(10), nullable=False),
)
effects = Table(
    "effects",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("because_of", String(10), nullable=False),
    Column("key", Id, nullable=False),
    Column("intent", String(60), nullable=False),
)


@dataclass(frozen=True)
class Move(Command):
    """Somebody wants a counter of the first service to move."""

    key: str
    intent: str
    kind: str


@dataclass(frozen=True)
class Follow(Command):
    """A counter of the first service moved: the second's moves, too."""

    key: str
    intent: str
    kind: str


@dataclass(frozen=True)
class Note(Command):
    """Something moved elsewhere, or its time has come."""

    because_of: str
    key: str
    intent: str


@use_case
def move(command: Move, work: Store) -> None:
    counter = _move(work, command)
    work.session.execute(insert(changes).values(number=counter.number, **asdict(command)))


@use_case
def follow(command: Follow, work: Store) -> None:
    note(Note("first", command.key, command.intent), work)
    _move(work, command)
    if command.kind == LATER:
        due_at = work.now + timedelta(seconds=LATER_SECONDS)
        work.schedule(due_at, Note("schedule", command.key, command.intent), key=command.intent)
    if command.kind == REFUSED:
        raise Invalid(message="refused")
    if command.kind == BROKEN:
        raise RuntimeError("this one is broken")
    if command.kind == DEADLY:
        os._exit(9)


@use_case
def note(command: Note, work: Store) -> None:
    work.session.execute(insert(effects).values(asdict(command)))


def _move(work: Store, command: Move | Follow) -> Counter:
    counter = work.counters.find(command.key)
    if counter is None:
        counter = Counter(command.key)
        work.counters.add(counter)
    counter.move(command.intent, command.kind)
    return counter


def _follow(event: Received) -> Follow:
    return Follow(event.subject, event.data["intent"], event.data["kind"])


def _note_first(event: Received) -> Note:
    return Note("first", event.subject, event.data["intent"])


def _note_second(event: Received) -> Note:
    return Note("second", event.subject, event.data["intent"])


def _definition(name, said, subscriptions):
    return Definition(
        name=name,
        title=name,
        use_cases=(SimpleNamespace(__name__=__name__, move=move, follow=follow, note=note),),
        store=Store,
        metadata=metadata,
        translations={Moved: lambda _counter, moved: (said, asdict(moved))},
        subscriptions=subscriptions,
        api=Api(name),
        migrations=SimpleNamespace(
            __file__=os.path.abspath(__file__), __package__=f"{__package__}.migrations"
        ),
    )


CHAIN = {
    "first": _definition("first", FirstMoved, ()),
    "second": _definition("second", SecondMoved, (advance(FirstMoved, _follow),)),
    "third": _definition(
        "third", None, (advance(FirstMoved, _note_first), advance(SecondMoved, _note_second))
    ),
}


def create_tables(database: Database) -> None:
    """Everything that a service of the chain keeps."""
    kernel.create_all(database.engine)
    metadata.create_all(database.engine)


def application(name: str, url: str) -> Application:
    """A service of the chain on its database."""
    return Application(CHAIN[name], Database(url), SystemClock(), "110112010")
