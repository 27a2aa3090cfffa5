"""Connections as they come in: how long and how large a request may be, how many may be open, and what a request that
is none is answered.

Nobody is known here yet, so the bounds hold for all. A request is heard whole, within seconds, before anybody works on
it. Two programs must never read the same bytes as different requests (request smuggling): what can be read in two ways
is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from io import BytesIO
from typing import Any

import eventlet
from eventlet import greenio, wsgi

from shared.web.files import MIB
from shared.web.problems import refusal

HEAD_SECONDS = 20  # for all of a request's head, counted from the answer before: it bounds idling too
BODY_SECONDS = 15  # for a file, for each MiB that it may have
MOST_CONNECTIONS = 512  # well below the 1,024 open files that a process often may have
MOST_OF_ONE_ADDRESS = 256

_FIELD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n\0]*\r?\n")
_LENGTH = re.compile("[0-9]{1,15}")
_HOST = re.compile(r"([\w.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?", re.ASCII)


class Connections(eventlet.GreenPool):  # type: ignore[misc]
    """The open connections of a process.

    Who is waited for (to send a whole request, to take the answer) gives way to newcomers, the longest first: so a
    newcomer who sends one is heard, however many others only hold a place.
    """

    def __init__(self, may_be_many: Callable[[str], bool]) -> None:
        super().__init__(MOST_CONNECTIONS)
        self._may_be_many = may_be_many
        self._open: Counter[str] = Counter()
        # sockets on which the other end is waited for, by its address and port, the longest first
        self.waiting: dict[tuple[Any, ...], Any] = {}

    def spawn(self, answer: Callable[..., Any], connection: list[Any]) -> Any:
        """Take a connection in, or leave it to be closed at once."""
        address = connection[0][0]
        if self._open[address] >= MOST_OF_ONE_ADDRESS and not self._may_be_many(address):
            if not self._close_one(address):
                return eventlet.spawn(lambda: None)  # the listener closes it at its end
        elif not self.free():
            self._close_one()
        self._open[address] += 1
        self.waiting[connection[0]] = connection[1]
        thread = super().spawn(answer, connection)
        thread.link(self._forget, connection[0])
        return thread

    def _close_one(self, address: str | None = None) -> bool:
        """Close the connection that has been waited for the longest; of that address, or of any."""
        for other_end, line in self.waiting.items():
            if address in (None, other_end[0]):
                del self.waiting[other_end]
                greenio.shutdown_safe(line)
                return True
        return False

    def _forget(self, _thread: Any, other_end: tuple[Any, ...]) -> None:
        self.waiting.pop(other_end, None)
        self._open[other_end[0]] -= 1
        if not self._open[other_end[0]]:
            del self._open[other_end[0]]


class Unsound(Exception):
    """A line of a head that is none."""


class Protocol(wsgi.HttpProtocol):  # type: ignore[misc]
    """One connection: its requests one after the other, each heard whole before it is answered."""

    def __init__(
        self, connections: Connections, most_bytes: Callable[[dict[str, Any]], int], *arguments: Any
    ) -> None:
        self._connections, self._most_bytes = connections, most_bytes
        super().__init__(*arguments)

    def handle_one_request(self) -> None:
        """Within the time that there is for a head."""
        self._connections.waiting[self.client_address] = self.connection
        self._patience = eventlet.Timeout(HEAD_SECONDS, TimeoutError("the head takes too long"))
        try:
            super().handle_one_request()
        finally:
            self._patience.cancel()
            self._connections.waiting.pop(self.client_address, None)

    def _read_request_line(self) -> bytes:
        line: bytes = super()._read_request_line()
        if len(line) < self.server.url_length_limit:
            return line
        self.send_error(HTTPStatus.REQUEST_URI_TOO_LONG)
        return b""

    def parse_request(self) -> bool:
        """The head, if it is one."""
        self.rfile: Any = _SoundLines(self.rfile)
        try:
            if not super().parse_request():
                return False
        except (wsgi.HeaderLineTooLong, wsgi.HeadersTooLarge):
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return False
        except Unsound:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return False
        self._patience.cancel()
        if not self._is_sound():
            self.send_error(HTTPStatus.BAD_REQUEST)
            return False
        return True

    def _is_sound(self) -> bool:
        """Whether it is clear where the request ends, and whom it is for."""
        lengths, codings, hosts = (
            self.headers.get_all(name, []) for name in ("Content-Length", "Transfer-Encoding", "Host")
        )
        return (
            len(lengths) + len(codings) <= 1
            and all(map(_LENGTH.fullmatch, lengths))
            and all(coding.lower() == "chunked" for coding in codings)
            and len(hosts) == (1 if self.request_version == "HTTP/1.1" else len(hosts[:1]))
            and all(map(_HOST.fullmatch, hosts))
        )

    def handle_one_response(self) -> None:
        """Once the body is here too: a slow client must not hold one of the workers."""
        try:
            most = self._most_bytes(self.environ) if self._brings_a_body() else 0
            with eventlet.Timeout(BODY_SECONDS * max(1, most // MIB)):
                self.environ["wsgi.input"] = BytesIO(self._read_body(most))
        except eventlet.Timeout:
            self.send_error(HTTPStatus.REQUEST_TIMEOUT)
        except (OSError, ValueError):  # it ended too early, or in broken chunks
            self.send_error(HTTPStatus.BAD_REQUEST)
        else:
            self._connections.waiting.pop(self.client_address, None)
            self.application = self._answer
            super().handle_one_response()

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        """The application's answer; from then on it is for the client to take it."""
        try:
            return self.server.app(environ, start_response)
        finally:
            self._connections.waiting[self.client_address] = self.connection

    def _brings_a_body(self) -> bool:
        """Whoever only asks need not be looked up here too."""
        return self.environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in self.environ

    def _read_body(self, most: int) -> bytes:
        """The body, chunked or not, and one byte more than is allowed where it is too long."""
        environ = self.environ
        body: bytes = environ["wsgi.input"].read(most + 1)
        if len(body) < min(int(environ.get("CONTENT_LENGTH") or 0), most + 1):
            raise ConnectionError("the body ended too early")
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return body

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no request, in the form that all refusals have, and hang up."""
        status = HTTPStatus(code if code < 500 else HTTPStatus.BAD_REQUEST)
        headers, body = refusal(status)
        lines = [f"HTTP/1.1 {status} {status.phrase}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers]
        self.wfile.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        self.close_connection = True


class _SoundLines:
    """The lines of a head: fields, and an empty one. What is none (folded, cut off, without a name right before its
    colon, with a CR or NUL inside) is read in other ways by other programs."""

    def __init__(self, lines: Any) -> None:
        self._lines = lines

    def readline(self, size: int = -1) -> bytes:
        """The next line. Raises Unsound."""
        line: bytes = self._lines.readline(size)
        if _FIELD.fullmatch(line) or line in (b"\r\n", b"\n"):
            return line
        raise Unsound
