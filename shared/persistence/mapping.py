"""Imperative mapping: the domain's plain classes onto tables, without their knowing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table
from sqlalchemy.orm import registry

from shared.kernel.aggregate import Aggregate
from shared.persistence.types import Id

PLACE_PATH = String(500)

_CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_metadata() -> MetaData:
    """The tables of one service; constraints are named alike, so that migrations can speak of them."""
    return MetaData(naming_convention=_CONSTRAINT_NAMES)


def aggregate_table(name: str, metadata: MetaData, *columns: Any) -> Table:
    """A table of aggregates: id, version, journey and place path come first, then its own columns."""
    return Table(
        name,
        metadata,
        Column("id", Id, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("journey", Id, nullable=False),
        Column("place_path", PLACE_PATH),
        *columns,
    )


def map_aggregate(mapper: registry, kind: type[Aggregate], table: Table, **properties: Any) -> None:
    """Map an aggregate. Its version, which it bumps with each fact, refuses a second writer of the same row."""
    mapper.map_imperatively(
        kind, table, version_id_col=table.c.version, version_id_generator=False, properties=properties
    )
