"""What a duty officer asks of many cases at once: which are overdue, which wait for a decision, how many there are; and
the indexes by which no such question reads a million cases. A value that stands in the condition of an index is written
out in the question too, since SQLite compares the two as they are written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, Label, and_, func, literal, or_, type_coerce
from sqlalchemy.orm import Session

from services.grid.domain.case_lifecycle import CLOSED, DISPATCHED, HANDLED, HANDLING, VERIFIED, WAITING
from services.grid.domain.shift import APPLICATIONS, Tally
from services.grid.store.cases import cases
from shared.persistence.types import Json

NOT_CLOSED = (DISPATCHED, HANDLING, WAITING, HANDLED, VERIFIED)

ALL_OPEN = frozenset(NOT_CLOSED)
is_open = cases.c.state != literal(CLOSED, literal_execute=True)
is_running = cases.c.state.in_((DISPATCHED, HANDLING))
is_overdue = and_(is_open, cases.c.missed_at.is_not(None), is_running)
awaits_decision = or_(*(cases.c[name].is_not(None) for name in APPLICATIONS))

# by which a list is sorted, or what one asks for before all else
Index("ix_cases_due", cases.c.due_at, cases.c.id)
Index("ix_cases_answer_due", cases.c.answer_due_at, cases.c.id)
for _name in (
    "category",
    "source",
    "lead_party_ref",
    "organisation_ref",
    "estate_ref",
    "building_ref",
    "reporter_ref",
):
    Index(f"ix_cases_{_name}", cases.c[_name], cases.c.due_at, cases.c.id)
# few among many that are closed
for _name, _few in (
    ("due_open", cases.c.state != CLOSED),
    ("overdue", and_(cases.c.state != CLOSED, cases.c.missed_at.is_not(None))),
    ("to_decide", awaits_decision),
):
    Index(f"ix_cases_{_name}", cases.c.due_at, cases.c.id, sqlite_where=_few, postgresql_where=_few)


def is_in(session: Session, states: Collection[str]) -> ColumnElement[bool]:
    """Whether it is in one of these states. SQLite is told in the index's own words that none of them is closed;
    PostgreSQL sees it, and would take the same said twice for something rarer."""
    if set(states) == ALL_OPEN:
        return is_open
    named = cases.c.state.in_(sorted(set(states)))
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return and_(named, is_open) if is_sqlite and CLOSED not in states else named


def is_due_before(midnight: datetime) -> ColumnElement[bool]:
    """Whether time is over by then, and not yet."""
    return and_(is_running, cases.c.missed_at.is_(None), cases.c.due_at < midnight)


def awaits(decider: str) -> ColumnElement[bool]:
    """Whether something waits for a decision that `decider` may take: nobody decides on what oneself has asked for."""
    return and_(awaits_decision, or_(*(_asked_by_another(name, decider) for name in APPLICATIONS)))


def tallies(midnight: datetime, to_decide: ColumnElement[bool]) -> Sequence[Label[Any]]:
    """The columns that count: those of a Tally."""
    wanted = {state: cases.c.state == state for state in NOT_CLOSED} | {
        "overdue": is_overdue,
        "due_today": is_due_before(midnight),
        "to_decide": to_decide,
    }
    return [func.count().filter(wanted[field.name]).label(field.name) for field in fields(Tally)]


def _asked_by_another(name: str, decider: str) -> ColumnElement[bool]:
    column = cases.c[name]
    return and_(column.is_not(None), type_coerce(column, Json)["by"].as_string() != decider)
