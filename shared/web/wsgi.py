"""One service's HTTP door as a WSGI application: from bytes to a Call, from a result to bytes."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from marshmallow import RAISE, Schema
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from shared.access.identity import Identities
from shared.access.roles import ROLES
from shared.access.tokens import TokenRefused
from shared.audit.trail import keep
from shared.contracts.fields import set_unknown
from shared.kernel.aggregate import Aggregate
from shared.kernel.command import Actor
from shared.kernel.errors import Forbidden, Term
from shared.kernel.ids import JOURNEY_ID
from shared.kernel.listing import Page
from shared.persistence.unit_of_work import Seen
from shared.telemetry.logs import journey_in_logs
from shared.telemetry.metrics import OTHER
from shared.telemetry.tracing import traceparent_of
from shared.web.addresses import client_address
from shared.web.api import Answer, Api, Call, Endpoint
from shared.web.files import File, download, uploaded
from shared.web.idempotency import Key
from shared.web.limits import RateLimits, TooManyRequests
from shared.web.personal import refuse_id_cards
from shared.web.problems import Malformed, language_of
from shared.web.visit import UNAUDITED, Visit
from shared.web.wire import JSON, LARGEST_BODY, Wire

if TYPE_CHECKING:
    from shared.application import Application

log = logging.getLogger(__name__)

CORRELATION_HEADER = "X-Correlation-ID"
ANYONE = Actor(id="anyone", role="anyone")
NO_QUERY = Schema(unknown=RAISE)
_CORRELATION = re.compile(JOURNEY_ID)


class Door:
    """Answers the requests to one service."""

    def __init__(
        self,
        application: Application,
        identities: Identities,
        apis: Iterable[Api],
        limits: RateLimits | None = None,
    ) -> None:
        self.apis = tuple(apis)
        self._application = application
        self._identities = identities
        self._limits = limits or RateLimits({})
        self._map = _routes(self.apis)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        return self.answer(request)(environ, start_response)

    def answer(self, request: Request) -> Response:
        """The response to a request, whatever happens."""
        begun = time.perf_counter()
        with self._application.tracing.request(request.path, request.headers) as answered:
            operation, response = self._answer(request)
            answered(operation, response.status_code, response.headers.get(CORRELATION_HEADER))
        self._application.metrics.keep_answered(operation, response.status_code, time.perf_counter() - begun)
        return response

    def _answer(self, request: Request) -> tuple[str, Response]:
        """The name of the operation that was asked for, and the response."""
        operation = OTHER
        given = request.headers.get(CORRELATION_HEADER) or None
        named = given if given and _CORRELATION.fullmatch(given) else None
        wire = self._wire(request)
        visit = Visit(client_address(request, self._application.trusted_proxies))
        with journey_in_logs(named):
            try:
                endpoint, path = self._match(request, visit.address)
                operation = f"{endpoint.method} {endpoint.full_path}"
                if given != named:
                    raise Malformed(
                        400, f"{CORRELATION_HEADER} 格式有误", f"{CORRELATION_HEADER} is malformed"
                    )
                visit.endpoint, visit.path = endpoint, path
                response = self._respond(request, endpoint, path, named, visit)
            except Exception as error:  # the last line: nobody gets a stack trace
                if isinstance(error, TooManyRequests):
                    self._application.metrics.rate_limited.labels(error.by).inc()
                response = wire.problem(request, error, named)
                self._keep_refusal(visit, response, named)
        if named:
            response.headers.setdefault(CORRELATION_HEADER, named)
        response.headers["Content-Language"] = language_of(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-store")
        return operation, response

    def endpoint_at(self, method: str, path: str) -> Endpoint | None:
        """The endpoint that answers to a path, without or with a query."""
        try:
            endpoint: Endpoint = self._map.bind("").match(path.partition("?")[0], method)[0]
        except HTTPException:
            return None
        return endpoint

    def most_bytes(self, environ: dict[str, Any]) -> int:
        """How many bytes the body of a request may have, asked before any of them is read: those of a file only where
        one is taken, and from somebody who may send it."""
        request = Request(environ)
        endpoint = self.endpoint_at(request.method, request.path)
        if endpoint is None or endpoint.takes is None:
            return LARGEST_BODY
        token = endpoint.api.wire.token(request)
        try:
            role = self._identities.actor(token).role if token else ANYONE.role
        except Exception:  # the request is answered with it
            return LARGEST_BODY
        return endpoint.takes.most if role in (endpoint.roles or (ANYONE.role,)) else LARGEST_BODY

    def _wire(self, request: Request) -> Wire:
        return next((api.wire for api in self.apis if request.path.startswith(f"{api.prefix}/")), JSON)

    def _match(self, request: Request, address: str) -> tuple[Endpoint, dict[str, str]]:
        """What is asked of which endpoint. Raises HTTPException where there is none, and TooManyRequests."""
        try:
            endpoint, path = self._map.bind_to_environ(request.environ).match()
        except HTTPException:
            self._limits.count_address(address)
            raise
        return endpoint, dict(path)

    def _respond(
        self, request: Request, endpoint: Endpoint, path: dict[str, str], journey: str | None, visit: Visit
    ) -> Response:
        actor = self._actor(request, endpoint, visit)
        wire = endpoint.api.wire
        file = uploaded(request, endpoint.takes) if endpoint.takes else None
        body = wire.body(request) if endpoint.is_deed and file is None else {}
        query = wire.query(request)
        for values in (path, query, body):
            _refuse_unfit(values)
        refuse_id_cards(body)
        call = Call(
            application=self._application,
            actor=actor,
            path=path,
            query=_loaded(endpoint, query),
            body=endpoint.body.load(body) if endpoint.body else {},
            correlation_id=journey,
            traceparent=traceparent_of(request.headers),
            root_url=request.root_url,
            uploaded=file,
            language=language_of(request),
        )
        visit.body, visit.query = dict(call.body), dict(call.query)
        if not endpoint.is_deed:
            response = self._carried_out(request, endpoint, call, visit)
            if endpoint.personal:  # before it goes out, or it does not
                self._keep(visit, response, journey)
            return response
        call.seen = _seen(request, endpoint, path)
        key, database = Key.of(request, actor, _asked(call, body)), self._application.database
        personal = endpoint.personal

        def deed(session: Session) -> Response:
            known = key.answer(session, database, personal=personal) if key else None
            if known is not None:
                self._application.metrics.replayed.inc()
                return known
            response = self._carried_out(request, endpoint, replace(call, session=session), visit)
            if key:
                key.keep(session, database, response, personal=personal)
            done = response.headers.get(CORRELATION_HEADER)
            keep(session, visit.entries(response.status_code, journey=done))
            return response

        return self._application.in_transaction(deed)

    def _keep_refusal(self, visit: Visit, response: Response, journey: str | None) -> None:
        """What is refused to somebody who is known leaves an entry, in a transaction of its own."""
        if visit.actor in (None, ANYONE) or response.status_code in UNAUDITED:
            return
        try:
            self._keep(visit, response, journey)
        except Exception:  # the refusal stands, and tells nothing
            log.exception("a refusal could not be kept in the audit trail")

    def _keep(self, visit: Visit, response: Response, journey: str | None) -> None:
        told = response.get_json(silent=True) if response.status_code >= 400 else None
        code = told.get("code") if isinstance(told, dict) else None
        with self._application.database.writing() as session:
            keep(session, visit.entries(response.status_code, code=code, journey=journey))

    def _carried_out(self, request: Request, endpoint: Endpoint, call: Call, visit: Visit) -> Response:
        response = self._dump(request, endpoint, endpoint.function(call), visit)
        if call.correlation_id:
            response.headers[CORRELATION_HEADER] = call.correlation_id
        return response

    def _actor(self, request: Request, endpoint: Endpoint, visit: Visit) -> Actor:
        if endpoint.roles is None:
            self._limits.count_anyone(visit.address, request.path, endpoint)
            visit.actor = ANYONE
            return ANYONE
        with self._limits.counting_refusals(visit.address):
            token = endpoint.api.wire.token(request)
            if token is None:
                raise TokenRefused("no bearer token")
            actor = visit.actor = self._identities.actor(token)
        self._limits.count(actor, endpoint)
        if actor.role not in endpoint.roles:
            raise _role_missing(actor.role, endpoint.roles)
        return self._application.acting(actor)

    def _dump(self, request: Request, endpoint: Endpoint, result: Any, visit: Visit) -> Response:
        if isinstance(result, Response):
            return result
        status = endpoint.status
        if isinstance(result, Answer):
            result, status = result.value, result.status
        if isinstance(result, File):
            return download(result, status)
        value = visit.told = _plain(endpoint, result)
        response = endpoint.api.wire.answer(request, value, status)
        if endpoint.location and status == 201:
            response.headers["Location"] = endpoint.api.prefix + endpoint.location.format(**value)
        if isinstance(result, Aggregate):
            response.set_etag(str(result.version))
        return response


def _asked(call: Call, body: Mapping[str, Any]) -> Any:
    """What makes one request the same as another: its body or file, and what stands behind the `?` where that is said
    to mean something."""
    asked = body if call.uploaded is None else call.uploaded.fingerprint
    return [asked, call.query] if call.query else asked


def _loaded(endpoint: Endpoint, query: Mapping[str, str]) -> dict[str, Any]:
    """What stands behind the `?`. Raises ValidationError for what nobody declared."""
    if endpoint.query is None and not endpoint.api.wire.strict:
        return {}
    return dict((endpoint.query or NO_QUERY).load(query))


class RoleMissing(Forbidden):
    """The token's role may not do this."""

    code = "role_missing"
    zh = "{role}无权进行此操作，需要：{needed}"
    en = "role '{role}' may not do this; needed: {needed}"


def _role_missing(role: str, needed: tuple[str, ...]) -> RoleMissing:
    names = Term("、".join(ROLES[name] for name in needed), ", ".join(needed))
    return RoleMissing(role=Term(ROLES.get(role, role), role), needed=names)


@lru_cache
def _routes(apis: tuple[Api, ...]) -> Map:
    """Which endpoint is asked for; their bodies and queries refuse what they do not name."""
    endpoints = [endpoint for api in apis for endpoint in api.endpoints]
    for endpoint in endpoints:
        for schema in (endpoint.body, endpoint.query):
            if schema is not None:
                set_unknown(schema, RAISE)
    rules = [
        Rule(_werkzeug(endpoint.full_path), methods=[endpoint.method], endpoint=endpoint)
        for endpoint in endpoints
    ]
    return Map(rules, merge_slashes=False)


def _werkzeug(path: str) -> str:
    return re.sub(r"{(\w+)}", r"<\1>", path)


def _plain(endpoint: Endpoint, result: Any) -> Any:
    if isinstance(result, Page):
        return {"items": [_plain(endpoint, item) for item in result.items], "next": result.next}
    return endpoint.answer.dump(result) if endpoint.answer else result


def _seen(request: Request, endpoint: Endpoint, path: Mapping[str, str]) -> Seen | None:
    """What the caller has seen of the aggregate that it changes, by its If-Match."""
    if "If-Match" not in request.headers or not endpoint.changes_one:
        return None
    tags = request.if_match
    numbers = frozenset(int(tag) for tag in tags if re.fullmatch("[0-9]{1,9}", tag or ""))
    return Seen(path["id"], None if tags.star_tag else numbers)


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
