"""A service without its doors: what it is made of, and how a command is carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import MetaData
from sqlalchemy.orm import Session

from shared.kernel.clock import Clock
from shared.kernel.command import Actor, Cause, Command, Commands, system
from shared.kernel.errors import ConcurrentChange
from shared.messaging.signal import Signal
from shared.messaging.subscriptions import Subscription, by_type
from shared.persistence.database import Database, is_conflict
from shared.persistence.migrate import migrate, missing_migrations
from shared.persistence.unit_of_work import Identity, Translations, UnitOfWork
from shared.plugins import load_plugins
from shared.telemetry.logs import journey_in_logs

if TYPE_CHECKING:
    from shared.messaging.lease import Lease
    from shared.web.api import Api

MOST_TRIES = 3
T = TypeVar("T")


@dataclass(frozen=True)
class Definition:
    """What a service is made of: its rooms, joined. Written once, in the service's `service.py`."""

    name: str
    title: str
    use_cases: Sequence[ModuleType]
    store: type[UnitOfWork]
    metadata: MetaData
    translations: Translations
    subscriptions: Sequence[Subscription]
    api: Api
    migrations: ModuleType
    # point -> Protocol; the plugins of group `jiushu.<service>.<point>` are found in `work.plugins[point]`
    plugin_points: Mapping[str, type] = field(default_factory=dict)
    # work between two transactions (calling providers), done by the lease's holder; each says how much it did
    background: Sequence[Callable[[Application, Lease], int]] = ()


class Application:
    """A service that can carry out commands and answer queries."""

    def __init__(self, definition: Definition, database: Database, clock: Clock, street: str) -> None:
        self.definition = definition
        self.name = definition.name
        self.database = database
        self.clock = clock
        self.identity = Identity(street, definition.name)
        self.subscriptions = by_type(definition.subscriptions)
        self.background = definition.background
        self.transport_is_up: Callable[[], bool] = lambda: True
        self.committed = Signal()
        self.received = Signal()
        self._commands = Commands.of(definition.use_cases)
        self._plugins = {
            point: load_plugins(f"jiushu.{definition.name}.{point}", protocol)
            for point, protocol in definition.plugin_points.items()
        }

    def migrate(self) -> None:
        """Bring the database to the present tables."""
        migrate(self.database, self.definition.migrations, self.name)

    def missing_migrations(self) -> list[str]:
        """Lines of migrations that have not run to their end."""
        return missing_migrations(self.database, self.definition.migrations, self.name)

    def handle(self, command: Command, actor: Actor, *, correlation_id: str | None = None) -> Any:
        """Carry out a command in one transaction; what its function returns.

        Run again, up to three times, where another transaction was in the way; then ConcurrentChange.
        """
        return self.handle_in_journey(command, Cause(actor, correlation_id))[0]

    def handle_in_journey(self, command: Command, cause: Cause) -> tuple[Any, str]:
        """As `handle`; also the correlation id of the journey that the command belongs to."""
        for attempt in range(1, MOST_TRIES + 1):
            try:
                with self.writing() as session:
                    return self.carry_out(session, command, cause)
            except Exception as error:
                if not is_conflict(error):
                    raise
                if attempt == MOST_TRIES:
                    raise ConcurrentChange(what=self.name) from error
        raise AssertionError("unreachable")

    def ask(self, query: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Answer a query: a plain function of a session. Nothing is written."""
        with self.database.reading() as session:
            return query(session, *arguments, **named)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction; once it is committed, the relay is woken and due commands are looked for."""
        with self.database.writing() as session:
            yield session
        self.committed.set()
        self.received.set()

    def carry_out(self, session: Session, command: Command, cause: Cause) -> tuple[Any, str]:
        """Carry out a command inside a transaction of the caller's; the result and its journey."""
        work = self.definition.store(
            session,
            self.database,
            now=self.clock.now(),
            cause=cause,
            identity=self.identity,
            translations=self.definition.translations,
            plugins=self._plugins,
        )
        with work, journey_in_logs(cause.correlation_id):
            result = self._commands.function_for(command)(command, work)
        return result, work.correlation_id

    def carry_out_named(
        self, session: Session, name: str, arguments: Mapping[str, Any], correlation_id: str | None
    ) -> None:
        """Carry out a command that was kept until it was due."""
        command = self._commands.named(name)(**arguments)
        self.carry_out(session, command, Cause(system(self.name), correlation_id))
