"""Lists and single rows as a caller may see them."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select, Table
from sqlalchemy.orm import Session

from shared.kernel.aggregate import Aggregate
from shared.kernel.command import Actor
from shared.kernel.errors import NotFound
from shared.kernel.listing import Page

A = TypeVar("A", bound=Aggregate)


def one(session: Session, actor: Actor, kind: type[A], id: str, name: str) -> A:
    """The aggregate with that id. Raises NotFound, or Forbidden outside the actor's place."""
    aggregate = session.get(kind, id)
    if aggregate is None:
        raise NotFound(what=name, ref=id)
    actor.must_cover(aggregate.place_path)
    return aggregate


def page(
    session: Session, actor: Actor, query: Select[Any], table: Table, *, limit: int, after: str | None
) -> Page:
    """A part of a list of aggregates, in the order of their ids (which is that of their making).

    Rows outside the actor's place are left out; those that lie nowhere are not. `after` is the last id of the part
    before.
    """
    if actor.place_ref is not None:
        path = table.c.place_path
        query = query.where(path.is_(None) | path.contains(f"/{actor.place_ref}/", autoescape=True))
    if after:
        query = query.where(table.c.id > after)
    rows = session.scalars(query.order_by(table.c.id).limit(limit + 1)).all()
    return Page(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)
