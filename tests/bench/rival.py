"""What a handler written by hand does with an event: check the contract, note that it was seen, note the effect."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from shared.contracts.registry import read
from shared.kernel.clock import SystemClock
from shared.persistence.tables import inbox_messages
from tests.bench.toy import NOTE, LampOut

_SEEN = insert(inbox_messages).on_conflict_do_nothing(index_elements=["source", "event_id", "type"])


def handle(connection: Connection, event: dict[str, Any], body: bytes) -> None:
    """Both inserts, inside the caller's transaction."""
    data = read(LampOut, event["data"])
    now = SystemClock().now()
    seen = connection.execute(
        _SEEN,
        {
            "source": event["source"],
            "event_id": event["id"],
            "type": event["type"],
            "partition_key": event["subject"],
            "correlation_id": event["correlationid"],
            "body": body,
            "state": "done",
            "received_at": now,
            "handled_at": now,
        },
    )
    if seen.rowcount:
        connection.execute(NOTE, {"lamp": event["subject"], "title": data["title"], "count": data["count"]})
