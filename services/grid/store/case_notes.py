"""Notes about cases."""

from __future__ import annotations

from sqlalchemy import Column, String, Text

from services.grid.domain.case_note import CaseNote
from services.grid.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant

case_notes = aggregate_table(
    "case_notes",
    metadata,
    Column("case_ref", Id, nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("written_by", String(120), nullable=False),
    Column("written_at", Instant, nullable=False),
)

map_aggregate(mapper, CaseNote, case_notes)


class CaseNotes(Repository[CaseNote]):
    """Notes."""

    kind = CaseNote
