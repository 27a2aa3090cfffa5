"""Opinion sheets of households, and visits to them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, String, UniqueConstraint, func, select

from services.consultation.domain.opinion import HouseVisit, OpinionSheet
from services.consultation.store.base import mapper, metadata
from services.consultation.store.projects import GOING_ON
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant

opinions = aggregate_table(
    "opinions",
    metadata,
    Column("project_ref", Id, nullable=False),
    Column("household_ref", Id, nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("opinion", String(20), nullable=False),
    Column("given_at", Instant),
    Column("collected_by", String(120), nullable=False),
    UniqueConstraint("project_ref", "household_ref"),
)

map_aggregate(mapper, OpinionSheet, opinions)


house_visits = aggregate_table(
    "house_visits",
    metadata,
    Column("task_ref", Id, nullable=False, unique=True),
    Column("campaign_ref", Id, nullable=False, index=True),
    Column("place_ref", Id, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("occurred_at", Instant),
)

map_aggregate(mapper, HouseVisit, house_visits)


FOLLOWS = [
    Follows(opinions, opinions.c.project_ref.in_(GOING_ON), at=opinions.c.place_ref),
]


class Opinions(Repository[OpinionSheet]):
    """Opinion sheets."""

    kind = OpinionSheet

    def of_households(self, project_ref: str, household_refs: Sequence[str]) -> dict[str, OpinionSheet]:
        """Those of some households, by household."""
        query = select(OpinionSheet).where(
            opinions.c.project_ref == project_ref, opinions.c.household_ref.in_(household_refs)
        )
        return {sheet.household_ref: sheet for sheet in self.session.scalars(query)}

    def count(self, project_ref: str, building_ref: str) -> int:
        """How many households of a building have said something."""
        self.session.flush()
        query = select(func.count()).where(
            opinions.c.project_ref == project_ref, opinions.c.place_ref == building_ref
        )
        return self.session.execute(query).scalar_one()


class HouseVisits(Repository[HouseVisit]):
    """Visits that grid told of."""

    kind = HouseVisit

    def of_task(self, task_ref: str) -> HouseVisit | None:
        """That of a task of grid's."""
        return self.session.scalars(
            select(HouseVisit).where(house_visits.c.task_ref == task_ref)
        ).one_or_none()
