"""How staff and other systems reach grid: each endpoint loads, handles or asks, and dumps."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.domain.case import LIFECYCLE as CASE_LIFECYCLE
from services.grid.domain.case import SOURCES
from services.grid.domain.steward import STEWARD_LIFECYCLE
from services.grid.use_cases.cases import ReportCase
from services.grid.use_cases.places import RegisterPlace
from services.grid.use_cases.stewards import AppointSteward
from shared.access.roles import ADMIN, CONTRACTOR, OUTSIDE_SYSTEM, PROPERTY, RESIDENT, STAFF, STREET
from shared.contracts.grid import PLACE_KINDS
from shared.web.api import Api, Call
from shared.web.fields import Code, Codes, Instant, Paging, Ref, Refs, Text, Whole, Words, several

api = Api("grid")

READERS = (*STAFF, PROPERTY, CONTRACTOR, OUTSIDE_SYSTEM, ADMIN)


# ---- places 场所


class PlaceBody(Schema):
    """A new place."""

    kind = Code(*PLACE_KINDS, required=True)
    name = Words(100, required=True)
    code = Words(30, required=True)
    parent_ref = Ref(load_default=None, allow_none=True)
    estate_type = Text(30, load_default="")
    household_count = Whole(load_default=0, most=1_000_000)


class PlaceView(Schema):
    """A place with what lies around it."""

    id = Ref()
    kind = Code()
    name = Text()
    code = Text()
    parent_ref = Ref()
    community_ref = Ref()
    estate_ref = Ref()
    grid_ref = Ref()
    grid_code = Text()
    building_ref = Ref()
    estate_type = Text()
    household_count = Whole()


class PlaceFilter(Paging):
    """Which places."""

    kind = Code(*PLACE_KINDS, load_default=None)


@api.post(
    "/places", roles=(STREET, ADMIN), body=PlaceBody, answer=PlaceView, status=201, location="/places/{id}"
)
def register_place(call: Call) -> Any:
    """登记场所"""
    return call.handle(RegisterPlace(**call.body))


@api.get("/places", roles=READERS, query=PlaceFilter, answer=PlaceView)
def places(call: Call) -> Any:
    """场所列表"""
    return call.ask(queries.places_in_scope, **call.query)


@api.get("/places/{id}", roles=READERS, answer=PlaceView)
def place(call: Call) -> Any:
    """一个场所"""
    return call.ask(queries.place, call.path["id"])


# ---- cases 事项


class ExternalRefBody(Schema):
    """The number that another system knows the matter by."""

    system = Words(64, required=True)
    number = Words(64, required=True)


class CaseBody(Schema):
    """A matter to be taken up."""

    category = Words(10, required=True)
    place_ref = Ref(required=True)
    text = Words(2000, required=True)
    source = Code(*SOURCES, load_default="resident")
    reporter_ref = Ref(load_default=None, allow_none=True)
    external_refs = several(ExternalRefBody, most=10, load_default=list)


class CaseView(Schema):
    """A case as staff see it."""

    id = Ref()
    number = Text()
    state = Code()
    turn = Whole()
    category = Code()
    category_name = Text()
    text = Text()
    place_ref = Ref()
    place_name = Text()
    grid_ref = Ref()
    grid_code = Text()
    estate_ref = Ref()
    building_ref = Ref()
    area_ref = Ref()
    reporter_ref = Ref()
    source = Code()
    external_refs = several(ExternalRefBody)
    lead_party_ref = Ref()
    lead_party_name = Text()
    topic_ref = Ref()
    works_ref = Ref()
    waiting_for = Code()
    reported_at = Instant()
    answer_due_at = Instant()
    answered_at = Instant()
    handled_at = Instant()
    closed_at = Instant()
    reopen_count = Whole()
    allowed_actions = Codes()


class CaseFilter(Paging):
    """Which cases."""

    state = Code(*CASE_LIFECYCLE.states, load_default=None)
    topic_ref = Ref(load_default=None)
    grid_ref = Ref(load_default=None)


@api.post(
    "/cases",
    roles=(*STAFF, RESIDENT, OUTSIDE_SYSTEM),
    body=CaseBody,
    answer=CaseView,
    status=201,
    location="/cases/{id}",
)
def report_case(call: Call) -> Any:
    """立案"""
    return call.handle(ReportCase(**call.body))


@api.get("/cases", roles=READERS, query=CaseFilter, answer=CaseView)
def cases(call: Call) -> Any:
    """事项列表"""
    return call.ask(queries.cases_in_scope, **call.query)


@api.get("/cases/{id}", roles=(*READERS, RESIDENT), answer=CaseView)
def case(call: Call) -> Any:
    """一个事项, by id or spoken number"""
    return call.ask(queries.case, call.path["id"])


# ---- stewards 施工楼栋管家


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
    state = Code()


class StewardRequestView(Schema):
    """What works ask of their contractor."""

    id = Ref()
    works_ref = Ref()
    topic_ref = Ref()
    building_refs = Refs()
    contractor_ref = Ref()
    contractor_name = Text()
    state = Code()
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
    return call.ask(queries.steward_requests_in_scope, **call.query)


@api.post(
    "/steward-requests/{id}/stewards",
    roles=(CONTRACTOR, STREET),
    body=StewardBody,
    answer=StewardView,
    status=201,
    location="/stewards/{id}",
)
def appoint_steward(call: Call) -> Any:
    """指定施工楼栋管家"""
    return call.handle(AppointSteward(request_id=call.path["id"], **call.body))


@api.get("/stewards", roles=READERS, query=StewardFilter, answer=StewardView)
def stewards(call: Call) -> Any:
    """施工楼栋管家名单"""
    return call.ask(queries.stewards_in_scope, **call.query)


@api.get("/stewards/{id}", roles=READERS, answer=StewardView)
def steward(call: Call) -> Any:
    """一名施工楼栋管家"""
    return call.ask(queries.steward, call.path["id"])
