"""How honour keeps what it knows: tables, mapping, repositories."""

from __future__ import annotations

from sqlalchemy import Column, String, select
from sqlalchemy.orm import registry

from example_honour.domain.commendation import Commendation
from shared.persistence.mapping import aggregate_table, map_aggregate, new_metadata
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant
from shared.persistence.unit_of_work import UnitOfWork

metadata = new_metadata()
mapper = registry(metadata=metadata)

commendations = aggregate_table(
    "commendations",
    metadata,
    Column("topic_ref", Id, nullable=False, unique=True),
    Column("title", String(100), nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("maintainer_name", String(100), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("prize", String(50)),
    Column("state", String(20), nullable=False),
)

map_aggregate(mapper, Commendation, commendations)


class Commendations(Repository[Commendation]):
    """Commendations."""

    kind = Commendation

    def of(self, topic_ref: str) -> Commendation | None:
        """The commendation for that topic."""
        query = select(Commendation).where(commendations.c.topic_ref == topic_ref)
        return self.session.scalars(query).one_or_none()


class Store(UnitOfWork):
    """One transaction of honour."""

    commendations: Commendations
