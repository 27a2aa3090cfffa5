"""Clusters, and cases that may be the same matter."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Session

from services.grid.domain.case import Case
from services.grid.domain.case_lifecycle import CLOSED
from services.grid.domain.cluster import Cluster
from services.grid.domain.place import Place
from services.grid.domain.point import Point
from services.grid.store.cases import cases
from services.grid.store.clusters import clusters
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import inside, one, page

RECENT = timedelta(days=14)
NEAR_METRES = 100


def cluster(session: Session, actor: Actor, id: str) -> Cluster:
    """One cluster. Raises NotFound, Forbidden."""
    return one(session, actor, Cluster, id)


def clusters_in_scope(
    session: Session, actor: Actor, *, place_ref: str | None, is_under_way: bool | None, **filters: Any
) -> Page:
    """Clusters, those at a place or anywhere inside it."""
    wanted = inside(clusters.c.place_path, place_ref)
    if is_under_way is not None:
        wanted.append(
            clusters.c.dissolved_at.is_(None) if is_under_way else clusters.c.dissolved_at.is_not(None)
        )
    return page(session, actor, Cluster, *wanted, **filters)


def similar_cases(
    session: Session,
    actor: Actor,
    *,
    category: str,
    place_ref: str | None,
    point: Point | None,
    now: datetime,
    **paging: Any,
) -> Page:
    """疑似重复 The open cases of the category that were reported lately at the same place, in the same
    building or near the point. Raises NotFound, Forbidden for the place."""
    near = []
    if place_ref is not None:
        near += _at(one(session, actor, Place, place_ref))
    if point is not None:
        near.append(_around(point))
    lately = (cases.c.category == category, cases.c.state != CLOSED, cases.c.reported_at >= now - RECENT)
    return page(session, actor, Case, or_(*near), *lately, **paging)


def _at(place: Place) -> list[ColumnElement[bool]]:
    here = [cases.c.place_ref == place.id]
    return here if place.building_ref is None else [*here, cases.c.building_ref == place.building_ref]


def _around(point: Point) -> ColumnElement[bool]:
    box = point.box(NEAR_METRES)
    return and_(cases.c.longitude.between(box.west, box.east), cases.c.latitude.between(box.south, box.north))
