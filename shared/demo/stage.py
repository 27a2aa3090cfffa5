"""What a story is played on: the services' doors, the tokens, the business clock, and somebody who tells it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import requests

from shared.access.tokens import Tokens
from shared.kernel.clock import Clock, FileClock

T = TypeVar("T")

PATIENCE_SECONDS = 20.0
LONGEST_LIMIT_SECONDS = 60.0
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
    """Plays deeds and checks claims. `urls` says where each service is. Where the clock is real, a day of the story
    lasts a moment."""

    def __init__(self, urls: Mapping[str, str], tokens: Tokens, clock: Clock, teller: Teller) -> None:
        self.urls = urls
        self.clock = clock
        self.teller = teller
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

    def _post(
        self, path: str, body: Mapping[str, Any], role: str, scope: str, expect: int
    ) -> requests.Response:
        """What is not yet known there (422 with Retry-After) is tried again, as any client should."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            response = self._request("POST", path, body, role, scope)
            late = response.status_code == 422 and "Retry-After" in response.headers
            if not late or expect == 422 or time.monotonic() > until:
                break
            time.sleep(0.05)
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
        until, pause = time.monotonic() + PATIENCE_SECONDS, 0.05
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

    def _request(self, method: str, path: str, body: Any, role: str, scope: str) -> requests.Response:
        """As any client should, it waits where it is told to ask less often (429)."""
        token = self._tokens.issue(f"demo-{role}", role, scope, timedelta(hours=1))
        headers = {"Authorization": f"Bearer {token}"}
        until = time.monotonic() + LONGEST_LIMIT_SECONDS
        while True:
            response = self.session.request(method, self._url(path), json=body, headers=headers, timeout=10)
            if response.status_code != 429 or time.monotonic() > until:
                return response
            time.sleep(int(response.headers["Retry-After"]))

    def _url(self, path: str) -> str:
        return self.urls[path.split("/")[1]] + path
