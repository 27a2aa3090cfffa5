"""Hand-overs between shifts, each with what was open then."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Column, String, Text, or_, select

from services.grid.domain.place import Place
from services.grid.domain.shift import APPLICATIONS, MOST_MATTERS, Matter, OpenMatters, ShiftHandover, Tally
from services.grid.store.base import mapper, metadata
from services.grid.store.case_lists import awaits_decision, is_open, is_overdue, tallies
from services.grid.store.cases import cases
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, kept, kept_list

shift_handovers = aggregate_table(
    "shift_handovers",
    metadata,
    Column("place_ref", Id, nullable=False, index=True),
    Column("place_name", String(100), nullable=False),
    Column("handed_by", String(120), nullable=False),
    Column("handed_at", Instant, nullable=False),
    Column("to_subject", Id, nullable=False, index=True),
    Column("remarks", Text, nullable=False),
    Column("tally", kept(Tally), nullable=False),
    Column("matters", kept_list(Matter), nullable=False),
    Column("is_cut", Boolean, nullable=False),
    Column("taken_at", Instant),
    Column("state", String(20), nullable=False),
)

map_aggregate(mapper, ShiftHandover, shift_handovers)


class ShiftHandovers(Repository[ShiftHandover]):
    """Hand-overs."""

    kind = ShiftHandover

    def open_matters(self, place: Place, midnight: datetime) -> OpenMatters:
        """What is open at a place now: how much, and what is overdue or waits for a decision, by what is due first."""
        there = is_open, cases.c.place_path.startswith(place.place_path, autoescape=True)
        counted = self.session.execute(select(*tallies(midnight, awaits_decision)).where(*there)).one()
        names = ("id", "number", "category_name", "place_name", "state", "due_at", *APPLICATIONS)
        query = select(*(cases.c[name] for name in names), is_overdue.label("is_overdue"))
        first = query.where(*there, or_(is_overdue, awaits_decision)).order_by(cases.c.due_at, cases.c.id)
        found = self.session.execute(first.limit(MOST_MATTERS + 1)).all()
        matters = [
            Matter(
                row.id,
                row.number,
                row.category_name,
                row.place_name,
                row.state,
                row.due_at,
                bool(row.is_overdue),
                [name for name in APPLICATIONS if getattr(row, name) is not None],
            )
            for row in found[:MOST_MATTERS]
        ]
        return OpenMatters(Tally(**counted._mapping), matters, len(found) > MOST_MATTERS)
