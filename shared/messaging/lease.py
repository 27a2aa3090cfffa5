"""One holder per service relays, receives and handles; this row says who.

A plain row with an end, renewed inside every transaction of relay and lane: a holder that was frozen and thaws
finds the row changed and stops before it has written anything. It works alike on both databases and behind a
connection pooler, where a session's advisory lock would outlive its frozen connection.
"""

from __future__ import annotations

import threading

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from shared.kernel.ids import new_id
from shared.persistence.database import Database, is_conflict
from shared.persistence.tables import leases

LEASE_SECONDS = 3.5  # and looked at each quarter of it: a dead holder is followed within five seconds
# nobody takes a lease for so long: the server's clock was set back, and its holder, if it lived, would have renewed it
IMPLAUSIBLE_SECONDS = 300.0
LET_GO = 0.0  # the holder stopped in order; any other end that has passed means that it died
_NAME = "holder"


class LeaseLost(Exception):
    """Somebody else holds the lease now: stop at once, write nothing."""


class Lease:
    """This process's hold on a service's lease. `follows_a_death`: its last holder did not let go of it, and nobody
    has been careful about that yet."""

    def __init__(self, database: Database, seconds: float = LEASE_SECONDS) -> None:
        self.holder = new_id()
        self.seconds = seconds
        self._database = database
        self._held = threading.Event()
        self.follows_a_death = False

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
        ours_or_let_go = (leases.c.holder == self.holder) | (leases.c.until == LET_GO)
        with self._database.writing() as session:
            if self._update(session, ours_or_let_go):
                return True
            now = self._database.system_now()
            if self._update(session, (leases.c.until < now) | (leases.c.until > now + IMPLAUSIBLE_SECONDS)):
                self.follows_a_death = True
                return True
            return session.execute(select(leases.c.name)).first() is None and self._insert(session)

    def _update(self, session: Session, condition: ColumnElement[bool]) -> bool:
        until = self._database.system_now() + self.seconds
        taken = session.execute(
            update(leases).where(leases.c.name == _NAME, condition).values(holder=self.holder, until=until)
        )
        return bool(taken.rowcount == 1)  # type: ignore[attr-defined]

    def guard(self, session: Session) -> None:
        """Renew the lease inside a transaction. Raises LeaseLost, which rolls that transaction back."""
        if not self._update(session, leases.c.holder == self.holder):
            self._held.clear()
            raise LeaseLost

    def release(self) -> None:
        """Let the next one take over at once."""
        self._held.clear()
        with self._database.writing() as session:
            session.execute(update(leases).where(leases.c.holder == self.holder).values(until=LET_GO))

    def _insert(self, session: Session) -> bool:
        try:
            with session.begin_nested():
                until = self._database.system_now() + self.seconds
                session.execute(insert(leases).values(name=_NAME, holder=self.holder, until=until))
        except IntegrityError:
            return False
        return True
