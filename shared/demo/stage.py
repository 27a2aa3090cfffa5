"""What a story is played on: the services' doors, the tokens, the business clock, and somebody who tells it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import requests

from shared.access.tokens import Tokens
from shared.kernel.clock import Clock, FileClock
from shared.kernel.ids import new_id

T = TypeVar("T")

PATIENCE_SECONDS = 20.0
WAITS = (409, 422, 429, 502, 503)  # the latter also from a front door whose service is just starting
DAY_IN_REAL_TIME = timedelta(seconds=0.05)


class BrokenLink(Exception):
    """A link of the chain that did not hold; the text says which."""


class Teller(Protocol):
    """Hears what happens on the stage."""

    def chapter(self, title: str) -> None:
        """A new part of the story begins."""

    def deed(self, text: str) -> None:
        """Somebody does something."""

    def checked(self, text: str) -> None:
        """Something that the story claims was found to be true."""

    def follow(self, stage: Stage, correlation_id: str | None) -> None:
        """Look at what has happened since the last time."""


class Stage:
    """Plays deeds and checks claims, as a client should: each deed under a key of its own, sent again while waiting
    helps. `urls` says where each service is; `patience` how long, in seconds, anything may take. Where the clock is
    real, a day of the story lasts a moment."""

    def __init__(
        self,
        urls: Mapping[str, str],
        tokens: Tokens,
        clock: Clock,
        teller: Teller,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self.urls = urls
        self.clock = clock
        self.teller = teller
        self.patience = patience
        self._tokens = tokens
        self.session = requests.Session()

    def do(
        self,
        text: str,
        path: str,
        body: Mapping[str, Any],
        *,
        role: str = "street",
        scope: str = "*",
        expect: int = 0,
    ) -> Any:
        """A deed that is told, and whose journey is followed: POST `body` to `path`, as a bearer of that role.

        `expect` names another status than success, for deeds that must be refused. Raises BrokenLink.
        """
        self.teller.deed(text)
        response = self._post(path, body, role, scope, expect)
        self.teller.follow(self, response.headers.get("X-Correlation-ID"))
        return response.json()

    def post(self, path: str, body: Mapping[str, Any], *, role: str = "street", scope: str = "*") -> Any:
        """A deed in passing, such as a registration or a ballot. Raises BrokenLink."""
        return self._post(path, body, role, scope, 0).json()

    def upload(self, path: str, content: bytes, media_type: str, *, role: str = "street") -> Any:
        """A file as the body of a POST. Raises BrokenLink."""
        response = self._request("POST", path, content, role, "*", media_type=media_type)
        if not response.ok:
            raise BrokenLink(f"POST {path} → {response.status_code} {response.text}")
        return response.json()

    def _post(
        self, path: str, body: Mapping[str, Any], role: str, scope: str, expect: int
    ) -> requests.Response:
        response = self._request("POST", path, body, role, scope, expect)
        if response.status_code != expect if expect else not response.ok:
            raise BrokenLink(f"POST {path} → {response.status_code} {response.text}")
        return response

    def ask(self, path: str, *, role: str = "street", scope: str = "*") -> Any:
        """A question: GET `path`."""
        response = self._request("GET", path, None, role, scope)
        if not response.ok:
            raise BrokenLink(f"GET {path} → {response.status_code} {response.text}")
        return response.json()

    def all_of(self, path: str, *, role: str = "street", scope: str = "*") -> list[Any]:
        """All items of a list, part by part."""
        items, after = [], ""
        while True:
            part = self.ask(f"{path}{'&' if '?' in path else '?'}limit=200{after}", role=role, scope=scope)
            items += part["items"]
            if part["next"] is None:
                return items
            after = f"&after={part['next']}"

    def ask_publicly(self, path: str) -> requests.Response:
        """A question without a token."""
        return self.session.get(self._url(path), timeout=10)

    def answer_publicly(self, path: str, body: Mapping[str, Any]) -> requests.Response:
        """A deed without a token, by a link that somebody was sent."""
        return self.session.post(self._url(path), json=body, timeout=10)

    def until(self, claim: str, find: Callable[[], T | None]) -> T:
        """Wait until `find` finds something; nobody is in between, so it must come by itself.

        Raises BrokenLink naming the claim.
        """
        until, pause = time.monotonic() + self.patience, 0.05
        while True:
            found = find()
            if found:
                self.teller.follow(self, None)
                self.teller.checked(claim)
                return found
            if time.monotonic() > until:
                raise BrokenLink(claim)
            time.sleep(pause)
            pause = min(pause * 1.5, 0.5)

    def check(self, claim: str, holds: object) -> None:
        """A claim that must hold now. Raises BrokenLink naming it."""
        if not holds:
            raise BrokenLink(claim)
        self.teller.checked(claim)

    def days_ahead(self, days: float) -> datetime:
        """When `days_pass(days)` will be over."""
        return self.clock.now() + (timedelta(days=days) if self._moves else days * DAY_IN_REAL_TIME)

    def days_pass(self, days: float) -> None:
        """Move the business clock; or wait for a moment."""
        if isinstance(self.clock, FileClock):
            self.clock.advance(days=days)
        else:
            time.sleep(days * DAY_IN_REAL_TIME.total_seconds())

    @property
    def _moves(self) -> bool:
        return isinstance(self.clock, FileClock)

    def _request(
        self,
        method: str,
        path: str,
        body: Any,
        role: str,
        scope: str,
        expect: int = 0,
        media_type: str | None = None,
    ) -> requests.Response:
        who = scope.partition(":")[2]  # who acts for another place or party is somebody else
        subject = f"demo-{role}-{who}" if who else f"demo-{role}"
        token = self._tokens.issue(subject, role, scope, timedelta(hours=1))
        headers = {"Authorization": f"Bearer {token}"}
        if method == "POST":
            headers["Idempotency-Key"] = new_id()
        if media_type is not None:
            headers["Content-Type"] = media_type
        sent = {"json": body} if media_type is None else {"data": body}
        until = time.monotonic() + self.patience
        while True:
            response = self.session.request(method, self._url(path), headers=headers, timeout=60, **sent)
            pause = _asked_to_wait(response)
            if pause is None or response.status_code == expect or time.monotonic() + pause > until:
                return response
            time.sleep(pause)

    def _url(self, path: str) -> str:
        return self.urls[path.split("/")[1]] + path


def _asked_to_wait(response: requests.Response) -> float | None:
    """For how many seconds, if at all. What another service has just registered is a matter of a moment."""
    if response.status_code not in WAITS:
        return None
    said = response.headers.get("Retry-After")
    if said is None:
        return 1.0 if response.status_code in (502, 503) else None
    return 0.05 if response.status_code == 422 else float(said)
