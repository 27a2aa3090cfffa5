"""Captains, what is written down about them, and their points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.grid.domain.captain import Captain
from services.grid.domain.captain_record import STAGES, CaptainRecord, PointsEntry
from services.grid.store.captains import captain_records, captains, points
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import inside, one, page


@dataclass(frozen=True)
class CaptainFile:
    """A captain, the stages of 选育用激宣 of which there are records, and the balance of the points."""

    captain: Captain
    stages: Sequence[str]
    points: int


def captain(session: Session, actor: Actor, id: str) -> CaptainFile:
    """One captain. Raises NotFound, Forbidden."""
    found = one(session, actor, Captain, id)
    recorded = select(captain_records.c.stage).where(captain_records.c.captain_ref == id).distinct()
    stages = set(session.scalars(recorded))
    balance = select(func.coalesce(func.sum(points.c.points), 0)).where(points.c.captain_ref == id)
    return CaptainFile(found, [stage for stage in STAGES if stage in stages], session.scalars(balance).one())


def captains_in_scope(session: Session, actor: Actor, *, place_ref: str | None, **filters: Any) -> Page:
    """Captains and candidates, oldest first; those of a place and of all places inside it."""
    return page(session, actor, Captain, *inside(captains.c.place_path, place_ref), **filters)


def record(session: Session, actor: Actor, id: str) -> CaptainRecord:
    """One record. Raises NotFound, Forbidden."""
    return one(session, actor, CaptainRecord, id)


def records_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Records, oldest first."""
    return page(session, actor, CaptainRecord, **filters)


def points_entry(session: Session, actor: Actor, id: str) -> PointsEntry:
    """One line of the ledger. Raises NotFound, Forbidden."""
    return one(session, actor, PointsEntry, id)


def points_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """The ledger, oldest first."""
    return page(session, actor, PointsEntry, **filters)
