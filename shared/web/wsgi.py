"""One service's HTTP door as a WSGI application: from bytes to a Call, from a result to bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from marshmallow import RAISE
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from shared.access.roles import ROLES
from shared.access.tokens import TokenRefused, Tokens
from shared.contracts.fields import set_unknown
from shared.kernel.command import Actor
from shared.kernel.errors import Forbidden, Term
from shared.kernel.listing import Page
from shared.telemetry.logs import journey_in_logs
from shared.web.api import Answer, Api, Call, Endpoint
from shared.web.problems import Malformed, language_of, problem

if TYPE_CHECKING:
    from shared.application import Application

LARGEST_BODY = 256 * 1024
CORRELATION_HEADER = "X-Correlation-ID"
ANYONE = Actor(id="anyone", role="anyone")
_CORRELATION = re.compile(r"^[A-Za-z0-9_.:-]{1,64}$")


class Door:
    """Answers the requests to one service."""

    def __init__(self, application: Application, tokens: Tokens, apis: Iterable[Api]) -> None:
        self._application = application
        self._tokens = tokens
        self._map = Map(
            [
                Rule(api.prefix + _werkzeug(endpoint.path), methods=[endpoint.method], endpoint=endpoint)
                for api in apis
                for endpoint in api.endpoints
            ]
        )
        for endpoint in (rule.endpoint for rule in self._map.iter_rules()):
            for schema in (endpoint.body, endpoint.query):
                if schema is not None:
                    set_unknown(schema, RAISE)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        return self.answer(request)(environ, start_response)

    def answer(self, request: Request) -> Response:
        """The response to a request, whatever happens."""
        given = request.headers.get(CORRELATION_HEADER) or None
        named = given if given and _CORRELATION.match(given) else None
        call: Call | None = None
        with journey_in_logs(named):
            try:
                endpoint, path = self._match(request)
                if given != named:
                    raise Malformed(
                        400, f"{CORRELATION_HEADER} 格式有误", f"{CORRELATION_HEADER} is malformed"
                    )
                call = self._call(request, endpoint, path, named)
                response = self._dump(endpoint, call, endpoint.function(call))
            except Exception as error:  # the last line: nobody gets a stack trace
                response = problem(error, request, call.correlation_id if call else named)
        if call is not None and call.correlation_id:
            response.headers[CORRELATION_HEADER] = call.correlation_id
        response.headers["Content-Language"] = language_of(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response

    def _match(self, request: Request) -> tuple[Endpoint, dict[str, str]]:
        endpoint, path = self._map.bind_to_environ(request.environ).match()
        return endpoint, dict(path)

    def _call(self, request: Request, endpoint: Endpoint, path: dict[str, str], journey: str | None) -> Call:
        actor = self._actor(request, endpoint)
        body = _body(request) if endpoint.body is not None else {}
        query = request.args.to_dict()
        for values in (path, query, body):
            _refuse_unfit(values)
        return Call(
            application=self._application,
            actor=actor,
            path=path,
            body=endpoint.body.load(body) if endpoint.body else {},
            query=endpoint.query.load(query) if endpoint.query else {},
            correlation_id=journey,
        )

    def _actor(self, request: Request, endpoint: Endpoint) -> Actor:
        if endpoint.roles is None:
            return ANYONE
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TokenRefused("no bearer token")
        actor = self._tokens.actor(token.strip())
        if actor.role not in endpoint.roles:
            raise _role_missing(actor.role, endpoint.roles)
        return actor

    def _dump(self, endpoint: Endpoint, call: Call, result: Any) -> Response:
        if isinstance(result, Response):
            return result
        status = endpoint.status
        if isinstance(result, Answer):
            result, status = result.value, result.status
        if result is None:
            return Response(status=204)
        value = self._plain(endpoint, result)
        response = Response(
            json.dumps(value, ensure_ascii=False), status, content_type="application/json; charset=utf-8"
        )
        if endpoint.location and status == 201:
            response.headers["Location"] = f"/{self._application.name}/v1{endpoint.location.format(**value)}"
        return response

    def _plain(self, endpoint: Endpoint, result: Any) -> Any:
        if isinstance(result, Page):
            return {"items": [self._plain(endpoint, item) for item in result.items], "next": result.next}
        return endpoint.answer.dump(result) if endpoint.answer else result


class RoleMissing(Forbidden):
    """The token's role may not do this."""

    code = "role_missing"
    zh = "{role}无权进行此操作，需要：{needed}"
    en = "role '{role}' may not do this; needed: {needed}"


def _role_missing(role: str, needed: tuple[str, ...]) -> RoleMissing:
    names = Term("、".join(ROLES[name] for name in needed), ", ".join(needed))
    return RoleMissing(role=Term(ROLES.get(role, role), role), needed=names)


def _werkzeug(path: str) -> str:
    return re.sub(r"{(\w+)}", r"<\1>", path)


def _body(request: Request) -> Mapping[str, Any]:
    if (request.content_length or 0) > LARGEST_BODY:
        raise Malformed(413, f"请求内容最多 {LARGEST_BODY} 字节", f"a body may have {LARGEST_BODY} bytes")
    request.max_content_length = LARGEST_BODY
    content = request.get_data()
    if not content:
        return {}
    if request.mimetype != "application/json":
        raise Malformed(415, "Content-Type 应为 application/json", "Content-Type must be application/json")
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        raise Malformed(400, "不是有效的 JSON", "not valid JSON") from None
    if not isinstance(body, dict):
        raise Malformed(400, "请求内容应为 JSON 对象", "the body must be a JSON object")
    return body


def _refuse_unfit(value: Any, where: str = "") -> None:
    """NUL and lone surrogates cannot be stored as text anywhere."""
    if isinstance(value, str):
        if "\x00" in value or _has_surrogate(value):
            name = where.strip(".") or "URL"
            raise Malformed(
                400, f"{name}：含有不能保存的字符", f"{name}: there are characters that cannot be stored"
            )
    elif isinstance(value, Mapping):
        for name, item in value.items():
            _refuse_unfit(str(name), where)
            _refuse_unfit(item, f"{where}.{name}")
    elif isinstance(value, list):
        for item in value:
            _refuse_unfit(item, where)


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
