"""One holder per service relays, receives and handles; this row says who.

A plain row with an end, renewed inside every transaction of relay and lane: a holder that was frozen and thaws
finds the row changed and stops before it has written anything. It works alike on both databases and behind a
connection pooler, where a session's advisory lock would outlive its frozen connection.
"""

from __future__ import annotations

import threading

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from shared.kernel.ids import new_id
from shared.persistence.database import Database, is_conflict
from shared.persistence.tables import leases

LEASE_SECONDS = 4.0
_NAME = "holder"


class LeaseLost(Exception):
    """Somebody else holds the lease now: stop at once, write nothing."""


class Lease:
    """This process's hold on a service's lease."""

    def __init__(self, database: Database, seconds: float = LEASE_SECONDS) -> None:
        self.holder = new_id()
        self.seconds = seconds
        self._database = database
        self._held = threading.Event()

    @property
    def held(self) -> bool:
        """Whether this process believes itself the holder; only `guard` makes it sure."""
        return self._held.is_set()

    def acquire(self) -> bool:
        """Take the lease if it is free, its time is over, or it is ours. True if we hold it."""
        try:
            held = self._take()
        except OperationalError as error:
            if not is_conflict(error):
                raise
            held = False  # its holder has the row locked: it is not ours
        if held:
            self._held.set()
        else:
            self._held.clear()
        return held

    def _take(self) -> bool:
        now = self._database.system_now()
        with self._database.writing() as session:
            free = (leases.c.holder == self.holder) | (leases.c.until < now)
            taken = session.execute(
                update(leases)
                .where(leases.c.name == _NAME, free)
                .values(holder=self.holder, until=now + self.seconds)
            )
            held = bool(taken.rowcount == 1)  # type: ignore[attr-defined]
            if not held and session.execute(select(leases.c.name)).first() is None:
                held = self._insert(session)
        return held

    def guard(self, session: Session) -> None:
        """Renew the lease inside a transaction. Raises LeaseLost, which rolls that transaction back."""
        until = self._database.system_now() + self.seconds
        renewed = session.execute(
            update(leases).where(leases.c.name == _NAME, leases.c.holder == self.holder).values(until=until)
        )
        if renewed.rowcount != 1:  # type: ignore[attr-defined]
            self._held.clear()
            raise LeaseLost

    def release(self) -> None:
        """Let the next one take over at once."""
        self._held.clear()
        with self._database.writing() as session:
            session.execute(update(leases).where(leases.c.holder == self.holder).values(until=0.0))

    def _insert(self, session: Session) -> bool:
        try:
            with session.begin_nested():
                until = self._database.system_now() + self.seconds
                session.execute(insert(leases).values(name=_NAME, holder=self.holder, until=until))
        except IntegrityError:
            return False
        return True
