"""How Open311 GeoReport v2 looks on the wire: forms in, XML or JSON out, refusals as a list of errors."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from marshmallow import ValidationError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from shared.access.tokens import TokenRefused
from shared.web.problems import Malformed, language_of, problem
from shared.web.wire import JSON, read_body

FORM = "application/x-www-form-urlencoded"
FORMATS = {"xml": "text/xml", "json": "application/json"}
API_KEY = "api_key"
MOST_FIELDS = 100

# what the members of a list are called in XML
MEMBERS = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
KEY_REFUSED = {
    "zh": "api_key 缺失、无效或已过期：请用访问令牌作为 api_key，或放在 Authorization: Bearer 之后",
    "en": "api_key is missing, wrong or expired: send an access token as api_key, or behind Authorization: Bearer",
}
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class GeoReportWire:
    """XML, or JSON where the path ends in `.json`. An answer is one value under the name of XML's root element; JSON
    leaves that name out (the Spark convention)."""

    strict = False  # programs send the extensions that they know, and the key

    def token(self, request: Request) -> str | None:
        """A bearer token, or the form's `api_key`, or that behind the `?`."""
        return JSON.token(request) or _form(request).get(API_KEY) or request.args.get(API_KEY)

    def body(self, request: Request) -> Mapping[str, Any]:
        """The fields of the form, without the key."""
        return {name: value for name, value in _form(request).items() if name != API_KEY}

    def query(self, request: Request) -> dict[str, str]:
        """The values of a name that is given several times joined by commas. Raises NotFound for another format."""
        if _format(request) not in FORMATS:
            raise NotFound()
        return {name: ",".join(request.args.getlist(name)) for name in request.args}

    def answer(self, request: Request, value: Any, status: int) -> Response:
        """In the format that the path names; XML where it names none."""
        ((root, content),) = value.items()
        if _format(request) == "json":
            text = json.dumps(content, ensure_ascii=False).encode()
        else:
            text = ElementTree.tostring(_element(root, content), encoding="utf-8", xml_declaration=True)
        mimetype = FORMATS.get(_format(request), FORMATS["xml"])
        return Response(text, status, content_type=f"{mimetype}; charset=utf-8")

    def problem(self, request: Request, error: Exception, correlation_id: str | None) -> Response:
        """The kernel's refusal in the standard's words: 403 for the key, 404 for what there is not, else 400."""
        refusal = problem(error, request, correlation_id)
        status = _status(refusal.status_code)
        errors = [
            {"code": status, "description": text} for text in _reasons(error, refusal.get_json(), request)
        ]
        answer = self.answer(request, {"errors": errors}, status)
        if "Retry-After" in refusal.headers:
            answer.headers["Retry-After"] = refusal.headers["Retry-After"]
        return answer


def _format(request: Request) -> str:
    return request.path.rpartition(".")[2]


def _form(request: Request) -> dict[str, str]:
    content = read_body(request)
    if content and request.mimetype != FORM:
        raise Malformed(400, f"Content-Type 应为 {FORM}", f"Content-Type must be {FORM}")
    try:
        return dict(
            parse_qsl(content.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
        )
    except ValueError:
        raise Malformed(
            400,
            f"应为 UTF-8 编码的表单，最多 {MOST_FIELDS} 个字段",
            f"must be a form in UTF-8 with at most {MOST_FIELDS} fields",
        ) from None


def _element(name: str, value: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(part, inner) for part, inner in value.items())
    elif isinstance(value, list):
        element.extend(_element(MEMBERS[name], member) for member in value)
    elif value is not None:
        text = value if isinstance(value, str) else json.dumps(value)
        element.text = _NOT_IN_XML.sub("", text)
    return element


def _status(status: int) -> int:
    """429 and 5xx stay what they are: waiting helps there, mending the request does not."""
    if status in (401, 403):
        return 403
    return status if status in (404, 429) or status >= 500 else 400


def _reasons(error: Exception, refusal: Mapping[str, Any], request: Request) -> list[str]:
    if isinstance(error, TokenRefused):
        return [KEY_REFUSED[language_of(request)]]
    if isinstance(error, ValidationError):
        return [f"{wrong['field']}: {wrong['message']}" for wrong in refusal["errors"]]
    return [refusal.get("detail") or refusal["title"]]
