"""Whistles."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String

from services.grid.domain.limit import Limit
from services.grid.domain.whistle import UNDER_WAY, Whistle
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, Json, kept

whistles = aggregate_table(
    "whistles",
    metadata,
    Column("case_ref", Id, nullable=False, index=True),
    Column("number", String(20), nullable=False),
    Column("category", String(10), nullable=False),
    Column("category_name", String(50), nullable=False),
    Column("place_ref", Id, nullable=False, index=True),
    Column("place_name", String(100), nullable=False),
    Column("grid_ref", Id, nullable=False),
    Column("party_ref", Id, index=True),
    Column("organisation_ref", Id),
    Column("called_name", String(100), nullable=False),
    Column("need", String(500), nullable=False),
    Column("blown_by", String(120), nullable=False),
    Column("blown_at", Instant, nullable=False),
    Column("answer_limit", kept(Limit), nullable=False),
    Column("answer_due_at", Instant, nullable=False),
    Column("solve_due_at", Instant, nullable=False),
    Column("confirm_due_at", Instant),
    Column("answered_at", Instant),
    Column("answer_text", String(500)),
    Column("reported_at", Instant),
    Column("result_text", String(500)),
    Column("ended_at", Instant),
    Column("end_text", String(500)),
    Column("late", Json, nullable=False),
    Column("is_overdue", Boolean, nullable=False),
    Column("state", String(20), nullable=False),
)
Index("ix_whistles_state", whistles.c.state, whistles.c.is_overdue)

FOLLOWS = [
    Follows(
        whistles,
        whistles.c.state.in_(UNDER_WAY),
        at=whistles.c.place_ref,
        facts={"place_name": "name", "grid_ref": "grid_ref"},
    )
]

map_aggregate(mapper, Whistle, whistles)


class Whistles(Repository[Whistle]):
    """Whistles."""

    kind = Whistle
