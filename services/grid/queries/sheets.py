"""What there is now of each kind of sheet, row by row: by the same keys that an import reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.orm import Session

from services.grid.store.places import households as kept_households
from services.grid.store.places import places as kept_places
from shared.kernel.command import Actor
from shared.persistence import listing

MOST_EXPORTED = 200_000


def places(session: Session, actor: Actor, inside: str | None) -> Iterator[dict[str, Any]]:
    """Places, each after what it lies in. An `estate_type` stands only where it is another than that around."""
    around = kept_places.alias("around")
    query = (
        select(kept_places, around.c.code.label("parent_code"), around.c.estate_type.label("around_type"))
        .outerjoin(around, around.c.id == kept_places.c.parent_ref)
        .where(kept_places.c.valid_to.is_(None), *within(kept_places, actor, inside))
        .order_by(func.length(kept_places.c.place_path), kept_places.c.code)
        .limit(MOST_EXPORTED)
    )
    for row in session.execute(query).mappings():
        own_type = row["estate_type"] if row["estate_type"] != row["around_type"] else None
        yield {**row, "estate_type": own_type or None}


def households(session: Session, actor: Actor, inside: str | None) -> Sequence[dict[str, Any]]:
    """Households, by their doors."""
    query = (
        select(kept_places.c.code.label("door_code"), kept_households.c.room)
        .join(kept_places, kept_places.c.id == kept_households.c.door_ref)
        .where(kept_households.c.valid_to.is_(None), *within(kept_households, actor, inside))
        .order_by(kept_places.c.code, kept_households.c.room)
        .limit(MOST_EXPORTED)
    )
    return [{**row} for row in session.execute(query).mappings()]


def within(table: Table, actor: Actor, inside: str | None) -> list[ColumnElement[bool]]:
    """The rows that the actor may see, and that lie in the place `inside` where one is named."""
    return [*listing.within(table.c.place_path, actor), *listing.inside(table.c.place_path, inside)]
