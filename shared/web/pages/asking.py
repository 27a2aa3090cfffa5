"""How the pages ask the services: each through its own HTTP door, in this process or at an address."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol

import requests
from werkzeug.test import create_environ
from werkzeug.wrappers import Response

from shared.web.addresses import UNKNOWN

log = logging.getLogger(__name__)

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
PATIENCE_SECONDS = 5.0


@dataclass(frozen=True)
class Answer:
    """What a service answered: JSON."""

    status: int
    body: Any

    @property
    def ok(self) -> bool:
        """Whether it is what was asked for."""
        return self.status == 200


class NoAnswer(Exception):
    """The service cannot be reached, or does not answer in JSON."""


@dataclass(frozen=True)
class Caller:
    """For whom the pages ask: the bearer of a token, or nobody who is known, at an address."""

    token: str | None = None
    address: str = UNKNOWN

    @property
    def headers(self) -> dict[str, str]:
        """What says it."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


class Ask(Protocol):
    """A question to one service: GET `/<service>/v1<path>`, for the caller. Raises NoAnswer."""

    def __call__(self, service: str, path: str, caller: Caller) -> Answer: ...


def in_process(door: Callable[[str], WsgiApp | None]) -> Ask:
    """Ask services that run here; `door` finds them."""

    def ask(service: str, path: str, caller: Caller) -> Answer:
        found = door(service)
        if found is None:
            raise NoAnswer(service)
        here = {"REMOTE_ADDR": caller.address}
        environ = create_environ(f"/{service}/v1{path}", headers=caller.headers, environ_base=here)
        response = Response.from_app(found, environ)
        return _read(response.status_code, response.get_data())

    return ask


def over_http(addresses: Mapping[str, str]) -> Ask:
    """Ask services that run elsewhere; `addresses` holds each one's URL, without a path. They believe the caller's
    address where this process is one of their trusted proxies."""

    def ask(service: str, path: str, caller: Caller) -> Answer:
        headers = caller.headers | {"X-Forwarded-For": caller.address}
        url = f"{addresses[service].rstrip('/')}/{service}/v1{path}"
        try:
            response = requests.get(url, headers=headers, timeout=PATIENCE_SECONDS, allow_redirects=False)
        except requests.RequestException as error:
            raise NoAnswer(str(error)) from None
        return _read(response.status_code, response.content)

    return ask


def ask_all(ask: Ask, services: Iterable[str], path: str, caller: Caller) -> dict[str, Answer | None]:
    """Ask the services all at once; None for one that does not answer in time."""
    services = list(services)
    pool = ThreadPoolExecutor(max(1, len(services)))
    try:
        asked = {service: pool.submit(ask, service, path, caller) for service in services}
        until = monotonic() + PATIENCE_SECONDS
        return {service: _result(service, future, until) for service, future in asked.items()}
    finally:
        pool.shutdown(wait=False)


def _result(service: str, future: Future[Answer], until: float) -> Answer | None:
    try:
        return future.result(timeout=max(0.0, until - monotonic()))
    except (NoAnswer, TimeoutError) as error:
        log.warning("no answer from %s: %s", service, error or type(error).__name__)
        return None


def _read(status: int, content: bytes) -> Answer:
    try:
        return Answer(status, json.loads(content))
    except ValueError:
        raise NoAnswer(f"{status}, not JSON") from None
