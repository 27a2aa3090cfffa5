"""The grid that takes what nobody can place: one row."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, String, select, true
from sqlalchemy.orm import Session

from services.grid.domain.catch_all import CatchAll
from services.grid.domain.place import GRID, Place
from services.grid.store.base import mapper, metadata
from services.grid.store.places import places
from shared.kernel.command import Actor
from shared.persistence.listing import inside, within
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id

catch_alls = aggregate_table(
    "catch_alls",
    metadata,
    Column("grid_ref", Id, nullable=False),
    Column("grid_name", String(100), nullable=False),
)

FOLLOWS = [Follows(catch_alls, true(), at=catch_alls.c.grid_ref, facts={"grid_name": "name"})]

map_aggregate(mapper, CatchAll, catch_alls)


def catch_all_grid(session: Session, actor: Actor, around: str | None = None) -> Place | None:
    """The one that is named, else the first by its code, of those in the actor's place, and in the place `around`."""
    query = (
        select(Place)
        .outerjoin(catch_alls, catch_alls.c.grid_ref == places.c.id)
        .where(
            places.c.kind == GRID,
            places.c.valid_to.is_(None),
            *within(places.c.place_path, actor),
            *inside(places.c.place_path, around),
        )
        .order_by(catch_alls.c.grid_ref.is_(None), places.c.code)
    )
    found: Sequence[Place] = session.scalars(query.limit(1)).all()
    return found[0] if found else None


class CatchAlls(Repository[CatchAll]):
    """The grid that takes what nobody can place."""

    kind = CatchAll

    def grid(self, around: str | None = None) -> Place | None:
        """The one that is named, else the first by its code, of those in the actor's place, and in the place
        `around`."""
        return catch_all_grid(self.session, self.actor, around)
