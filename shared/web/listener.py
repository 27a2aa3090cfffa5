"""One HTTP listener for the whole process. nameko's own gives each service a socket on the same port (with
SO_REUSEPORT, so that requests are answered in turns by services that do not know them, and a second process goes
unnoticed); this one dispatches by the first path segment and says when the port is taken."""

from __future__ import annotations

import errno
import logging
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any

import eventlet
from eventlet import wsgi

from shared.web.addresses import Networks, is_trusted
from shared.web.connections import MOST_CONNECTIONS, Connections, Protocol
from shared.web.headers import Header, secured
from shared.web.problems import refusal
from shared.web.wire import LARGEST_BODY

log = logging.getLogger(__name__)

StartResponse = Callable[..., Any]
WsgiApp = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
Bound = Callable[[dict[str, Any]], int]

IDLE_SECONDS = 20  # a connection on which nothing comes, or on which nothing is taken, is closed
_PORT = re.compile(":[0-9]*$")
NOT_READY = (("Retry-After", "2"), ("Connection", "close"))


def ordinary(_environ: dict[str, Any]) -> int:
    """The bound of a body, in bytes, where no file is taken."""
    return LARGEST_BODY


class PortTaken(Exception):
    """Another process listens there."""


class Listener:
    """Accepts connections on one address for all services of the process.

    `hosts` are the names by which it may be asked for beside its addresses, none for any; `proxies` those whose word is
    taken on whether the caller came over TLS.
    """

    def __init__(self, host: str, port: int, hosts: Collection[str] = (), proxies: Networks = ()) -> None:
        self.host, self.port = host, port
        self._hosts, self._proxies = frozenset(hosts), proxies
        self._doors: dict[str, WsgiApp] = {}
        self._bounds: dict[str, Bound] = {}
        self._expected: set[str] = set()
        try:
            self._socket = eventlet.listen((host, port), reuse_port=False, backlog=MOST_CONNECTIONS)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(f"{host}:{port}") from None
            raise
        connections = Connections(may_be_many=partial(is_trusted, trusted=proxies))
        self._server = eventlet.spawn(
            wsgi.server,
            self._socket,
            self._dispatch,
            log=log,
            log_output=False,
            debug=False,  # nobody gets a stack trace
            socket_timeout=IDLE_SECONDS,
            custom_pool=connections,
            protocol=partial(Protocol, connections, self._most_bytes),
        )

    def expect(self, segments: Iterable[str]) -> None:
        """Paths that begin with one of these segments will lead somewhere: who comes too early is asked to wait."""
        self._expected.update(segments)

    def add(self, segment: str, door: WsgiApp, most_bytes: Bound = ordinary) -> None:
        """From now on, paths that begin with that segment lead there; `most_bytes` says how large a request's body may
        be."""
        self._doors[segment], self._bounds[segment] = door, most_bytes

    def remove(self, segment: str) -> None:
        """From now on they do not: the service is about to stop, and may be back soon."""
        self.expect([segment])
        self._doors.pop(segment, None)
        self._bounds.pop(segment, None)

    def door(self, segment: str) -> WsgiApp | None:
        """Where paths that begin with that segment lead."""
        return self._doors.get(segment)

    def close(self) -> None:
        """Accept nothing more; requests under way are answered first."""
        self._server.kill()
        self._socket.close()

    def _dispatch(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        over_tls = self._came_over_tls(environ)
        if over_tls:
            environ["wsgi.url_scheme"] = "https"

        def start(status: str, headers: list[Header], *exception: Any) -> Any:
            return start_response(status, secured(headers, over_tls=over_tls), *exception)

        if not self._is_meant(environ):
            return _refuse(environ, start, HTTPStatus.MISDIRECTED_REQUEST, "host_unknown")
        first = _first_segment(environ)
        door = self.door(first)
        if door is not None:
            return door(environ, start)
        if first in self._expected:
            return _refuse(environ, start, HTTPStatus.SERVICE_UNAVAILABLE, "not_ready", NOT_READY)
        return _refuse(environ, start, HTTPStatus.NOT_FOUND, "not_found")

    def _most_bytes(self, environ: dict[str, Any]) -> int:
        return self._bounds.get(_first_segment(environ), ordinary)(environ)

    def _came_over_tls(self, environ: dict[str, Any]) -> bool:
        """Whether a proxy that is trusted says so."""
        said = environ.get("HTTP_X_FORWARDED_PROTO", "").lower()
        return said == "https" and is_trusted(environ["REMOTE_ADDR"], self._proxies)

    def _is_meant(self, environ: dict[str, Any]) -> bool:
        """Whether the caller asks for one of our names, or for a bare address, as probes do. Under a name of their own,
        strangers' pages could speak to us from a browser, and our answers would name the stranger's host."""
        asked = environ.get("HTTP_HOST", "").lower()
        name = _PORT.sub("", asked)
        return not self._hosts or not self._hosts.isdisjoint((asked, name)) or _is_address(name)


def _first_segment(environ: dict[str, Any]) -> str:
    path: str = environ.get("PATH_INFO", "/")
    return path.lstrip("/").split("/", 1)[0]


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _refuse(
    environ: dict[str, Any], start: StartResponse, status: HTTPStatus, code: str, more: Sequence[Header] = ()
) -> list[bytes]:
    headers, body = refusal(status, code)
    start(f"{status} {status.phrase}", [*headers, *more])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
