"""Turns of cases that have ended, and copies of those whose figures were published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    Row,
    String,
    Table,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Session

from services.grid.domain.rate_rules import Period
from services.grid.domain.turn import ASKED, Exclusion, Turn
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, kept


def _facts() -> list[Column[Any]]:
    return [
        Column("case_ref", Id, nullable=False),
        Column("number", String(20), nullable=False),
        Column("turn", Integer, nullable=False),
        Column("category", String(10), nullable=False),
        Column("category_name", String(50), nullable=False),
        Column("source", String(30), nullable=False),
        Column("has_reporter", Boolean, nullable=False),
        Column("place_ref", Id, nullable=False),
        Column("place_name", String(100), nullable=False),
        Column("community_ref", Id, nullable=False),
        Column("grid_ref", Id, nullable=False),
        Column("grid_code", String(30), nullable=False),
        Column("organisation_ref", Id),
        Column("lead_party_ref", Id),
        Column("lead_party_name", String(100), nullable=False),
        Column("dispatches", Integer, nullable=False),
        Column("objections", Integer, nullable=False),
        Column("objections_upheld", Integer, nullable=False),
        Column("begun_at", Instant, nullable=False),
        Column("answer_due_at", Instant, nullable=False),
        Column("contacted_at", Instant),
        Column("answered_at", Instant),
        Column("handled_at", Instant),
        Column("ended_at", Instant, nullable=False),
        Column("outcome", String(20), nullable=False),
        Column("reopened_at", Instant),
        Column("resolution", String(20)),
        Column("grade", Integer),
        Column("state", String(20), nullable=False),
        Column("exclusion", kept(Exclusion)),
    ]


case_turns = aggregate_table("case_turns", metadata, *_facts(), UniqueConstraint("case_ref", "turn"))
Index("ix_case_turns_ended", case_turns.c.ended_at)
_asked = case_turns.c.state == ASKED
Index("ix_case_turns_asked", case_turns.c.id, sqlite_where=_asked, postgresql_where=_asked)

# by the ids of the turns: each ends in one period, and a period is published once
published_turns = aggregate_table(
    "published_turns", metadata, Column("report_ref", Id, nullable=False), *_facts()
)
Index("ix_published_turns_report", published_turns.c.report_ref, published_turns.c.id)

map_aggregate(mapper, Turn, case_turns)


def ended_in(period: Period, table: Table = case_turns) -> list[ColumnElement[bool]]:
    """The condition that a turn ended in a period."""
    return [table.c.ended_at >= period.since, table.c.ended_at < period.until]


def rows_of(session: Session, table: Table, *conditions: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """The facts of turns, in the order of their ids."""
    return session.execute(select(table).where(*conditions).order_by(table.c.id)).all()


class Turns(Repository[Turn]):
    """Turns of cases that have ended."""

    kind = Turn

    def of_case(self, case_ref: str, turn: int) -> Turn | None:
        """That turn, if it has ended, whoever asks."""
        query = select(Turn).where(case_turns.c.case_ref == case_ref, case_turns.c.turn == turn)
        return self.session.scalars(query).one_or_none()

    def ended_in(self, period: Period) -> Sequence[Row[Any]]:
        """The facts of all that ended in a period, wherever."""
        return rows_of(self.session, case_turns, *ended_in(period))

    def asked_in(self, period: Period) -> Sequence[str]:
        """The numbers of the cases whose exclusion from a period is not decided yet."""
        query = select(case_turns.c.number).where(_asked, *ended_in(period)).order_by(case_turns.c.number)
        return self.session.scalars(query).all()

    def publish(self, turns: Sequence[Row[Any]], report_ref: str) -> None:
        """Keep these as they are now."""
        rows = [{**turn._mapping, "report_ref": report_ref} for turn in turns]
        if rows:
            self.session.execute(published_turns.insert(), rows)
