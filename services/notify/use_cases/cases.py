"""Note whose cases there are."""

from __future__ import annotations

from dataclasses import dataclass

from services.notify.domain.case import ReportedCase
from services.notify.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class NoteCase(Command):
    """A case was reported."""

    case_ref: str
    number: str
    reporter_refs: list[str]
    place_path: str


@use_case
def note_case(command: NoteCase, work: Work) -> None:
    """Remember it, once."""
    if not work.reported_cases.among([command.case_ref]):
        work.reported_cases.add(
            ReportedCase.note(
                case_ref=command.case_ref,
                number=command.number,
                reporter_refs=command.reporter_refs,
                place_path=command.place_path,
            )
        )
