"""Topics."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Text, select

from services.consultation.domain.topic import ENDED, Decision, Satisfaction, StoryLine, Topic
from services.consultation.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, Json, kept, kept_list

topics = aggregate_table(
    "topics",
    metadata,
    Column("title", String(100), nullable=False),
    Column("text", Text, nullable=False),
    Column("category", String(64), nullable=False),
    Column("theme", String(20), nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("place_name", String(100), nullable=False),
    Column("estate_ref", Id),
    Column("area_ref", Id),
    Column("raised_by", String(64), nullable=False),
    Column("raised_at", Instant, index=True),
    Column("case_refs", Json, nullable=False),
    Column("proposer_refs", Json, nullable=False, server_default="[]"),
    Column("source_ref", Id, unique=True),
    Column("turn", Integer, nullable=False, server_default="1"),
    Column("also_raised_by", Json, nullable=False, server_default="[]"),
    Column("merged_into_ref", Id),
    Column("party_org", String(100)),
    Column("note", String(500), nullable=False),
    Column("plan_ref", Id),
    Column("plan_version", Integer),
    Column("plan_hash", String(64)),
    Column("decisions", kept_list(Decision), nullable=False),
    Column("works_ref", Id),
    Column("works_accepted", Boolean, nullable=False),
    Column("cancelled_works_refs", Json, nullable=False),
    Column("maintainer_ref", Id),
    Column("accepted_by", String(200)),
    Column("evidence", Text),
    Column("photographs", Json, nullable=False, server_default="[]"),
    Column("satisfaction", kept(Satisfaction)),
    Column("story", kept_list(StoryLine), nullable=False),
    Column("state", String(20), nullable=False, index=True),
)

map_aggregate(mapper, Topic, topics)


# a topic follows its place until it has ended, and with it all that belongs to it, minutes and old reviews too: whoever
# works on it needs them
_open = topics.c.state.not_in(ENDED)
OPEN_TOPICS = select(topics.c.id).where(_open)
FOLLOWS = [
    Follows(topics, _open, at=topics.c.place_ref, facts={"place_name": "name", "estate_ref": "estate_ref"})
]


class Topics(Repository[Topic]):
    """Topics."""

    kind = Topic

    def of_source(self, source_ref: str) -> Topic | None:
        """The topic that a cluster of cases, an area or an evaluation has raised."""
        return self.session.scalars(select(Topic).where(topics.c.source_ref == source_ref)).one_or_none()
