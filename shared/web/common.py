"""The endpoints that every service has: health, readiness, journeys, dead letters."""

from __future__ import annotations

import json
from typing import Any

from marshmallow import Schema
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from shared.access.roles import ADMIN, STREET
from shared.contracts.envelope import Envelope
from shared.contracts.registry import ContractBroken
from shared.kernel.command import Actor
from shared.kernel.errors import NotFound, Term
from shared.kernel.listing import Page
from shared.messaging.inbox import DEAD, DISCARDED, PENDING
from shared.persistence.tables import inbox_messages, outbox_messages
from shared.web.api import Api, Call
from shared.web.fields import Instant, Ref, Text, Whole, Words

DEAD_LETTER = Term("死信", "dead letter")

inbox = inbox_messages.c
outbox = outbox_messages.c


class DeadLetterView(Schema):
    """A message that could not be handled, and why."""

    id = Whole()
    type = Text()
    partition_key = Ref()
    reason = Text()
    attempts = Whole()
    received_at = Instant()


class Reason(Schema):
    """Why somebody intervenes."""

    reason = Words(500, required=True)


def common_api(service: str) -> Api:
    """A fresh set of the common endpoints for one service."""
    api = Api(service)
    api.get("/healthz", roles=None)(_healthz)
    api.get("/readyz", roles=None)(_readyz)
    api.get("/journeys/{correlation_id}", roles=(STREET, ADMIN))(_journey)
    api.get("/dead-letters", roles=(STREET, ADMIN), answer=DeadLetterView)(_dead_letters)
    api.get("/dead-letters/{id}", roles=(ADMIN,))(_dead_letter)
    api.post("/dead-letters/{id}/replay", roles=(ADMIN,), body=Reason)(_replay)
    api.post("/dead-letters/{id}/discard", roles=(ADMIN,), body=Reason)(_discard)
    return api


def _healthz(_call: Call) -> Any:
    return {"status": "ok"}


def _readyz(call: Call) -> Any:
    application = call.application
    missing = application.missing_migrations()
    wrong = [f"migration missing: {line}" for line in missing]
    if not application.transport_is_up():
        wrong.append("the broker cannot be reached")
    body = {"ready": not wrong, "wrong": wrong}
    return Response(
        json.dumps(body, ensure_ascii=False), 503 if wrong else 200, content_type="application/json"
    )


def _journey(call: Call) -> Any:
    steps = call.ask(journey_steps, call.path["correlation_id"])
    return {"service": call.application.name, "correlation_id": call.path["correlation_id"], "steps": steps}


def journey_steps(session: Session, actor: Actor, correlation_id: str) -> list[dict[str, Any]]:
    """What this service said and what it handled in a journey, oldest first. For the whole street's staff only."""
    actor.must_act_everywhere()
    said = session.execute(
        select(outbox.body).where(outbox.correlation_id == correlation_id).order_by(outbox.id)
    )
    steps = [_step("said", body) for (body,) in said]
    heard = session.execute(
        select(inbox.body, inbox.state, inbox.reason)
        .where(inbox.correlation_id == correlation_id)
        .order_by(inbox.id)
    )
    return steps + [_step("heard", body, state=state, reason=reason) for body, state, reason in heard]


def _step(kind: str, body: bytes, **more: Any) -> dict[str, Any]:
    envelope = Envelope.from_bytes(body)
    return {
        "kind": kind,
        "event_id": envelope.id,
        "type": envelope.type,
        "subject": envelope.subject,
        "time": envelope.time.isoformat(),
        "causation_id": envelope.causation_id,
        "actor": envelope.actor,
        **more,
    }


def _dead_letters(call: Call) -> Any:
    return Page(call.ask(dead_letters))


def dead_letters(session: Session, actor: Actor) -> list[Any]:
    """The oldest hundred dead messages."""
    actor.must_act_everywhere()
    query = select(inbox_messages).where(inbox.state == DEAD).order_by(inbox.id).limit(100)
    return list(session.execute(query).all())


def _dead_letter(call: Call) -> Any:
    return call.ask(dead_letter, call.number("id", DEAD_LETTER))


def dead_letter(session: Session, actor: Actor, id: int) -> dict[str, Any]:
    """One dead message with its body, as far as it can be read."""
    actor.must_act_everywhere()
    row = session.execute(select(inbox_messages).where(inbox.id == id, inbox.state == DEAD)).first()
    if row is None:
        raise NotFound(what=DEAD_LETTER, ref=str(id))
    view: dict[str, Any] = DeadLetterView().dump(row)
    try:
        body: Any = json.loads(Envelope.from_bytes(row.body).to_bytes())
    except ContractBroken:
        body = row.body.decode(errors="replace")
    return view | {"body": body}


def _replay(call: Call) -> Any:
    return _set_state(call, PENDING)


def _discard(call: Call) -> Any:
    return _set_state(call, DISCARDED)


def _set_state(call: Call, state: str) -> Any:
    """Only the row is changed; the lane does the rest."""
    call.actor.must_act_everywhere()
    id = call.number("id", DEAD_LETTER)
    note = f"{state} by {call.actor.id}: {call.body['reason']}"
    with call.application.writing() as session:
        changed = session.execute(
            update(inbox_messages)
            .where(inbox.id == id, inbox.state == DEAD)
            .values(state=state, attempts=0, due=0.0, reason=note)
        )
        if changed.rowcount == 0:  # type: ignore[attr-defined]
            raise NotFound(what=DEAD_LETTER, ref=str(id))
    return {"id": id, "state": state, "reason": note}
