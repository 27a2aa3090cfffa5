"""Keep photographs and documents, before they are attached to something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.grid.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class KeepAttachment(Command):
    """上传附件"""

    content: bytes


@use_case
def keep_attachment(command: KeepAttachment, work: Work) -> Any:
    """What is known of it. Raises Invalid for what is too large, broken, or of another kind."""
    return work.attachments.keep(command.content)
