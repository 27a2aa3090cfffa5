"""Journeys (旅程): what one service said and handled because of one deed. Whoever asks all services has the story."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from marshmallow import Schema
from sqlalchemy import Row, exists, func, select, true
from sqlalchemy.orm import Session

from shared.access.roles import ADMIN, STREET
from shared.contracts.envelope import Envelope
from shared.contracts.fields import INTERNAL
from shared.contracts.registry import Event, contract
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.messaging.inbox import DEAD, DISCARDED, DONE, PENDING
from shared.persistence.listing import PositionUnknown
from shared.persistence.tables import inbox_messages, outbox_messages
from shared.web.api import Api, Call
from shared.web.fields import Code, Flag, Instant, Paging, Ref, Text, Whole, several

# steps of each kind that are shown: a journey that somebody names may be an import of all places
LONGEST = 1000
# events that a part of the list is made of, so that it costs the same on a table of any size
LOOKED_AT = 20_000
# reference facts: there are many, and none has a story
REGISTRATIONS = "%.registered.v%"
# so has none that an audit trail was sealed
SEALS = "%.audit.sealed.v%"
MOST_IDS = 50

inbox = inbox_messages.c
outbox = outbox_messages.c


class Wanted(Paging):
    """Which journeys: the last ones, also without those of registered reference facts; or (`ids`, separated by
    commas) those that the caller knows of."""

    class Meta:
        exclude = ("sort",)

    without = Code("registrations", load_default=None)
    ids = Text(MOST_IDS * 65, load_default="")


class JourneyView(Schema):
    """What this service knows of a journey. `first_type`, `about`, `began_at` and `last_at` are of its own events;
    a service that has only heard has none."""

    correlation_id = Ref()
    first_type = Text(allow_none=True)
    about = Text(allow_none=True)
    began_at = Instant(allow_none=True)
    last_at = Instant(allow_none=True)
    said = Whole()
    unpublished = Whole()
    handled = Whole()
    waiting = Whole()
    dead = Whole()
    discarded = Whole()


class JourneyStepView(Schema):
    """An event that this service said (`published`: whether it has left), or heard (`state`, and why it is not done).

    `about` and `text` are those of its words that anyone may read.
    """

    kind = Code("said", "heard")
    event_id = Ref()
    type = Text()
    subject = Ref()
    time = Instant()
    causation_id = Ref(allow_none=True)
    actor = Text(allow_none=True)
    about = Text()
    text = Text()
    published = Flag(allow_none=True)
    state = Code(PENDING, DONE, DEAD, DISCARDED, allow_none=True)
    reason = Text(allow_none=True)


class JourneyStoryView(Schema):
    """This service's part of a journey. `cut`: there is more than is shown."""

    service = Text()
    correlation_id = Ref()
    steps = several(JourneyStepView, most=2 * LONGEST)
    cut = Flag()


def add_journeys(api: Api) -> None:
    """The endpoints of every service."""
    api.get("/journeys", roles=(STREET, ADMIN), query=Wanted, answer=JourneyView)(_journeys)
    api.get("/journeys/{correlation_id}", roles=(STREET, ADMIN), answer=JourneyStoryView)(_journey)


def _journeys(call: Call) -> Any:
    """旅程列表"""
    ids = call.query.pop("ids")
    return Page(call.ask(known_journeys, ids.split(","))) if ids else call.ask(last_journeys, **call.query)


def _journey(call: Call) -> Any:
    """一段旅程（本服务的部分）"""
    correlation_id = call.path["correlation_id"]
    steps, cut = call.ask(journey_steps, correlation_id)
    return {"service": call.application.name, "correlation_id": correlation_id, "steps": steps, "cut": cut}


def last_journeys(
    session: Session, actor: Actor, *, limit: int, after: str | None = None, without: str | None = None
) -> Page:
    """The journeys in which this service said something, that with the newest event first.

    A part may be shorter than `limit`, or empty, before the end is reached: it looks at LOOKED_AT events.
    For the whole street's staff only. Raises PositionUnknown.
    """
    actor.must_act_everywhere()
    before = _position(after)
    found = session.execute(_newest_first(before, without).limit(limit + 1)).all()
    ids = [row.correlation_id for row in found[:limit]]
    end = (
        found[limit - 1].last if len(found) > limit else session.scalar(_events(before).offset(LOOKED_AT - 1))
    )
    return Page(known_journeys(session, actor, ids), None if end is None else str(end))


def known_journeys(session: Session, actor: Actor, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Those of the journeys that this service knows, in the order of `ids`. For the whole street's staff only."""
    actor.must_act_everywhere()
    said = {row.correlation_id: row for row in session.execute(_said_in(ids))}
    heard: dict[str, dict[str, int]] = {}
    for correlation_id, state, number in session.execute(_heard_in(ids)):
        heard.setdefault(correlation_id, {})[state] = number
    return [
        {"correlation_id": id, **_of_events(said.get(id)), **_of_receipts(heard.get(id, {}))}
        for id in ids
        if id in said or id in heard
    ]


def journey_steps(session: Session, actor: Actor, correlation_id: str) -> tuple[list[dict[str, Any]], bool]:
    """What this service said and what it heard in a journey, oldest first, and whether there is more.

    For the whole street's staff only.
    """
    actor.must_act_everywhere()
    said = session.execute(
        select(outbox.body, outbox.published_at)
        .where(outbox.correlation_id == correlation_id)
        .order_by(outbox.id)
        .limit(LONGEST + 1)
    ).all()
    heard = session.execute(
        select(inbox.body, inbox.state, inbox.reason)
        .where(inbox.correlation_id == correlation_id)
        .order_by(inbox.id)
        .limit(LONGEST + 1)
    ).all()
    steps = [_step("said", row.body, published=row.published_at is not None) for row in said[:LONGEST]]
    steps += [_step("heard", row.body, state=row.state, reason=row.reason) for row in heard[:LONGEST]]
    return steps, len(said) > LONGEST or len(heard) > LONGEST


def _position(after: str | None) -> int | None:
    if after is None:
        return None
    if not (after.isascii() and after.isdecimal() and len(after) <= 18):
        raise PositionUnknown(field="after")
    return int(after)


def _events(before: int | None) -> Any:
    """The ids of events before a position, the newest first."""
    events = select(outbox.id).order_by(outbox.id.desc()).limit(1)
    return events if before is None else events.where(outbox.id < before)


def _newest_first(before: int | None, without: str | None) -> Any:
    """Journeys by their newest event, among the last events before a position; none that goes on after it."""
    events = select(outbox.id, outbox.correlation_id, outbox.type).order_by(outbox.id.desc()).limit(LOOKED_AT)
    if before is not None:
        events = events.where(outbox.id < before)
    event = events.subquery().c
    wanted = event.type.not_like(SEALS) & (event.type.not_like(REGISTRATIONS) if without else true())
    newest = select(event.correlation_id, func.max(event.id).label("last")).where(wanted)
    journey = newest.group_by(event.correlation_id).subquery().c
    journeys = select(journey.correlation_id, journey.last).order_by(journey.last.desc())
    if before is None:
        return journeys
    later = exists().where(outbox.correlation_id == journey.correlation_id, outbox.id >= before)
    return journeys.where(~(later.where(outbox.type.not_like(REGISTRATIONS)) if without else later))


def _said_in(ids: Sequence[str]) -> Any:
    ends = (
        select(
            outbox.correlation_id,
            func.min(outbox.id).label("first"),
            func.max(outbox.id).label("last"),
            func.count().label("said"),
            func.count(outbox.published_at).label("published"),
        )
        .where(outbox.correlation_id.in_(ids))
        .group_by(outbox.correlation_id)
        .subquery()
    )
    first, last = outbox_messages.alias(), outbox_messages.alias()
    return (
        select(ends, first.c.body, first.c.recorded_at.label("began_at"), last.c.recorded_at.label("last_at"))
        .join(first, first.c.id == ends.c.first)
        .join(last, last.c.id == ends.c.last)
    )


def _heard_in(ids: Sequence[str]) -> Any:
    return (
        select(inbox.correlation_id, inbox.state, func.count())
        .where(inbox.correlation_id.in_(ids))
        .group_by(inbox.correlation_id, inbox.state)
    )


def _of_events(row: Row[Any] | None) -> dict[str, Any]:
    if row is None:
        return dict.fromkeys(("first_type", "about", "began_at", "last_at"), None) | {
            "said": 0,
            "unpublished": 0,
        }
    envelope = Envelope.from_bytes(row.body)
    return {
        "first_type": envelope.type,
        "about": _public_words(envelope, _NAMING),
        "began_at": row.began_at,
        "last_at": row.last_at,
        "said": row.said,
        "unpublished": row.said - row.published,
    }


def _of_receipts(number: Mapping[str, int]) -> dict[str, int]:
    names = {"handled": DONE, "waiting": PENDING, "dead": DEAD, "discarded": DISCARDED}
    return {name: number.get(state, 0) for name, state in names.items()}


def _step(kind: str, body: bytes, **more: Any) -> dict[str, Any]:
    envelope = Envelope.from_bytes(body)
    return {
        "kind": kind,
        "event_id": envelope.id,
        "type": envelope.type,
        "subject": envelope.subject,
        "time": envelope.time,
        "causation_id": envelope.causation_id,
        "actor": envelope.actor,
        "about": _public_words(envelope, _NAMING),
        "text": _public_words(envelope, _TELLING),
        "published": None,
        "state": None,
        "reason": None,
        **more,
    }


# By the names of its fields an event says what it is about (title, place_name, number) and tells why (reason_text).
_NAMING = re.compile(r"(\w+_)?(title|number|name)")
_TELLING = re.compile(r"\w+_text")


def _public_words(envelope: Envelope, names: re.Pattern[str]) -> str:
    """The words under fields of such names, joined by ` · `; none of what is not for everybody."""
    event = contract(envelope.type)
    found = (
        [envelope.data.get(name) for name in _text_fields(event) if names.fullmatch(name)] if event else []
    )
    return " · ".join(dict.fromkeys(words for words in found if words and isinstance(words, str)))


@cache
def _text_fields(event: type[Event]) -> list[str]:
    return [
        name
        for name, field in event().fields.items()
        if event.on_feed and isinstance(field, Text) and not field.metadata.get(INTERNAL)
    ]
