"""履职记录 The duty log of captains and stewards."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.domain.duty import CAPTAINS_DUTIES, DUTIES, LIFECYCLE, STEWARDS_DUTIES
from services.grid.http.common import api
from services.grid.use_cases.duties import AnswerDuty, LogCaptainsDuty, LogStewardsDuty
from shared.access.roles import CAPTAIN, COMMUNITY, GRID_WORKER, STAFF, STEWARD, STREET
from shared.web.api import Call
from shared.web.fields import Code, Codes, Instant, Named, Paging, Ref, Text, Whole, Words

READERS = (*STAFF, GRID_WORKER, CAPTAIN, STEWARD)


class CaptainsDutyBody(Schema):
    """What a captain did, and when; it may be told later."""

    duty = Named(CAPTAINS_DUTIES, required=True)
    text = Words(1000, required=True)
    occurred_at = Instant(required=True)


class StewardsDutyBody(Schema):
    """What somebody asked of a steward, when, at which door, and when it was answered; not yet: left out."""

    duty = Named(STEWARDS_DUTIES, required=True)
    text = Words(1000, required=True)
    occurred_at = Instant(required=True)
    answered_at = Instant(load_default=None)
    door_ref = Ref(load_default=None)


class AnswerBody(Schema):
    """When it was answered; left out: now."""

    answered_at = Instant(load_default=None)


class DutyView(Schema):
    """An entry of the log."""

    id = Ref()
    captain_ref = Ref(allow_none=True)
    steward_ref = Ref(allow_none=True)
    building_ref = Ref()
    door_ref = Ref(allow_none=True)
    duty = Named(DUTIES)
    text = Text()
    occurred_at = Instant()
    recorded_at = Instant()
    recorded_by = Text()
    answered_at = Instant(allow_none=True)
    answer_minutes = Whole(allow_none=True)
    state = Named(LIFECYCLE.states)
    allowed_actions = Codes()


class DutyFilter(Paging):
    """Which entries."""

    place_ref = Ref(load_default=None)
    captain_ref = Ref(load_default=None)
    steward_ref = Ref(load_default=None)
    duty = Code(*DUTIES, load_default=None)
    state = Code(*LIFECYCLE.states, load_default=None)


@api.post(
    "/captains/{id}/duties",
    roles=(CAPTAIN, COMMUNITY, STREET),
    body=CaptainsDutyBody,
    answer=DutyView,
    status=201,
    location="/duties/{id}",
)
def log_captains_duty(call: Call) -> Any:
    """楼门长履职记录"""
    return call.handle(LogCaptainsDuty(call.path["id"], **call.body))


@api.post(
    "/stewards/{id}/duties",
    roles=(STEWARD, COMMUNITY, STREET),
    body=StewardsDutyBody,
    answer=DutyView,
    status=201,
    location="/duties/{id}",
)
def log_stewards_duty(call: Call) -> Any:
    """施工楼栋管家履职记录"""
    return call.handle(LogStewardsDuty(call.path["id"], **call.body))


@api.post(
    "/duties/{id}/answer",
    roles=(STEWARD, CAPTAIN, COMMUNITY, STREET),
    body=AnswerBody,
    answer=DutyView,
)
def answer_duty(call: Call) -> Any:
    """答复居民"""
    return call.handle(AnswerDuty(call.path["id"], **call.body))


@api.get("/duties", roles=READERS, query=DutyFilter, answer=DutyView)
def duties(call: Call) -> Any:
    """履职记录列表"""
    return call.ask(queries.duties.duties_in_scope, **call.query)


@api.get("/duties/{id}", roles=READERS, answer=DutyView)
def duty(call: Call) -> Any:
    """一条履职记录"""
    return call.ask(queries.duties.duty, call.path["id"])
