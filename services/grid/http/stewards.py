"""施工楼栋管家 Construction stewards."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.domain.steward import REQUEST_LIFECYCLE, STEWARD_LIFECYCLE
from services.grid.http.common import api
from services.grid.use_cases.stewards import AppointSteward
from shared.access.roles import CONTRACTOR, GRID_WORKER, OUTSIDE_SYSTEM, STAFF, STREET
from shared.web.api import Call
from shared.web.fields import Code, Codes, Named, Paging, Ref, Refs, Text, Words

READERS = (*STAFF, GRID_WORKER, CONTRACTOR, OUTSIDE_SYSTEM)


class StewardBody(Schema):
    """Whom the contractor names for a building."""

    building_ref = Ref(required=True)
    person_ref = Ref(required=True)
    unit = Words(100, required=True)


class StewardView(Schema):
    """A steward."""

    id = Ref()
    works_ref = Ref()
    building_ref = Ref()
    building_name = Text()
    person_ref = Ref()
    unit = Text()
    contractor_name = Text()
    state = Named(STEWARD_LIFECYCLE.states)
    allowed_actions = Codes()


class StewardRequestView(Schema):
    """What works ask of their contractor; who that is stays empty where their end was heard first."""

    id = Ref()
    works_ref = Ref()
    topic_ref = Ref()
    building_refs = Refs()
    contractor_ref = Text(64)
    contractor_name = Text()
    state = Named(REQUEST_LIFECYCLE.states)
    allowed_actions = Codes()


class OfWorks(Paging):
    """Those of some works."""

    works_ref = Ref(load_default=None)


class StewardFilter(OfWorks):
    """Which stewards."""

    state = Code(*STEWARD_LIFECYCLE.states, load_default=None)


@api.get("/steward-requests", roles=READERS, query=OfWorks, answer=StewardRequestView)
def steward_requests(call: Call) -> Any:
    """管家需求"""
    return call.ask(queries.stewards.steward_requests_in_scope, **call.query)


@api.post(
    "/steward-requests/{id}/stewards",
    roles=(CONTRACTOR, STREET),
    body=StewardBody,
    answer=StewardView,
    status=201,
    location="/stewards/{id}",
    subject="person_ref",
)
def appoint_steward(call: Call) -> Any:
    """指定施工楼栋管家"""
    return call.handle(AppointSteward(request_id=call.path["id"], **call.body))


@api.get("/stewards", roles=READERS, query=StewardFilter, answer=StewardView)
def stewards(call: Call) -> Any:
    """施工楼栋管家名单"""
    return call.ask(queries.stewards.stewards_in_scope, **call.query)


@api.get("/stewards/{id}", roles=READERS, answer=StewardView)
def steward(call: Call) -> Any:
    """一名施工楼栋管家"""
    return call.ask(queries.stewards.steward, call.path["id"])
