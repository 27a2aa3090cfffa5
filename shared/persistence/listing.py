"""Lists and single rows as a caller may see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Row, Select, Table, inspect, or_, select, tuple_
from sqlalchemy.orm import Mapper, Session

from shared.kernel.aggregate import Aggregate
from shared.kernel.command import Actor
from shared.kernel.errors import Invalid, NotFound
from shared.kernel.listing import Page

A = TypeVar("A", bound=Aggregate)


class PositionUnknown(Invalid):
    """What `after` names is no end of a part of this list in this order."""

    code = "position_unknown"
    zh = "{field}：应为上一页答复中的 next，且排序不变"
    en = "{field}: must be the 'next' of the part before, in the same order"


def one(session: Session, actor: Actor, kind: type[A], id: str) -> A:
    """The aggregate with that id. Raises NotFound, or Forbidden outside the actor's place."""
    aggregate = session.get(kind, id)
    if aggregate is None:
        raise NotFound(what=kind.term, ref=id)
    actor.must_cover(aggregate.place_path)
    return aggregate


def one_around(session: Session, actor: Actor, kind: type[A], id: str) -> A:
    """As `one`, of what is for everybody in a place: it may lie around the actor's place, too. Raises NotFound,
    Forbidden."""
    aggregate = session.get(kind, id)
    if aggregate is None:
        raise NotFound(what=kind.term, ref=id)
    actor.must_reach(aggregate.place_path)
    return aggregate


def page(
    session: Session,
    actor: Actor,
    kind: type[A],
    /,
    *conditions: ColumnElement[bool],
    around: bool = False,
    limit: int,
    after: str | None,
    sort: str = "id",
    **equals: Any,
) -> Page:
    """A part of a list of aggregates, in the order of the column `sort` (`-`: the greatest first), then of their ids
    (which is that of their making).

    `equals` filters by columns (None: not at all). Rows outside the actor's place are left out; those that lie
    nowhere are not, nor those that lie around it, where `around` asks for what is for everybody there. `after` is the
    `next` of the part before. Raises PositionUnknown.
    """
    mapper: Mapper[A] = inspect(kind)
    column = mapper.local_table.c
    query = select(kind).where(*conditions)
    for name, wanted in equals.items():
        if wanted is not None:
            query = query.where(column[name] == wanted)
    if actor.place_refs:
        path = column.place_path
        above = [path.in_(_above(actor.place_path))] if around and actor.place_path else []
        query = query.where(or_(path.is_(None), *within(path, actor), *above))
    found = session.scalars(_ordered(query, column, sort, after).limit(limit + 1)).all()
    return _part(found, limit, sort)


def rows(
    session: Session,
    table: Table,
    /,
    *conditions: ColumnElement[bool],
    limit: int,
    after: str | None,
    sort: str = "id",
    keeps: Callable[[Row[Any]], bool] | None = None,
) -> Page:
    """A part of a list of plain rows, as `page`. `keeps` leaves out what no condition can tell: no more rows are read
    than that takes. Raises PositionUnknown."""
    query = _ordered(select(table).where(*conditions), table.c, sort, after)
    if keeps is None:
        return _part(session.execute(query.limit(limit + 1)).all(), limit, sort)
    return _part([*islice(filter(keeps, session.execute(query)), limit + 1)], limit, sort)


def _ordered(query: Select[Any], column: Any, sort: str, after: str | None) -> Select[Any]:
    columns: list[Column[Any]] = [column[name] for name in _columns(sort)]
    descending = sort.startswith("-")
    if after:
        here = tuple_(*columns)
        reached = tuple_(*_values(after, columns), types=[column.type for column in columns])
        query = query.where(here < reached if descending else here > reached)
    return query.order_by(*(column.desc() if descending else column for column in columns))


def _part(found: Sequence[Any], limit: int, sort: str) -> Page:
    if len(found) <= limit:
        return Page(found)
    last = found[limit - 1]
    return Page(found[:limit], "~".join(_said(getattr(last, name)) for name in _columns(sort)))


def _columns(sort: str) -> list[str]:
    name = sort.removeprefix("-")
    return ["id"] if name == "id" else [name, "id"]


def _said(value: Any) -> str:
    """A value as it stands in a URL: `+` would be read as a blank there."""
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)


def _values(after: str, columns: Sequence[Column[Any]]) -> list[Any]:
    texts = after.rsplit("~", len(columns) - 1)
    if len(texts) != len(columns):
        raise PositionUnknown(field="after")
    try:
        return [_read(text, column.type.python_type) for text, column in zip(texts, columns, strict=True)]
    except (ValueError, OverflowError):
        raise PositionUnknown(field="after") from None


def _read(text: str, kind: type) -> Any:
    if kind is int and not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise ValueError("no id")
    if kind is not datetime:
        return kind(text)
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("no time zone")
    return value.astimezone(UTC)


def _above(path: str) -> list[str]:
    """The paths of the places around a place: `/a/`, `/a/b/`."""
    parts = path.strip("/").split("/")
    return [f"/{'/'.join(parts[:end])}/" for end in range(1, len(parts))]


def within(path: ColumnElement[Any], actor: Actor) -> list[ColumnElement[bool]]:
    """The condition that something lies in the actor's place, or in one that has taken over from it; none where the
    actor is not confined to a place."""
    parts = [part for ref in actor.place_refs for part in inside(path, ref)]
    return [or_(*parts)] if parts else []


def inside(path: ColumnElement[Any], place_ref: str | None) -> list[ColumnElement[bool]]:
    """The condition that something lies at a place or anywhere inside it; none where no place is named."""
    return [] if place_ref is None else [path.contains(f"/{place_ref}/", autoescape=True)]
