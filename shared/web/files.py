"""文件 Files over HTTP: an endpoint may take one as its whole body (上传), or answer with one (下载)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

from werkzeug.wrappers import Request, Response

from shared.web.problems import Malformed

CSV = "text/csv"
CALENDAR = "text/calendar"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GEOJSON = "application/geo+json"
JPEG, PNG = "image/jpeg", "image/png"

DISPOSITION = "Content-Disposition"
MIB = 1024 * 1024
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\]")
_UNQUOTED = "!#$&+-.^_`|~"  # beside letters and digits: what RFC 8187 leaves as it is


@dataclass(frozen=True)
class File:
    """Bytes of a media type, and the `name` under which whoever downloads them keeps them (`楼门.csv`)."""

    content: bytes
    media_type: str
    name: str = ""

    @property
    def fingerprint(self) -> list[str]:
        """Equal for equal files."""
        return [self.media_type, hashlib.sha256(self.content).hexdigest()]


@dataclass(frozen=True)
class Upload:
    """Which files an endpoint takes: of these media types, of at most `most` bytes."""

    media_types: tuple[str, ...]
    most: int = 8 * MIB


def uploaded(request: Request, upload: Upload) -> File:
    """The file sent. Raises Malformed: 415 for another media type, 413 for too many bytes, 400 for none."""
    if request.mimetype not in upload.media_types:
        possible = "、".join(upload.media_types)
        raise Malformed(
            415,
            f"请求内容应为文件，Content-Type 应为：{possible}",
            f"the body must be a file; Content-Type must be one of: {', '.join(upload.media_types)}",
        )
    if (request.content_length or 0) > upload.most:
        raise Malformed(413, f"文件最多 {upload.most} 字节", f"a file may have {upload.most} bytes")
    request.max_content_length = upload.most
    content = request.get_data()
    if not content:
        raise Malformed(400, "文件是空的，请重新选择文件", "the file is empty; choose it again")
    return File(content, request.mimetype)


def download(file: File, status: int) -> Response:
    """The answer that is this file: to be kept, never to be shown as part of a page."""
    response = Response(file.content, status, mimetype=file.media_type)
    response.headers.set(DISPOSITION, "attachment", **_names(file.name))
    return response


def _names(name: str) -> dict[str, str]:
    """RFC 6266: a plain name for whoever reads no other, and beside it the true one."""
    name = _UNFIT.sub("_", name)
    simple = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    if simple == name:
        return {"filename": name} if name else {}
    plain = f"file{simple}" if simple.startswith(".") or not simple else simple
    return {"filename": plain, "filename*": f"UTF-8''{quote(name, safe=_UNQUOTED)}"}
