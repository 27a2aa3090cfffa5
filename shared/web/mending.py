"""What could not be handled, and what to do about it: dead or waiting messages, dead scheduled commands.

Nothing here handles anything: only rows are changed, the lane does the rest.
"""

from __future__ import annotations

import json
from typing import Any

from marshmallow import Schema
from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from shared.access.roles import ADMIN, STREET
from shared.contracts.envelope import Envelope
from shared.contracts.registry import ContractBroken
from shared.kernel.command import Actor
from shared.kernel.errors import NotFound, Term
from shared.kernel.listing import Page
from shared.messaging.inbox import DEAD, DISCARDED, PENDING
from shared.persistence.tables import inbox_messages, scheduled_commands
from shared.web.api import Api, Call
from shared.web.fields import Code, Instant, Ref, Text, Whole, Words

DEAD_LETTER = Term("死信", "dead letter")
DEAD_COMMAND = Term("失败的定时命令", "dead command")
SHOWN = 100
WAITED_LONG = 10  # tries, which is about a minute

inbox = inbox_messages.c
scheduled = scheduled_commands.c


class Which(Schema):
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


class DeadCommandView(Schema):
    """A command that was due and could not be carried out, and why."""

    id = Whole()
    key = Text()
    command = Text()
    due_at = Instant()
    attempts = Whole()
    reason = Text()


class Reason(Schema):
    """Why somebody intervenes."""

    reason = Words(500, required=True)


def mending_api(service: str) -> Api:
    """The endpoints for one service."""
    api = Api(service)
    api.get("/dead-letters", roles=(STREET, ADMIN), query=Which, answer=DeadLetterView)(_dead_letters)
    api.get("/dead-letters/{id}", roles=(ADMIN,))(_dead_letter)
    api.post("/dead-letters/{id}/replay", roles=(ADMIN,), body=Reason)(_replay)
    api.post("/dead-letters/{id}/discard", roles=(ADMIN,), body=Reason)(_discard)
    api.get("/dead-commands", roles=(STREET, ADMIN), answer=DeadCommandView)(_dead_commands)
    api.post("/dead-commands/{id}/replay", roles=(ADMIN,), body=Reason)(_replay_command)
    api.post("/dead-commands/{id}/discard", roles=(ADMIN,), body=Reason)(_discard_command)
    return api


def _dead_letters(call: Call) -> Any:
    return Page(call.ask(dead_letters, call.query["state"]))


def dead_letters(session: Session, actor: Actor, state: str) -> list[Any]:
    """The oldest messages that are dead, or have waited for long."""
    actor.must_act_everywhere()
    wanted = (
        inbox.state == DEAD if state == "dead" else (inbox.state == PENDING) & (inbox.waits >= WAITED_LONG)
    )
    query = select(inbox_messages).where(wanted).order_by(inbox.id).limit(SHOWN)
    return list(session.execute(query).all())


def _dead_letter(call: Call) -> Any:
    return call.ask(dead_letter, call.number("id", DEAD_LETTER))


def dead_letter(session: Session, actor: Actor, id: int) -> dict[str, Any]:
    """One unfinished message with its body, as far as it can be read."""
    actor.must_act_everywhere()
    unfinished = inbox.state.in_((DEAD, PENDING))
    row = session.execute(select(inbox_messages).where(inbox.id == id, unfinished)).first()
    if row is None:
        raise NotFound(what=DEAD_LETTER, ref=str(id))
    view: dict[str, Any] = DeadLetterView().dump(row)
    try:
        body: Any = json.loads(Envelope.from_bytes(row.body).to_bytes())
    except ContractBroken:
        body = row.body.decode(errors="replace")
    return view | {"body": body}


def _replay(call: Call) -> Any:
    return _set_state(call, inbox_messages, DEAD_LETTER, (DEAD,), PENDING)


def _discard(call: Call) -> Any:
    return _set_state(call, inbox_messages, DEAD_LETTER, (DEAD, PENDING), DISCARDED)


def _dead_commands(call: Call) -> Any:
    return Page(call.ask(dead_commands))


def dead_commands(session: Session, actor: Actor) -> list[Any]:
    """The commands that were due first and are dead."""
    actor.must_act_everywhere()
    query = select(scheduled_commands).where(scheduled.state == DEAD).order_by(scheduled.due_at).limit(SHOWN)
    return list(session.execute(query).all())


def _replay_command(call: Call) -> Any:
    return _set_state(call, scheduled_commands, DEAD_COMMAND, (DEAD,), PENDING)


def _discard_command(call: Call) -> Any:
    return _set_state(call, scheduled_commands, DEAD_COMMAND, (DEAD,), DISCARDED)


def _set_state(call: Call, table: Table, what: Term, sources: tuple[str, ...], state: str) -> Any:
    call.actor.must_act_everywhere()
    id = call.number("id", what)
    note = f"{state} by {call.actor.id}: {call.body['reason']}"
    new = {"state": state, "attempts": 0, "due": 0.0, "reason": note}
    with call.application.writing() as session:
        found = update(table).where(table.c.id == id, table.c.state.in_(sources)).values(new)
        if session.execute(found).rowcount == 0:  # type: ignore[attr-defined]
            raise NotFound(what=what, ref=str(id))
    return {"id": id, "state": state, "reason": note}
