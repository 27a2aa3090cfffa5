"""One HTTP listener for the whole process. nameko's own gives each service a socket on the same port (with
SO_REUSEPORT, so that requests are answered in turns by services that do not know them, and a second process goes
unnoticed); this one dispatches by the first path segment and says when the port is taken."""

from __future__ import annotations

import errno
import json
import logging
from collections.abc import Callable, Iterable
from typing import Any

import eventlet
from eventlet import wsgi

log = logging.getLogger(__name__)

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


IDLE_SECONDS = 20  # a connection on which nothing comes is closed


class PortTaken(Exception):
    """Another process listens there."""


class Listener:
    """Accepts connections on one address for all services of the process."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._doors: dict[str, WsgiApp] = {}
        self._stopping: set[str] = set()
        try:
            self._socket = eventlet.listen((host, port), reuse_port=False)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(f"{host}:{port}") from None
            raise
        self._server = eventlet.spawn(
            wsgi.server,
            self._socket,
            self._dispatch,
            log=log,
            log_output=False,
            debug=False,  # nobody gets a stack trace
            socket_timeout=IDLE_SECONDS,
        )

    def add(self, segment: str, door: WsgiApp) -> None:
        """From now on, paths that begin with that segment lead there."""
        self._doors[segment] = door

    def remove(self, segment: str) -> None:
        """From now on they do not: the service is about to stop, and may be back soon."""
        self._stopping.add(segment)
        self._doors.pop(segment, None)

    def door(self, segment: str) -> WsgiApp | None:
        """Where paths that begin with that segment lead."""
        return self._doors.get(segment)

    def close(self) -> None:
        """Accept nothing more; requests under way are answered first."""
        self._server.kill()
        self._socket.close()

    def _dispatch(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        first = environ.get("PATH_INFO", "/").lstrip("/").split("/", 1)[0]
        door = self.door(first)
        if door is not None:
            return door(environ, start_response)
        if first in self._stopping:
            return _refuse(start_response, "503 Service Unavailable", "服务正在停止，请稍后重试", "stopping")
        return _refuse(start_response, "404 Not Found", "没有找到", "not_found")


def _refuse(start_response: Callable[..., Any], status: str, title: str, code: str) -> list[bytes]:
    body = {"type": "about:blank", "title": title, "status": int(status[:3]), "code": code}
    headers = [("Content-Type", "application/problem+json"), ("Connection", "close")]
    if code == "stopping":
        headers.append(("Retry-After", "2"))
    start_response(status, headers)
    return [json.dumps(body, ensure_ascii=False).encode()]
