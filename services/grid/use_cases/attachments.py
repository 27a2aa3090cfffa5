"""Keep photographs and documents, and attach them to what they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.grid.domain.errors.visits import PhotographUnknown
from services.grid.use_cases.ports import Work
from shared.kernel.command import Command, use_case

CASE, VISIT = "case", "visit"  # what they are attached to


@dataclass(frozen=True)
class KeepAttachment(Command):
    """上传附件"""

    content: bytes


@use_case
def keep_attachment(command: KeepAttachment, work: Work) -> Any:
    """What is known of it. Raises Invalid for what is too large, broken, or of another kind."""
    return work.attachments.keep(command.content)


def attach_photographs(refs: Sequence[str], kind: str, about_ref: str, work: Work) -> None:
    """Whoever may see the thing may see its photographs. Raises PhotographUnknown."""
    unknown = [ref for ref in refs if not work.attachments.is_photograph(ref)]
    if unknown:
        raise PhotographUnknown(refs=", ".join(unknown), field="photographs")
    for ref in refs:
        work.attachments.attach(ref, kind, about_ref)
