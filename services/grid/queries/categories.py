"""Tables of categories."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from services.grid.domain.category_table import AdoptedTable, CategoryTable
from services.grid.store.categories import table_on
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import page


def table(session: Session, _actor: Actor, *, on: date) -> CategoryTable:
    """The one that holds on a day, whoever asks."""
    return table_on(session, on)


def tables(session: Session, actor: Actor, **paging: Any) -> Page:
    """Those that the street has adopted, the first one first."""
    return page(session, actor, AdoptedTable, **paging)
