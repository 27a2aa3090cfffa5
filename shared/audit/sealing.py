"""Sealing (封存) and retention, off the hot path: steps of the one process that holds the service's lease."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from shared.audit.chain import BEGINNING, Seal
from shared.audit.chain import sealed as seal_of
from shared.contracts.audit import sealed as contract_of
from shared.contracts.envelope import Envelope
from shared.contracts.registry import written
from shared.kernel.clock import SystemClock
from shared.kernel.command import system
from shared.kernel.ids import new_id
from shared.messaging.lease import Lease
from shared.persistence.tables import audit_entries, audit_seals, outbox_messages

if TYPE_CHECKING:
    from shared.application import Application

MOST_ENTRIES = 1000
SEAL_SECONDS = 5.0
LOOK_SECONDS = 60.0

entries, seals = audit_entries.c, audit_seals.c


class Sealing:
    """Seals what has no seal yet, every few seconds, and says so to the other services.

    Never what is "greater than the last one": ids become visible out of order. Where nothing is new, nothing happens.
    """

    def __init__(self, application: Application, lease: Lease) -> None:
        self._application = application
        self._lease = lease
        self._next = 0.0

    def run_once(self) -> int:
        """Seal one batch, where it is time; how many entries. Raises LeaseLost, DatabaseAway."""
        if time.monotonic() < self._next:
            return 0
        sealed = self.seal() if self._is_something_new() else 0
        if sealed < MOST_ENTRIES:
            self._next = time.monotonic() + SEAL_SECONDS
        return sealed

    def _is_something_new(self) -> bool:
        with self._application.database.reading() as session:
            return (
                session.execute(select(entries.id).where(entries.seal.is_(None)).limit(1)).first() is not None
            )

    def seal(self) -> int:
        """Seal one batch now; how many entries."""
        with self._application.writing() as session:
            self._lease.guard(session)
            unsealed = entries.seal.is_(None)
            found = select(audit_entries).where(unsealed).order_by(entries.id).limit(MOST_ENTRIES)
            rows = [dict(row) for row in session.execute(found).mappings()]
            if not rows:
                return 0
            last = session.execute(
                select(seals.number, seals.hash).order_by(seals.number.desc()).limit(1)
            ).first()
            number, previous = (last.number + 1, last.hash) if last else (1, BEGINNING)
            seal = seal_of(self._application.name, number, previous, SystemClock().now(), rows)
            session.execute(insert(audit_seals).values(asdict(seal)))
            these = entries.id.in_([row["id"] for row in rows])
            session.execute(update(audit_entries).where(these, unsealed).values(seal=number))
            session.execute(insert(outbox_messages).values(self._told(seal)))
        return len(rows)

    def _told(self, seal: Seal) -> dict[str, Any]:
        """The event, as a row of the outbox; each is a journey of its own."""
        name, identity = self._application.name, self._application.identity
        contract = contract_of(name)
        data = {field: getattr(seal, field) for field in contract().fields}
        envelope = Envelope(
            id=new_id(),
            source=identity.source,
            type=contract.type,
            subject=name,
            time=seal.sealed_at,
            data=written(contract, data),
            correlation_id=new_id(),
            aggregate_version=seal.number,
            actor=system(name).told,
        )
        return {
            "event_id": envelope.id,
            "type": envelope.type,
            "partition_key": envelope.partition_key,
            "correlation_id": envelope.correlation_id,
            "body": envelope.to_bytes(),
            "feed_body": None,
            "recorded_at": seal.sealed_at,
        }


class AuditRetention:
    """Removes entries by whole seals once these are older than `audit_days`; the seals themselves stay."""

    def __init__(self, application: Application, lease: Lease) -> None:
        self._application = application
        self._lease = lease
        self._next_look = 0.0

    def run_once(self) -> int:
        """Expire what is due, at most once a minute; how many entries went. Raises LeaseLost, DatabaseAway."""
        if time.monotonic() < self._next_look:
            return 0
        now = SystemClock().now()
        removed = sum(self._expire(number, now) for number in self._due(now))
        self._next_look = time.monotonic() + LOOK_SECONDS
        return removed

    def _due(self, now: datetime) -> list[int]:
        before = now - timedelta(days=self._application.audit_days)
        due = select(seals.number).where(seals.expired_at.is_(None), seals.sealed_at < before)
        with self._application.database.reading() as session:
            return list(session.scalars(due.order_by(seals.number)))

    def _expire(self, number: int, now: datetime) -> int:
        """In a transaction of its own, so that nobody waits for long."""
        with self._application.database.writing() as session:
            self._lease.guard(session)
            return expire(session, number, now)


def expire(session: Session, number: int, now: datetime) -> int:
    """Mark a seal as expired and remove its entries; how many."""
    expired = update(audit_seals).where(seals.number == number).values(expired_at=now, entries=None)
    session.execute(expired)
    gone = session.execute(delete(audit_entries).where(entries.seal == number))
    return int(gone.rowcount)  # type: ignore[attr-defined]
