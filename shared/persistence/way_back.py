"""退回 Whether an older version of the code can work with tables that a later one has migrated.

A migration adds, so it can, unless one said `oldest_code = "<revision>"`: code that does not know that revision uses
what is not there any more. The table is there once a migration has said so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, MetaData, String, Table, delete, insert, inspect, select
from sqlalchemy.orm import Session

oldest_code = Table(
    "alembic_version_oldest",
    MetaData(),
    Column("line", String(60), primary_key=True),
    Column("revision", String(32), nullable=False),
)


def note_oldest_code(line: str, *, ctx: Any, step: Any, **_more: Any) -> None:
    """For Alembic, as each migration of a line is applied, in its transaction."""
    revision = getattr(step.up_revision.module, "oldest_code", None)
    if revision is not None:
        connection: Connection = ctx.connection
        oldest_code.create(connection, checkfirst=True)
        connection.execute(delete(oldest_code).where(oldest_code.c.line == line))
        connection.execute(insert(oldest_code).values(line=line, revision=revision))


def can_be_gone_back_over(session: Session, line: str, known: Sequence[str]) -> bool:
    """Whether code that knows these revisions of a line can work with the tables as they are."""
    if not inspect(session.connection()).has_table(oldest_code.name):
        return True
    oldest = session.scalar(select(oldest_code.c.revision).where(oldest_code.c.line == line))
    return oldest is None or oldest in known
