"""What is in a file that somebody attaches (附件): told by its content, never by its name, and freed of what nobody
meant to tell. A photograph's EXIF says where and when it was taken and with whose phone (个保法 28)."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

from shared.kernel.errors import Invalid

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
PHOTOGRAPHS = (JPEG, PNG, WEBP)
MEDIA_TYPES = (*PHOTOGRAPHS, PDF)

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 25_000_000  # what phones take; three bytes each, while it is drawn anew

_WRITTEN: dict[str, dict[str, Any]] = {
    JPEG: {"format": "JPEG", "quality": 82},
    PNG: {"format": "PNG"},
    WEBP: {"format": "WEBP", "quality": 82},
}
_KEPT = ("icc_profile", "transparency")  # how colours look; nothing of it is about anybody


class AttachmentTooLarge(Invalid):
    """More bytes than are kept."""

    code = "attachment_too_large"
    zh = "附件有 {bytes} 字节，最多 {most} 字节，请压缩后再上传"
    en = "the attachment has {bytes} bytes, {most} are allowed; make it smaller"


class AttachmentKindUnknown(Invalid):
    """Neither a photograph nor a document of the kinds that are kept."""

    code = "attachment_kind_unknown"
    zh = "附件的内容不是 JPEG、PNG、WebP 照片或 PDF（看内容，不看文件名），请转换后再上传"
    en = "by its content the attachment is no JPEG, PNG, WebP or PDF (its name does not count); convert it first"


class PhotographTooLarge(Invalid):
    """More pixels than are looked at."""

    code = "photograph_too_large"
    zh = "照片超过 {most} 像素，请缩小后再上传"
    en = "the photograph has more than {most} pixels; make it smaller"


class PhotographBroken(Invalid):
    """It begins like a photograph and is none."""

    code = "photograph_broken"
    zh = "照片已损坏，无法读取，请重新拍摄或上传"
    en = "the photograph is damaged and cannot be read; take it or send it again"


@dataclass(frozen=True)
class Cleaned:
    """What is to be kept, and what it is."""

    content: bytes
    media_type: str


def cleaned(content: bytes) -> Cleaned:
    """The same picture drawn anew, upright, without EXIF, GPS, comments or anything behind its end; a PDF as it is.

    The same bytes give the same bytes. Raises AttachmentTooLarge, AttachmentKindUnknown, PhotographTooLarge,
    PhotographBroken.
    """
    if len(content) > MOST_BYTES:
        raise AttachmentTooLarge(bytes=len(content), most=MOST_BYTES)
    media_type = media_type_of(content)
    if media_type is None:
        raise AttachmentKindUnknown()
    return Cleaned(content if media_type == PDF else _redrawn(content, media_type), media_type)


def media_type_of(content: bytes) -> str | None:
    """By the first bytes; None for anything else."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    return PDF if content.startswith(b"%PDF-") else None


def _redrawn(content: bytes, media_type: str) -> bytes:
    try:
        with Image.open(BytesIO(content), formats=[_WRITTEN[media_type]["format"]]) as given:
            if given.width * given.height > MOST_PIXELS:
                raise PhotographTooLarge(most=MOST_PIXELS)
            upright = ImageOps.exif_transpose(given)
            upright.info = {name: given.info[name] for name in _KEPT if name in given.info}
            written = BytesIO()
            upright.save(written, **_WRITTEN[media_type])
    except PhotographTooLarge:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PhotographTooLarge(most=MOST_PIXELS) from None
    except Exception as error:  # what a broken file does to a decoder has no one type
        raise PhotographBroken() from error
    return written.getvalue()
