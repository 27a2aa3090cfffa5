"""How requests and answers look on the wire: JSON, unless an API follows a standard with forms of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

from werkzeug.wrappers import Request, Response

from shared.web.problems import Malformed, problem

LARGEST_BODY = 256 * 1024


class Wire(Protocol):
    """A way to read requests and to write answers and refusals. `strict`: what nobody declared is refused behind the
    `?`."""

    strict: bool

    def token(self, request: Request) -> str | None:
        """The access token, if the caller sent one."""

    def body(self, request: Request) -> Mapping[str, Any]:
        """The plain values sent. Raises Malformed."""

    def query(self, request: Request) -> dict[str, str]:
        """What stands behind the `?`."""

    def answer(self, request: Request, value: Any, status: int) -> Response:
        """The answer that says these plain values."""

    def problem(self, request: Request, error: Exception, correlation_id: str | None) -> Response:
        """The answer that says what went wrong, whatever it is."""


class JsonWire:
    """JSON objects, bearer tokens, problem+json."""

    strict = True

    def token(self, request: Request) -> str | None:
        """What stands behind `Authorization: Bearer`."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return token.strip() or None if scheme.lower() == "bearer" else None

    def body(self, request: Request) -> Mapping[str, Any]:
        """The JSON object sent; none is an empty one."""
        content = read_body(request)
        if not content:
            return {}
        if request.mimetype != "application/json":
            raise Malformed(
                415, "Content-Type 应为 application/json", "Content-Type must be application/json"
            )
        try:
            body = json.loads(content)
        except (ValueError, RecursionError):
            raise Malformed(400, "不是有效的 JSON", "not valid JSON") from None
        if not isinstance(body, dict):
            raise Malformed(400, "请求内容应为 JSON 对象", "the body must be a JSON object")
        return body

    def query(self, request: Request) -> dict[str, str]:
        """The first value of each name."""
        return request.args.to_dict()

    def answer(self, request: Request, value: Any, status: int) -> Response:
        """JSON in UTF-8, Chinese readable."""
        text = json.dumps(value, ensure_ascii=False)
        return Response(text, status, content_type="application/json; charset=utf-8")

    def problem(self, request: Request, error: Exception, correlation_id: str | None) -> Response:
        """RFC 9457."""
        return problem(error, request, correlation_id)


JSON: Wire = JsonWire()


def read_body(request: Request) -> bytes:
    """The bytes sent. Raises Malformed where they are too many."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise Malformed(413, f"请求内容最多 {LARGEST_BODY} 字节", f"a body may have {LARGEST_BODY} bytes")
    request.max_content_length = LARGEST_BODY
    return request.get_data()
