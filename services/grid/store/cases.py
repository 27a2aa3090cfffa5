"""Cases, and the serials of their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Double,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    func,
    select,
    text,
)
from sqlalchemy.orm import relationship

from services.grid.domain.attendance import RunnerUp
from services.grid.domain.case import WITHDRAWN, Case
from services.grid.domain.case_clock import Application
from services.grid.domain.case_lifecycle import CLOSED, OPEN
from services.grid.domain.co_handler import CoHandler
from services.grid.domain.countdown import Countdown
from services.grid.domain.limit import Limit
from services.grid.domain.place import ESTATE, Place
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, Json, kept, kept_list


def _countdown(plain: dict[str, Any]) -> Countdown:
    pauses = (
        (datetime.fromisoformat(begun), datetime.fromisoformat(ended)) for begun, ended in plain["pauses"]
    )
    return Countdown(**{**plain, "limit": Limit(**plain["limit"]), "pauses": tuple(pauses)})


cases = aggregate_table(
    "cases",
    metadata,
    Column("number", String(20), nullable=False, unique=True),
    Column("turn", Integer, nullable=False),
    Column("category", String(10), nullable=False),
    Column("category_name", String(50), nullable=False),
    Column("text", Text, nullable=False),
    Column("place_ref", Id, nullable=False, index=True),
    Column("place_name", String(100), nullable=False),
    Column("grid_ref", Id, nullable=False, index=True),
    Column("grid_code", String(30), nullable=False),
    Column("estate_ref", Id),
    Column("building_ref", Id),
    Column("area_ref", Id),
    Column("reporter_ref", Id),
    Column("recorded_by", String(120)),
    Column("source", String(30), nullable=False),
    Column("external_refs", Json, nullable=False),
    Column("topic_ref", Id, index=True),
    Column("works_ref", Id),
    Column("plan_version", Integer, nullable=False),
    Column("waiting_for", String(20)),
    Column("phase", Integer, nullable=False),
    Column("phase_count", Integer, nullable=False),
    Column("countdown", kept(Countdown, _countdown), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("due_is_provisional", Boolean, nullable=False),
    Column("warned_at", Instant),
    Column("missed_at", Instant),
    Column("escalated_at", Instant),
    Column("reported_at", Instant, nullable=False, index=True),
    Column("changed_at", Instant, nullable=False),
    Column("answer_due_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("contacted_at", Instant),
    Column("handled_at", Instant),
    Column("handled_by", String(120)),
    Column("result_text", String(700)),
    Column("revisit_tries", Integer, nullable=False),
    Column("closed_at", Instant),
    Column("outcome", String(20)),
    Column("modes", Json, nullable=False),
    Column("evidence_refs", Json, nullable=False),
    Column("has_objected", Boolean, nullable=False),
    Column("objection", kept(Application)),
    Column("extension", kept(Application)),
    Column("ending", kept(Application)),
    Column("lead_party_ref", Id),
    Column("lead_party_name", String(100), nullable=False),
    Column("state", String(20), nullable=False),
    Column("longitude", Double),
    Column("latitude", Double),
    Column("organisation_ref", Id),
    Column("awaited_ref", Id),
    Column("next_on", Date),
    Column("over_refs", Json, nullable=False),
    Column("gray_zone_ref", Id),
    Column("cluster_ref", Id, index=True),
    Column("merged_into_ref", Id),
    Column("merged_count", Integer, nullable=False),
    Column("joined_reporter_refs", Json, nullable=False),
    Column("referral_ref", Id, unique=True),
    Column("is_dispute", Boolean, nullable=False),
    Column("respondent_door_ref", Id),
    Column("is_hazardous", Boolean, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("dispatches", Integer, nullable=False),
    Column("objections", Integer, nullable=False),
    Column("objections_upheld", Integer, nullable=False),
    Column("occurred_at", Instant),
    Column("address", String(200), nullable=False, server_default=""),
    Column("place_is_unknown", Boolean, nullable=False, server_default=false()),
    Column("photographs", Json, nullable=False, server_default="[]"),
    Column("reporter_sealed", Text),
    Column("attendant_ref", Id),
    Column("attendant_reason", String(700), nullable=False),
    Column("runners_up", kept_list(RunnerUp), nullable=False),
)
Index("ix_cases_attended", cases.c.attendant_ref, cases.c.state)
Index(
    "ix_cases_place_unknown",
    cases.c.id,
    sqlite_where=text("place_is_unknown = 1"),
    postgresql_where=text("place_is_unknown"),
)
Index("ix_cases_open", cases.c.state, cases.c.due_at)
Index("ix_cases_category_reported", cases.c.category, cases.c.reported_at)
Index("ix_cases_similar", cases.c.estate_ref, cases.c.category, cases.c.reported_at)
Index("ix_cases_area", cases.c.area_ref, cases.c.lead_party_ref)

# those who help with a case, and what they have reported
co_handlers = Table(
    "co_handlers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_ref", Id, nullable=False, index=True),
    Column("party_ref", Id, index=True),
    Column("organisation_ref", Id),
    Column("name", String(100), nullable=False),
    Column("asked", String(500), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String(20), nullable=False),
    Column("result", String(500)),
    Column("remark", String(500)),
    Column("reported_at", Instant),
    Column("released_because", String(500)),
)

# one row per day; its lock makes the serials of a day follow each other
case_serials = Table(
    "case_serials",
    metadata,
    Column("day", String(6), primary_key=True),
    Column("last", Integer, nullable=False),
)

AROUND = ("grid_ref", "grid_code", "estate_ref", "building_ref")
FOLLOWS = [
    Follows(
        cases,
        cases.c.state != CLOSED,
        at=cases.c.place_ref,
        facts={"place_name": "name", **{name: name for name in AROUND}},
    )
]

mapper.map_imperatively(CoHandler, co_handlers)
map_aggregate(
    mapper,
    Case,
    cases,
    co_handlers=relationship(
        CoHandler,
        primaryjoin=cases.c.id == co_handlers.c.case_ref,
        foreign_keys=co_handlers.c.case_ref,
        order_by=co_handlers.c.id,
        lazy="selectin",
        cascade="all",
    ),
)


def helped_by(party_ref: str) -> ColumnElement[bool]:
    """The condition that a party helps with a case, and was not released."""
    theirs = (co_handlers.c.party_ref == party_ref, co_handlers.c.released_because.is_(None))
    return cases.c.id.in_(select(co_handlers.c.case_ref).where(*theirs))


class Cases(Repository[Case]):
    """Cases."""

    kind = Case

    def open_within(self, place_path: str) -> Sequence[str]:
        """The numbers of the open cases there."""
        within = cases.c.place_path.startswith(place_path, autoescape=True)
        query = select(cases.c.number).where(within, cases.c.state != CLOSED).order_by(cases.c.number)
        return self.session.scalars(query).all()

    def open_at_points(self) -> Sequence[Case]:
        """Those not closed that were reported at a point."""
        query = select(Case).where(cases.c.longitude.is_not(None), cases.c.state != CLOSED)
        return self.session.scalars(query.order_by(cases.c.id)).all()

    def with_provisional_clocks(self) -> Sequence[Case]:
        """Those not handled yet whose time was counted through a year that the calendar did not know."""
        query = select(Case).where(cases.c.due_is_provisional, cases.c.state.in_(OPEN))
        return self.session.scalars(query.order_by(cases.c.id)).all()

    def next_serial(self, day: str) -> int:
        """The next free serial of a day (yymmdd), from 1."""
        new = self.database.insert_new(case_serials, ["day"])
        self.session.execute(new, [{"day": day, "last": 0}])
        taken = case_serials.update().where(case_serials.c.day == day).values(last=case_serials.c.last + 1)
        return int(self.session.execute(taken.returning(case_serials.c.last)).scalar_one())

    def is_referred(self, ref: str) -> bool:
        """Whether that topic or intake of consultation is a case already."""
        query = select(cases.c.id).where(cases.c.referral_ref == ref)
        return self.session.execute(query).first() is not None

    def in_hand_of(self, organisation_ref: str) -> int:
        """How many that are not closed the organisation has in hand."""
        wanted = (cases.c.organisation_ref == organisation_ref, cases.c.state != CLOSED)
        return int(self.session.execute(select(func.count()).select_from(cases).where(*wanted)).scalar_one())

    def similar(self, category: str, place: Place, *, since: datetime) -> Sequence[Case]:
        """Those of a category in an estate (or in a grid, outside of estates) reported since then that belong to no
        cluster, whatever became of them; not those that were withdrawn."""
        here = (
            cases.c.estate_ref == place.id
            if place.kind == ESTATE
            else (cases.c.grid_ref == place.id) & cases.c.estate_ref.is_(None)
        )
        query = select(Case).where(
            here,
            cases.c.category == category,
            cases.c.reported_at >= since,
            cases.c.cluster_ref.is_(None),
            func.coalesce(cases.c.outcome, "") != WITHDRAWN,
        )
        return self.session.scalars(query.order_by(cases.c.id)).all()

    def are_open_in(self, cluster_ref: str) -> bool:
        """Whether a case of the cluster has not ended."""
        query = select(cases.c.id).where(cases.c.cluster_ref == cluster_ref, cases.c.state != CLOSED)
        return self.session.scalars(query.limit(1)).first() is not None

    def in_gray_zone(self, gray_zone_ref: str) -> Sequence[Case]:
        """The open ones that lie in it."""
        query = select(Case).where(cases.c.gray_zone_ref == gray_zone_ref, cases.c.state.in_(OPEN))
        return self.session.scalars(query.order_by(cases.c.id)).all()

    def attended_by(self, staff_ref: str) -> Sequence[Case]:
        """Those not handled yet that somebody attends to."""
        query = select(Case).where(cases.c.attendant_ref == staff_ref, cases.c.state.in_(OPEN))
        return self.session.scalars(query.order_by(cases.c.id)).all()

    def open_in_area(self, area_ref: str, lead_party_ref: str | None) -> Sequence[Case]:
        """The cases of an area that are not handled yet, led by that party (None: by the street)."""
        query = select(Case).where(
            cases.c.area_ref == area_ref,
            cases.c.lead_party_ref == lead_party_ref,
            cases.c.state.in_(OPEN),
        )
        return self.session.scalars(query.order_by(cases.c.id)).all()
