"""Patrols: one's own, or, for the office, those of a place."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from services.grid.domain.patrol import CheckIn, Finding, Patrol
from shared.access.roles import STAFF
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import one, page


def patrol(session: Session, actor: Actor, id: str) -> Patrol:
    """One patrol. Raises NotFound, Forbidden; also for another's, unless the office asks."""
    found = one(session, actor, Patrol, id)
    if actor.role not in STAFF:
        found.must_be_of(actor.told)
    return found


def check_ins_of(session: Session, actor: Actor, id: str, **paging: Any) -> Page:
    """The check-ins of a patrol. Raises NotFound, Forbidden."""
    return page(session, actor, CheckIn, patrol_ref=patrol(session, actor, id).id, **paging)


def findings_of(session: Session, actor: Actor, id: str, **paging: Any) -> Page:
    """What was found on a patrol. Raises NotFound, Forbidden."""
    return page(session, actor, Finding, patrol_ref=patrol(session, actor, id).id, **paging)


def patrols_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Patrols, oldest first; who is no office sees the own ones."""
    begun_by = None if actor.role in STAFF else actor.told
    return page(session, actor, Patrol, begun_by=begun_by, **filters)
