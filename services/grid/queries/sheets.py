"""What there is now of each kind of sheet, row by row: by the same keys that an import reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select
from sqlalchemy.orm import Session

from services.grid.domain.captain import SERVING
from services.grid.domain.captain_record import SELECTION
from services.grid.domain.organisation_kinds import NAMED_KINDS
from services.grid.store.captains import captain_records
from services.grid.store.captains import captains as kept_captains
from services.grid.store.organisations import organisations as kept_organisations
from services.grid.store.places import households as kept_households
from services.grid.store.places import places as kept_places
from services.grid.store.staff import OPEN, postings
from services.grid.store.staff import staff as kept_staff
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
    )
    for row in _rows(session, query):
        own_type = row["estate_type"] if row["estate_type"] != row["around_type"] else None
        yield {**row, "estate_type": own_type or None}


def households(session: Session, actor: Actor, inside: str | None) -> Sequence[dict[str, Any]]:
    """Households, by their doors."""
    query = (
        select(kept_places.c.code.label("door_code"), kept_households.c.room)
        .join(kept_places, kept_places.c.id == kept_households.c.door_ref)
        .where(kept_households.c.valid_to.is_(None), *within(kept_households, actor, inside))
        .order_by(kept_places.c.code, kept_households.c.room)
    )
    return _rows(session, query)


def organisations(session: Session, actor: Actor, inside: str | None) -> Sequence[dict[str, Any]]:
    """Organisations that are there now, but for persons; by kind and name."""
    above = kept_organisations.alias("above")
    query = (
        select(kept_organisations, above.c.name.label("parent_name"), kept_places.c.code.label("place_code"))
        .outerjoin(above, above.c.id == kept_organisations.c.parent_ref)
        .outerjoin(kept_places, kept_places.c.id == kept_organisations.c.place_ref)
        .where(kept_organisations.c.kind.in_(NAMED_KINDS), kept_organisations.c.valid_to.is_(None))
        .where(*within(kept_organisations, actor, inside))
        .order_by(kept_organisations.c.kind, kept_organisations.c.name)
    )
    return _rows(session, query)


def staff(session: Session, actor: Actor, inside: str | None) -> Sequence[dict[str, Any]]:
    """Who is at work in which grid, by number and grid."""
    query = (
        select(kept_staff, postings.c.grid_code, postings.c.role)
        .join(postings, postings.c.staff_ref == kept_staff.c.id)
        .where(OPEN, *within(kept_staff, actor, inside))
        .order_by(kept_staff.c.staff_no, postings.c.grid_code)
    )
    return _rows(session, query)


def captains(session: Session, actor: Actor, inside: str | None) -> Sequence[dict[str, Any]]:
    """Captains who serve, by their doors."""
    chosen = (captain_records.c.captain_ref == kept_captains.c.id) & (captain_records.c.stage == SELECTION)
    query = (
        select(
            kept_captains,
            kept_places.c.code.label("door_code"),
            captain_records.c.text.label("chosen_how"),
            captain_records.c.happened_on.label("chosen_on"),
        )
        .join(kept_places, kept_places.c.id == kept_captains.c.door_ref)
        .join(captain_records, chosen)
        .where(kept_captains.c.state == SERVING, *within(kept_captains, actor, inside))
        .order_by(kept_places.c.code, kept_captains.c.person_ref, captain_records.c.id.desc())
    )
    return [*{row["id"]: row for row in _rows(session, query)}.values()]  # with their first record


def _rows(session: Session, query: Select[Any]) -> list[dict[str, Any]]:
    return [{**row} for row in session.execute(query.limit(MOST_EXPORTED)).mappings()]


def within(table: Table, actor: Actor, inside: str | None) -> list[ColumnElement[bool]]:
    """The rows that the actor may see, and that lie in the place `inside` where one is named."""
    return [*listing.within(table.c.place_path, actor), *listing.inside(table.c.place_path, inside)]
