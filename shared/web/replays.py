"""Replays (重放): an administrator has events sent again, to one service or to all; the relay does it.

Nothing is sent here: a row is written, with who asked and why.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from marshmallow import Schema
from sqlalchemy import insert
from sqlalchemy.orm import Session

from shared.access.roles import ADMIN, STREET
from shared.contracts.registry import contract
from shared.kernel.clock import SystemClock
from shared.kernel.command import Actor
from shared.kernel.errors import Invalid, Term, Unknown
from shared.kernel.listing import Page
from shared.messaging.replay import CURRENT, FAILED, FINISHED, KEPT, UNDER_WAY, how_many
from shared.persistence.listing import rows
from shared.persistence.tables import replays
from shared.web.api import Api, Call
from shared.web.fields import Code, Flag, Instant, Paging, Ref, Sort, Text, Whole, Words

EVENT_TYPE = Term("事件类型", "event type")
DRY_RUN = "dry_run"


class ReplayUnclear(Invalid):
    """A replay of everything to everybody is not what anyone wants; and current facts have no time."""

    code = "replay_unclear"
    zh = "{field}：请指明重放给哪个服务（to），或从何时起（since）；重放现状（current）时不能指定时间和类型"
    en = "{field}: say to which service (to) or since when (since); what is current has neither time nor type"


class Replay(Schema):
    """What is to be sent again: kept events, or facts as they are now (`current`)."""

    current = Flag(load_default=False)
    to = Text(60, load_default=None, allow_none=True)
    since = Instant(load_default=None, allow_none=True)
    until = Instant(load_default=None, allow_none=True)
    type = Text(120, load_default=None, allow_none=True)
    reason = Words(500, required=True)
    dry_run = Flag(load_default=False)


class ReplayView(Schema):
    """A wish, and how far it is. Of a dry run: how many events it is about."""

    id = Whole(allow_none=True)
    kind = Code(KEPT, CURRENT)
    state = Code(UNDER_WAY, FINISHED, FAILED, DRY_RUN)
    to_service = Text(allow_none=True)
    since = Instant(allow_none=True)
    until = Instant(allow_none=True)
    type = Text(allow_none=True)
    sent = Whole()
    events = Whole(allow_none=True)
    reason = Text()
    asked_by = Ref()
    asked_at = Instant()
    finished_at = Instant(allow_none=True)
    failure = Text(allow_none=True)


class WhichReplays(Paging):
    """Which part."""

    sort = Sort("id")


def add_replays(api: Api) -> None:
    """The endpoints for one service."""
    api.get("/replays", roles=(STREET, ADMIN), query=WhichReplays, answer=ReplayView)(_replays)
    api.post("/replays", roles=(ADMIN,), body=Replay, answer=ReplayView)(_ask_for_replay)


def _replays(call: Call) -> Any:
    """重放列表"""
    return call.ask(all_replays, **call.query)


def all_replays(session: Session, actor: Actor, **paging: Any) -> Page:
    """What was wished for, and how far it is."""
    actor.must_act_everywhere()
    return rows(session, replays, **paging)


def _ask_for_replay(call: Call) -> Any:
    """要求重放"""
    call.actor.must_act_everywhere()
    wish = _wish(call)
    events = how_many(call.transaction, call.application, SimpleNamespace(**wish))
    if call.body["dry_run"]:
        return {**wish, "id": None, "state": DRY_RUN, "events": events}
    made = call.transaction.execute(insert(replays).values(wish).returning(replays.c.id))
    return {**wish, "id": made.scalar_one(), "events": events}


def _wish(call: Call) -> dict[str, Any]:
    body, now = call.body, SystemClock().now()
    if body["current"]:
        named = [name for name in ("since", "until", "type") if body[name] is not None]
        if named:
            raise ReplayUnclear(field=named[0])
    elif body["to"] is None and body["since"] is None:
        raise ReplayUnclear(field="since")
    wanted = contract(body["type"]) if body["type"] else None
    if body["type"] and (wanted is None or wanted.owner() != call.application.name):
        raise Unknown(what=EVENT_TYPE, ref=body["type"], field="type")
    return {
        "kind": CURRENT if body["current"] else KEPT,
        "to_service": body["to"],
        "since": body["since"],
        "until": body["until"] or now,
        "type": body["type"],
        "reason": body["reason"],
        "asked_by": call.actor.id,
        "asked_at": now,
        "position": "",
        "sent": 0,
        "state": UNDER_WAY,
        "finished_at": None,
        "failure": None,
    }
