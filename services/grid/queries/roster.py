"""The roster of a place, its gaps and overlaps; shifts and absences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.grid.domain.place import Place
from services.grid.domain.roster import Absence, Period, Shift, Stretch, stretches
from services.grid.store.roster import shifts
from shared.kernel.command import Actor
from shared.kernel.errors import Unknown
from shared.kernel.listing import Page
from shared.persistence.listing import one, page

LONGEST_ROSTER = timedelta(days=62)


@dataclass(frozen=True)
class Roster:
    """值班表 The time of a place, part by part."""

    place_ref: str
    place_name: str
    items: Sequence[Stretch]


def roster(
    session: Session, actor: Actor, *, place_ref: str, begins_at: datetime, ends_at: datetime
) -> Roster:
    """Who is on duty for a place itself; also where nobody is. Raises Unknown, OutsideScope, PeriodBackwards,
    PeriodTooLong."""
    place = session.get(Place, place_ref)
    if place is None:
        raise Unknown(what=Place.term, ref=place_ref, field="place_ref")
    actor.must_cover(place.place_path)
    period = Period(begins_at, ends_at)
    period.must_be_at_most(LONGEST_ROSTER)
    wanted = (shifts.c.place_ref == place.id, shifts.c.taken_back_at.is_(None))
    query = select(Shift).where(*wanted, shifts.c.ends_at > begins_at, shifts.c.begins_at < ends_at)
    found = session.scalars(query.order_by(shifts.c.begins_at, shifts.c.id)).all()
    return Roster(place.id, place.name, list(stretches(period, found)))


def shift(session: Session, actor: Actor, id: str) -> Shift:
    """One shift. Raises NotFound, Forbidden."""
    return one(session, actor, Shift, id)


def shifts_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Shifts, those taken back too."""
    return page(session, actor, Shift, **filters)


def absence(session: Session, actor: Actor, id: str) -> Absence:
    """One absence. Raises NotFound, Forbidden."""
    return one(session, actor, Absence, id)


def absences_in_scope(session: Session, actor: Actor, **filters: Any) -> Page:
    """Absences, those taken back too."""
    return page(session, actor, Absence, **filters)
