"""What could not be handled, and what to do about it: dead or waiting messages and scheduled commands, alike.

Nothing here handles anything: only rows are changed, the lane does the rest.
"""

from __future__ import annotations

import json
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy import ColumnElement, Table, select, update
from sqlalchemy.orm import Session

from shared.access.roles import ADMIN, STREET
from shared.contracts.envelope import Envelope
from shared.contracts.registry import ContractBroken
from shared.kernel.clock import SystemClock
from shared.kernel.command import Actor
from shared.kernel.errors import NotFound, Term
from shared.kernel.listing import Page
from shared.messaging.inbox import DEAD, DISCARDED, PENDING, WAITED_LONG
from shared.persistence.listing import rows
from shared.persistence.tables import inbox_messages, scheduled_commands
from shared.web.api import Api, Call
from shared.web.fields import Code, Instant, Paging, Ref, Sort, Text, Whole, Words

DEAD_LETTER = Term("死信", "dead letter")
DEAD_COMMAND = Term("失败的定时命令", "dead command")

inbox = inbox_messages.c
scheduled = scheduled_commands.c

UNFINISHED = inbox.state.in_((DEAD, PENDING))
TRIED = (scheduled.state == PENDING) & (scheduled.due > 0)  # and not one whose time is yet to come


class Which(Paging):
    """Dead ones, or those that have waited for something for long."""

    state = Code("dead", "waiting", load_default="dead")


class DeadLetterView(Schema):
    """A message that could not be handled, and why."""

    id = Whole()
    type = Text()
    partition_key = Ref()
    reason = Text()
    attempts = Whole()
    waits = Whole()
    received_at = Instant()


class WholeDeadLetterView(DeadLetterView):
    """A message that could not be handled, with its body: an object as far as it can be read, else text."""

    body = fields.Raw(metadata={"description": "CloudEvent, or the bytes as text"})


class MendedView(Schema):
    """What became of it."""

    id = Whole()
    state = Code()
    reason = Text()


class WhichCommands(Which):
    """Dead ones, or those that were due, could not be carried out yet and will be tried again."""

    sort = Sort("due_at")


class DeadCommandView(Schema):
    """A command that was due and could not be carried out, and why."""

    id = Whole()
    key = Text()
    command = Text()
    due_at = Instant()
    attempts = Whole()
    reason = Text()


class WholeDeadCommandView(DeadCommandView):
    """A command that could not be carried out, with its arguments, and the journey that it belongs to."""

    arguments = fields.Raw(metadata={"description": "object"})
    correlation_id = Ref(allow_none=True)


class Reason(Schema):
    """Why somebody intervenes."""

    reason = Words(500, required=True)


def mending_api(service: str) -> Api:
    """The endpoints for one service."""
    api = Api(service)
    api.get("/dead-letters", roles=(STREET, ADMIN), query=Which, answer=DeadLetterView)(_dead_letters)
    api.get("/dead-letters/{number}", roles=(ADMIN,), answer=WholeDeadLetterView)(_dead_letter)
    api.post("/dead-letters/{number}/replay", roles=(ADMIN,), body=Reason, answer=MendedView)(_replay)
    api.post("/dead-letters/{number}/discard", roles=(ADMIN,), body=Reason, answer=MendedView)(_discard)
    api.get("/dead-commands", roles=(STREET, ADMIN), query=WhichCommands, answer=DeadCommandView)(
        _dead_commands
    )
    api.get("/dead-commands/{number}", roles=(ADMIN,), answer=WholeDeadCommandView)(_dead_command)
    api.post("/dead-commands/{number}/replay", roles=(ADMIN,), body=Reason, answer=MendedView)(
        _replay_command
    )
    api.post("/dead-commands/{number}/discard", roles=(ADMIN,), body=Reason, answer=MendedView)(
        _discard_command
    )
    return api


def _dead_letters(call: Call) -> Any:
    """死信列表"""
    return call.ask(dead_letters, **call.query)


def dead_letters(session: Session, actor: Actor, *, state: str, **paging: Any) -> Page:
    """The messages that are dead, or have waited for long."""
    actor.must_act_everywhere()
    dead, waiting = inbox.state == DEAD, (inbox.state == PENDING) & (inbox.waits >= WAITED_LONG)
    return rows(session, inbox_messages, dead if state == "dead" else waiting, **paging)


def _dead_letter(call: Call) -> Any:
    """一封死信"""
    return call.ask(dead_letter, call.number("number", DEAD_LETTER))


def dead_letter(session: Session, actor: Actor, id: int) -> dict[str, Any]:
    """One unfinished message with its body, as far as it can be read."""
    actor.must_act_everywhere()
    row = session.execute(select(inbox_messages).where(inbox.id == id, UNFINISHED)).first()
    if row is None:
        raise NotFound(what=DEAD_LETTER, ref=str(id))
    try:
        body: Any = json.loads(Envelope.from_bytes(row.body).to_bytes())
    except ContractBroken:
        body = row.body.decode(errors="replace")
    return {**row._mapping, "body": body}


def _replay(call: Call) -> Any:
    """重新处理死信"""
    return _set_state(call, inbox_messages, DEAD_LETTER, inbox.state == DEAD, PENDING)


def _discard(call: Call) -> Any:
    """放弃死信"""
    return _set_state(call, inbox_messages, DEAD_LETTER, UNFINISHED, DISCARDED)


def _dead_commands(call: Call) -> Any:
    """失败的定时命令列表"""
    return call.ask(dead_commands, **call.query)


def dead_commands(session: Session, actor: Actor, *, state: str, **paging: Any) -> Page:
    """The commands that were due and are dead, or could not be carried out yet."""
    actor.must_act_everywhere()
    return rows(session, scheduled_commands, scheduled.state == DEAD if state == "dead" else TRIED, **paging)


def _dead_command(call: Call) -> Any:
    """一条失败的定时命令"""
    return call.ask(dead_command, call.number("number", DEAD_COMMAND))


def dead_command(session: Session, actor: Actor, id: int) -> Any:
    """One command that could not be carried out, with its arguments."""
    actor.must_act_everywhere()
    found = select(scheduled_commands).where(scheduled.id == id, (scheduled.state == DEAD) | TRIED)
    row = session.execute(found).first()
    if row is None:
        raise NotFound(what=DEAD_COMMAND, ref=str(id))
    return row


def _replay_command(call: Call) -> Any:
    """重新执行定时命令"""
    return _set_state(call, scheduled_commands, DEAD_COMMAND, scheduled.state == DEAD, PENDING)


def _discard_command(call: Call) -> Any:
    """放弃定时命令"""
    return _set_state(call, scheduled_commands, DEAD_COMMAND, (scheduled.state == DEAD) | TRIED, DISCARDED)


def _set_state(call: Call, table: Table, what: Term, which: ColumnElement[bool], state: str) -> Any:
    call.actor.must_act_everywhere()
    id = call.number("number", what)
    note = f"{state} by {call.actor.id}: {call.body['reason']}"
    ended = SystemClock().now() if state == DISCARDED else None
    new = {"state": state, "attempts": 0, "due": 0.0, "reason": note, "handled_at": ended}
    found = update(table).where(table.c.id == id, which).values(new)
    if call.transaction.execute(found).rowcount == 0:  # type: ignore[attr-defined]
        raise NotFound(what=what, ref=str(id))
    return {"id": id, "state": state, "reason": note}
