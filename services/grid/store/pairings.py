"""Pairings, and the residents' leaders in them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, ColumnElement, Date, Index, String, Table, select
from sqlalchemy.orm import relationship

from services.grid.domain.pairing import PairedLeader, Pairing
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id

pairings = aggregate_table(
    "pairings",
    metadata,
    Column("place_ref", Id, nullable=False),
    Column("place_name", String(100), nullable=False),
    Column("worker_ref", Id),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("state", String(20), nullable=False),
)
NOT_ENDED = pairings.c.valid_to.is_(None)
Index("ix_pairings_of_worker", pairings.c.worker_ref, sqlite_where=NOT_ENDED, postgresql_where=NOT_ENDED)
Index("ix_pairings_at_place", pairings.c.place_ref, sqlite_where=NOT_ENDED, postgresql_where=NOT_ENDED)

FOLLOWS = [Follows(pairings, NOT_ENDED, at=pairings.c.place_ref, facts={"place_name": "name"})]

paired_leaders = Table(
    "paired_leaders",
    metadata,
    Column("id", Id, primary_key=True),
    Column("pairing_ref", Id, nullable=False, index=True),
    Column("person_ref", Id, nullable=False, index=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
)

mapper.map_imperatively(PairedLeader, paired_leaders)
map_aggregate(
    mapper,
    Pairing,
    pairings,
    leaders=relationship(
        PairedLeader,
        primaryjoin=pairings.c.id == paired_leaders.c.pairing_ref,
        foreign_keys=paired_leaders.c.pairing_ref,
        order_by=paired_leaders.c.id,
        lazy="selectin",
        cascade="all",
    ),
)


class Pairings(Repository[Pairing]):
    """Pairings."""

    kind = Pairing

    def of_worker(self, staff_ref: str) -> Sequence[Pairing]:
        """The worker's, those that have not ended."""
        return self._open(pairings.c.worker_ref == staff_ref)

    def of_leader(self, person_ref: str) -> Sequence[Pairing]:
        """The leader's, those that have not ended."""
        still = (paired_leaders.c.person_ref == person_ref, paired_leaders.c.valid_to.is_(None))
        return self._open(pairings.c.id.in_(select(paired_leaders.c.pairing_ref).where(*still)))

    def _open(self, *wanted: ColumnElement[bool]) -> Sequence[Pairing]:
        return self.session.scalars(select(Pairing).where(NOT_ENDED, *wanted).order_by(pairings.c.id)).all()
