"""Plans, with their versions."""

from __future__ import annotations

from sqlalchemy import Column, Integer, select

from services.consultation.domain.plan import Plan, Version
from services.consultation.store.base import mapper, metadata
from services.consultation.store.topics import OPEN_TOPICS
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, kept_list

plans = aggregate_table(
    "plans",
    metadata,
    Column("topic_ref", Id, nullable=False, unique=True),
    Column("place_ref", Id, nullable=False),
    Column("versions", kept_list(Version, load=Version.kept), nullable=False),
    Column("passed_version", Integer),
)

map_aggregate(mapper, Plan, plans)


FOLLOWS = [
    Follows(plans, plans.c.topic_ref.in_(OPEN_TOPICS), at=plans.c.place_ref),
]


class Plans(Repository[Plan]):
    """Plans."""

    kind = Plan

    def of_topic(self, topic_ref: str, *, locked: bool = False) -> Plan | None:
        """The plan of a topic; `locked` as in `get`."""
        query = select(Plan).where(plans.c.topic_ref == topic_ref)
        return self.session.scalars(query.with_for_update() if locked else query).one_or_none()
