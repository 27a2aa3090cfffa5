"""How a service declares its endpoints, and what an endpoint is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from marshmallow import Schema
from sqlalchemy.orm import Session

from shared.kernel.command import Actor, Cause, Command
from shared.kernel.errors import NotFound, Term
from shared.web.fields import Paging
from shared.web.files import File, Upload
from shared.web.wire import JSON, Wire

if TYPE_CHECKING:
    from shared.application import Application
    from shared.persistence.unit_of_work import Seen

T = TypeVar("T")
Handler = Callable[["Call"], Any]


@dataclass
class Call:
    """A request that was understood and allowed: validated `body` and `query`, `path` values, who asks, and at which
    address of the server (`root_url`), in which language. What is sent instead of a body is the `file`.

    A deed's call has the transaction that all of it happens in; `seen` is what the caller has seen of the thing
    that it changes (If-Match).
    """

    application: Application
    actor: Actor
    path: dict[str, str]
    body: dict[str, Any]
    query: dict[str, Any]
    correlation_id: str | None = None
    traceparent: str | None = None
    seen: Seen | None = None
    session: Session | None = None
    root_url: str = ""
    uploaded: File | None = None
    language: str = "zh"

    @property
    def file(self) -> File:
        """The file sent to an endpoint that takes one."""
        assert self.uploaded is not None, "the endpoint takes no file"
        return self.uploaded

    @property
    def transaction(self) -> Session:
        """The transaction of the deed."""
        assert self.session is not None, "a question changes nothing"
        return self.session

    def handle(self, command: Command) -> Any:
        """Carry out a command; the answer then belongs to its journey."""
        cause = Cause(self.actor, self.correlation_id, traceparent=self.traceparent)
        result, self.correlation_id = self.application.carry_out(
            self.transaction, command, cause, seen=self.seen
        )
        return result

    def attempt(self, command: Command) -> Any:
        """As `handle`, by itself: it belongs to the journey of what it touches, and where it is refused nothing of it
        stays, while the rest of the call goes on. Raises what `handle` does."""
        with self.transaction.begin_nested():
            return replace(self).handle(command)

    def number(self, name: str, what: Term) -> int:
        """A path value that is a number. Raises NotFound for anything else."""
        text = self.path[name]
        if not (text.isascii() and text.isdecimal() and len(text) <= 15):
            raise NotFound(what=what, ref=text)
        return int(text)

    def ask(self, query: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Answer a query as this caller may see it: the function gets the session and the actor first."""
        if self.session is not None:
            return query(self.session, self.actor, *arguments, **named)
        return self.application.ask(query, self.actor, *arguments, **named)


@dataclass(frozen=True)
class Answer:
    """An answer with another status than the endpoint's own; one of those that it declares under `also`."""

    value: Any
    status: int = 200


@dataclass(frozen=True, eq=False)
class Endpoint:
    """One method of one path. `roles` None means that no token is needed.

    `personal`: the answer holds personal data (个人信息), so that reading it leaves an audit entry for each person
    concerned; `subject` is the field, of the answer, the body or the path, whose value is that person's ref.
    `takes`: the body is a file; `gives`: the answer is a `File` of one of these media types.
    """

    api: Api = field(repr=False)
    method: str
    path: str
    function: Handler
    roles: tuple[str, ...] | None
    body: Schema | None
    query: Schema | None
    answer: Schema | None
    status: int
    also: Mapping[int, Schema]
    location: str | None
    personal: bool = False
    subject: str = "resident_ref"
    takes: Upload | None = None
    gives: tuple[str, ...] = ()

    @property
    def full_path(self) -> str:
        """The path below the server's root, as in `/grid/v1/cases/{id}`."""
        return self.api.prefix + self.path

    @property
    def is_deed(self) -> bool:
        """Whether it changes something: it happens in one transaction, once per Idempotency-Key."""
        return self.method != "GET"

    @property
    def is_list(self) -> bool:
        """Whether it answers with a part of a list."""
        return isinstance(self.query, Paging)

    @property
    def changes_one(self) -> bool:
        """Whether it changes the aggregate that its path names, so that If-Match makes sense."""
        return self.is_deed and "{id}" in self.path


@dataclass(eq=False)
class Api:
    """The endpoints of a service, below `/<service>/v1`, unless a standard wants them elsewhere and otherwise."""

    service: str
    root: str | None = None
    wire: Wire = JSON
    in_openapi: bool = True
    endpoints: list[Endpoint] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        """Where the paths begin."""
        return self.root or f"/{self.service}/v1"

    def get(
        self,
        path: str,
        *,
        roles: Sequence[str] | None,
        answer: type[Schema] | None = None,
        query: type[Schema] | None = None,
        also: Mapping[int, type[Schema]] | None = None,
        personal: bool = False,
        subject: str = "resident_ref",
        gives: Sequence[str] = (),
    ) -> Callable[[Handler], Handler]:
        """A question. `roles=None`: anyone may ask. A query that is a `Paging` makes it a list."""
        return self._declare(
            "GET", path, roles, None, query, answer, 200, also, None, personal, subject, None, gives
        )

    def post(
        self,
        path: str,
        *,
        roles: Sequence[str] | None,
        answer: type[Schema] | None = None,
        body: type[Schema] | None = None,
        query: type[Schema] | None = None,
        status: int = 200,
        also: Mapping[int, type[Schema]] | None = None,
        location: str | None = None,
        personal: bool = False,
        subject: str = "resident_ref",
        takes: Upload | None = None,
        gives: Sequence[str] = (),
    ) -> Callable[[Handler], Handler]:
        """A deed. One that creates something says status 201 and the location, such as `/cases/{id}`.

        One that `takes` a file has no other body: what else it is to know stands behind the `?`.
        """
        assert body is None or takes is None, "a body or a file"
        return self._declare(
            "POST", path, roles, body, query, answer, status, also, location, personal, subject, takes, gives
        )

    def put(
        self,
        path: str,
        *,
        roles: Sequence[str] | None,
        answer: type[Schema] | None = None,
        body: type[Schema] | None = None,
        also: Mapping[int, type[Schema]] | None = None,
        subject: str = "resident_ref",
    ) -> Callable[[Handler], Handler]:
        """A deed that says what shall be there, under a number of the caller's: said again, it changes nothing."""
        return self._declare(
            "PUT", path, roles, body, None, answer, 200, also, None, False, subject, None, ()
        )

    def _declare(
        self,
        method: str,
        path: str,
        roles: Sequence[str] | None,
        body: type[Schema] | None,
        query: type[Schema] | None,
        answer: type[Schema] | None,
        status: int,
        also: Mapping[int, type[Schema]] | None,
        location: str | None,
        personal: bool,
        subject: str,
        takes: Upload | None,
        gives: Sequence[str],
    ) -> Callable[[Handler], Handler]:
        def declared(function: Handler) -> Handler:
            self.endpoints.append(
                Endpoint(
                    self,
                    method,
                    path,
                    function,
                    None if roles is None else tuple(roles),
                    body() if body else None,
                    query() if query else None,
                    answer() if answer else None,
                    status,
                    {other: schema() for other, schema in (also or {}).items()},
                    location,
                    personal,
                    subject,
                    takes,
                    tuple(gives),
                )
            )
            return function

        return declared
