"""Lists and single rows as a caller may see them."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import Mapper, Session

from shared.kernel.aggregate import Aggregate
from shared.kernel.command import Actor
from shared.kernel.errors import NotFound
from shared.kernel.listing import Page

A = TypeVar("A", bound=Aggregate)


def one(session: Session, actor: Actor, kind: type[A], id: str) -> A:
    """The aggregate with that id. Raises NotFound, or Forbidden outside the actor's place."""
    aggregate = session.get(kind, id)
    if aggregate is None:
        raise NotFound(what=kind.term, ref=id)
    actor.must_cover(aggregate.place_path)
    return aggregate


def page(
    session: Session,
    actor: Actor,
    kind: type[A],
    /,
    *conditions: ColumnElement[bool],
    limit: int,
    after: str | None,
    **equals: Any,
) -> Page:
    """A part of a list of aggregates, in the order of their ids (which is that of their making).

    `equals` filters by columns (None: not at all). Rows outside the actor's place are left out; those that lie
    nowhere are not. `after` is the last id of the part before.
    """
    mapper: Mapper[A] = inspect(kind)
    column = mapper.local_table.c
    query = select(kind).where(*conditions)
    for name, wanted in equals.items():
        if wanted is not None:
            query = query.where(column[name] == wanted)
    if actor.place_ref is not None:
        path = column.place_path
        query = query.where(path.is_(None) | path.contains(f"/{actor.place_ref}/", autoescape=True))
    if after:
        query = query.where(column.id > after)
    rows = session.scalars(query.order_by(column.id).limit(limit + 1)).all()
    return Page(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)
