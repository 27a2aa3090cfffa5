"""Replay (重放): what was said once is said again, to one service or to all; what a service has, it drops.

A row of `replays` says what is wanted, at whose wish and why; the lease's holder does it batch by batch and keeps on
the row how far it is, so that a killed process goes on where it stopped. Events that happen meanwhile are relayed
between two batches. There are two kinds: `kept` events of the outbox, as they were, in their order; and `current`
facts, made of what the owner knows now, where the events themselves are no longer kept. A copy ignores what is not
newer.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import ColumnElement, Row, and_, func, inspect, select, update
from sqlalchemy.orm import Session

from shared.contracts.envelope import Envelope
from shared.contracts.registry import Event, for_feed, written
from shared.kernel.aggregate import Aggregate
from shared.kernel.clock import SystemClock
from shared.kernel.command import system
from shared.kernel.ids import new_id
from shared.messaging.inbox import LONGEST_REASON, storable
from shared.messaging.lease import Lease
from shared.messaging.transport import NobodyThere, Outgoing, Transport, TransportAway
from shared.persistence.database import is_away, is_busy
from shared.persistence.tables import outbox_messages, replays

if TYPE_CHECKING:
    from shared.application import Application

KEPT, CURRENT = "kept", "current"
UNDER_WAY, FINISHED, FAILED = "under_way", "finished", "failed"
BATCH = 200
LOOK_SECONDS = 1.0

outbox, wishes = outbox_messages.c, replays.c


class Replayer:
    """Fulfils the wishes in `replays`, one after the other."""

    def __init__(self, application: Application, lease: Lease, transport: Transport) -> None:
        self._application = application
        self._lease = lease
        self._transport = transport
        self._next_look = 0.0

    def run_once(self) -> int:
        """Send one batch; how many. Raises TransportAway, LeaseLost, DatabaseAway; then it is sent again later."""
        if time.monotonic() < self._next_look:
            return 0
        with self._application.database.reading() as session:
            query = select(replays).where(wishes.state == UNDER_WAY).order_by(wishes.id).limit(1)
            wish = session.execute(query).first()
            if wish is None:
                self._next_look = time.monotonic() + LOOK_SECONDS
                return 0
        try:
            with self._application.database.reading() as session:
                messages, position = self._next_batch(session, wish)
            self._send(wish.to_service, messages)
        except NobodyThere as nobody:
            return self._give_up(wish, str(nobody))
        except TransportAway:
            raise
        except Exception as error:
            if is_away(error) or is_busy(error):
                raise
            return self._give_up(wish, f"{type(error).__name__}: {error}")
        if position is None:
            self._note(wish, state=FINISHED, finished_at=SystemClock().now())
            return 0
        self._note(wish, position=position, sent=wish.sent + len(messages))
        return len(messages)

    def _next_batch(self, session: Session, wish: Row[Any]) -> tuple[list[Outgoing], str | None]:
        if wish.kind == CURRENT:
            return _current_facts(session, self._application, wish)
        return _kept_events(session, wish)

    def _send(self, service: str | None, messages: Sequence[Outgoing]) -> None:
        if not messages:
            return
        if service is None:
            sent = self._transport.send(messages)
            self._application.metrics.keep_sent(sent.refused_by_feed, sent.unrouted)
        else:
            self._transport.send_to(service, messages)

    def _give_up(self, wish: Row[Any], why: str) -> int:
        """It would fail again, and all wishes behind it would wait."""
        self._note(wish, state=FAILED, failure=storable(why, LONGEST_REASON), finished_at=SystemClock().now())
        return 0

    def _note(self, wish: Row[Any], **values: Any) -> None:
        with self._application.database.writing() as session:
            self._lease.guard(session)
            session.execute(update(replays).where(wishes.id == wish.id).values(values))


def how_many(session: Session, application: Application, wish: Any) -> int:
    """How many events a wish is about."""
    if wish.kind == KEPT:
        query = select(func.count()).select_from(outbox_messages).where(_asked_for(wish))
        return int(session.execute(query).scalar_one())
    kinds = application.definition.current
    return sum(session.execute(select(func.count()).select_from(kind)).scalar_one() for kind in kinds)


def _asked_for(wish: Any) -> ColumnElement[bool]:
    conditions = [outbox.published_at.is_not(None), outbox.published_at <= wish.until]
    if wish.since is not None:
        conditions.append(outbox.published_at >= wish.since)
    if wish.type is not None:
        conditions.append(outbox.type == wish.type)
    return and_(*conditions)


def _kept_events(session: Session, wish: Row[Any]) -> tuple[list[Outgoing], str | None]:
    query = (
        select(outbox.id, outbox.event_id, outbox.type, outbox.partition_key, outbox.body, outbox.feed_body)
        .where(outbox.id > int(wish.position or 0), _asked_for(wish))
        .order_by(outbox.id)
        .limit(BATCH)
    )
    rows = session.execute(query).all()
    return [Outgoing(*row[1:]) for row in rows], str(rows[-1].id) if rows else None


def _current_facts(
    session: Session, application: Application, wish: Row[Any]
) -> tuple[list[Outgoing], str | None]:
    """The next facts as they are now; the position is the kind's name and the last aggregate's id."""
    kinds = sorted(application.definition.current, key=lambda kind: kind.__name__)
    reached, _, last = wish.position.partition(":")
    for kind in kinds:
        if kind.__name__ < reached:
            continue
        id = inspect(kind).local_table.c.id
        after = last if kind.__name__ == reached else ""
        found = session.scalars(select(kind).where(id > after).order_by(id).limit(BATCH)).all()
        if found:
            facts = [fact for aggregate in found for fact in _facts(application, aggregate, wish.id)]
            return facts, f"{kind.__name__}:{found[-1].id}"
    return [], None


def _facts(application: Application, aggregate: Aggregate, wish: int) -> list[Outgoing]:
    said = application.definition.current[type(aggregate)](aggregate, None)
    versions = said if isinstance(said, list) else [] if said is None else [said]
    return [_fact(application, aggregate, wish, *version) for version in versions]


def _fact(
    application: Application,
    aggregate: Aggregate,
    wish: int,
    contract: type[Event],
    data: Mapping[str, Any],
) -> Outgoing:
    source = application.identity.source
    envelope = Envelope(
        # the same in each try, so that a batch that is sent twice is heard once
        id=str(
            uuid5(
                NAMESPACE_URL,
                f"{source}/{type(aggregate).__name__}/{aggregate.id}/{aggregate.version}/{wish}",
            )
        ),
        source=source,
        type=contract.type,
        subject=aggregate.id,
        time=application.clock.now(),
        data=written(contract, data),
        correlation_id=aggregate.journey or new_id(),
        aggregate_version=aggregate.version,
        actor=system(application.name).told,
    )
    public = for_feed(contract, envelope.data)
    return Outgoing(
        envelope.id,
        envelope.type,
        envelope.partition_key,
        envelope.to_bytes(),
        None if public is None else envelope.for_feed(public).to_bytes(),
    )
