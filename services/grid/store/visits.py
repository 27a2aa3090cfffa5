"""Visits, what came of them, and campaigns. Those that are still to be made are in an index of their own, by door."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Index, Integer, String, exists, select
from sqlalchemy.sql.elements import ColumnElement

from services.grid.domain.household import Household
from services.grid.domain.place import DOOR, Place
from services.grid.domain.visit import OPEN, Attempt, Campaign, Visit
from services.grid.store.base import mapper, metadata
from services.grid.store.places import households, places
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, Json, Sealed

visits = aggregate_table(
    "visits",
    metadata,
    Column("purpose", String(20), nullable=False),
    Column("due_at", Instant),
    Column("campaign_ref", Id),
    Column("message_ref", Id, unique=True),
    Column("about_type", String(20)),
    Column("about_ref", Id),
    Column("door_ref", Id, nullable=False),
    Column("door_name", String(100), nullable=False),
    Column("building_ref", Id),
    Column("grid_ref", Id, index=True),
    Column("household_ref", Id, index=True),
    Column("room", String(30)),
    Column("requested_at", Instant, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("absences", Integer, nullable=False),
    Column("answer", String(20)),
    Column("visited_at", Instant),
    Column("state", String(20), nullable=False),
)
_open = visits.c.state.in_(OPEN)
Index("ix_visits_open", visits.c.door_ref, sqlite_where=_open, postgresql_where=_open)
Index("ix_visits_campaign", visits.c.campaign_ref, visits.c.state)

# what somebody at the door said may be about their health or their needs
visit_records = aggregate_table(
    "visit_records",
    metadata,
    Column("visit_ref", Id, nullable=False, index=True),
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", String(120), nullable=False),
    Column("on_behalf_of", Id),
    Column("outcome", String(20), nullable=False),
    Column("answer", String(20)),
    Column("note", Sealed("visit_records.note"), nullable=False),
    Column("photographs", Json, nullable=False),
)

visit_campaigns = aggregate_table(
    "visit_campaigns",
    metadata,
    Column("purpose", String(20), nullable=False),
    Column("title", String(100), nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("place_name", String(100), nullable=False),
    Column("due_at", Instant),
    Column("begun_at", Instant, nullable=False),
)

FOLLOWS = [
    Follows(
        visits,
        _open,
        at=visits.c.door_ref,
        facts={"door_name": "name", "building_ref": "building_ref", "grid_ref": "grid_ref"},
    ),
    # as long as one of its visits is still to be made
    Follows(
        visit_campaigns,
        exists().where(visits.c.campaign_ref == visit_campaigns.c.id, _open),
        at=visit_campaigns.c.place_ref,
        facts={"place_name": "name"},
    ),
]

map_aggregate(mapper, Visit, visits)
map_aggregate(mapper, Attempt, visit_records)
map_aggregate(mapper, Campaign, visit_campaigns)


class Visits(Repository[Visit]):
    """Visits."""

    kind = Visit

    def add_all(self, visits: Sequence[Visit]) -> None:
        """Keep many new visits at once."""
        self.session.add_all(visits)

    def for_message(self, message_ref: str) -> Visit | None:
        """The one that brings that message."""
        return self.session.scalars(select(Visit).where(visits.c.message_ref == message_ref)).one_or_none()

    def households_of(self, place: Place) -> Sequence[Household]:
        """The households that are in a place now."""
        doors = select(places.c.id).where(_doors(place))
        query = select(Household).where(households.c.door_ref.in_(doors), households.c.valid_to.is_(None))
        return self.session.scalars(query.order_by(households.c.id)).all()

    def doors_of(self, place: Place) -> Sequence[Place]:
        """The doors inside a place, and itself where it is one."""
        return self.session.scalars(select(Place).where(_doors(place)).order_by(places.c.id)).all()


def _doors(place: Place) -> ColumnElement[bool]:
    inside = places.c.place_path.startswith(place.place_path, autoescape=True)
    return (places.c.kind == DOOR) & inside


class Attempts(Repository[Attempt]):
    """Visit records."""

    kind = Attempt


class Campaigns(Repository[Campaign]):
    """Visit campaigns."""

    kind = Campaign
