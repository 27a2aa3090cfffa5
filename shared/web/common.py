"""The endpoints that every service has: health, readiness, journeys; and mending (beside this file)."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from shared.access.roles import ADMIN, STREET
from shared.contracts.envelope import Envelope
from shared.kernel.command import Actor
from shared.persistence.tables import inbox_messages, outbox_messages
from shared.web.api import Api, Call
from shared.web.mending import mending_api

inbox = inbox_messages.c
outbox = outbox_messages.c


def common_api(service: str) -> Api:
    """A fresh set of the common endpoints for one service."""
    api = mending_api(service)
    api.get("/healthz", roles=None)(_healthz)
    api.get("/readyz", roles=None)(_readyz)
    api.get("/journeys/{correlation_id}", roles=(STREET, ADMIN))(_journey)
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
