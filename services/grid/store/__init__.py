"""How grid keeps what it knows: tables, mapping, repositories; a module per noun."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy.orm import Session

from services.grid.store import cases, places, stewards
from services.grid.store.base import metadata
from services.grid.store.cases import Cases
from services.grid.store.places import Households, Places
from services.grid.store.posts import Posts
from services.grid.store.stewards import StewardRequests, Stewards
from shared.persistence.places import Facts, Follows
from shared.persistence.unit_of_work import UnitOfWork

__all__ = ["Store", "metadata"]


class Store(UnitOfWork):
    """One transaction of grid."""

    # what goes with the place that it lies in, as long as it is open
    follows: ClassVar[list[Follows]] = [*places.FOLLOWS, *cases.FOLLOWS, *stewards.FOLLOWS]

    places: Places
    households: Households
    posts: Posts
    cases: Cases
    steward_requests: StewardRequests
    stewards: Stewards

    @staticmethod
    def read_place(session: Session, ref: str) -> Facts | None:
        """One of its own."""
        return places.facts_of(session, ref)
