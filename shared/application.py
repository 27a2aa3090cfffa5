"""A service without its doors: what it is made of, and how a command is carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import MetaData, Table
from sqlalchemy.orm import Session

from shared import attaching, following
from shared.access.contact_seal import ContactSeal
from shared.access.keyring import Keyring
from shared.audit import keeping
from shared.audit.keeping import seals_of_others
from shared.calendar import working_calendar
from shared.kernel.clock import Clock
from shared.kernel.command import Actor, Cause, Command, Commands, system
from shared.kernel.errors import ConcurrentChange
from shared.kernel.working_time import WorkingCalendar
from shared.messaging.failpoints import failpoint
from shared.messaging.signal import Signal
from shared.messaging.subscriptions import Subscription, by_type
from shared.messaging.transport import TransportAway
from shared.persistence.attachments import Attachments, Memory
from shared.persistence.database import Database, is_conflict
from shared.persistence.migrate import migrate
from shared.persistence.sealing import sealed_tables
from shared.persistence.unit_of_work import CurrentFacts, Identity, Seen, Translations, UnitOfWork
from shared.plugins import load_points
from shared.telemetry.logs import journey_in_logs
from shared.telemetry.metrics import Metrics
from shared.telemetry.tracing import UNTRACED, Tracing

if TYPE_CHECKING:
    from shared.messaging.lease import Lease
    from shared.web.api import Api

MOST_TRIES = 3
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
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
    # doors that a standard wants elsewhere than below `/<service>/v1`, and in its own forms
    standards: Sequence[Api] = ()
    # the reference facts that it can say anew (`jiushu republish --current`): aggregate -> its event as it is now
    current: CurrentFacts = field(default_factory=dict)

    @property
    def hears(self) -> tuple[Subscription, ...]:
        """All that it listens to: its own subscriptions, and the seals of the other services' audit trails."""
        return (*self.subscriptions, *seals_of_others(self.name))

    @property
    def apis(self) -> tuple[Api, ...]:
        """All its own doors."""
        return (self.api, *self.standards)

    @property
    def segments(self) -> set[str]:
        """The first parts of the paths that lead to it."""
        return {api.prefix.split("/")[1] for api in self.apis}


class Application:
    """A service that can carry out commands and answer queries."""

    def __init__(
        self,
        definition: Definition,
        database: Database,
        clock: Clock,
        street: str,
        preferred_plugins: Mapping[str, str] | None = None,
        retention_days: int = 30,
        audit_days: int = 1095,
        trusted_proxies: Sequence[IPv4Network | IPv6Network] = (),
        keyring: Keyring | None = None,
        message_days: int = 365,
        disclosure_days: int = 1095,
        attachments: Attachments | None = None,
        calendar: WorkingCalendar | None = None,
        plugins: Mapping[str, Mapping[str, Any]] | None = None,
        contact_seal: ContactSeal | None = None,
    ) -> None:
        self.definition = definition
        self.name = definition.name
        self.database = database
        self.clock = clock
        self.calendar = calendar or working_calendar()
        self.message_days = message_days
        self.disclosure_days = disclosure_days
        # without them, in tests, what is sealed or attached ends with the process
        database.keyring = keyring or Keyring()
        self.attachments = attachments or Memory()
        self.contact_seal = contact_seal or ContactSeal()
        self.identity = Identity(street, definition.name)
        self.subscriptions = by_type(definition.hears)
        self.background = definition.background
        self.retention_days = retention_days
        self.audit_days = audit_days
        self.trusted_proxies = trusted_proxies
        self.transport_is_up: Callable[[], bool] = lambda: True
        self.transport_trouble: Callable[[], TransportAway | None] = lambda: None
        self.metrics = Metrics(self.subscriptions)
        self.tracing: Tracing = UNTRACED
        self.committed = Signal()
        self.received = Signal()
        self.changed = Signal()
        self._commands = Commands.of([*definition.use_cases, keeping, following, attaching])
        self._plugins = plugins or load_points(
            definition.name, definition.plugin_points, preferred_plugins or {}
        )

    @property
    def sealed_tables(self) -> list[Table]:
        """The tables that hold personal data."""
        return sealed_tables(self.definition.metadata)

    def migrate(self) -> None:
        """Bring the database to the present tables."""
        migrate(self.database, self.definition.migrations, self.name)

    def handle(self, command: Command, actor: Actor, *, correlation_id: str | None = None) -> Any:
        """Carry out a command in one transaction; what its function returns.

        Run again, up to three times, where another transaction was in the way; then ConcurrentChange.
        """
        return self.handle_in_journey(command, Cause(actor, correlation_id))[0]

    def handle_in_journey(self, command: Command, cause: Cause) -> tuple[Any, str]:
        """As `handle`; also the correlation id of the journey that the command belongs to."""
        return self.in_transaction(lambda session: self.carry_out(session, command, cause))

    def in_transaction(self, deed: Callable[[Session], T]) -> T:
        """What `deed` returns, done in one transaction. It is done anew, up to three times, where another
        transaction was in the way; then ConcurrentChange."""
        for attempt in range(1, MOST_TRIES + 1):
            try:
                with self.writing() as session:
                    return deed(session)
            except Exception as error:
                if not is_conflict(error):
                    raise
                if attempt == MOST_TRIES:
                    raise ConcurrentChange(what=self.name) from error
                self.metrics.deeds_retried.inc()
        raise AssertionError("unreachable")

    def ask(self, query: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Answer a query: a plain function of a session. Nothing is written."""
        with self.database.reading() as session:
            return query(session, *arguments, **named)

    def acting(self, actor: Actor) -> Actor:
        """Who bears a token, as it holds today: who is confined to a place that is no more acts for its successor."""
        if actor.place_ref is None:
            return actor
        with self.database.reading() as session:
            line = self.definition.store.place_line(session, actor.place_ref)
        if not line:
            return actor
        successors = tuple(place["place_ref"] for place in line[1:])
        return replace(actor, successor_refs=successors, place_path=line[-1]["path"])

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction; once it is committed, the relay is woken and due commands are looked for."""
        with self.database.writing() as session:
            yield session
        failpoint("outbox.after_commit")
        self.committed.set()
        self.received.set()
        self.changed.set()

    def carry_out(
        self, session: Session, command: Command, cause: Cause, *, seen: Seen | None = None
    ) -> tuple[Any, str]:
        """Carry out a command inside a transaction of the caller's; the result and its journey.

        Raises Stale where what the caller has `seen` was changed since.
        """
        work = self.definition.store(
            session,
            self.database,
            now=self.clock.now(),
            calendar=self.calendar,
            cause=cause,
            identity=self.identity,
            translations=self.definition.translations,
            plugins=self._plugins,
            attachments=self.attachments,
            tracing=self.tracing,
            seen=seen,
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
