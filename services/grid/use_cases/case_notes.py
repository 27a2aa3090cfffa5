"""Note something about a case, for those who work on it."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.case_note import CaseNote
from services.grid.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class WriteNote(Command):
    """备注"""

    case_id: str
    text: str


@use_case
def write_note(command: WriteNote, work: Work) -> CaseNote:
    """In whatever state the case is. Raises NotFound, Forbidden."""
    case = work.cases.get(command.case_id)
    note = CaseNote(case, command.text, by=work.actor.told, now=work.now)
    work.case_notes.add(note)
    return note
