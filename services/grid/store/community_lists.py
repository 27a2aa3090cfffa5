"""Lists of what communities may be asked to help with."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Column, Date, String, select

from services.grid.domain.community_list import CommunityList
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.repository import Repository
from shared.persistence.types import Json

community_lists = aggregate_table(
    "community_lists",
    metadata,
    Column("effective_on", Date, nullable=False, unique=True),
    Column("basis", String(200), nullable=False),
    Column("categories", Json, nullable=False),
)
_LATEST = community_lists.c.effective_on.desc()

map_aggregate(mapper, CommunityList, community_lists)


class CommunityLists(Repository[CommunityList]):
    """Lists of what communities do."""

    kind = CommunityList

    def on(self, day: date) -> CommunityList | None:
        """The one that holds on a day."""
        query = select(CommunityList).where(community_lists.c.effective_on <= day)
        return self.session.scalars(query.order_by(_LATEST).limit(1)).first()

    def last(self) -> CommunityList | None:
        """The one adopted last, held or yet to come."""
        return self.session.scalars(select(CommunityList).order_by(_LATEST).limit(1)).first()
