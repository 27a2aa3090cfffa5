"""Clusters of similar cases."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, select

from services.grid.domain.cluster import Cluster
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, Json

clusters = aggregate_table(
    "clusters",
    metadata,
    Column("category", String(10), nullable=False),
    Column("category_name", String(50), nullable=False),
    Column("route", String(20), nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("place_name", String(100), nullable=False),
    Column("rule_version", String(20), nullable=False),
    Column("window_days", Integer, nullable=False),
    Column("case_refs", Json, nullable=False),
    Column("found_at", Instant, nullable=False, index=True),
    Column("dissolved_at", Instant),
)
Index(
    "ux_clusters_under_way",
    clusters.c.place_ref,
    clusters.c.category,
    unique=True,
    sqlite_where=clusters.c.dissolved_at.is_(None),
    postgresql_where=clusters.c.dissolved_at.is_(None),
)

map_aggregate(mapper, Cluster, clusters)


class Clusters(Repository[Cluster]):
    """Clusters."""

    kind = Cluster

    def under_way(self, category: str, place_ref: str) -> Cluster | None:
        """The one of a category in a place that is not dissolved."""
        wanted = (
            clusters.c.category == category,
            clusters.c.place_ref == place_ref,
            clusters.c.dissolved_at.is_(None),
        )
        return self.session.scalars(select(Cluster).where(*wanted)).one_or_none()
