"""楼门长 Captains, their records by stage (选育用激宣), and their points."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.domain.captain import LIFECYCLE, ORIGINS, REASONS
from services.grid.domain.captain_record import STAGES
from services.grid.http.common import api
from services.grid.use_cases.captains import (
    AppointCaptain,
    EnterPoints,
    ProposeCaptain,
    RecordCaptain,
    RetireCaptain,
)
from shared.access.roles import CAPTAIN, COMMUNITY, GRID_WORKER, STAFF, STREET
from shared.web.api import Call
from shared.web.fields import Code, Codes, Day, Instant, Named, Paging, Ref, Text, Whole, Words

KEEPERS = (STREET, COMMUNITY)
READERS = (*STAFF, GRID_WORKER, CAPTAIN)
MOST_POINTS = 10_000


class CandidateBody(Schema):
    """Whom the residents or the community propose for a door, how chosen and when."""

    door_ref = Ref(required=True)
    person_ref = Ref(required=True)
    origin = Named(ORIGINS, required=True)
    chosen_how = Words(500, required=True)
    chosen_on = Day(required=True)


class RetireBody(Schema):
    """Why."""

    reason_code = Named(REASONS, required=True)


class CaptainView(Schema):
    """A captain or candidate; who it is, notify knows."""

    id = Ref()
    door_ref = Ref()
    building_ref = Ref()
    person_ref = Ref()
    origin = Named(ORIGINS)
    valid_from = Day(allow_none=True)
    valid_to = Day(allow_none=True)
    reason_code = Text()
    state = Named(LIFECYCLE.states)
    allowed_actions = Codes()


class CaptainFileView(Schema):
    """A captain with the stages that have records, and the balance of the points."""

    id = Ref(attribute="captain.id")
    door_ref = Ref(attribute="captain.door_ref")
    building_ref = Ref(attribute="captain.building_ref")
    person_ref = Ref(attribute="captain.person_ref")
    origin = Named(ORIGINS, attribute="captain.origin")
    valid_from = Day(attribute="captain.valid_from", allow_none=True)
    valid_to = Day(attribute="captain.valid_to", allow_none=True)
    reason_code = Text(attribute="captain.reason_code")
    state = Named(LIFECYCLE.states, attribute="captain.state")
    allowed_actions = Codes(attribute="captain.allowed_actions")
    stages = Codes(*STAGES)
    points = Whole()


class CaptainFilter(Paging):
    """Which captains."""

    place_ref = Ref(load_default=None)
    door_ref = Ref(load_default=None)
    origin = Code(*ORIGINS, load_default=None)
    state = Code(*LIFECYCLE.states, load_default=None)


class CaptainRecordBody(Schema):
    """One thing of one stage."""

    stage = Named(STAGES, required=True)
    text = Words(500, required=True)
    happened_on = Day(required=True)


class CaptainRecordView(Schema):
    """What is written down."""

    id = Ref()
    captain_ref = Ref()
    stage = Named(STAGES)
    text = Text()
    happened_on = Day()
    recorded_at = Instant()
    recorded_by = Text()


class CaptainRecordFilter(Paging):
    """Which records."""

    captain_ref = Ref(load_default=None)
    stage = Code(*STAGES, load_default=None)


class PointsBody(Schema):
    """So many points more or, below zero, fewer."""

    points = Whole(required=True, least=-MOST_POINTS, most=MOST_POINTS)
    reason = Words(200, required=True)


class PointsView(Schema):
    """A line of the ledger."""

    id = Ref()
    captain_ref = Ref()
    points = Whole(least=-MOST_POINTS)
    reason = Text()
    recorded_at = Instant()
    recorded_by = Text()


class PointsFilter(Paging):
    """Whose."""

    captain_ref = Ref(load_default=None)


@api.post(
    "/captains",
    roles=KEEPERS,
    body=CandidateBody,
    answer=CaptainView,
    status=201,
    location="/captains/{id}",
    subject="person_ref",
)
def propose_captain(call: Call) -> Any:
    """推选楼门长人选"""
    return call.handle(ProposeCaptain(**call.body))


@api.get("/captains", roles=READERS, query=CaptainFilter, answer=CaptainView)
def captains(call: Call) -> Any:
    """楼门长名册"""
    return call.ask(queries.captains.captains_in_scope, **call.query)


@api.get("/captains/{id}", roles=READERS, answer=CaptainFileView)
def captain(call: Call) -> Any:
    """一名楼门长"""
    return call.ask(queries.captains.captain, call.path["id"])


@api.post("/captains/{id}/appoint", roles=KEEPERS, answer=CaptainView, subject="person_ref")
def appoint_captain(call: Call) -> Any:
    """聘任楼门长"""
    return call.handle(AppointCaptain(call.path["id"]))


@api.post("/captains/{id}/retire", roles=KEEPERS, body=RetireBody, answer=CaptainView, subject="person_ref")
def retire_captain(call: Call) -> Any:
    """楼门长卸任"""
    return call.handle(RetireCaptain(call.path["id"], **call.body))


@api.post(
    "/captains/{id}/records",
    roles=KEEPERS,
    body=CaptainRecordBody,
    answer=CaptainRecordView,
    status=201,
    location="/captain-records/{id}",
)
def record_captain(call: Call) -> Any:
    """记录选育用激宣"""
    return call.handle(RecordCaptain(call.path["id"], **call.body))


@api.get("/captain-records", roles=READERS, query=CaptainRecordFilter, answer=CaptainRecordView)
def captain_records(call: Call) -> Any:
    """选育用激宣记录"""
    return call.ask(queries.captains.records_in_scope, **call.query)


@api.get("/captain-records/{id}", roles=READERS, answer=CaptainRecordView)
def captain_record(call: Call) -> Any:
    """一条选育用激宣记录"""
    return call.ask(queries.captains.record, call.path["id"])


@api.post(
    "/captains/{id}/points",
    roles=KEEPERS,
    body=PointsBody,
    answer=PointsView,
    status=201,
    location="/points/{id}",
)
def enter_points(call: Call) -> Any:
    """楼门长记分"""
    return call.handle(EnterPoints(call.path["id"], **call.body))


@api.get("/points", roles=READERS, query=PointsFilter, answer=PointsView)
def points(call: Call) -> Any:
    """积分台账"""
    return call.ask(queries.captains.points_in_scope, **call.query)


@api.get("/points/{id}", roles=READERS, answer=PointsView)
def points_entry(call: Call) -> Any:
    """一笔积分"""
    return call.ask(queries.captains.points_entry, call.path["id"])
