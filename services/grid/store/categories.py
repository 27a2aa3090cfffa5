"""Tables of categories that the street has adopted."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Column, Date, String, select
from sqlalchemy.orm import Session

from services.grid.domain.categories import Category
from services.grid.domain.category_table import SHIPPED, AdoptedTable, CategoryTable
from services.grid.domain.limit import Limit, Phase
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.repository import Repository
from shared.persistence.types import kept_list


def _category(plain: dict[str, Any]) -> Category:
    phases = (Phase(each["name"], Limit(**each["limit"])) for each in plain["phases"])
    return Category(**{**plain, "phases": tuple(phases)})


category_tables = aggregate_table(
    "category_tables",
    metadata,
    Column("effective_on", Date, nullable=False, unique=True),
    Column("basis", String(200), nullable=False),
    Column("categories", kept_list(Category, _category), nullable=False),
)

map_aggregate(mapper, AdoptedTable, category_tables)


class CategoryTables(Repository[AdoptedTable]):
    """Tables of categories."""

    kind = AdoptedTable

    @cached_property
    def _read(self) -> dict[date, CategoryTable]:
        return {}

    def on(self, day: date) -> CategoryTable:
        """The one that holds on a day; the shipped one before the first. Read once for each day."""
        if day not in self._read:
            self._read[day] = table_on(self.session, day)
        return self._read[day]

    def last(self) -> AdoptedTable | None:
        """The one adopted last, held or yet to come."""
        query = select(AdoptedTable).order_by(category_tables.c.effective_on.desc()).limit(1)
        return self.session.scalars(query).first()


def table_on(session: Session, day: date) -> CategoryTable:
    """The one that holds on a day, whoever asks; the shipped one before the first."""
    query = select(AdoptedTable).where(category_tables.c.effective_on <= day)
    query = query.order_by(category_tables.c.effective_on.desc()).limit(1)
    found = session.scalars(query).first()
    return SHIPPED if found is None else found.table
