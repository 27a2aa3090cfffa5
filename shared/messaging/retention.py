"""Retention (留存): what has done its work is removed after a time, so that tables do not grow for ever."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, select

from shared.kernel.clock import SystemClock
from shared.messaging.inbox import DISCARDED, DONE
from shared.messaging.lease import Lease
from shared.persistence.database import Database
from shared.persistence.tables import (
    ANSWERS_KEPT_HOURS,
    idempotency_keys,
    inbox_messages,
    outbox_messages,
)
from shared.telemetry.metrics import Metrics

WINDOW = 500
PAUSE_SECONDS = 0.05  # between two windows: others write too
LOOK_SECONDS = 60.0

inbox, outbox, answers = inbox_messages.c, outbox_messages.c, idempotency_keys.c


class Retention:
    """Removes handled messages and published events that are older than `days` (0: keeps them), and old answers.

    It walks in windows from the oldest row and stops at the first window in which something is too young: where
    there is nothing to do, it reads one window. What is `pending` or `dead`, or not yet published, stays.
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
        removed = self._forget_answers()
        if self._days:
            before = SystemClock().now() - timedelta(days=self._days)
            removed += self._walk(
                inbox_messages, inbox.received_at, inbox.state.in_((DONE, DISCARDED)), before
            )
            removed += self._walk(
                outbox_messages, outbox.published_at, outbox.published_at.is_not(None), before
            )
        self._next_look = time.monotonic() + LOOK_SECONDS
        return removed

    def _walk(
        self, table: Table, since: ColumnElement[Any], over: ColumnElement[bool], before: datetime
    ) -> int:
        removed, reached, went_on = 0, 0, True
        while went_on:
            with self._database.reading() as session:
                window = (
                    select(table.c.id, since).where(table.c.id > reached).order_by(table.c.id).limit(WINDOW)
                )
                rows = session.execute(window).all()
            if not rows:
                break
            old = and_(table.c.id > reached, table.c.id <= rows[-1].id, over, since < before)
            removed += self._remove(table, old)
            reached = rows[-1].id
            went_on = all(instant is None or instant < before for _, instant in rows)
        return removed

    def _forget_answers(self) -> int:
        removed, last = 0, WINDOW
        while last == WINDOW:
            too_old = answers.kept_at <= time.time() - ANSWERS_KEPT_HOURS * 3600
            some = select(answers.id).where(too_old).limit(WINDOW)
            last = self._remove(idempotency_keys, answers.id.in_(some))
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
