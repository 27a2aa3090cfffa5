"""The relay takes what is in the outbox to the other services, in order, until it is confirmed."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from shared.kernel.clock import SystemClock
from shared.messaging.failpoints import failpoint
from shared.messaging.lease import Lease
from shared.messaging.transport import Outgoing, Transport
from shared.persistence.database import Database
from shared.persistence.tables import outbox_messages
from shared.telemetry.metrics import Metrics
from shared.telemetry.tracing import UNTRACED, Tracing

log = logging.getLogger(__name__)

BATCH = 200
WARNING_SECONDS = 60.0


class Relay:
    """Publishes unpublished rows and marks them after the confirm.

    Never by "id greater than the last one": identities become visible out of commit order, and such a cursor
    loses events.
    """

    def __init__(
        self,
        database: Database,
        lease: Lease,
        transport: Transport,
        metrics: Metrics | None = None,
        tracing: Tracing = UNTRACED,
    ) -> None:
        self._database = database
        self._lease = lease
        self._transport = transport
        self._metrics = metrics or Metrics()
        self._tracing = tracing
        self._confirmed: Sequence[Any] = ()
        self._named: set[str] = set()
        self._next_warning = 0.0

    def run_once(self) -> int:
        """Publish one batch; how many. Raises TransportAway, LeaseLost, DatabaseAway; then the rows wait."""
        self._mark()
        outbox = outbox_messages.c
        query = (
            select(
                outbox.id, outbox.event_id, outbox.type, outbox.partition_key, outbox.body, outbox.feed_body
            )
            .where(outbox.published_at.is_(None))
            .order_by(outbox.id)
            .limit(BATCH)
        )
        with self._database.reading() as session:
            rows = session.execute(query).all()
        if not rows:
            return 0
        failpoint("relay.after_claim")
        # No transaction of our own is open while we send: on SQLite the receiver's file must be free of us.
        messages = [Outgoing(*row[1:]) for row in rows]
        with self._metrics.publishing(), self._tracing.send(messages):
            sent = self._transport.send(messages)
        self._confirmed = rows
        self._metrics.keep_sent(sent.refused_by_feed, sent.unrouted)
        self._warn(set(sent.unrouted) - self._named)
        failpoint("relay.after_confirm")
        self._mark()
        return len(rows)

    def _warn(self, unheard: set[str]) -> None:
        """Each type once, since nobody need be subscribed: but a queue or a binding may be gone as well."""
        if unheard and time.monotonic() >= self._next_warning:
            log.warning("no service hears these events: %s", ", ".join(sorted(unheard)))
            self._named |= unheard
            self._next_warning = time.monotonic() + WARNING_SECONDS

    def _mark(self) -> None:
        """What was confirmed is published. Where that cannot be written down now, since somebody holds the lease's row
        for long, it is tried again, and nothing is sent twice meanwhile."""
        if not self._confirmed:
            return
        sent = outbox_messages.c.id.in_([row.id for row in self._confirmed])
        with self._database.writing() as session:
            self._lease.guard(session)
            session.execute(update(outbox_messages).where(sent).values(published_at=SystemClock().now()))
            failpoint("relay.before_mark_commit")
        self._metrics.keep_published(row.type for row in self._confirmed)
        self._confirmed = ()
