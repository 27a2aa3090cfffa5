"""同类诉求聚集 Similar cases in one place, seen as they arrive (未诉先办). Both commands are the service's own: who
reports a case need not see those around it."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.cluster import RULE, Cluster
from services.grid.use_cases.categories import category_of
from services.grid.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class GatherCase(Command):
    """归类 A case has arrived."""

    case_id: str


@use_case
def gather_case(command: GatherCase, work: Work) -> None:
    """It joins the cluster of its kind in its estate (outside of estates, its grid); or it is the one that makes so
    many a cluster."""
    case = work.cases.get(command.case_id)
    if case.cluster_ref is not None:
        return
    kind = category_of(case, work)
    place = work.places.get(case.estate_ref or case.grid_ref, locked=True)  # one case after the other
    cluster = work.clusters.under_way(kind.code, place.id)
    if cluster is not None:
        cluster.join(case)
        return
    similar = work.cases.similar(kind.code, place, since=RULE.begins(work.now))
    if len(similar) >= RULE.least:
        work.clusters.add(Cluster(kind, place, similar, rule=RULE, now=work.now))


@dataclass(frozen=True)
class LetClusterGo(Command):
    """解散 A case of a cluster has ended."""

    cluster_ref: str


@use_case
def let_cluster_go(command: LetClusterGo, work: Work) -> None:
    """A cluster whose last case has ended is one no more."""
    cluster = work.clusters.get(command.cluster_ref, locked=True)
    if not work.cases.are_open_in(cluster.id):
        cluster.dissolve(now=work.now)
