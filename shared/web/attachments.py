"""附件 The doors of attachments: uploaded first, then named by what they belong to, by whose rules they are seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema
from sqlalchemy.orm import Session

from shared.attaching import KeepAttachment
from shared.kernel.command import Actor, OutsideScope
from shared.kernel.errors import NotFound
from shared.persistence.attachments import TERM, Attachment, Shown, is_shown, known
from shared.persistence.pictures import MEDIA_TYPES, MOST_BYTES, PDF
from shared.web.api import Api, Call
from shared.web.fields import Code, Instant, Ref, Whole
from shared.web.files import File, Upload

__all__ = ["Shown", "open_doors"]

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", PDF: "pdf"}


class AttachmentView(Schema):
    """What is known of an attachment. Its ref is the SHA-256 of what is kept: photographs without EXIF and GPS."""

    ref = Ref()
    size = Whole()
    media_type = Code()
    kept_at = Instant()


def open_doors(api: Api, *, uploaders: Sequence[str], shown: Mapping[str, Shown]) -> None:
    """To upload, and to fetch what is attached to one of these kinds of things, each with who may see it."""
    readers = dict.fromkeys(role for each in shown.values() for role in each.roles)

    @api.post(
        "/attachments",
        roles=tuple(uploaders),
        takes=Upload(MEDIA_TYPES, MOST_BYTES),
        answer=AttachmentView,
        status=201,
        location="/attachments/{ref}",
    )
    def keep_attachment(call: Call) -> Any:
        """上传附件（照片去除拍摄地点等信息后保存）"""
        return call.handle(KeepAttachment(call.file.content))

    @api.get(
        "/attachments/{id}",
        roles=tuple(dict.fromkeys((*readers, *uploaders))),
        gives=MEDIA_TYPES,
        personal=True,
    )
    def attachment(call: Call) -> Any:
        """下载附件"""
        found = call.ask(_attachment, call.path["id"], shown=shown)
        content = call.application.attachments.get(found.ref)
        return File(content, found.media_type, f"{found.ref[:12]}.{ENDINGS[found.media_type]}")


def _attachment(session: Session, actor: Actor, id: str, *, shown: Mapping[str, Shown]) -> Attachment:
    """Whoever uploaded it sees it too. Raises NotFound, OutsideScope."""
    found = known(session, id)
    if found is None:
        raise NotFound(what=TERM, ref=id)
    if found.kept_by != actor.told and not is_shown(session, actor, id, shown):
        raise OutsideScope()
    return found
