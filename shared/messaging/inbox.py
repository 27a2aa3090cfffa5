"""Receiving: what came is kept raw, once, before the broker is told that it may forget it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from shared.contracts.envelope import Envelope
from shared.contracts.registry import ContractBroken
from shared.kernel.clock import SystemClock
from shared.messaging.transport import Incoming
from shared.persistence.database import Database
from shared.persistence.tables import inbox_messages

PENDING, DONE, DEAD, DISCARDED = "pending", "done", "dead", "discarded"


def keep(database: Database, messages: Sequence[Incoming]) -> None:
    """Store the messages, leaving out those already known by (source, id)."""
    if not messages:
        return
    rows = [_row(message) for message in messages]
    with database.writing() as session:
        session.execute(database.insert_new(inbox_messages, rows, ["source", "event_id"]))


def counts(database: Database) -> dict[str, int]:
    """How many messages are in which state."""
    with database.reading() as session:
        state, number = inbox_messages.c.state, func.count().label("number")
        return {row.state: row.number for row in session.execute(select(state, number).group_by(state))}


def _row(message: Incoming) -> dict[str, Any]:
    row: dict[str, Any] = {
        "body": message.body,
        "received_at": SystemClock().now(),
        "attempts": 0,
        "waits": 0,
        "due": 0.0,
    }
    try:
        envelope = Envelope.from_bytes(message.body)
    except ContractBroken as broken:
        # The key comes from the message's headers, so that even unreadable bytes hold back only their own key.
        return row | {
            "source": "?",
            "event_id": message.event_id,
            "type": message.type,
            "partition_key": message.partition_key,
            "correlation_id": None,
            "state": DEAD,
            "blocks_key": 1,
            "reason": f"unreadable: {broken}",
        }
    return row | {
        "source": envelope.source,
        "event_id": envelope.id,
        "type": envelope.type,
        "partition_key": envelope.partition_key,
        "correlation_id": envelope.correlation_id,
        "state": PENDING,
        "blocks_key": 0,
        "reason": None,
    }
