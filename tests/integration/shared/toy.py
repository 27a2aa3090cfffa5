"""A toy service for tests of persistence: boxes on shelves, and a bell that rings when it is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Column, String
from sqlalchemy.orm import registry

from shared.application import Definition
from shared.contracts.fields import Text
from shared.contracts.registry import Event
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.command import Command, use_case
from shared.kernel.errors import Invalid, Term
from shared.persistence.mapping import aggregate_table, map_aggregate, new_metadata
from shared.persistence.repository import Repository
from shared.persistence.types import Instant, kept, kept_list
from shared.persistence.unit_of_work import UnitOfWork, at_home
from shared.web.api import Api


class BoxPainted(Event):
    """Sent when: a box is made or painted. Not sent when: never."""

    type = "toys.box.painted.v1"
    colour = Text(1_000_000, required=True)


@dataclass(frozen=True)
class Painted(DomainEvent):
    """A fact for everybody."""

    colour: str


@dataclass(frozen=True)
class Put(DomainEvent):
    """A fact that stays at home."""


@dataclass(frozen=True)
class Seal:
    """A value with two instants, one of which may be missing."""

    number: int
    sealed_at: datetime
    broken_at: datetime | None = None


@dataclass(frozen=True)
class Size:
    """A value inside another."""

    width: int
    height: int


@dataclass(frozen=True)
class Label:
    """A value with another inside."""

    text: str
    size: Size


class Box(Aggregate):
    """Something that stories are told of."""

    term = Term("箱子", "box")

    def __init__(self, id: str, place_path: str | None = None, colour: str = "grey") -> None:
        self.id = id
        self.place_path = place_path
        self.packed_at: datetime | None = None
        self.seal: Seal | None = None
        self.seals: list[Seal] = []
        self.label: Label | None = None
        self.paint(colour)

    def paint(self, colour: str) -> None:
        self.colour = colour
        self.record(Painted(colour))


class Shelf(Aggregate):
    """A reference fact: a story that touches it does not become its own."""

    term = Term("架子", "shelf")
    leads_journey = False

    def __init__(self, id: str) -> None:
        self.id = id
        self.record(Put())


@dataclass(frozen=True)
class Do(Command):
    """Whatever a test wants done in one transaction."""

    deed: Callable[[Any], Any]


@use_case
def do(command: Do, work: Store) -> Any:
    return command.deed(work)


@dataclass(frozen=True)
class Ring(Command):
    """Ring the bell; `refused` is refused."""

    tone: str


RUNG: list[str] = []


@use_case
def ring(command: Ring, work: Store) -> None:
    if command.tone == "refused":
        raise Invalid(message="no such tone")
    RUNG.append(command.tone)
    work.boxes.add(Box(command.tone))


metadata = new_metadata()
mapper = registry(metadata=metadata)
boxes = aggregate_table(
    "boxes",
    metadata,
    Column("colour", String, nullable=False),
    Column("packed_at", Instant),
    Column("seal", kept(Seal)),
    Column("seals", kept_list(Seal), nullable=False),
    Column("label", kept(Label, lambda plain: Label(plain["text"], Size(**plain["size"])))),
)
shelves = aggregate_table("shelves", metadata)
map_aggregate(mapper, Box, boxes)
map_aggregate(mapper, Shelf, shelves)


class Boxes(Repository[Box]):
    kind = Box


class Shelves(Repository[Shelf]):
    kind = Shelf


class Store(UnitOfWork):
    boxes: Boxes
    shelves: Shelves


TOYS = Definition(
    name="toys",
    title="",
    use_cases=(SimpleNamespace(__name__=__name__, do=do, ring=ring),),  # type: ignore[arg-type]
    store=Store,
    metadata=metadata,
    translations={
        Painted: lambda box, event: (BoxPainted, {"colour": event.colour}),
        Put: at_home,
    },
    subscriptions=(),
    api=Api("toys"),
    migrations=SimpleNamespace(__file__=__file__),  # type: ignore[arg-type]
)
