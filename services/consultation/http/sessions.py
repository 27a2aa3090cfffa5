"""议事会 Sessions and their minutes."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.consultation import queries
from services.consultation.domain.session import CLASSES, KINDS, LIFECYCLE
from services.consultation.http.common import ORGANISERS, READERS, api
from services.consultation.use_cases.sessions import AnnounceSession, MinuteSession
from shared.web.api import Call
from shared.web.fields import Code, Codes, Instant, Named, PublicWords, Ref, Text, Whole


class SessionBody(Schema):
    """A session to come."""

    kind = Code(*KINDS, required=True)
    venue = PublicWords(100, required=True)
    starts_at = Instant(required=True)
    audience = PublicWords(100, required=True)


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


class SessionView(Schema):
    """A session with its minutes."""

    id = Ref()
    topic_ref = Ref()
    review_ref = Ref(allow_none=True)
    kind = Named(KINDS)
    state = Named(LIFECYCLE.states)
    venue = Text()
    starts_at = Instant()
    audience = Text()
    attendance = fields.Dict()
    persons = Whole()
    text = Text()
    points = fields.List(Text())
    minuted_at = Instant(allow_none=True)
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


@api.get("/sessions/{id}", roles=READERS, answer=SessionView)
def session(call: Call) -> Any:
    """一次议事会"""
    return call.ask(queries.meeting, call.path["id"])


@api.post("/sessions/{id}/minutes", roles=ORGANISERS, body=MinutesBody, answer=SessionView)
def minute_session(call: Call) -> Any:
    """会议纪要"""
    return call.handle(MinuteSession(session_id=call.path["id"], **call.body))
