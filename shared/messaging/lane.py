"""The lane handles everything that a service receives, and what it has scheduled: the only place where it happens.

Stored states are `pending`, `done`, `dead` and `discarded`. "Retrying" and "waiting behind an earlier message of
its key" are derived, never stored: a stored waiting state strands a whole key in a race.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from time import perf_counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from shared.contracts.envelope import Envelope
from shared.contracts.registry import ContractBroken, has_versions
from shared.kernel.clock import SystemClock, epoch
from shared.kernel.command import Cause, system
from shared.kernel.errors import JiushuError, NotYet, UnknownReference
from shared.messaging.caution import Caution, ProcessDied
from shared.messaging.failpoints import failpoint
from shared.messaging.inbox import DEAD, DISCARDED, DONE, LONGEST_REASON, PENDING, storable
from shared.messaging.lease import Lease, LeaseLost
from shared.messaging.subscriptions import Received, Subscription
from shared.persistence.database import is_away, is_busy, is_conflict
from shared.persistence.tables import copies, inbox_messages, outbox_messages, scheduled_commands

if TYPE_CHECKING:
    from shared.application import Application

log = logging.getLogger(__name__)

BATCH = 200
MOST_ATTEMPTS = 12
MOST_CONFLICTS = 3
FIRST_DELAY, LONGEST_DELAY = 0.2, 300.0
FIRST_WAIT, LONGEST_WAIT = 0.1, 10.0

_READ = ("id", "source", "event_id", "type", "partition_key", "body", "attempts", "waits", "deaths")
_PERMANENT = (JiushuError, ContractBroken, ProcessDied)

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
        self._store = application.definition.store
        self._messages = Caution(application.database, lease, inbox_messages)
        self._commands = Caution(application.database, lease, scheduled_commands)
        self._metrics = application.metrics

    def run_once(self) -> int:
        """Handle one batch and one due command; how many were done. Raises LeaseLost, DatabaseAway."""
        if self._lease.follows_a_death:
            self._messages.begin()
            self._commands.begin()
            self._lease.follows_a_death = False
        return self._handle_messages() + self._carry_out_due_command()

    # ---- messages

    def _handle_messages(self) -> int:
        rows = self._next_batch()
        try:
            alone = list(takewhile(self._goes_alone, rows))
            if alone:
                return sum(self._handle_alone(row) for row in alone)
            return self._handle_batch(list(takewhile(lambda row: not self._goes_alone(row), rows)))
        except BaseException:
            self._messages.survived(rows)
            raise

    def _goes_alone(self, row: Row[Any]) -> bool:
        """What has failed before, or may have killed its process, would drag a whole batch along once more."""
        return bool(row.attempts or row.waits) or self._messages.suspects(row)

    def _handle_batch(self, rows: Sequence[Row[Any]]) -> int:
        if not rows:
            return 0
        self._messages.take(rows)
        try:
            self._handle_together(rows)
            return len(rows)
        except LeaseLost:
            raise
        except (Exception, SystemExit) as error:  # whatever it was: find out whose fault it is, one by one
            if is_away(error):
                self._messages.blames(rows, error)
                raise
        return sum(self._handle_alone(row) for row in rows)

    def _next_batch(self) -> Sequence[Row[*tuple[Any, ...]]]:
        """The oldest messages that may be handled now: none behind an earlier one of its key that must wait."""
        now = epoch()
        held_up = _held_up(now)
        query = (
            select(*(inbox[name] for name in _READ))
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
        begun = perf_counter()
        with self._application.writing() as session:
            self._lease.guard(session)
            mine = inbox.id.in_([row.id for row in rows]) & (inbox.state == PENDING)
            now = SystemClock().now()
            done = update(inbox_messages).where(mine).values(state=DONE, handled_at=now, reason=None)
            if session.execute(done).rowcount != len(rows):  # type: ignore[attr-defined]
                raise _Changed  # somebody discarded one of them meanwhile
            for row in rows:
                if not (has_versions(row.type) and _was_told(session, row, now)):
                    self._handle(session, row)
                failpoint("lane.in_handler")
            if perf_counter() - begun > self._lease.seconds / 2:
                self._lease.guard(session)  # or a slow handler's own commit would let the lease run out
            failpoint("lane.before_commit")
        failpoint("lane.after_commit")
        self._metrics.keep_handled(row.type for row in rows)

    def _handle_alone(self, row: Row[Any]) -> int:
        """Handle one message in its own transaction; 1 if it was done. A failure is noted on its row."""
        # One that must wait holds back those of its key which were read in the same batch.
        if self._is_held_up(row):
            return 0
        try:
            self._messages.take([row])
        except ProcessDied as died:
            self._note_failure(row, died)
            return 0
        for attempt in range(1, MOST_CONFLICTS + 1):
            try:
                self._handle_together([row])
                self._messages.came_through(row)
                return 1
            except LeaseLost:
                raise
            except _Changed:
                return 0
            except (Exception, SystemExit) as error:  # a handler's or a plugin's exit is its failure
                if is_away(error) and not self._messages.blames([row], error):
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
        begun = perf_counter()
        with self._application.tracing.process(envelope):
            self._handle_event(session, envelope)
        self._metrics.keep_handling(envelope.type, perf_counter() - begun)

    def _handle_event(self, session: Session, envelope: Envelope) -> None:
        subscription = self._subscriptions.get(envelope.type)
        if subscription is None:
            raise NotYet(f"{envelope.type} is not known here; an upgrade may be under way")
        received = Received.of(subscription.contract, envelope)
        if subscription.kind == "copy" and not self._keep_copy(session, subscription, received):
            return
        received = replace(received, data=self._store.as_it_lies_now(session, received.data))
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
            "facts": {} if subscription.is_end else received.envelope.data,
        }
        newer = self._database.upsert(
            copies, row, ["aggregate", "ref"], lambda old, new: old.c.version < new.version
        )
        return bool(session.execute(newer).rowcount)  # type: ignore[attr-defined]

    def _note_failure(self, row: Row[Any], error: BaseException) -> None:
        failpoint("lane.before_note")
        reason = _reason(error)
        values: dict[str, Any] = {"reason": reason, "deaths": 0}
        counted = self._metrics.retried
        if isinstance(error, NotYet | UnknownReference):
            counted = self._metrics.not_yet
            values |= {"waits": row.waits + 1, "due": epoch() + _delay(row.waits, FIRST_WAIT, LONGEST_WAIT)}
        elif is_busy(error):
            values |= {"waits": row.waits + 1, "due": epoch() + _delay(row.waits, FIRST_DELAY, LONGEST_WAIT)}
        elif isinstance(error, _PERMANENT) or row.attempts + 1 >= MOST_ATTEMPTS:
            counted = self._metrics.dead
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
        self._messages.came_through(row)
        counted.labels(self._metrics.known(row.type)).inc()

    def _blocks_key(self, event_type: str) -> bool:
        subscription = self._subscriptions.get(event_type)
        return subscription is None or subscription.kind != "copy"

    # ---- scheduled commands

    def _carry_out_due_command(self) -> int:
        row = self._next_command()
        if row is None:
            return 0
        try:
            self._commands.take([row])
            with self._application.writing() as session:
                self._lease.guard(session)
                if session.execute(delete(scheduled_commands).where(_same(row))).rowcount:  # type: ignore[attr-defined]
                    with self._application.tracing.due(
                        row.command, row.correlation_id, lambda: _last_trace(session, row.correlation_id)
                    ):
                        self._application.carry_out_named(
                            session, row.command, row.arguments, row.correlation_id
                        )
                    failpoint("due.before_commit")
            self._commands.came_through(row)
            self._metrics.commands.labels(row.command).inc()
            return 1
        except LeaseLost:
            raise
        except (Exception, SystemExit) as error:
            if is_away(error) and not self._commands.blames([row], error):
                self._commands.survived([row])
                raise
            self._note_command_failure(row, error)
            return 0

    def _next_command(self) -> Row[Any] | None:
        with self._database.reading() as session:
            return session.execute(next_due(self._application.clock.now())).first()

    def _note_command_failure(self, row: Row[Any], error: BaseException) -> None:
        values: dict[str, Any] = {"reason": _reason(error), "deaths": 0}
        counted = self._metrics.command_retries
        if isinstance(error, NotYet | UnknownReference):
            values |= {"due": epoch() + LONGEST_WAIT}
        elif is_busy(error):
            values |= {"due": epoch() + _delay(3, FIRST_DELAY, LONGEST_DELAY)}
        elif isinstance(error, _PERMANENT) or row.attempts + 1 >= MOST_ATTEMPTS:
            counted = self._metrics.commands_dead
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
        self._commands.came_through(row)
        counted.labels(row.command).inc()


def _was_told(session: Session, row: Row[Any], now: datetime) -> bool:
    """Whether another version of the same fact was handled before this batch, or earlier in it."""
    told = and_(
        inbox.source == row.source,
        inbox.event_id == row.event_id,
        inbox.type != row.type,
        or_(
            and_(inbox.state.in_((DONE, DISCARDED)), inbox.id < row.id),
            and_(inbox.state == DONE, inbox.handled_at < now),
        ),
    )
    return session.execute(select(inbox.id).where(told).limit(1)).first() is not None


def _same(row: Row[Any]) -> ColumnElement[bool]:
    """The scheduled command as it was read: one that was replaced meanwhile is another."""
    return and_(scheduled.id == row.id, scheduled.revision == row.revision, scheduled.state == PENDING)


def _last_trace(session: Session, journey: str | None) -> str | None:
    """The trace of the last event that the service said in a journey, which leads to what scheduled a command."""
    outbox = outbox_messages.c
    said = select(outbox.body).where(outbox.correlation_id == journey).order_by(outbox.id.desc()).limit(1)
    body = session.execute(said).scalar()
    return Envelope.from_bytes(body).traceparent if body else None


def _reason(error: BaseException) -> str:
    return storable(f"{type(error).__name__}: {error}", LONGEST_REASON)


class _Changed(Exception):
    """A message is no longer pending."""


def _delay(times: int, first: float, longest: float) -> float:
    """Exponential, with up to a quarter of jitter, so that many do not come back at the same moment."""
    jitter: Callable[[float, float], float] = random.uniform
    return min(longest, first * 2.0 ** min(times, 20)) * jitter(0.75, 1.0)


def next_due(now: datetime) -> Select[Any]:
    """The scheduled command whose turn it is at that time of the business clock, if one is due."""
    is_due = (scheduled.state == PENDING, scheduled.due_at <= now, scheduled.due <= epoch())
    return select(scheduled_commands).where(*is_due).order_by(scheduled.due_at, scheduled.id).limit(1)
