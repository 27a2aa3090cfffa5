"""Reception points, and what is said there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Index, String, Text, func, select
from sqlalchemy.orm import Session as Reading

from services.consultation.domain.reception import (
    ANSWERED,
    REFERRED,
    SUGGESTED,
    Intake,
    IntakeTally,
    ReceptionPoint,
)
from services.consultation.store.base import mapper, metadata
from services.consultation.store.projects import GOING_ON
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, Json

reception_points = aggregate_table(
    "reception_points",
    metadata,
    Column("project_ref", Id, nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("name", String(100), nullable=False),
    Column("hours", String(200), nullable=False),
    Column("duty", Json, nullable=False),
    Column("state", String(20), nullable=False),
)
Index("ix_reception_points_project_ref_id", reception_points.c.project_ref, reception_points.c.id)

map_aggregate(mapper, ReceptionPoint, reception_points)


intakes = aggregate_table(
    "intakes",
    metadata,
    Column("point_ref", Id, nullable=False),
    Column("project_ref", Id, nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("text", Text, nullable=False),
    Column("proposer_ref", Id),
    Column("received_by", String(120), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("suggestion_ref", Id),
    Column("case_ref", Id),
    Column("case_category", String(64)),
    Column("answer_text", Text, nullable=False),
    Column("answered_at", Instant),
    Column("state", String(20), nullable=False),
)
Index("ix_intakes_project_ref_id", intakes.c.project_ref, intakes.c.id)

map_aggregate(mapper, Intake, intakes)


FOLLOWS = [
    Follows(reception_points, reception_points.c.project_ref.in_(GOING_ON), at=reception_points.c.place_ref),
    Follows(intakes, intakes.c.project_ref.in_(GOING_ON), at=intakes.c.place_ref),
]


class ReceptionPoints(Repository[ReceptionPoint]):
    """Reception points."""

    kind = ReceptionPoint

    def of_project(self, project_ref: str) -> Sequence[ReceptionPoint]:
        """The reception points of a project."""
        query = select(ReceptionPoint).where(reception_points.c.project_ref == project_ref)
        return self.session.scalars(query).all()


class Intakes(Repository[Intake]):
    """What was said at reception points."""

    kind = Intake


def intake_tally(session: Reading, project_ref: str) -> IntakeTally:
    """接待情况 How much was taken in for a project, and what became of it."""
    state, was_referred = intakes.c.state, intakes.c.case_category.is_not(None)
    query = select(
        func.count(),
        func.count().filter(state == SUGGESTED),
        func.count().filter((state == REFERRED) | was_referred),
        func.count().filter(state == ANSWERED, ~was_referred),
    ).where(intakes.c.project_ref == project_ref)
    return IntakeTally(*session.execute(query).one())
