"""议事会 Sessions and their minutes."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.consultation import queries
from services.consultation.domain.session import CLASSES, KINDS, LIFECYCLE
from services.consultation.http.common import ORGANISERS, READERS, api
from services.consultation.use_cases.sessions import (
    AnnounceSession,
    ApproveSession,
    CancelSession,
    MinuteSession,
    PublishSession,
    PublishSessionInEmergency,
    RescheduleSession,
)
from shared.access.roles import PARTY_ORG, STREET
from shared.web.api import Call
from shared.web.fields import Code, Codes, Instant, Named, Paging, PublicWords, Ref, Sort, Text, Whole

PUBLISHERS = (*ORGANISERS, PARTY_ORG)


IN_WORDS = {"description": "场地未登记时写明地点 where it is, if the venue is not registered"}
USUALLY = {"description": "不填则为开始后两小时 two hours after the beginning, unless told"}


class SessionBody(Schema):
    """A session to come."""

    kind = Code(*KINDS, required=True)
    venue = PublicWords(100, load_default=None, metadata=IN_WORDS)
    venue_ref = Ref(load_default=None)
    starts_at = Instant(required=True)
    ends_at = Instant(load_default=None, metadata=USUALLY)
    audience = PublicWords(100, required=True)
    platform_ref = Ref(load_default=None, allow_none=True)


class RescheduleBody(Schema):
    """When it is held instead, perhaps elsewhere, and why."""

    starts_at = Instant(required=True)
    ends_at = Instant(load_default=None, metadata=USUALLY)
    venue = PublicWords(100, load_default=None, metadata=IN_WORDS)
    venue_ref = Ref(load_default=None)
    reason = PublicWords(500, required=True)


class CancelBody(Schema):
    """Why it is not held."""

    reason = PublicWords(500, required=True)


class MinutesBody(Schema):
    """What happened: heads per class, text, points."""

    attendance = fields.Dict(
        keys=Named(CLASSES),
        values=Whole(most=100_000),
        required=True,
        validate=validate.Length(min=1),
    )
    text = PublicWords(10_000, required=True)
    points = fields.List(PublicWords(500), required=True, validate=validate.Length(max=200))


class EmergencyBody(Schema):
    """Why it cannot wait for another officer."""

    because = PublicWords(500, required=True)


class SessionFilter(Paging):
    """Which sessions, and by which time."""

    sort = Sort("starts_at")
    topic_ref = Ref(load_default=None)
    venue_ref = Ref(load_default=None)
    platform_ref = Ref(load_default=None)
    kind = Code(*KINDS, load_default=None)
    state = Code(*LIFECYCLE.states, load_default=None)


class SessionView(Schema):
    """A session with its minutes."""

    id = Ref()
    topic_ref = Ref()
    review_ref = Ref(allow_none=True)
    kind = Named(KINDS)
    state = Named(LIFECYCLE.states)
    venue = Text()
    venue_ref = Ref(allow_none=True)
    platform_ref = Ref(allow_none=True)
    least_persons = Whole()
    agenda = fields.List(Text())
    starts_at = Instant()
    ends_at = Instant()
    audience = Text()
    attendance = fields.Dict()
    persons = Whole()
    missing_classes = fields.List(Named(CLASSES))
    text = Text()
    points = fields.List(Text())
    minuted_at = Instant(allow_none=True)
    published_at = Instant(allow_none=True)
    emergency = Text()
    allowed_actions = Codes()


@api.post(
    "/topics/{id}/sessions",
    roles=ORGANISERS,
    body=SessionBody,
    answer=SessionView,
    status=201,
    location="/sessions/{id}",
)
def announce_session(call: Call) -> Any:
    """议事会预告"""
    return call.handle(AnnounceSession(topic_id=call.path["id"], **call.body))


@api.get("/sessions", roles=READERS, query=SessionFilter, answer=SessionView)
def sessions(call: Call) -> Any:
    """议事会列表"""
    return call.ask(queries.sessions.meetings_in_scope, **call.query)


@api.get("/sessions/{id}", roles=READERS, answer=SessionView)
def session(call: Call) -> Any:
    """一次议事会"""
    return call.ask(queries.sessions.meeting, call.path["id"])


@api.post("/sessions/{id}/reschedule", roles=ORGANISERS, body=RescheduleBody, answer=SessionView)
def reschedule_session(call: Call) -> Any:
    """议事会改期"""
    return call.handle(RescheduleSession(session_id=call.path["id"], **call.body))


@api.post("/sessions/{id}/cancel", roles=ORGANISERS, body=CancelBody, answer=SessionView)
def cancel_session(call: Call) -> Any:
    """取消议事会"""
    return call.handle(CancelSession(session_id=call.path["id"], **call.body))


@api.post("/sessions/{id}/minutes", roles=ORGANISERS, body=MinutesBody, answer=SessionView)
def minute_session(call: Call) -> Any:
    """会议纪要"""
    return call.handle(MinuteSession(session_id=call.path["id"], **call.body))


@api.post("/sessions/{id}/publish", roles=PUBLISHERS, answer=SessionView)
def publish_session(call: Call) -> Any:
    """公布纪要，由起草人以外的人"""
    return call.handle(PublishSession(session_id=call.path["id"]))


@api.post("/sessions/{id}/publish-in-emergency", roles=(STREET,), body=EmergencyBody, answer=SessionView)
def publish_session_in_emergency(call: Call) -> Any:
    """紧急公布纪要，事后由另一人补批"""
    return call.handle(PublishSessionInEmergency(session_id=call.path["id"], **call.body))


@api.post("/sessions/{id}/approve", roles=PUBLISHERS, answer=SessionView)
def approve_session(call: Call) -> Any:
    """补批紧急公布的纪要"""
    return call.handle(ApproveSession(session_id=call.path["id"]))
