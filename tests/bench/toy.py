"""Two toy services: `maker` is told that a street lamp (路灯) is out and says so, `listener` notes each one it hears of."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from datetime import datetime
from types import SimpleNamespace

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, insert
from sqlalchemy.orm import registry

from shared.application import Definition
from shared.contracts.envelope import Envelope
from shared.contracts.fields import Code, Flag, Instant, Ref, Text, Whole
from shared.contracts.registry import Event, written
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.clock import SystemClock
from shared.kernel.command import Command, use_case
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.messaging.subscriptions import Received, advance
from shared.persistence.database import Database
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.repository import Repository
from shared.persistence.tables import kernel
from shared.persistence.types import Id
from shared.persistence.unit_of_work import UnitOfWork
from shared.web.api import Api

SOURCE = "/jiushu/110112010/maker"
EVENTS_OF_A_LAMP = 5


class LampOut(Event):
    """Sent when: a lamp is reported. Not sent when: never."""

    type = "maker.lamp.reported.v1"
    place = Ref(required=True)
    category = Code("dark", "broken", required=True)
    title = Text(100, required=True)
    reported_at = Instant(required=True)
    count = Whole(required=True)
    urgent = Flag(required=True)


@dataclass(frozen=True)
class Reported(DomainEvent):
    """A lamp was reported."""

    place: str
    category: str
    title: str
    reported_at: datetime
    count: int
    urgent: bool


class Lamp(Aggregate):
    """A street lamp that somebody reported."""

    term = Term("路灯", "lamp")

    def __init__(self, id: str) -> None:
        self.id = id
        self.count = 0

    def report(self, place: str, title: str, at: datetime) -> None:
        self.count += 1
        self.record(Reported(place, "dark", title, at, self.count, False))


class Lamps(Repository[Lamp]):
    """The lamps."""

    kind = Lamp


class MakerStore(UnitOfWork):
    """Keeps lamps."""

    lamps: Lamps


@dataclass(frozen=True)
class ReportLamp(Command):
    """Somebody sees that a lamp is out."""

    id: str
    place: str
    title: str


@dataclass(frozen=True)
class NoteLamp(Command):
    """Another service says that a lamp is out."""

    lamp: str
    title: str
    count: int


@use_case
def report_lamp(command: ReportLamp, work: MakerStore) -> None:
    lamp = Lamp(command.id)
    lamp.report(command.place, command.title, work.now)
    work.lamps.add(lamp)


@use_case
def note_lamp(command: NoteLamp, work: UnitOfWork) -> None:
    work.session.execute(NOTE, asdict(command))


def on_lamp_out(event: Received) -> NoteLamp:
    return NoteLamp(event.subject, event.data["title"], event.data["count"])


maker_metadata, listener_metadata = MetaData(), MetaData()
lamps = aggregate_table("lamps", maker_metadata, Column("count", Integer, nullable=False))
map_aggregate(registry(metadata=maker_metadata), Lamp, lamps)
effects = Table(
    "effects",
    listener_metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("lamp", Id, nullable=False),
    Column("title", String(100), nullable=False),
    Column("count", Integer, nullable=False),
)


NOTE = insert(effects)


def _definition(name, store, metadata, use_case, translations, subscriptions):
    return Definition(
        name=name,
        title=name,
        use_cases=(SimpleNamespace(__name__=__name__, use_case=use_case),),
        store=store,
        metadata=metadata,
        translations=translations,
        subscriptions=subscriptions,
        api=Api(name),
        migrations=SimpleNamespace(
            __file__=os.path.abspath(__file__), __package__=f"{__package__}.migrations"
        ),
    )


MAKER = _definition(
    "maker", MakerStore, maker_metadata, report_lamp, {Reported: lambda _lamp, it: (LampOut, asdict(it))}, ()
)
LISTENER = _definition(
    "listener", UnitOfWork, listener_metadata, note_lamp, {}, (advance(LampOut, on_lamp_out),)
)
DEFINITIONS = {"maker": MAKER, "listener": LISTENER}


def create_tables(url: str) -> None:
    """Everything that either service keeps, in an empty database."""
    database = Database(url)
    for tables in (kernel, maker_metadata, listener_metadata):
        tables.create_all(database.engine)
    database.dispose()


def some_events(number: int) -> list[Envelope]:
    """As many events as `maker` would publish them; some of the same lamp."""
    now, journey = SystemClock().now(), new_id()
    lamp, events = "", []
    for count in range(number):
        lamp = lamp if count % EVENTS_OF_A_LAMP else new_id()
        data = written(
            LampOut,
            {
                "place": "place-1",
                "category": "dark",
                "title": f"九棵树东路第 {count} 号路灯不亮",
                "reported_at": now,
                "count": count,
                "urgent": False,
            },
        )
        events.append(
            Envelope(
                id=new_id(),
                source=SOURCE,
                type=LampOut.type,
                subject=lamp,
                time=now,
                data=data,
                correlation_id=journey,
                aggregate_version=count % EVENTS_OF_A_LAMP + 1,
                actor="street:operator",
            )
        )
    return events
