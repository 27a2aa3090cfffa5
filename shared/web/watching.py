"""How a service is watched: its metrics, and what it has said that the bus does not have yet."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from shared.access.roles import ADMIN, MONITOR, STREET
from shared.kernel.clock import epoch
from shared.kernel.command import Actor
from shared.kernel.ids import made_at
from shared.kernel.listing import Page
from shared.persistence.listing import rows
from shared.persistence.tables import outbox_messages
from shared.telemetry.backlog import UNPUBLISHED, AtScrape, Backlog
from shared.web.api import Api, Call
from shared.web.fields import Flag, Instant, Paging, Ref, Text, Whole


class UnpublishedView(Schema):
    """An event that was committed and that the bus has not confirmed; `age_seconds` since it was written."""

    id = Whole()
    event_id = Ref()
    type = Text()
    partition_key = Ref()
    correlation_id = Ref()
    recorded_at = Instant()
    age_seconds = fields.Float()


class OutboxView(Schema):
    """How much waits, and whether the bus was reached; counted up to 100,000."""

    unpublished = Whole()
    oldest_age_seconds = fields.Float()
    bus_up = Flag()


def metrics_api(service: str) -> Api:
    """The door for Prometheus, in a form of its own."""
    api = Api(service, in_openapi=False)
    api.get("/metrics", roles=(MONITOR, STREET, ADMIN))(_metrics)
    return api


def add_outbox(api: Api) -> None:
    """What the service has said and nobody has heard yet."""
    api.get("/outbox", roles=(STREET, ADMIN), query=Paging, answer=UnpublishedView)(_outbox)
    api.get("/outbox/summary", roles=(STREET, ADMIN), answer=OutboxView)(_outbox_summary)


def _metrics(call: Call) -> Any:
    """指标"""
    call.actor.must_act_everywhere()
    return Response(generate_latest(AtScrape(call.application)), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _outbox(call: Call) -> Any:
    """发件箱：待发布的事件"""
    return call.ask(unpublished, **call.query)


def _outbox_summary(call: Call) -> Any:
    """发件箱概况"""
    call.actor.must_act_everywhere()
    backlog = Backlog.of(call.application)
    return {
        "unpublished": backlog.unpublished,
        "oldest_age_seconds": backlog.unpublished_age,
        "bus_up": call.application.transport_is_up(),
    }


def unpublished(session: Session, actor: Actor, **paging: Any) -> Page:
    """The events that the bus has not confirmed, in the order in which they are sent."""
    actor.must_act_everywhere()
    found = rows(session, outbox_messages, UNPUBLISHED, **paging)
    return Page([_with_age(row) for row in found.items], found.next)


def _with_age(row: Any) -> dict[str, Any]:
    # by the id, since `recorded_at` tells the time of the business, which a demonstration moves
    return {**row._mapping, "age_seconds": max(0.0, epoch() - made_at(row.event_id))}
