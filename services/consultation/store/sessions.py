"""Sessions, and the venues that they have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Index, Integer, String, Text, select, true

from services.consultation.domain.platform import Platform
from services.consultation.domain.session import ANNOUNCED, Session
from services.consultation.domain.venue import Venue
from services.consultation.store.base import mapper, metadata
from services.consultation.store.topics import OPEN_TOPICS
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, Json

sessions = aggregate_table(
    "sessions",
    metadata,
    Column("topic_ref", Id, nullable=False, index=True),
    Column("title", String(100), nullable=False),
    Column("theme", String(20), nullable=False, server_default="small_works"),
    Column("platform_ref", Id),
    Column("lead_days", Integer, nullable=False, server_default="0"),
    Column("least_persons", Integer, nullable=False, server_default="0"),
    Column("place_ref", Id, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("venue", String(100), nullable=False),
    Column("venue_ref", Id),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("audience", String(100), nullable=False),
    Column("times_rescheduled", Integer, nullable=False, server_default="0"),
    Column("review_ref", Id, index=True),
    Column("attendance", Json, nullable=False),
    Column("text", Text, nullable=False),
    Column("points", Json, nullable=False),
    Column("minuted_at", Instant),
    Column("minuted_by", String(64)),
    Column("published_at", Instant),
    Column("published_by", String(64)),
    Column("emergency", Text, nullable=False, server_default=""),
    Column("state", String(20), nullable=False),
)
Index("ix_sessions_in_venue", sessions.c.venue_ref, sessions.c.starts_at)
Index("ix_sessions_starts_at_id", sessions.c.starts_at, sessions.c.id)

map_aggregate(mapper, Session, sessions)


venues = aggregate_table(
    "venues",
    metadata,
    Column("kind", String(20), nullable=False),
    Column("name", String(100), nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("state", String(20), nullable=False),
)

map_aggregate(mapper, Venue, venues)


platforms = aggregate_table(
    "platforms",
    metadata,
    Column("name", String(50), nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("lead_days", Integer, nullable=False),
    Column("least_persons", Integer, nullable=False),
    Column("state", String(20), nullable=False),
)

map_aggregate(mapper, Platform, platforms)


FOLLOWS = [
    Follows(sessions, sessions.c.topic_ref.in_(OPEN_TOPICS), at=sessions.c.place_ref),
    Follows(venues, true(), at=venues.c.place_ref),
    Follows(platforms, true(), at=platforms.c.place_ref),
]


class Sessions(Repository[Session]):
    """Sessions."""

    kind = Session

    def in_venue(self, venue_ref: str, begins_at: datetime, ends_at: datetime) -> Sequence[Session]:
        """Those that are announced for the venue within these hours."""
        query = select(Session).where(
            sessions.c.venue_ref == venue_ref,
            sessions.c.state == ANNOUNCED,
            sessions.c.starts_at < ends_at,
            sessions.c.ends_at > begins_at,
        )
        return self.session.scalars(query.order_by(sessions.c.starts_at)).all()

    def joint_session_held(self, review_ref: str) -> bool:
        """Whether a joint session of that review was minuted."""
        query = select(sessions.c.id).where(
            sessions.c.review_ref == review_ref, sessions.c.minuted_at.is_not(None)
        )
        return self.session.execute(query.limit(1)).first() is not None


class Venues(Repository[Venue]):
    """Venues."""

    kind = Venue


class Platforms(Repository[Platform]):
    """Platforms."""

    kind = Platform
