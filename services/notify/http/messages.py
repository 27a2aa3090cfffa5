"""消息 Messages, and milestones of which nobody heard."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.notify import queries
from services.notify.domain.message import LIFECYCLE, OUTCOMES
from services.notify.http.common import api
from shared.access.roles import GRID_WORKER, RESIDENT, STAFF
from shared.web.api import Call
from shared.web.fields import Code, Codes, Flag, Instant, Named, Paging, Ref, Text, several


class ReceiptView(Schema):
    """What became of one attempt at delivery."""

    at = Instant()
    channel = Code()
    outcome = Named(OUTCOMES)
    provider_ref = Text()


class MessageView(Schema):
    """A message and the proof of its delivery."""

    id = Ref()
    resident_ref = Ref()
    milestone = Text()
    about_ref = Ref()
    title = Text()
    text = Text()
    state = Named(LIFECYCLE.states)
    channel = Code()
    receipts = several(ReceiptView)
    must_reach = Flag()
    reach_by = Instant(allow_none=True)
    created_at = Instant()
    delivered_at = Instant(allow_none=True)
    allowed_actions = Codes()


class MessageFilter(Paging):
    """Which messages."""

    resident_ref = Ref(load_default=None)
    about_ref = Ref(load_default=None)
    state = Code(*LIFECYCLE.states, load_default=None)


@api.get("/messages", roles=(*STAFF, RESIDENT), query=MessageFilter, answer=MessageView, personal=True)
def messages(call: Call) -> Any:
    """消息列表; staff see no link to answer by, residents their own messages whole"""
    return call.ask(queries.messages_in_scope, **call.query)


@api.get("/messages/{id}", roles=(*STAFF, GRID_WORKER, RESIDENT), answer=MessageView, personal=True)
def message(call: Call) -> Any:
    """一条消息；网格员只能看须当面送达的"""
    return call.ask(queries.message, call.path["id"])


class AlarmView(Schema):
    """A milestone of which nobody heard."""

    id = Ref()
    about = Ref(attribute="about_ref")
    milestone = Text()
    raised_at = Instant()


@api.get("/alarms", roles=STAFF, query=Paging, answer=AlarmView)
def alarms(call: Call) -> Any:
    """无人收到的通知"""
    return call.ask(queries.alarms_in_scope, **call.query)
