"""Patrols, check-ins and what was found. One patrol of a person is under way at a time."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, select

from services.grid.domain.patrol import UNDER_WAY, CheckIn, Finding, Patrol
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant

patrols = aggregate_table(
    "patrols",
    metadata,
    Column("grid_ref", Id, nullable=False, index=True),
    Column("grid_name", String(100), nullable=False),
    Column("begun_by", String(120), nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("state", String(20), nullable=False),
)
_under_way = patrols.c.state == UNDER_WAY
Index(
    "uq_patrols_under_way",
    patrols.c.begun_by,
    unique=True,
    sqlite_where=_under_way,
    postgresql_where=_under_way,
)

FOLLOWS = [Follows(patrols, _under_way, at=patrols.c.grid_ref, facts={"grid_name": "name"})]

# a registered place of the grid, never coordinates, never a track (个保法 28)
check_ins = aggregate_table(
    "check_ins",
    metadata,
    Column("patrol_ref", Id, nullable=False, index=True),
    Column("place_ref", Id, nullable=False),
    Column("place_name", String(100), nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

patrol_findings = aggregate_table(
    "patrol_findings",
    metadata,
    Column("patrol_ref", Id, nullable=False, index=True),
    Column("number", String(20), nullable=False),
)

map_aggregate(mapper, Patrol, patrols)
map_aggregate(mapper, CheckIn, check_ins)
map_aggregate(mapper, Finding, patrol_findings)


class Patrols(Repository[Patrol]):
    """Patrols."""

    kind = Patrol

    def under_way(self, by: str) -> Patrol | None:
        """The one that somebody has not ended."""
        query = select(Patrol).where(patrols.c.begun_by == by, patrols.c.state == UNDER_WAY)
        return self.session.scalars(query).one_or_none()


class CheckIns(Repository[CheckIn]):
    """Check-ins."""

    kind = CheckIn


class Findings(Repository[Finding]):
    """What was found on patrols, by the ids of the cases."""

    kind = Finding
