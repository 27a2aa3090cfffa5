"""备注 What staff note about a case for each other. It is told to nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.grid.domain.case import Case
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class NoteWritten(DomainEvent):
    """备注 Stays at home: it may name people."""


class CaseNote(Aggregate):
    """备注 By whom, when, and what. It is never changed; it lies wherever its case does."""

    term = Term("备注", "note")
    leads_journey = False

    def __init__(self, case: Case, text: str, *, by: str, now: datetime) -> None:
        self.id = new_id()
        self.case_ref = case.id
        self.text = text
        self.written_by = by
        self.written_at = now
        self.record(NoteWritten())
