"""What grid says of clusters."""

from __future__ import annotations

from typing import Any

from services.grid.domain import cluster as clusters
from services.grid.domain.cluster import Cluster
from shared.contracts import grid
from shared.persistence.unit_of_work import Translations


def _about(cluster: Cluster) -> dict[str, Any]:
    return {
        "cluster_ref": cluster.id,
        "route": cluster.route,
        "category": cluster.category,
        "category_name": cluster.category_name,
        "place_ref": cluster.place_ref,
        "place_path": cluster.place_path,
        "place_name": cluster.place_name,
        "case_refs": cluster.case_refs,
        "count": cluster.count,
    }


def _cluster_found(cluster: Cluster, _event: clusters.ClusterFound) -> Any:
    return grid.ClusterFound, {
        **_about(cluster),
        "rule_version": cluster.rule_version,
        "window_days": cluster.window_days,
    }


def _case_joined(cluster: Cluster, event: clusters.ClusterCaseJoined) -> Any:
    return grid.ClusterCaseJoined, {**_about(cluster), "case_ref": event.case_ref}


def _cluster_dissolved(cluster: Cluster, _event: clusters.ClusterDissolved) -> Any:
    return grid.ClusterDissolved, _about(cluster)


SAYS: Translations = {
    clusters.ClusterFound: _cluster_found,
    clusters.ClusterCaseJoined: _case_joined,
    clusters.ClusterDissolved: _cluster_dissolved,
}
