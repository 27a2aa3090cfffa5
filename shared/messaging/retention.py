"""Retention (留存): what has done its work is removed after a time, so that tables do not grow for ever."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, func, select

from shared.kernel.clock import SystemClock
from shared.messaging.inbox import DISCARDED, DONE
from shared.messaging.lease import Lease
from shared.messaging.replay import FAILED, FINISHED
from shared.persistence.database import Database
from shared.persistence.tables import (
    ANSWERS_KEPT_HOURS,
    idempotency_keys,
    inbox_messages,
    outbox_messages,
    replays,
    scheduled_commands,
)
from shared.persistence.types import Instant
from shared.telemetry.metrics import Metrics

WINDOW = 500
PAUSE_SECONDS = 0.05  # between two windows: others write too
LOOK_SECONDS = 60.0

inbox, outbox, answers = inbox_messages.c, outbox_messages.c, idempotency_keys.c
wishes, scheduled = replays.c, scheduled_commands.c


class Retention:
    """Removes what ended more than `days` ago (0: keeps it): handled and discarded messages, published events, replays
    that are over, discarded commands; and old answers. What is `pending` or `dead`, or not yet published, stays.

    The two large tables are walked in windows from the oldest row, up to the first window in which something came too
    lately: where there is nothing to do, one window is read. It is the coming that stops the walk, since it has the
    order of the rows and is before each end: behind it nothing can have ended long ago. A message that was discarded
    today, long after it came, stays and stops nothing.
    """

    def __init__(self, database: Database, lease: Lease, metrics: Metrics, days: int) -> None:
        self._database = database
        self._lease = lease
        self._metrics = metrics
        self._days = days
        self._next_look = 0.0

    def run_once(self) -> int:
        """Remove what is due, at most once a minute; how many rows. Raises LeaseLost, DatabaseAway."""
        if time.monotonic() < self._next_look:
            return 0
        removed = self._forget(idempotency_keys, answers.kept_at <= time.time() - ANSWERS_KEPT_HOURS * 3600)
        if self._days:
            before = SystemClock().now() - timedelta(days=self._days)
            ended = func.coalesce(inbox.handled_at, inbox.received_at, type_=Instant)
            over = and_(inbox.state.in_((DONE, DISCARDED)), ended < before)
            removed += self._walk(inbox_messages, inbox.received_at, over, before)
            removed += self._walk(outbox_messages, outbox.published_at, outbox.published_at < before, before)
            over = and_(wishes.state.in_((FINISHED, FAILED)), wishes.finished_at < before)
            removed += self._forget(replays, over)
            ended = func.coalesce(scheduled.handled_at, scheduled.due_at, type_=Instant)
            removed += self._forget(scheduled_commands, and_(scheduled.state == DISCARDED, ended < before))
        self._next_look = time.monotonic() + LOOK_SECONDS
        return removed

    def _walk(
        self, table: Table, came: ColumnElement[Any], over: ColumnElement[bool], before: datetime
    ) -> int:
        removed, reached, went_on = 0, 0, True
        while went_on:
            with self._database.reading() as session:
                window = (
                    select(table.c.id, came).where(table.c.id > reached).order_by(table.c.id).limit(WINDOW)
                )
                rows = session.execute(window).all()
            if not rows:
                break
            removed += self._remove(table, and_(table.c.id > reached, table.c.id <= rows[-1].id, over))
            reached = rows[-1].id
            went_on = all(instant is None or instant < before for _, instant in rows)
        return removed

    def _forget(self, table: Table, over: ColumnElement[bool]) -> int:
        """Of a table that is small, or has an index for it."""
        removed, last = 0, WINDOW
        while last == WINDOW:
            some = select(table.c.id).where(over).limit(WINDOW)
            last = self._remove(table, table.c.id.in_(some))
            removed += last
        return removed

    def _remove(self, table: Table, which: ColumnElement[bool]) -> int:
        """In a transaction of its own, so that nobody waits for long."""
        with self._database.reading() as session:
            if session.execute(select(table.c.id).where(which).limit(1)).first() is None:
                return 0
        with self._database.writing() as session:
            self._lease.guard(session)
            removed = int(session.execute(delete(table).where(which)).rowcount)  # type: ignore[attr-defined]
        self._metrics.removed.labels(table.name).inc(removed)
        time.sleep(PAUSE_SECONDS)
        return removed
