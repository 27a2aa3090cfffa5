"""What every service can do with photographs and documents (附件): keep one, and attach it to what it shows.

A service opens its doors with `shared.web.attachments`, and has `shared.unattached` forget what belongs to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.kernel.command import Command, use_case
from shared.kernel.errors import Invalid
from shared.kernel.ports import Work


class PhotographUnknown(Invalid):
    """The photograph was not uploaded."""

    code = "photograph_unknown"
    zh = "{field}：附件 {refs} 不存在或不是照片，请先上传"
    en = "{field}: {refs} is no photograph that was uploaded; upload it first"


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
