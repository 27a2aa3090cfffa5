"""What lies in a place goes with it (随所走): how rows and facts keep up when places move, merge and split.

A service says which of its rows follow while they are open; what is closed stays as it was. One rule for all: what
lies directly in a place has that place's present path, or that of the place which has taken over from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, inspect, or_, select, update
from sqlalchemy.orm import Session

from shared.kernel.errors import UnknownReference
from shared.persistence.tables import copies

# a place as grid tells it: place_ref, path, name, the refs around it; once it is superseded, `rest_ref`: what has taken
# over that which lay directly in it
Facts = Mapping[str, Any]
Read = Callable[[str], Facts | None]


@dataclass(frozen=True, eq=False)
class Follows:
    """Rows that go with the place they lie directly in, while they are `open`.

    `at` is the column with that place's ref; without one the end of `place_path` says it. `facts` are the columns
    that repeat something of the place, and what: `{"place_name": "name"}`.
    """

    table: Table
    open: ColumnElement[bool]
    at: Column[Any] | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


def copied(session: Session, ref: str) -> Facts | None:
    """The local copy of a place."""
    query = select(copies.c.facts).where(copies.c.aggregate == "grid.place", copies.c.ref == ref)
    return session.execute(query).scalar_one_or_none()


def line(read: Read, ref: str) -> list[Facts]:
    """The place and those that have taken over from it, one after the other, as far as they are known here."""
    found, place = [], read(ref)
    while place is not None:
        found.append(place)
        place = read(place["rest_ref"]) if place.get("rest_ref") else None
    return found


def inside_of(session: Session, path: str, *, kind: str) -> list[dict[str, Any]]:
    """The places of one kind in another place, as far as they are known and still there. For places of which a street
    has few: all its places are read."""
    query = select(copies.c.facts).where(copies.c.aggregate == "grid.place")
    found = session.execute(query).scalars()
    return [facts for facts in found if facts and facts["kind"] == kind and facts["path"].startswith(path)]


def as_it_lies_now(read: Read, facts: dict[str, Any]) -> dict[str, Any]:
    """Facts told some time ago, with the path that holds now and the ref of its place; where they tell no path, with
    the ref of the estate that holds now. One keyed read."""
    path = facts.get("place_path")
    ref = path.rstrip("/").rpartition("/")[2] if path else facts.get("estate_ref")
    places = line(read, ref) if ref else []
    if not places:
        return facts
    now = {"place_path": places[-1]["path"]} if path else {}
    named = "place_ref" if path else "estate_ref"
    if facts.get(named) == ref:
        now[named] = places[-1]["place_ref"]
    return {**facts, **now}


def follow(session: Session, read: Read, tables: Sequence[Follows], refs: Iterable[str]) -> Counter[str]:
    """Bring what is open in these places to where they lie now; how many rows of which table went.

    Only rows that differ are touched, so that it may be done again at any time. Their versions grow: whoever has read
    one before is refused. Raises UnknownReference where a successor is not known here yet.
    """
    session.flush()
    went: Counter[str] = Counter()
    for ref in refs:
        places = line(read, ref)
        if not places:
            continue
        if places[-1].get("rest_ref"):
            raise UnknownReference(field="rest_ref", ref=places[-1]["rest_ref"])
        for rows in tables:
            changed: Any = session.execute(_moving(rows, ref, places[-1]))
            went[str(rows.table.name)] += changed.rowcount
    followed = {rows.table for rows in tables}
    for loaded in list(session.identity_map.values()):
        if inspect(type(loaded)).local_table in followed:
            session.expire(loaded)
    return +went


def _moving(rows: Follows, ref: str, place: Facts) -> Any:
    column = rows.table.c
    values = {"place_path": place["path"], **{name: place[fact] for name, fact in rows.facts.items()}}
    if rows.at is None:
        lies_in = column.place_path.endswith(f"/{ref}/", autoescape=True)
    else:
        lies_in = rows.at == ref
        values[rows.at.name] = place["place_ref"]
    differs = or_(*(column[name].is_distinct_from(value) for name, value in values.items()))
    return update(rows.table).where(rows.open, lies_in, differs).values(version=column.version + 1, **values)
