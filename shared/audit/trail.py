"""Audit entries, as they are written: only ever added, in the transaction of the deed that they tell of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import String, insert
from sqlalchemy.orm import Session

from shared.kernel.clock import SystemClock
from shared.messaging.inbox import storable
from shared.persistence.tables import audit_entries

_WIDTHS: dict[str, int] = {
    column.name: column.type.length or 0
    for column in audit_entries.columns
    if isinstance(column.type, String)
}


@dataclass(frozen=True)
class Entry:
    """审计记录 One deed or question: who (`actor`, `role`, `scope`), from where, what (`operation`, as in the metrics),
    on which `object`, about which person (`subject`, a resident_ref), with which outcome (HTTP status, problem code),
    for which `purpose`, in which `journey`."""

    actor: str
    role: str
    scope: str
    address: str
    operation: str
    status: int
    object: str | None = None
    subject: str | None = None
    code: str | None = None
    purpose: str | None = None
    journey: str | None = None


def keep(session: Session, entries: Iterable[Entry]) -> None:
    """Write entries, with the system's time, into the transaction at hand. What is too long is cut."""
    now = SystemClock().now()
    rows = [
        {"at": now, **{name: _fitting(name, value) for name, value in asdict(one).items()}} for one in entries
    ]
    if rows:
        session.execute(insert(audit_entries), rows)


def _fitting(name: str, value: Any) -> Any:
    return storable(value, _WIDTHS[name]) if isinstance(value, str) else value
