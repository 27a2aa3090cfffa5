"""Every refusal as `application/problem+json` (RFC 9457): a stable code, words in the caller's language, and each
field that is to blame. The only place that knows status codes."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from marshmallow import Schema, ValidationError, fields
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Request, Response

from shared.access.keyring import KeysMissing
from shared.access.oidc import ProviderAway
from shared.access.tokens import TokenRefused
from shared.kernel import errors
from shared.kernel.personal import ID_CARD, PHONE, ROOM
from shared.persistence.database import TooLongIdle, is_away
from shared.web.headers import Header, secured
from shared.web.limits import TooManyRequests

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"

STATUS: tuple[tuple[type[errors.JiushuError], int], ...] = (
    (errors.UnknownReference, 422),
    (errors.Invalid, 422),
    (errors.NotFound, 404),
    (errors.Forbidden, 403),
    (errors.NotNow, 409),
    (errors.Conflict, 409),
    (errors.Gone, 410),
    (errors.Stale, 412),
    (TooManyRequests, 429),
    (errors.JiushuError, 422),
)

TITLES: dict[int, tuple[str, str]] = {
    400: ("请求格式有误", "malformed request"),
    401: ("需要有效的访问令牌", "a valid token is needed"),
    403: ("无权进行此操作", "not allowed"),
    404: ("没有找到", "not found"),
    405: ("不支持此方法", "method not allowed"),
    408: ("请求发送过慢", "the request takes too long"),
    409: ("当前状态不允许", "not possible now"),
    410: ("已过期或已结束", "gone"),
    412: ("内容已被修改", "changed meanwhile"),
    413: ("请求内容过大", "request too large"),
    414: ("网址过长", "the URL is too long"),
    415: ("不支持的内容类型", "this type of content is not supported"),
    421: ("不是本站的域名", "not one of our hosts"),
    422: ("提交的内容有误", "the content is wrong"),
    429: ("请求过于频繁", "too many requests"),
    431: ("请求头过大", "the header is too large"),
    500: ("系统内部错误，已记录", "internal error, recorded"),
    503: ("服务暂不可用，请稍后重试", "temporarily unavailable, try again"),
}

# marshmallow says these in English; people here read Chinese first
_CHINESE: tuple[tuple[str, str], ...] = (
    (r"Missing data for required field\.", "必填"),
    (r"Unknown field\.", "没有这个字段"),
    (r"Field may not be null\.", "不能为空"),
    (r"Not a valid string\.", "应为文字"),
    (r"Not a valid integer\.", "应为整数"),
    (r"Not a valid number\.", "应为数字"),
    (r"Special numeric values \(nan or infinity\) are not permitted\.", "应为数字"),
    (r"Not a valid boolean\.", "应为 true 或 false"),
    (r"Rounded to a number by the spreadsheet\.", "已被表格软件改成科学记数，请把该列设为“文本”后重填"),
    (r"Not a valid list\.", "应为列表"),
    (r"Not a valid mapping type\.", "应为对象"),
    (r"Not a valid (aware )?datetime\.", "应为带时区的时间，如 2024-05-27T09:30:00+08:00"),
    (r"Not a valid date\.", "应为日期，如 2024-05-27"),
    (r"Not a valid month\.", "应为月份，如 2024-05"),
    (r"Invalid (input type|value)\.", "格式有误"),
    (r"Must be one of: (.+)\.", r"只能是：\1"),
    (r"Must be between the years (\d+) and (\d+)\.", r"应在\1年至\2年之间"),
    (r"String does not match expected pattern\.", "只能用字母、数字和 . _ -"),
    (r"Only letters, digits and - _ \. / : are allowed\.", "只能用字母、数字和 - _ . / :"),
    (r"Will be public, and looks like a mobile phone's number\.", "将会公开，像是手机号，请换一个编号"),
    (r"Must not contain duplicates\.", "不能重复"),
    *(
        (
            rf"Will be public, and holds a {what.en} at character (\d+) \((.+)\)\.",
            rf"将会公开，第\1个字起有{what.zh}（\2），请删去",
        )
        for what in (PHONE, ID_CARD, ROOM)
    ),
    (r"Shorter than minimum length 1\.", "不能为空"),
    (r"Longer than maximum length (\d+)\.", r"太长，最多\1"),
    (r"Length must be between (\d+) and (\d+)\.", r"长度应为\1至\2"),
    (r"Must be greater than or equal to (\S+) and less than or equal to (\S+)\.", r"应在\1与\2之间"),
)


class FieldProblemView(Schema):
    """A field that is to blame."""

    field = fields.String(required=True, metadata={"description": "a dotted path"})
    message = fields.String(required=True)


class ProblemView(Schema):
    """A refusal (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata={"description": "stable, for machines"})
    detail = fields.String()
    errors = fields.List(fields.Nested(FieldProblemView))
    allowed_actions = fields.List(fields.String(), metadata={"description": "what is possible instead"})
    correlation_id = fields.String()


class Malformed(Exception):
    """A request that cannot be read; `status` 400, 413 or 415."""

    def __init__(self, status: int, zh: str, en: str) -> None:
        super().__init__(en)
        self.status, self.zh, self.en = status, zh, en


def language_of(request: Request) -> str:
    """`zh`, unless the caller prefers English."""
    return request.accept_languages.best_match(["zh", "en"], default="zh") or "zh"


def problem(error: Exception, request: Request, correlation_id: str | None) -> Response:
    """The answer that says what went wrong. Never the text of an unexpected error: it may hold secrets."""
    language = language_of(request)
    status, extra, headers = _facts(error, language)
    title = TITLES.get(status, TITLES[400 if status < 500 else 500])[language == "en"]
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "correlation_id": correlation_id,
        **extra,
    }
    present = {name: value for name, value in body.items() if value is not None}
    return Response(json.dumps(present, ensure_ascii=False), status, headers, content_type=CONTENT_TYPE)


def refused(error: errors.JiushuError, language: str) -> dict[str, Any]:
    """What a problem says of a refusal, for answers that hold several."""
    status, facts, _ = _of_domain(error, language)
    return {"status": status, **facts}


def refusal(status: HTTPStatus, code: str | None = None) -> tuple[list[Header], bytes]:
    """Headers and body of a refusal where there is no sound request to answer, and no service."""
    code = code or status.name.lower()
    body = {"type": "about:blank", "title": " ".join(TITLES[status]), "status": status, "code": code}
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = [("Content-Type", CONTENT_TYPE), ("Content-Length", str(len(content)))]
    return secured(headers), content


def _facts(error: Exception, language: str) -> tuple[int, dict[str, Any], dict[str, str]]:
    if isinstance(error, errors.JiushuError):
        return _of_domain(error, language)
    if isinstance(error, ValidationError):
        found = [
            {"field": name, "message": _translated(text, language)} for name, text in _flat(error.messages)
        ]
        return 422, {"code": "invalid", "detail": _joined(found), "errors": found}, {}
    if isinstance(error, Malformed):
        return error.status, {"code": "malformed", "detail": error.en if language == "en" else error.zh}, {}
    if isinstance(error, TokenRefused):
        detail = str(error) if language == "en" else "令牌缺失、无效或已过期，请重新获取"
        return 401, {"code": "token_refused", "detail": detail}, {"WWW-Authenticate": "Bearer"}
    if isinstance(error, ProviderAway):
        log.warning("identity provider away: %s", error)
        detail = (
            "the identity provider does not answer"
            if language == "en"
            else "统一身份认证没有应答，请稍后重试"
        )
        headers = {"Retry-After": str(error.retry_after)}
        return 503, {"code": "identity_provider_away", "detail": detail}, headers
    if isinstance(error, HTTPException):
        methods = error.valid_methods if isinstance(error, MethodNotAllowed) else None
        headers = {"Allow": ", ".join(sorted(methods))} if methods else {}
        return error.code or 400, {"code": (error.name or "error").lower().replace(" ", "_")}, headers
    if isinstance(error, TooLongIdle):
        log.error("a visit took too long, nothing was written", exc_info=error)
        return 503, {"code": "database_away"}, {"Retry-After": "2"}
    if is_away(error):
        log.warning("database away: %s", error)
        return 503, {"code": "database_away"}, {"Retry-After": "2"}
    if isinstance(error, KeysMissing):
        log.error("data keys missing: %s", error)
        return 503, {"code": "data_keys_missing"}, {"Retry-After": "60"}
    if isinstance(error, DataError):
        return 422, {"code": "value_out_of_range"}, {}
    if isinstance(error, IntegrityError):
        return 409, {"code": "already_exists"}, {}
    log.error("unexpected error", exc_info=error)
    return 500, {"code": "internal_error"}, {}


def _of_domain(error: errors.JiushuError, language: str) -> tuple[int, dict[str, Any], dict[str, str]]:
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    detail = error.text(language)
    extra: dict[str, Any] = {"code": error.code, "detail": detail}
    blamed = [
        {"field": field, "message": single.text(language)}
        for single in (error.errors if isinstance(error, errors.Several) else (error,))
        for field in single.fields
    ]
    if blamed:
        extra["errors"] = blamed
    if isinstance(error, errors.NotNow):
        extra["allowed_actions"] = error.allowed_actions
    return status, extra, {"Retry-After": str(error.retry_after)} if error.retry_after else {}


def _flat(messages: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from _flat(inner, f"{prefix}.{name}" if prefix else str(name))
    else:
        for text in messages if isinstance(messages, list) else [messages]:
            yield prefix, str(text)


def terms(error: ValidationError) -> list[tuple[str, errors.Term]]:
    """Each field that is to blame, and what is said of it in both languages."""
    return [(name, errors.Term(_translated(text, "zh"), text)) for name, text in _flat(error.messages)]


def _translated(text: str, language: str) -> str:
    if language == "zh":
        for english, chinese in _CHINESE:
            if re.fullmatch(english, text):
                return re.sub(english, chinese, text)
    return text


def _joined(found: list[dict[str, str]]) -> str:
    return "; ".join(f"{item['field']}: {item['message']}" for item in found)
