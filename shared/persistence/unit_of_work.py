"""One transaction: rows and outgoing events are kept together or not at all."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any, ClassVar, Self, TypeVar, get_type_hints

from sqlalchemy import delete, event, insert, select
from sqlalchemy.orm import Session

from shared.contracts.envelope import LARGEST_MESSAGE, Envelope
from shared.contracts.registry import ContractBroken, Event, for_feed, written
from shared.kernel.aggregate import Aggregate, DomainEvent, Recorded
from shared.kernel.command import Cause, Command
from shared.kernel.errors import EndedReference, Invalid, Stale, UnknownReference
from shared.kernel.ids import new_id
from shared.kernel.working_time import WorkingCalendar
from shared.messaging.failpoints import failpoint
from shared.persistence import places
from shared.persistence.attachments import Attachments, AttachmentsAtWork
from shared.persistence.database import Database
from shared.persistence.repository import Repository
from shared.persistence.tables import copies, outbox_messages, scheduled_commands
from shared.telemetry.tracing import UNTRACED, Tracing

# domain event -> what of it is published: the contract and its data; None where it stays at home; a list where the
# fact is told in two versions of its contract, as long as some still read the old one
Told = tuple[type[Event], Mapping[str, Any]]
Translation = Callable[[Any, Any], Told | list[Told] | None]
Translations = Mapping[type[DomainEvent], Translation]
# a reference fact as it is now, told without an event: aggregate -> its translation
CurrentFacts = Mapping[type[Aggregate], Translation]
T = TypeVar("T")


_AT_WORK = "jiushu_unit_of_work"


def at_home(_aggregate: Any, _event: Any) -> None:
    """The translation of what nobody outside needs to know."""


@cache
def _repositories(store: type[UnitOfWork]) -> dict[str, type[Repository[Any]]]:
    annotated = get_type_hints(store).items()
    return {name: kind for name, kind in annotated if isinstance(kind, type) and issubclass(kind, Repository)}


@dataclasses.dataclass(frozen=True)
class Identity:
    """Who publishes: the street's code and the service's name."""

    street: str
    service: str

    @property
    def source(self) -> str:
        """The CloudEvents source."""
        return f"/jiushu/{self.street}/{self.service}"


@dataclasses.dataclass(frozen=True)
class Seen:
    """What a caller has seen of the aggregate that it changes: one of these versions (None: whichever)."""

    id: str
    versions: frozenset[int] | None


class EventTooLarge(Invalid):
    """What would have to be told does not fit into one message."""

    code = "event_too_large"
    zh = "内容过多：对应的通知有 {bytes} 字节，最多 {most} 字节，请精简"
    en = "too much content: its event {event} would have {bytes} bytes, {most} are allowed; shorten it"


class UnitOfWork:
    """What a use case works with: time, the working calendar, actor, local copies, the schedule, plugins, attachments,
    and the repositories that a service's store declares by annotation, as in `cases: Cases`. `follows` are the rows
    that go with their places."""

    follows: ClassVar[Sequence[places.Follows]] = ()

    def __init__(
        self,
        session: Session,
        database: Database,
        *,
        now: datetime,
        calendar: WorkingCalendar,
        cause: Cause,
        identity: Identity,
        translations: Translations,
        plugins: Mapping[str, Mapping[str, Any]],
        attachments: Attachments,
        tracing: Tracing = UNTRACED,
        seen: Seen | None = None,
    ) -> None:
        self.session = session
        self.now = now
        self.calendar = calendar
        self.cause = cause
        self.actor = cause.actor
        self.identity = identity
        self.journey = cause.correlation_id
        self.plugins = plugins
        self.attachments = AttachmentsAtWork(session, database, attachments, by=self.actor.told, now=now)
        self._database = database
        self._translations = translations
        self._tracing = tracing
        self._happened: list[tuple[Aggregate, Recorded]] = []
        self._seen, self._is_as_seen = seen, seen is None
        for name, repository in _repositories(type(self)).items():  # type: ignore[arg-type]
            setattr(self, name, repository(session, database, self.actor, self._met))

    def __enter__(self) -> Self:
        self.session.info[_AT_WORK] = self
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        try:
            if failed is None:
                if not self._is_as_seen:
                    raise Stale()
                self._publish_recorded()
        finally:
            del self.session.info[_AT_WORK]

    def copy_of(self, aggregate: str, ref: str, *, field: str, locked: bool = False) -> dict[str, Any]:
        """The local copy of another service's reference fact, such as `grid.place`.

        Raises UnknownReference naming the input `field` where the copy is not (or not yet) here, EndedReference where
        the thing is no more. `locked` lets no newer fact in until the transaction ends.
        """
        facts = self._facts(aggregate, ref, locked=locked)
        if facts is None:
            raise UnknownReference(field=field, ref=ref)
        if not facts:
            raise EndedReference(field=field, ref=ref)
        return facts

    def find_copy(self, aggregate: str, ref: str) -> dict[str, Any] | None:
        """The local copy, or None; None too where the thing is no more. A place that was superseded is the one that has
        taken over from it; what lies in a place has the path that holds now."""
        return self._facts(aggregate, ref) or None

    def copies_of(self, aggregate: str) -> list[dict[str, Any]]:
        """All local copies of one kind of those that are still there, by ref. For kinds of which a street has few."""
        query = select(copies.c.facts).where(copies.c.aggregate == aggregate).order_by(copies.c.ref)
        found = self.session.execute(query).scalars().all()
        return [self.as_it_lies_now(self.session, facts) for facts in found if facts]

    def _facts(self, aggregate: str, ref: str, *, locked: bool = False) -> dict[str, Any] | None:
        """What is kept of it, as it lies now: nothing at all (None), or that it is no more (an empty dict)."""
        query = select(copies.c.facts).where(copies.c.aggregate == aggregate, copies.c.ref == ref)
        if locked:
            query = query.with_for_update(read=True)
        facts: dict[str, Any] | None = self.session.execute(query).scalar_one_or_none()
        if not facts:
            return facts
        if aggregate == "grid.place":
            return dict(self.place_line(self.session, ref)[-1])
        return self.as_it_lies_now(self.session, facts)

    @staticmethod
    def read_place(session: Session, ref: str) -> places.Facts | None:
        """A place as it is known here: the copy of grid's, where this is not grid itself."""
        return places.copied(session, ref)

    @classmethod
    def place_line(cls, session: Session, ref: str) -> list[places.Facts]:
        """A place, and those that have taken over from it one after the other."""
        return places.line(partial(cls.read_place, session), ref)

    @classmethod
    def as_it_lies_now(cls, session: Session, facts: dict[str, Any]) -> dict[str, Any]:
        """What was told of a place that may have moved or been superseded since."""
        return places.as_it_lies_now(partial(cls.read_place, session), facts)

    def follow(self, *place_refs: str) -> Mapping[str, int]:
        """What is open in these places goes where they are now; how many rows of which table."""
        read = partial(self.read_place, self.session)
        return places.follow(self.session, read, self.follows, place_refs)

    def rehearse(self, deed: Callable[[], T]) -> T:
        """What `deed` would return, or raise; nothing of it stays."""
        self.session.flush()
        happened, journey = list(self._happened), self.journey
        savepoint = self.session.begin_nested()
        try:
            result = deed()
            self.session.flush()
            return result
        finally:
            savepoint.rollback()
            self._happened, self.journey = happened, journey

    def schedule(self, due_at: datetime | None, command: Command, *, key: str) -> None:
        """Carry out `command` at `due_at` by the business clock (None: never). The same key replaces what was
        scheduled."""
        if due_at is None:
            self.unschedule(key)
            return
        row = {
            "key": key,
            "due_at": due_at,
            "command": type(command).__name__,
            "arguments": dataclasses.asdict(command),
            "correlation_id": self.correlation_id,
            "revision": new_id(),
            "reason": None,
            "state": "pending",
            "attempts": 0,
            "deaths": 0,
            "due": 0.0,
            "handled_at": None,
        }
        self.session.execute(self._database.upsert(scheduled_commands, row, ["key"]))

    def unschedule(self, key: str) -> None:
        """Forget what was scheduled under that key and is not yet done."""
        pending = scheduled_commands.c.state == "pending"
        self.session.execute(delete(scheduled_commands).where(scheduled_commands.c.key == key, pending))

    @property
    def correlation_id(self) -> str:
        """The journey that this transaction belongs to; a new one where nothing says which."""
        if self.journey is None:
            self.journey = new_id()
        return self.journey

    def _publish_recorded(self) -> None:
        """Write the events of what happened so far into the outbox, in the order in which they happened."""
        self.session.flush()
        rows = [row for fact in self._happened for row in self._outbox_rows(*fact)]
        self._happened.clear()
        if rows:
            failpoint("outbox.before_insert")
            self.session.execute(insert(outbox_messages), rows)
            failpoint("outbox.after_insert")

    def _met(self, aggregate: Aggregate) -> None:
        """An aggregate is touched: it must be as the caller has seen it, and its journey goes on."""
        if self._seen is not None and aggregate.id == self._seen.id and not self._is_as_seen:
            if self._seen.versions is not None and aggregate.version not in self._seen.versions:
                raise Stale()
            self._is_as_seen = True
        self._follow(aggregate)

    def _follow(self, aggregate: Aggregate) -> None:
        """Go on with the journey of what is touched first, where the cause does not say which."""
        if self.journey is None and aggregate.leads_journey:
            self.journey = aggregate.journey

    def take_recorded(self) -> None:
        """Note what has happened to the aggregates that are about to be written."""
        changed: Sequence[Any] = [*self.session.new, *self.session.dirty]
        for aggregate in changed:
            if not isinstance(aggregate, Aggregate):
                continue
            if aggregate.journey is None:
                aggregate.journey = self.correlation_id
            self._follow(aggregate)
            self._happened += [(aggregate, recorded) for recorded in aggregate.take_recorded()]

    def _outbox_rows(self, aggregate: Aggregate, recorded: Recorded) -> list[dict[str, Any]]:
        translate = self._translations[type(recorded.event)]
        said = translate(aggregate, recorded.event)
        if said is None:
            return []
        id = new_id()
        versions = said if isinstance(said, list) else [said]
        return [self._outbox_row(aggregate, recorded, id, *version) for version in versions]

    def _outbox_row(
        self,
        aggregate: Aggregate,
        recorded: Recorded,
        id: str,
        contract: type[Event],
        data: Mapping[str, Any],
    ) -> dict[str, Any]:
        if contract.owner() != self.identity.service:
            raise ContractBroken(contract.type, f"{self.identity.service} may not say it")
        source = self.identity.source
        envelope = Envelope(
            id=id,
            source=source,
            type=contract.type,
            subject=aggregate.id,
            time=self.now,
            data=written(contract, data),
            correlation_id=self.correlation_id,
            aggregate_version=recorded.version,
            causation_id=self.cause.causation_id,
            actor=self.actor.told,
            traceparent=self._tracing.create(
                contract.type, id, source, self.correlation_id, self.cause.traceparent
            ),
        )
        body = envelope.to_bytes()
        if len(body) > LARGEST_MESSAGE:
            raise EventTooLarge(event=contract.type, bytes=len(body), most=LARGEST_MESSAGE)
        public = for_feed(contract, envelope.data)
        return {
            "event_id": envelope.id,
            "type": envelope.type,
            "partition_key": envelope.partition_key,
            "correlation_id": envelope.correlation_id,
            "body": body,
            "feed_body": None if public is None else envelope.for_feed(public).to_bytes(),
            "recorded_at": self.now,
        }


@event.listens_for(Session, "before_flush")
def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    """Each flush writes, and then may forget, what was changed: the facts are taken just before."""
    work: UnitOfWork | None = session.info.get(_AT_WORK)
    if work is not None:
        work.take_recorded()
