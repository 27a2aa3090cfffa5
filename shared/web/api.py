"""How a service declares its endpoints, and what an endpoint is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from marshmallow import Schema

from shared.kernel.command import Actor, Cause, Command
from shared.kernel.errors import NotFound, Term

if TYPE_CHECKING:
    from shared.application import Application

T = TypeVar("T")
Handler = Callable[["Call"], Any]


@dataclass
class Call:
    """A request that was understood and allowed: validated `body` and `query`, `path` values, who asks."""

    application: Application
    actor: Actor
    path: dict[str, str]
    body: dict[str, Any]
    query: dict[str, Any]
    correlation_id: str | None = None

    def handle(self, command: Command) -> Any:
        """Carry out a command; the answer then belongs to its journey."""
        cause = Cause(self.actor, self.correlation_id)
        result, self.correlation_id = self.application.handle_in_journey(command, cause)
        return result

    def number(self, name: str, what: Term) -> int:
        """A path value that is a number. Raises NotFound for anything else."""
        text = self.path[name]
        if not (text.isascii() and text.isdecimal() and len(text) <= 15):
            raise NotFound(what=what, ref=text)
        return int(text)

    def ask(self, query: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Answer a query as this caller may see it: the function gets the session and the actor first."""
        return self.application.ask(query, self.actor, *arguments, **named)


@dataclass(frozen=True)
class Answer:
    """An answer with another status than the endpoint's own."""

    value: Any
    status: int = 200


@dataclass(frozen=True)
class Endpoint:
    """One method of one path. `roles` None means that no token is needed."""

    method: str
    path: str
    function: Handler
    roles: tuple[str, ...] | None
    body: Schema | None
    query: Schema | None
    answer: Schema | None
    status: int
    location: str | None


@dataclass
class Api:
    """The endpoints of a service, below `/<service>/v1`."""

    service: str
    endpoints: list[Endpoint] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        """Where the paths begin."""
        return f"/{self.service}/v1"

    def get(
        self,
        path: str,
        *,
        roles: Sequence[str] | None,
        answer: type[Schema] | None = None,
        query: type[Schema] | None = None,
    ) -> Callable[[Handler], Handler]:
        """A question. `roles=None`: anyone may ask."""
        return self._declare("GET", path, roles, None, query, answer, 200, None)

    def post(
        self,
        path: str,
        *,
        roles: Sequence[str] | None,
        answer: type[Schema] | None = None,
        body: type[Schema] | None = None,
        status: int = 200,
        location: str | None = None,
    ) -> Callable[[Handler], Handler]:
        """A deed. One that creates something says status 201 and the location, such as `/cases/{id}`."""
        return self._declare("POST", path, roles, body, None, answer, status, location)

    def _declare(
        self,
        method: str,
        path: str,
        roles: Sequence[str] | None,
        body: type[Schema] | None,
        query: type[Schema] | None,
        answer: type[Schema] | None,
        status: int,
        location: str | None,
    ) -> Callable[[Handler], Handler]:
        def declared(function: Handler) -> Handler:
            self.endpoints.append(
                Endpoint(
                    method,
                    path,
                    function,
                    None if roles is None else tuple(roles),
                    body() if body else None,
                    query() if query else None,
                    answer() if answer else None,
                    status,
                    location,
                )
            )
            return function

        return declared
