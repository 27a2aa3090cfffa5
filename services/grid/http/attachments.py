"""附件 Attachments: uploaded first, then named by whatever they belong to."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.http.common import READERS, WATCHERS, api
from services.grid.http.visits import VISITORS
from services.grid.use_cases.attachments import CASE, VISIT, KeepAttachment
from shared.access.roles import OUTSIDE_SYSTEM, RESIDENT, STAFF
from shared.persistence.pictures import MEDIA_TYPES, MOST_BYTES, PDF
from shared.web.api import Call
from shared.web.fields import Code, Instant, Ref, Whole
from shared.web.files import File, Upload

READ_BY = {CASE: (*READERS, RESIDENT), VISIT: VISITORS}
UPLOADERS = (*STAFF, *WATCHERS, RESIDENT, OUTSIDE_SYSTEM)  # whoever may report a case
ANY_READER = tuple(dict.fromkeys((*READ_BY[CASE], *READ_BY[VISIT], *UPLOADERS)))
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", PDF: "pdf"}


class AttachmentView(Schema):
    """What is known of an attachment. Its ref is the SHA-256 of what is kept: photographs without EXIF and GPS."""

    ref = Ref()
    size = Whole()
    media_type = Code()
    kept_at = Instant()


@api.post(
    "/attachments",
    roles=UPLOADERS,
    takes=Upload(MEDIA_TYPES, MOST_BYTES),
    answer=AttachmentView,
    status=201,
    location="/attachments/{ref}",
)
def keep_attachment(call: Call) -> Any:
    """上传附件（照片去除拍摄地点等信息后保存）"""
    return call.handle(KeepAttachment(call.file.content))


@api.get("/attachments/{id}", roles=ANY_READER, gives=MEDIA_TYPES, personal=True)
def attachment(call: Call) -> Any:
    """下载附件"""
    known = call.ask(queries.attachments.attachment, call.path["id"], readers=READ_BY)
    content = call.application.attachments.get(known.ref)
    return File(content, known.media_type, f"{known.ref[:12]}.{ENDINGS[known.media_type]}")
