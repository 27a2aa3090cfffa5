"""The lane handles everything that a service receives, and what it has scheduled: the only place where it happens.

Stored states are `pending`, `done`, `dead` and `discarded`. "Retrying" and "waiting behind an earlier message of
its key" are derived, never stored: a stored waiting state strands a whole key in a race.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Subquery, and_, delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from shared.contracts.envelope import Envelope
from shared.contracts.registry import ContractBroken
from shared.kernel.clock import SystemClock, epoch
from shared.kernel.command import Cause, system
from shared.kernel.errors import JiushuError, NotYet, UnknownReference
from shared.messaging.inbox import DEAD, DONE, LONGEST_REASON, PENDING, storable
from shared.messaging.lease import Lease, LeaseLost
from shared.messaging.subscriptions import Received, Subscription
from shared.persistence.database import is_away, is_conflict
from shared.persistence.tables import copies, inbox_messages, scheduled_commands

if TYPE_CHECKING:
    from shared.application import Application

log = logging.getLogger(__name__)

BATCH = 200
MOST_ATTEMPTS = 12
MOST_CONFLICTS = 3
FIRST_DELAY, LONGEST_DELAY = 0.2, 300.0
FIRST_WAIT, LONGEST_WAIT = 0.1, 10.0

inbox = inbox_messages.c
scheduled = scheduled_commands.c


# as in the partial indexes, word for word
UNFINISHED = text("inbox_messages.state IN ('pending', 'dead')")


def _held_up(now: float) -> Subquery:
    """The first message of each key that must wait: one that is not due, or a dead one that blocks its key."""
    must_wait = or_(
        and_(inbox.state == PENDING, inbox.due > now),
        and_(inbox.state == DEAD, inbox.blocks_key == 1),
    )
    first = func.min(inbox.id).label("first")
    grouped = select(inbox.partition_key, first).where(UNFINISHED, must_wait).group_by(inbox.partition_key)
    return grouped.subquery("held_up")


class Lane:
    """Handles kept messages in the order of their keys, and commands that are due."""

    def __init__(self, application: Application, lease: Lease) -> None:
        self._application = application
        self._database = application.database
        self._lease = lease
        self._subscriptions: Mapping[str, Subscription] = application.subscriptions

    def run_once(self) -> int:
        """Handle one batch and one due command; how many were done. Raises LeaseLost, DatabaseAway."""
        return self._handle_messages() + self._carry_out_due_command()

    # ---- messages

    def _handle_messages(self) -> int:
        rows = self._next_batch()
        if not rows:
            return 0
        try:
            self._handle_together(rows)
            return len(rows)
        except LeaseLost:
            raise
        except Exception as error:  # whatever went wrong: find out whose fault it is, one by one
            if is_away(error):
                raise
        return sum(self._handle_alone(row) for row in rows)

    def _next_batch(self) -> Sequence[Row[*tuple[Any, ...]]]:
        """The oldest messages that may be handled now: none behind an earlier one of its key that must wait."""
        now = epoch()
        held_up = _held_up(now)
        query = (
            select(inbox.id, inbox.type, inbox.partition_key, inbox.body, inbox.attempts, inbox.waits)
            .outerjoin(held_up, held_up.c.partition_key == inbox.partition_key)
            # both conditions on the state: SQLite uses a partial index only where its own words stand in the query
            .where(UNFINISHED, inbox.state == PENDING, inbox.due <= now)
            .where(held_up.c.first.is_(None) | (held_up.c.first > inbox.id))
            .order_by(inbox.id)
            .limit(BATCH)
        )
        with self._database.reading() as session:
            return session.execute(query).all()

    def _handle_together(self, rows: Sequence[Row[Any]]) -> None:
        with self._application.writing() as session:
            self._lease.guard(session)
            mine = inbox.id.in_([row.id for row in rows]) & (inbox.state == PENDING)
            done = (
                update(inbox_messages)
                .where(mine)
                .values(state=DONE, handled_at=SystemClock().now(), reason=None)
            )
            if session.execute(done).rowcount != len(rows):  # type: ignore[attr-defined]
                raise _Changed  # somebody discarded one of them meanwhile
            for row in rows:
                self._handle(session, row)

    def _handle_alone(self, row: Row[Any]) -> int:
        """Handle one message in its own transaction; 1 if it was done. A failure is noted on its row."""
        # One that must wait holds back those of its key which were read in the same batch.
        if self._is_held_up(row):
            return 0
        for attempt in range(1, MOST_CONFLICTS + 1):
            try:
                self._handle_together([row])
                return 1
            except LeaseLost:
                raise
            except _Changed:
                return 0
            except Exception as error:
                if is_away(error):
                    raise
                if is_conflict(error) and attempt < MOST_CONFLICTS:
                    continue
                self._note_failure(row, error)
                return 0
        return 0

    def _is_held_up(self, row: Row[Any]) -> bool:
        earlier = and_(UNFINISHED, inbox.partition_key == row.partition_key, inbox.id < row.id)
        blocking = or_(inbox.state == PENDING, inbox.blocks_key == 1)
        with self._database.reading() as session:
            return session.execute(select(inbox.id).where(earlier, blocking).limit(1)).first() is not None

    def _handle(self, session: Session, row: Row[Any]) -> None:
        envelope = Envelope.from_bytes(row.body)
        subscription = self._subscriptions.get(envelope.type)
        if subscription is None:
            raise NotYet(f"{envelope.type} is not known here; an upgrade may be under way")
        received = Received.of(subscription.contract, envelope)
        if subscription.kind == "copy" and not self._keep_copy(session, subscription, received):
            return
        owner = subscription.contract.owner()
        cause = Cause(system(owner), envelope.correlation_id, envelope.id, envelope.traceparent)
        for command in subscription.commands(received):
            self._application.carry_out(session, command, cause)

    def _keep_copy(self, session: Session, subscription: Subscription, received: Received) -> bool:
        """Store the facts unless the copy at hand is as new; whether they were stored."""
        row = {
            "aggregate": subscription.contract.aggregate(),
            "ref": received.subject,
            "version": received.envelope.aggregate_version,
            "facts": received.envelope.data,
        }
        newer = self._database.upsert(
            copies, row, ["aggregate", "ref"], lambda old, new: old.c.version < new.version
        )
        return bool(session.execute(newer).rowcount)  # type: ignore[attr-defined]

    def _note_failure(self, row: Row[Any], error: Exception) -> None:
        reason = _reason(error)
        values: dict[str, Any] = {"reason": reason}
        if isinstance(error, NotYet | UnknownReference):
            values |= {"waits": row.waits + 1, "due": epoch() + _delay(row.waits, FIRST_WAIT, LONGEST_WAIT)}
        elif isinstance(error, JiushuError | ContractBroken) or row.attempts + 1 >= MOST_ATTEMPTS:
            values |= {
                "state": DEAD,
                "attempts": row.attempts + 1,
                "blocks_key": int(self._blocks_key(row.type)),
            }
            log.error("event is dead", extra={"event_type": row.type, "inbox_id": row.id, "reason": reason})
        else:
            values |= {
                "attempts": row.attempts + 1,
                "due": epoch() + _delay(row.attempts, FIRST_DELAY, LONGEST_DELAY),
            }
            log.warning("event will be tried again", exc_info=error, extra={"event_type": row.type})
        with self._database.writing() as session:
            self._lease.guard(session)
            session.execute(
                update(inbox_messages).where(inbox.id == row.id, inbox.state == PENDING).values(values)
            )

    def _blocks_key(self, event_type: str) -> bool:
        subscription = self._subscriptions.get(event_type)
        return subscription is None or subscription.kind != "copy"

    # ---- scheduled commands

    def _carry_out_due_command(self) -> int:
        row = self._next_command()
        if row is None:
            return 0
        try:
            with self._application.writing() as session:
                self._lease.guard(session)
                if session.execute(delete(scheduled_commands).where(_same(row))).rowcount:  # type: ignore[attr-defined]
                    self._application.carry_out_named(session, row.command, row.arguments, row.correlation_id)
            return 1
        except LeaseLost:
            raise
        except Exception as error:
            if is_away(error):
                raise
            self._note_command_failure(row, error)
            return 0

    def _next_command(self) -> Row[Any] | None:
        now = self._application.clock.now()
        query = (
            select(scheduled_commands)
            .where(scheduled.state == PENDING, scheduled.due_at <= now, scheduled.due <= epoch())
            .order_by(scheduled.due_at, scheduled.id)
            .limit(1)
        )
        with self._database.reading() as session:
            return session.execute(query).first()

    def _note_command_failure(self, row: Row[Any], error: Exception) -> None:
        values: dict[str, Any] = {"reason": _reason(error)}
        if isinstance(error, NotYet | UnknownReference):
            values |= {"due": epoch() + LONGEST_WAIT}
        elif isinstance(error, JiushuError) or row.attempts + 1 >= MOST_ATTEMPTS:
            values |= {"state": DEAD, "attempts": row.attempts + 1}
            log.error(
                "scheduled command is dead", exc_info=error, extra={"command": row.command, "key": row.key}
            )
        else:
            values |= {
                "attempts": row.attempts + 1,
                "due": epoch() + _delay(row.attempts, FIRST_DELAY, LONGEST_DELAY),
            }
            log.warning(
                "scheduled command will be tried again", exc_info=error, extra={"command": row.command}
            )
        with self._database.writing() as session:
            self._lease.guard(session)
            session.execute(update(scheduled_commands).where(_same(row)).values(values))


def _same(row: Row[Any]) -> ColumnElement[bool]:
    """The scheduled command as it was read: one that was replaced meanwhile is another."""
    return and_(scheduled.id == row.id, scheduled.revision == row.revision, scheduled.state == PENDING)


def _reason(error: Exception) -> str:
    return storable(f"{type(error).__name__}: {error}", LONGEST_REASON)


class _Changed(Exception):
    """A message is no longer pending."""


def _delay(times: int, first: float, longest: float) -> float:
    """Exponential, with up to a quarter of jitter, so that many do not come back at the same moment."""
    jitter: Callable[[float, float], float] = random.uniform
    return min(longest, first * 2.0 ** min(times, 20)) * jitter(0.75, 1.0)
