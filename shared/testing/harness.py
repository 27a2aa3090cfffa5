"""One service under test: real store, real lane, a clock that stands still, and the bus cut off at both ends.

What the service is to hear is put into its inbox as bytes, in any order and as often as the test likes; what it says
is read from its outbox. Nothing waits: `run()` handles all that can be handled now.
"""

from __future__ import annotations

import atexit
import json
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, exists, func, literal, select, text, union_all, update
from werkzeug.test import Client, TestResponse

from shared.access.contact_seal import ContactSeal, make_pair
from shared.access.keyring import Keyring
from shared.access.roles import ACTS_FOR
from shared.access.tokens import Tokens
from shared.application import Application, Definition
from shared.contracts.envelope import Envelope
from shared.contracts.registry import Event, contract, read, written
from shared.kernel.clock import FixedClock
from shared.kernel.command import EVERYWHERE, Actor, Command
from shared.kernel.ids import new_id
from shared.messaging import inbox
from shared.messaging.lane import Lane
from shared.messaging.lease import Lease
from shared.messaging.transport import Incoming
from shared.persistence.database import Database
from shared.persistence.tables import copies, inbox_messages, kernel, outbox_messages, scheduled_commands
from shared.plugins import load_points
from shared.testing.published import hold_to_document
from shared.web.common import all_apis
from shared.web.wsgi import Door

STREET_CODE = "110112010"
STARTED = datetime(2024, 5, 27, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Beijing
STREET_STAFF = Actor("staff-1", "street")
_TOKENS = Tokens("a key that is only for tests, and long enough")
_KEYRING = Keyring()


@dataclass(frozen=True)
class Said:
    """An event that the service published."""

    type: str
    subject: str
    data: dict[str, Any]
    envelope: Envelope


@dataclass(frozen=True)
class Message:
    """Bytes on their way to the service; deliver the same one twice to test for duplicates."""

    incoming: Incoming


class ServiceUnderTest:
    """A service on a database of its own (in-memory SQLite unless told otherwise)."""

    def __init__(self, definition: Definition, database: Database | None = None) -> None:
        self.clock = FixedClock(STARTED)
        self.database = database or _in_memory(definition)
        self.application = Application(
            definition,
            self.database,
            self.clock,
            STREET_CODE,
            keyring=_KEYRING,
            plugins=_plugins_of(definition, tuple(sys.path)),
            contact_seal=ContactSeal(contact_keys()[1]),
        )
        self.lease = Lease(self.database)
        self.lane = Lane(self.application, self.lease)
        self._door = Door(self.application, _TOKENS, _doors_of(definition))
        self._versions: dict[str, int] = {}
        self.lease.acquire()

    # ---- doing

    def handle(self, command: Command, actor: Actor = STREET_STAFF) -> Any:
        """Carry out a command; what its function returns."""
        return self.application.handle(command, actor)

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        role: str = "street",
        scope: str = "*",
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        """An HTTP request to `/<service>/v1<path>`, as a bearer of a token with that role and scope."""
        headers = {**_bearer(role, scope), **(headers or {})}
        return self._open(method, path, headers, json=body)

    def post(
        self, path: str, body: Any = None, *, role: str = "street", scope: str = "*", status: int = 201
    ) -> Any:
        """A POST that must be answered with `status`; what it answers."""
        answer = self.request("POST", path, body, role=role, scope=scope)
        assert answer.status_code == status, answer.text
        return answer.json

    def raw(
        self,
        method: str,
        path: str,
        body: bytes,
        *,
        role: str = "street",
        scope: str = "*",
        content_type: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        """A request with any bytes as its body, said to be JSON unless told otherwise."""
        headers = {**_bearer(role, scope), **(headers or {})}
        return self._open(method, path, headers, data=body, content_type=content_type)

    def anonymous(self, method: str, path: str, body: Any = None) -> TestResponse:
        """A request without a token."""
        return self._open(method, path, {}, json=body)

    def _open(self, method: str, path: str, headers: dict[str, str], **content: Any) -> TestResponse:
        """Each change asks that the thing be there (If-Match: *); each answer is held to the OpenAPI document."""
        path = f"/{self.application.name}/v1{path}"
        endpoint = self._door.endpoint_at(method, path)
        if endpoint is not None and endpoint.changes_one:
            headers = {"If-Match": "*", **headers}
        answer = Client(self._door).open(
            path, method=method, headers=headers, environ_base={"REMOTE_ADDR": "127.0.0.1"}, **content
        )
        if endpoint is not None:
            hold_to_document(self.application.definition, endpoint, answer)
        return answer

    # ---- hearing

    def message(
        self, event: type[Event], subject: str, data: dict[str, Any], *, version: int | None = None
    ) -> Message:
        """An event of another service, with the next version of its subject unless told otherwise."""
        version = version or self._versions.get(subject, 0) + 1
        self._versions[subject] = max(version, self._versions.get(subject, 0))
        envelope = Envelope(
            id=new_id(),
            source=f"/jiushu/{STREET_CODE}/{event.owner()}",
            type=event.type,
            subject=subject,
            time=self.clock.now(),
            data=written(event, data),
            correlation_id="journey-under-test",
            aggregate_version=version,
        )
        return Message(Incoming(envelope.id, envelope.type, envelope.partition_key, envelope.to_bytes()))

    def deliver(self, *messages: Message) -> None:
        """Bring the messages in this order, and handle what can be handled."""
        for message in messages:
            inbox.keep(self.database, [message.incoming])
        self.run()

    def hear(
        self, event: type[Event], subject: str, data: dict[str, Any], *, version: int | None = None
    ) -> Message:
        """Make and deliver an event; returned for another delivery."""
        message = self.message(event, subject, data, version=version)
        self.deliver(message)
        return message

    def hear_twice(
        self, event: type[Event], subject: str, data: dict[str, Any], *, version: int | None = None
    ) -> None:
        """Hear a fact; then the same event again, once more when the bus has forgotten it, and the same fact as another
        event: none may change anything.

        The bus drops the same event as long as it keeps it (JIUSHU_RETENTION_DAYS); the rest is the service's matter.
        """
        message = self.hear(event, subject, data, version=version)
        known = self.snapshot()
        self.deliver(message)
        assert self.snapshot() == known, "a second delivery changed something"
        self.forget()
        self.deliver(message)
        assert self.snapshot() == known, "a late delivery of what retention had removed changed something"
        self.hear(event, subject, data)
        assert self.snapshot() == known, "the same fact in another event changed something"
        assert set(self.heard()) == {"done"}, self.reasons()

    def forget(self) -> None:
        """Remove what was heard and handled, as retention does in time."""
        with self.database.writing() as session:
            session.execute(delete(inbox_messages).where(inbox_messages.c.state == "done"))

    def run(self) -> None:
        """Handle all that can be handled now: what waits for something or for its retry is tried once more too."""
        self._run_out()
        with self.database.writing() as session:
            session.execute(update(inbox_messages).where(inbox_messages.c.state == "pending").values(due=0.0))
        self._run_out()

    def _run_out(self) -> None:
        """Until nothing is done any more, nor tried in vain: what fails may have kept another from its turn."""
        tried = -1
        while self._run_once() or tried != self._tries():
            tried = self._tries()

    def _tries(self) -> int:
        """How often messages were tried in vain."""
        tries = func.sum(inbox_messages.c.attempts + inbox_messages.c.waits)
        with self.database.reading() as session:
            return session.scalar(select(func.coalesce(tries, 0))) or 0

    def _run_once(self) -> int:
        background = sum(work(self.application, self.lease) for work in self.application.background)
        return self.lane.run_once() + background

    # ---- looking

    def said(self, event: type[Event] | None = None) -> list[Said]:
        """What was published, oldest first; of one type, or all."""
        with self.database.reading() as session:
            bodies = session.scalars(select(outbox_messages.c.body).order_by(outbox_messages.c.id)).all()
        envelopes = [Envelope.from_bytes(body) for body in bodies]
        return [_said(envelope) for envelope in envelopes if event is None or envelope.type == event.type]

    def heard(self) -> dict[str, int]:
        """How many messages are in which state."""
        return inbox.counts(self.database)

    def reasons(self) -> list[str]:
        """Why messages are not done."""
        with self.database.reading() as session:
            return [reason or "" for reason in session.scalars(select(inbox_messages.c.reason)) if reason]

    def copies(self, aggregate: str) -> list[dict[str, Any]]:
        """The local copies of one kind of reference fact."""
        with self.database.reading() as session:
            return list(session.scalars(select(copies.c.facts).where(copies.c.aggregate == aggregate)))

    def scheduled(self) -> list[str]:
        """The keys of commands that wait until they are due."""
        with self.database.reading() as session:
            return list(
                session.scalars(select(scheduled_commands.c.key).order_by(scheduled_commands.c.due_at))
            )

    def snapshot(self) -> str:
        """All that the service knows, as text: two equal snapshots mean that nothing has changed."""
        tables = [
            *self.application.definition.metadata.sorted_tables,
            copies,
            outbox_messages,
            scheduled_commands,
        ]
        with self.database.reading() as session:
            rows = {table.name: [list(row) for row in session.execute(select(table))] for table in tables}
        return json.dumps(rows, default=str, ensure_ascii=False, sort_keys=True, indent=1)


_doors_of = cache(all_apis)  # each test's service has the same doors


GUARDED = ("audit_entries", "audit_seals", "kept_seals")  # their triggers refuse to delete
RESTART = """SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"""


def empty(database: Database, definition: Definition) -> None:
    """Remove all rows, keep the tables; PostgreSQL's. To truncate a table takes twenty times as long as to delete few
    rows, and ten times as long as to look whether there are any."""
    tables = [*kernel.sorted_tables, *definition.metadata.sorted_tables]
    looks = [select(literal(table.name)).where(exists(select(1).select_from(table))) for table in tables]
    with database.writing() as session:
        filled = set(session.scalars(union_all(*looks)))
        for name in filled.intersection(GUARDED):
            session.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
        for table in (table for table in reversed(tables) if table.name in filled):
            session.execute(delete(table))
        for name in filled.intersection(GUARDED):
            session.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))
        session.execute(text(RESTART))


def _bearer(role: str, scope: str) -> dict[str, str]:
    if scope == EVERYWHERE and role in ACTS_FOR:
        scope = f"{ACTS_FOR[role]}{role}-1"
    return {"Authorization": f"Bearer {_TOKENS.issue(f'{role}-1', role, scope)}"}


@cache
def contact_keys() -> tuple[Path, Path]:
    """The files of a pair of keys, private and public, to which contacts are sealed in tests."""
    folder = Path(tempfile.mkdtemp(prefix="jiushu-contact-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    private, public = folder / "contact.key", folder / "contact.pub"
    make_pair(private, public)
    return private, public


@lru_cache(maxsize=16)
def _plugins_of(definition: Definition, _path: tuple[str, ...]) -> Mapping[str, Mapping[str, Any]]:
    """To look for what is installed takes longer than most tests."""
    return load_points(definition.name, definition.plugin_points, {})


def _in_memory(definition: Definition) -> Database:
    database = Database("sqlite://")
    with _with_tables(definition).engine.connect() as made, database.engine.connect() as new:
        _sqlite(made).backup(_sqlite(new))
    return database


@lru_cache(maxsize=16)
def _with_tables(definition: Definition) -> Database:
    """An empty database to copy: to make the tables takes longer than most tests."""
    database = Database("sqlite://")
    kernel.create_all(database.engine)
    definition.metadata.create_all(database.engine)
    return database


def _sqlite(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _said(envelope: Envelope) -> Said:
    event = contract(envelope.type)
    assert event is not None
    return Said(envelope.type, envelope.subject, read(event, envelope.data), envelope)
