"""The roster: shifts, and absences with who stands in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, Column, ColumnElement, FromClause, Index, String, and_, select

from services.grid.domain.roster import Absence, Shift
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant

shifts = aggregate_table(
    "shifts",
    metadata,
    Column("staff_ref", Id, nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("place_name", String(100), nullable=False),
    Column("begins_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("taken_back_at", Instant),
)
Index("ix_shifts_there", shifts.c.place_ref, shifts.c.ends_at)
Index("ix_shifts_of", shifts.c.staff_ref, shifts.c.ends_at)

absences = aggregate_table(
    "absences",
    metadata,
    Column("staff_ref", Id, nullable=False),
    Column("substitute_ref", Id),
    Column("begins_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("taken_back_at", Instant),
)
Index("ix_absences_of", absences.c.staff_ref, absences.c.ends_at)

# an absence goes with the place that holds its staff's grids
FOLLOWS = [
    Follows(shifts, shifts.c.taken_back_at.is_(None), at=shifts.c.place_ref, facts={"place_name": "name"}),
    Follows(absences, absences.c.taken_back_at.is_(None)),
]

map_aggregate(mapper, Shift, shifts)
map_aggregate(mapper, Absence, absences)


def covering(table: FromClause, now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """The condition that a line of the roster holds at a moment."""
    column = table.c
    return and_(column.taken_back_at.is_(None), column.begins_at <= now, column.ends_at > now)


class Shifts(Repository[Shift]):
    """Shifts."""

    kind = Shift


class Absences(Repository[Absence]):
    """Absences."""

    kind = Absence

    def of(self, staff_refs: Collection[str], since: datetime) -> Sequence[Absence]:
        """Theirs that have not ended by then and were not taken back."""
        wanted = (absences.c.staff_ref.in_(staff_refs), absences.c.ends_at > since)
        query = select(Absence).where(*wanted, absences.c.taken_back_at.is_(None))
        return self.session.scalars(query.order_by(absences.c.begins_at, absences.c.id)).all()
