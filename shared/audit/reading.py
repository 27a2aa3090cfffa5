"""A trail as it stands in its service's database, and what that service keeps of others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.audit.chain import Seal
from shared.audit.verification import Kept, Wrong, examine
from shared.kernel.clock import SystemClock
from shared.persistence.tables import audit_entries, audit_seals, kept_seals
from shared.settings import LEAST_AUDIT_DAYS

UNSEALED_SECONDS = 600
SEALS_AT_ONCE = 100

entries, seals, kept = audit_entries.c, audit_seals.c, kept_seals.c


def verify(
    session: Session, service: str, kept_by_others: Kept, audit_days: int = LEAST_AUDIT_DAYS
) -> Iterator[Wrong]:
    """All that is wrong with a service's trail. It reads the entries of one seal at a time, and few seals."""
    numbers = select(entries.seal).where(entries.seal.is_not(None)).distinct()
    in_order = select(audit_seals).order_by(seals.number)
    yield from examine(
        service,
        (Seal(*row) for row in session.execute(in_order, execution_options={"yield_per": SEALS_AT_ONCE})),
        lambda number: _under(session, number),
        list(session.scalars(numbers)),
        kept_by_others,
        SystemClock().now(),
        audit_days,
    )


def _under(session: Session, number: int) -> list[dict[str, Any]]:
    rows = session.execute(select(audit_entries).where(entries.seal == number))
    return [dict(row) for row in rows.mappings()]


def kept_of(session: Session, service: str) -> list[tuple[int, str]]:
    """Number and hash of the seals that are kept of another service."""
    rows = session.execute(select(kept.number, kept.hash).where(kept.service == service))
    return [(row.number, row.hash) for row in rows]


@dataclass(frozen=True)
class Extent:
    """How long a trail is: its seals, its entries, and those that have had no seal for long."""

    seals: int
    entries: int
    unsealed: int


def extent(session: Session, unsealed_seconds: float = UNSEALED_SECONDS) -> Extent:
    """Count."""
    before = SystemClock().now() - timedelta(seconds=unsealed_seconds)
    return Extent(
        session.scalar(select(func.count()).select_from(audit_seals)) or 0,
        session.scalar(select(func.count()).select_from(audit_entries)) or 0,
        session.scalar(select(func.count()).where(entries.seal.is_(None), entries.at < before)) or 0,
    )
