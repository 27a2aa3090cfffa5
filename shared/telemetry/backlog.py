"""What waits in a service's database (积压): asked with indexed queries when somebody looks, never kept in step."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import ColumnElement, Table, TextClause, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shared.checks.patience import NoAnswer, ask, waited_for
from shared.kernel.clock import SystemClock, epoch
from shared.kernel.ids import made_at
from shared.messaging.inbox import DEAD, PENDING
from shared.messaging.lane import UNFINISHED
from shared.persistence.database import DatabaseAway
from shared.persistence.tables import inbox_messages, outbox_messages, scheduled_commands

if TYPE_CHECKING:
    from shared.application import Application

MOST_COUNTED = 100_000  # a backlog of millions must not make looking at it slow
CACHE_SECONDS = 5.0
PATIENCE_SECONDS = 2.0

inbox = inbox_messages.c
outbox = outbox_messages.c
scheduled = scheduled_commands.c

UNPUBLISHED = outbox.published_at.is_(None)


@dataclass(frozen=True)
class Backlog:
    """How many rows wait, each at most `MOST_COUNTED`; ages in seconds, 0 where nothing waits.

    `later`, `due` and `dead_commands` are scheduled commands; a command is due by the business clock.
    """

    unpublished: int
    unpublished_age: float
    pending: int
    pending_age: float
    dead: int
    later: int
    due: int
    due_age: float
    dead_commands: int

    @classmethod
    def of(cls, application: Application) -> Backlog:
        """Look now. Raises DatabaseAway."""
        with application.database.reading() as session:
            unpublished, first = _count_and_first(session, outbox_messages, UNPUBLISHED)
            oldest = session.scalar(select(outbox.event_id).where(outbox.id == first))
            pending, dead = (inbox.state == state for state in (PENDING, DEAD))
            waiting, first = _count_and_first(session, inbox_messages, UNFINISHED, pending)
            received = session.scalar(select(inbox.received_at).where(inbox.id == first))
            now = application.clock.now()
            kept = scheduled.state == PENDING
            due_at = session.scalar(
                select(scheduled.due_at)
                .where(kept, scheduled.due_at <= now)
                .order_by(scheduled.due_at)
                .limit(1)
            )
            return cls(
                unpublished=unpublished,
                # rows tell the time of the business, which a demonstration moves; their ids tell the system's
                unpublished_age=max(0.0, epoch() - made_at(oldest)) if oldest else 0.0,
                pending=waiting,
                pending_age=_seconds(SystemClock().now() - received) if received else 0.0,
                dead=_count(session, inbox_messages, UNFINISHED, dead),
                later=_count(session, scheduled_commands, kept, scheduled.due_at > now),
                due=_count(session, scheduled_commands, kept, scheduled.due_at <= now),
                due_age=_seconds(now - due_at) if due_at else 0.0,
                dead_commands=_count(session, scheduled_commands, scheduled.state == DEAD),
            )


class AtScrape(Collector):
    """All metrics of a service: what it has counted, and what waits in its database."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def collect(self) -> Iterator[Metric]:
        """The metrics; those of the database are left out while it does not answer."""
        yield from self._application.metrics.registry.collect()
        backlog = _latest(self._application)
        yield _gauge(
            "bus_up", "1 where the last attempts reached the bus.", self._application.transport_is_up()
        )
        yield _gauge("database_up", "1 where the database has answered within 2 s.", backlog is not None)
        if backlog is not None:
            yield from _families(backlog)


def _families(backlog: Backlog) -> Iterator[Metric]:
    yield _gauge(
        "outbox_unpublished", "Events in the outbox that the bus has not confirmed.", backlog.unpublished
    )
    yield _gauge("outbox_oldest_age_seconds", "Age of the oldest of them.", backlog.unpublished_age)
    messages = GaugeMetricFamily("jiushu_inbox_messages", "Events that are not done.", labels=["state"])
    messages.add_metric(["pending"], backlog.pending)
    messages.add_metric(["dead"], backlog.dead)
    yield messages
    yield _gauge("inbox_oldest_pending_age_seconds", "Age of the oldest pending event.", backlog.pending_age)
    commands = GaugeMetricFamily(
        "jiushu_scheduled_commands", "Scheduled commands that are not carried out.", labels=["state"]
    )
    commands.add_metric(["later"], backlog.later)
    commands.add_metric(["due"], backlog.due)
    commands.add_metric(["dead"], backlog.dead_commands)
    yield commands
    yield _gauge(
        "scheduled_oldest_due_age_seconds", "Time since the oldest due command was due.", backlog.due_age
    )


_asked: WeakKeyDictionary[Application, tuple[float, Future[Backlog]]] = WeakKeyDictionary()


def _latest(application: Application) -> Backlog | None:
    """As it was at most `CACHE_SECONDS` ago; None where the database does not answer.

    One question at a time: scrapes must not use up the connections of a database that is frozen.
    """
    begun, answer = _asked.get(application, (0.0, None))
    if answer is None or (answer.done() and time.monotonic() - begun > CACHE_SECONDS):
        answer = ask(lambda: Backlog.of(application))
        _asked[application] = time.monotonic(), answer
    try:
        return waited_for(answer, PATIENCE_SECONDS)
    except (NoAnswer, SQLAlchemyError, DatabaseAway):
        return None


def _count(session: Session, table: Table, *where: ColumnElement[bool] | TextClause) -> int:
    return _count_and_first(session, table, *where)[0]


def _count_and_first(
    session: Session, table: Table, *where: ColumnElement[bool] | TextClause
) -> tuple[int, int | None]:
    """How many rows, and the first of them. Together, since PostgreSQL would look for the first alone along the
    primary key, through all that is done."""
    some = select(table.c.id).where(*where).limit(MOST_COUNTED).subquery()
    number, first = session.execute(select(func.count(), func.min(some.c.id))).one()
    return number, first


def _seconds(passed: timedelta) -> float:
    return max(0.0, passed.total_seconds())


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"jiushu_{name}", text, value=float(value))
