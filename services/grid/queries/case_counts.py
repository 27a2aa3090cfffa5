"""How many cases there are to be done, in all, by grid or by community: one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.grid.domain.shift import Tally
from services.grid.queries.case_filters import to_be_decided_by
from services.grid.store.case_lists import is_open, tallies
from services.grid.store.cases import cases
from services.grid.store.places import places
from shared.kernel.command import Actor
from shared.persistence.listing import inside, within

GRID, COMMUNITY = "grid", "community"
BY = (GRID, COMMUNITY)


@dataclass(frozen=True)
class Group:
    """The cases of one grid or community."""

    place_ref: str | None
    place_name: str
    tally: Tally


@dataclass(frozen=True)
class Counts:
    """In all, and by place, as far as that was asked for."""

    total: Tally
    groups: Sequence[Group]


def case_counts(
    session: Session, actor: Actor, midnight: datetime, *, by: str | None, place_ref: str | None
) -> Counts:
    """The cases that are not closed, in the caller's scope; at a place or anywhere inside it."""
    wanted = [is_open, *within(cases.c.place_path, actor), *inside(cases.c.place_path, place_ref)]
    if actor.party_ref is not None:
        wanted.append(cases.c.lead_party_ref == actor.party_ref)
    columns = tallies(midnight, to_be_decided_by(actor))
    grids, around = places.alias("grids"), places.alias("around")
    query = select(around.c.id, around.c.name, *columns).where(*wanted).select_from(cases)
    query = query.outerjoin(grids, grids.c.id == cases.c.grid_ref)
    ref = grids.c.id if by == GRID else grids.c.community_ref
    query = query.outerjoin(around, around.c.id == ref).group_by(around.c.id, around.c.name)
    found = session.execute(query.order_by(around.c.name, around.c.id)).all()
    groups = [Group(ref, name or "", Tally(*counted)) for ref, name, *counted in found]
    total = Tally(
        *(sum(numbers) for numbers in zip(*(asdict(one.tally).values() for one in groups), strict=True))
    )
    return Counts(total, groups if by else [])
