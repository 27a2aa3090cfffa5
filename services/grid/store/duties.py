"""The duty log of captains and stewards."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Index, String, Text, select

from services.grid.domain.duty import DONE, OPEN, DutyEntry
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant

duty_entries = aggregate_table(
    "duty_entries",
    metadata,
    Column("captain_ref", Id),
    Column("steward_ref", Id),
    Column("building_ref", Id, nullable=False),
    Column("door_ref", Id),
    Column("duty", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", String(120), nullable=False),
    Column("answered_at", Instant),
    Column("state", String(20), nullable=False),
)
Index("ix_duty_entries_captain_ref_id", duty_entries.c.captain_ref, duty_entries.c.id)
Index("ix_duty_entries_steward_ref_id", duty_entries.c.steward_ref, duty_entries.c.id)

# what waits for an answer; a door, or its building
FOLLOWS = [Follows(duty_entries, duty_entries.c.state != DONE, facts={"building_ref": "building_ref"})]

map_aggregate(mapper, DutyEntry, duty_entries)


class Duties(Repository[DutyEntry]):
    """The duty log."""

    kind = DutyEntry

    def open_of(self, steward_ref: str) -> Sequence[DutyEntry]:
        """What waits for a steward's answer."""
        own = (duty_entries.c.steward_ref == steward_ref, duty_entries.c.state == OPEN)
        return self.session.scalars(select(DutyEntry).where(*own).order_by(duty_entries.c.id)).all()
