"""Receiving: what came is kept raw, once, before the broker is told that it may forget it."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter as Tally
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from shared.contracts.envelope import Envelope
from shared.contracts.registry import ContractBroken
from shared.kernel.clock import SystemClock
from shared.messaging.failpoints import failpoint
from shared.messaging.transport import Incoming
from shared.persistence.database import Database
from shared.persistence.tables import inbox_messages

if TYPE_CHECKING:
    from shared.application import Application

log = logging.getLogger(__name__)

LONGEST_REF, LONGEST_TYPE, LONGEST_SOURCE, LONGEST_REASON = 64, 120, 120, 2000

PENDING, DONE, DEAD, DISCARDED = "pending", "done", "dead", "discarded"
WAITED_LONG = 10  # tries, which is about a minute


def receive(application: Application, messages: Sequence[Incoming]) -> None:
    """Keep what came for a service, and wake its lane.

    What was replayed to it and it does not listen to is left out, and counted. A type that comes over the bus was once
    subscribed to, or will be, and waits for the upgrade; but whoever replays does not know what concerns the service
    and sends all, so that most of it would wait for ever, its keys behind it. After an upgrade: replay again.
    """
    known = application.subscriptions
    wanted = [one for one in messages if not one.replayed or one.type in known]
    if len(wanted) < len(messages):
        _leave_out(application, [one.type for one in messages if one.replayed and one.type not in known])
    if not wanted:
        return
    with application.tracing.receive(wanted):
        new = keep(application.database, wanted)
    application.metrics.keep_received([one.type for one in wanted], new)
    application.received.set()


def _leave_out(application: Application, types: Sequence[str]) -> None:
    application.metrics.left_out.inc(len(types))
    told = ", ".join(f"{number} {storable(name, LONGEST_TYPE)}" for name, number in Tally(types).items())
    log.info("%s: replayed, but not listened to here: %s", application.name, told)


def keep(database: Database, messages: Sequence[Incoming]) -> int:
    """Store the messages, leaving out those already known by (source, id, type); how many were new.

    Without a look at the lease, whose row a slow handler holds: what a holder that lost it still receives is kept once
    all the same, and in order, since the broker gives what nobody has acknowledged to one consumer at a time, in its
    place, and nothing is acknowledged before it is kept.
    """
    if not messages:
        return 0
    rows = [_row(message) for message in messages]
    with database.writing() as session:
        unknown = database.insert_new(inbox_messages, ["source", "event_id", "type"])
        new = len(session.execute(unknown.returning(inbox_messages.c.id), rows).all())
        failpoint("receive.before_commit")
    return new


def counts(database: Database) -> dict[str, int]:
    """How many messages are in which state."""
    with database.reading() as session:
        state, number = inbox_messages.c.state, func.count().label("number")
        return {row.state: row.number for row in session.execute(select(state, number).group_by(state))}


def storable(text: str, most: int) -> str:
    """Text that every database can keep: no NUL, no lone surrogate, cut to a length."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()[:most]


def _row(message: Incoming) -> dict[str, Any]:
    row: dict[str, Any] = {
        "body": message.body,
        "received_at": SystemClock().now(),
        "attempts": 0,
        "waits": 0,
        "due": 0.0,
        "blocks_key": 0,
        "state": PENDING,
        "reason": None,
    }
    try:
        envelope = Envelope.from_bytes(message.body)
        return row | {
            "source": _fitting(envelope.source, LONGEST_SOURCE),
            "event_id": _fitting(envelope.id, LONGEST_REF),
            "type": _fitting(envelope.type, LONGEST_TYPE),
            "partition_key": _fitting(envelope.partition_key, LONGEST_REF),
            "correlation_id": _fitting(envelope.correlation_id, LONGEST_REF),
        }
    except ContractBroken as broken:
        # The key comes from the message's headers, so that even unreadable bytes hold back only their own key.
        key = storable(message.partition_key, LONGEST_REF)
        return row | {
            "source": "?",
            "event_id": hashlib.sha256(key.encode() + b"\0" + message.body).hexdigest(),
            "type": storable(message.type, LONGEST_TYPE),
            "partition_key": key,
            "correlation_id": None,
            "state": DEAD,
            "blocks_key": 1,
            "reason": storable(f"unreadable: {broken}", LONGEST_REASON),
        }


def _fitting(text: str, most: int) -> str:
    if storable(text, most) != text:
        raise ContractBroken("?", f"an attribute is longer than {most} characters, or cannot be stored")
    return text
