"""A trail as it stands in its service's database, and what that service keeps of others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from shared.audit.chain import Seal
from shared.audit.verification import Kept, Wrong, examine
from shared.kernel.clock import SystemClock
from shared.persistence.database import Database
from shared.persistence.tables import audit_entries, audit_seals, kept_seals

UNSEALED_SECONDS = 600

entries, seals, kept = audit_entries.c, audit_seals.c, kept_seals.c


def verify(database: Database, service: str, kept_by_others: Kept) -> Iterator[Wrong]:
    """All that is wrong with a service's trail. It reads one seal's entries at a time. Raises DatabaseAway."""
    with database.reading() as session:
        found = [
            Seal(*row) for row in session.execute(select(audit_seals).order_by(seals.number)).yield_per(1000)
        ]
        numbers = list(session.scalars(select(entries.seal).where(entries.seal.is_not(None)).distinct()))
        yield from examine(
            service,
            found,
            lambda number: session.execute(select(audit_entries).where(entries.seal == number)).mappings(),
            numbers,
            kept_by_others,
        )


def kept_of(database: Database, service: str) -> list[tuple[int, str]]:
    """Number and hash of the seals that the database keeps of another service. Raises DatabaseAway."""
    with database.reading() as session:
        rows = session.execute(select(kept.number, kept.hash).where(kept.service == service))
        return [(row.number, row.hash) for row in rows]


def counted(database: Database) -> tuple[int, int, int]:
    """How many seals there are, how many entries, and how many have had no seal for ten minutes."""
    before = SystemClock().now() - timedelta(seconds=UNSEALED_SECONDS)
    with database.reading() as session:
        return (
            session.scalar(select(func.count()).select_from(audit_seals)) or 0,
            session.scalar(select(func.count()).select_from(audit_entries)) or 0,
            session.scalar(select(func.count()).where(entries.seal.is_(None), entries.at < before)) or 0,
        )
