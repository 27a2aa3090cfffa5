"""What every repository of an aggregate can do. Services add finders in the words of their use cases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, class_mapper

from shared.kernel.aggregate import Aggregate
from shared.kernel.command import Actor
from shared.kernel.errors import NotFound, Unknown
from shared.persistence.database import Database

A = TypeVar("A", bound=Aggregate)


class Repository(Generic[A]):
    """The stored aggregates of one kind, as the actor may see them. Subclasses set `kind`."""

    kind: type[A]

    def __init__(
        self, session: Session, database: Database, actor: Actor, met: Callable[[Aggregate], None]
    ) -> None:
        self.session = session
        self.database = database
        self.actor = actor
        self._met = met

    def add(self, aggregate: A) -> None:
        """Keep a new aggregate. It must lie within the actor's place."""
        self.actor.must_cover(aggregate.place_path)
        self.session.add(aggregate)

    def add_around(self, aggregate: A) -> None:
        """Keep a new aggregate that may lie around the actor's place, as a building does around a door."""
        self.actor.must_reach(aggregate.place_path)
        self.session.add(aggregate)

    def get(self, id: str, *, locked: bool = False) -> A:
        """The aggregate with that id. Raises NotFound, or Forbidden where it lies outside the actor's place.

        `locked` holds the row until the transaction ends, for what must not change while rows are counted.
        """
        aggregate = self.find(id, locked=locked)
        if aggregate is None:
            raise NotFound(what=self.kind.term, ref=id)
        return aggregate

    def reached(self, id: str, *, locked: bool = False) -> A:
        """As `get`, of what is for everybody in a place: it may lie around the actor's place, too. Raises NotFound,
        Forbidden."""
        aggregate = self.session.get(self.kind, id, with_for_update=True if locked else None)
        if aggregate is None:
            raise NotFound(what=self.kind.term, ref=id)
        self.actor.must_reach(aggregate.place_path)
        self._met(aggregate)
        return aggregate

    def named(self, ref: str, *, field: str, locked: bool = False) -> A:
        """The aggregate that the input `field` refers to. Raises Unknown naming the field, or Forbidden."""
        aggregate = self.find(ref, locked=locked)
        if aggregate is None:
            raise Unknown(what=self.kind.term, ref=ref, field=field)
        return aggregate

    def find(self, id: str, *, locked: bool = False) -> A | None:
        """The aggregate with that id, or None."""
        aggregate = self.session.get(self.kind, id, with_for_update=True if locked else None)
        if aggregate is not None:
            self.actor.must_cover(aggregate.place_path)
            self._met(aggregate)
        return aggregate

    def among(
        self,
        column: ColumnElement[str],
        values: Collection[str],
        *wanted: ColumnElement[bool],
        locked: bool = False,
    ) -> Iterator[A]:
        """Those whose `column` has one of the values and which are wanted; of each part of the values in the order of
        their ids. It asks for no scope. `locked` as in `get`."""
        query = select(self.kind).where(*wanted).order_by(*class_mapper(self.kind).primary_key)
        if locked:
            query = query.with_for_update()
        for part in batched(values):
            yield from self.session.scalars(query.where(column.in_(part)))


def batched(values: Collection[str], size: int = 1000) -> Iterator[list[str]]:
    """In parts: databases take a bounded number of values in one statement."""
    each = sorted(values)
    return (each[start : start + size] for start in range(0, len(each), size))
