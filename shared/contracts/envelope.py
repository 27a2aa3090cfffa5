"""The envelope of every message: CloudEvents 1.0, structured JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.contracts.registry import ContractBroken

CONTENT_TYPE = "application/cloudevents+json; charset=UTF-8"
LARGEST_MESSAGE = 64 * 1024
_REQUIRED: dict[str, type] = {
    "id": str,
    "source": str,
    "type": str,
    "subject": str,
    "time": str,
    "data": dict,
    "correlationid": str,
    "aggregateversion": int,
    "partitionkey": str,
}


@dataclass(frozen=True)
class Envelope:
    """One event with all that is known about it beside its data.

    `source` is `/jiushu/<street code>/<service>`; `aggregate_version` orders the events of `subject`;
    `partition_key` (the aggregate's id) says which messages keep their order.
    """

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    data: dict[str, Any]
    correlation_id: str
    aggregate_version: int
    causation_id: str | None = None
    actor: str | None = None
    traceparent: str | None = None

    @property
    def partition_key(self) -> str:
        """The key within which order is kept."""
        return self.subject

    def for_feed(self, data: dict[str, Any]) -> Envelope:
        """The same event as outsiders may read it: with this `data`, and of persons the role only."""
        actor = self.actor
        if actor is not None and not actor.startswith("system:"):
            actor = actor.partition(":")[0]
        return replace(self, data=data, actor=actor)

    def to_bytes(self) -> bytes:
        """The message's body."""
        attributes = {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": self.time.isoformat(),
            "datacontenttype": "application/json",
            "dataschema": f"urn:jiushu:{self.type}",
            "correlationid": self.correlation_id,
            "causationid": self.causation_id,
            "actor": self.actor,
            "aggregateversion": self.aggregate_version,
            "partitionkey": self.partition_key,
            "traceparent": self.traceparent,
            "data": self.data,
        }
        present = {name: value for name, value in attributes.items() if value is not None}
        return json.dumps(present, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> Envelope:
        """Read a message's body. Raises ContractBroken for anything that is not such an envelope."""
        try:
            attributes = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise ContractBroken("?", f"not JSON: {error}") from None
        if not isinstance(attributes, dict):
            raise ContractBroken("?", "not a JSON object")
        event_type = str(attributes.get("type", "?"))
        missing = [name for name in _REQUIRED if name not in attributes]
        if missing:
            raise ContractBroken(event_type, f"missing: {', '.join(missing)}")
        wrong = [name for name, kind in _REQUIRED.items() if not isinstance(attributes[name], kind)]
        if wrong:
            raise ContractBroken(event_type, f"of the wrong type: {', '.join(wrong)}")
        return cls(
            id=attributes["id"],
            source=attributes["source"],
            type=event_type,
            subject=attributes["subject"],
            time=_instant(event_type, attributes["time"]),
            data=attributes["data"],
            correlation_id=attributes["correlationid"],
            aggregate_version=attributes["aggregateversion"],
            causation_id=attributes.get("causationid"),
            actor=attributes.get("actor"),
            traceparent=attributes.get("traceparent"),
        )


def _instant(event_type: str, text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ContractBroken(event_type, str(error)) from None
    if instant.tzinfo is None:
        raise ContractBroken(event_type, f"time {text} has no offset")
    return instant
