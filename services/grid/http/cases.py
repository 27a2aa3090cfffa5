"""事项 Cases: reported, listed, read, passed on."""

from __future__ import annotations

import dataclasses
from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from services.grid import queries
from services.grid.domain.case import MODES, OUTCOMES, SOURCES, Case
from services.grid.domain.case_lifecycle import LIFECYCLE
from services.grid.domain.case_waiting import WAITING_FOR
from services.grid.domain.co_handler import CO_HANDLER_STATES
from services.grid.http.common import CASE_OFFICERS, LEADS_AND_OFFICERS, READERS, WATCHERS, Degrees, api
from services.grid.http.visits import Photographs
from services.grid.http.whereabouts import LONGEST_ADDRESS, where_said
from services.grid.queries.case_filters import Asked
from services.grid.use_cases.case_moves import capacities
from services.grid.use_cases.cases import PassCase, PlaceCase, ReportCase
from shared.access.roles import OUTSIDE_SYSTEM, RESIDENT, STAFF
from shared.kernel.listing import Page
from shared.web.api import Call
from shared.web.fields import (
    Code,
    Codes,
    CodesAsked,
    Day,
    Flag,
    Instant,
    Named,
    Paging,
    PublicCode,
    PublicWords,
    Ref,
    Refs,
    Sort,
    Switch,
    Text,
    Whole,
    Words,
    nested,
    several,
)

LONGEST_TEXT = 4000  # as much as Open311 allows
LONGEST_SEARCH = 100


class ExternalRefBody(Schema):
    """The number that another system knows the matter by."""

    system = PublicWords(64, required=True)
    number = PublicCode(64, plain=True, required=True)


class CaseBody(Schema):
    """A matter to be taken up: at a place, or at a point; or where an address says, as far as that is known."""

    category = Words(10, required=True)
    place_ref = Ref(load_default=None, allow_none=True)
    longitude = Degrees(load_default=None, allow_none=True)
    latitude = Degrees(load_default=None, allow_none=True)
    address = Text(
        LONGEST_ADDRESS,
        load_default="",
        metadata={
            "description": "文字地址；工作人员不知是哪个场所时可只填此项 in words; all that staff need "
            "say where nobody knows which place it is"
        },
    )
    text = Words(LONGEST_TEXT, required=True)
    source = Named(SOURCES, load_default="resident")
    reporter_ref = Ref(load_default=None, allow_none=True)
    anonymous = Flag(
        load_default=False,
        metadata={"description": "匿名：不记反映人，也就没有回访 no reporter, so nobody is asked"},
    )
    occurred_at = Instant(
        load_default=None,
        allow_none=True,
        metadata={"description": "何时发生，不填为现在 when it happened; else now"},
    )
    photographs = Photographs(load_default=list)
    external_refs = several(ExternalRefBody, most=10, load_default=list)
    organisation_ref = Ref(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "先由哪个组织承办；不填则为所在网格的组织 which organisation takes it up first"
        },
    )

    respondent_door_ref = Ref(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "邻里纠纷中对方的楼门 the other side's door, in a dispute between neighbours"
        },
    )
    is_hazardous = Flag(
        load_default=False, metadata={"description": "纠纷有激化危险 a dispute that may come to blows"}
    )

    @validates_schema(skip_on_field_errors=False)
    def must_say_where(self, data: dict[str, Any], **_: Any) -> None:
        """Where it is, together with whatever else is missing."""
        where = ("place_ref", "longitude", "latitude")
        if not data.get("address") and all(data.get(name, "") is None for name in where):
            raise ValidationError("Missing data for required field.", "place_ref")


class PlaceCaseBody(Schema):
    """Where it is: a place, or a point."""

    place_ref = Ref(load_default=None, allow_none=True)
    longitude = Degrees(load_default=None, allow_none=True)
    latitude = Degrees(load_default=None, allow_none=True)


class PassBody(Schema):
    """To the organisation above or below, and why."""

    to_organisation_ref = Ref(required=True)
    reason = PublicWords(500, required=True)


class ApplicationView(Schema):
    """What was asked for, and waits for somebody else's decision."""

    by = Text()
    reason = Text(700)
    amount = Whole()
    outcome = Text()


class RunnerUpView(Schema):
    """Who might have attended to it, and why another does."""

    staff_ref = Ref()
    reason = Text(700)


class CoHandlerView(Schema):
    """Who helps: what is asked of it, until when, and what it has reported; `remark`: why it will not be in time, and
    how far it is."""

    id = Ref()
    party_ref = Ref(allow_none=True)
    organisation_ref = Ref(allow_none=True)
    name = Text()
    asked = Text(700)
    asked_at = Instant()
    due_at = Instant()
    state = Named(CO_HANDLER_STATES)
    result = Text(700, allow_none=True)
    remark = Text(700, allow_none=True)
    reported_at = Instant(allow_none=True)
    is_on_time = Flag(allow_none=True)
    released_because = Text(700, allow_none=True)


class CaseView(Schema):
    """A case as staff see it; its text is what somebody wrote, and may name people. `recorded_by` says who put it in,
    where the reporter did not. `attendant_ref`: who of the staff attends to what the street itself leads; null: a party
    leads it, or nobody fits (`attendant_reason`). `allowed_actions`: what the caller may do now, each at
    `/cases/{id}/<action>` with dashes."""

    id = Ref()
    number = Text()
    state = Named(LIFECYCLE.states)
    turn = Whole()
    category = Code()
    category_name = Text()
    text = Text(LONGEST_TEXT)
    place_ref = Ref()
    place_name = Text()
    longitude = Degrees(allow_none=True)
    latitude = Degrees(allow_none=True)
    address = Text(LONGEST_ADDRESS)
    place_is_unknown = Flag()
    grid_ref = Ref()
    grid_code = Text()
    estate_ref = Ref(allow_none=True)
    building_ref = Ref(allow_none=True)
    area_ref = Ref(allow_none=True)
    reporter_ref = Ref(allow_none=True)
    recorded_by = Text(allow_none=True)
    source = Named(SOURCES)
    external_refs = several(ExternalRefBody)
    lead_party_ref = Ref(allow_none=True)
    lead_party_name = Text()
    organisation_ref = Ref(allow_none=True)
    attendant_ref = Ref(allow_none=True)
    attendant_reason = Text(1500)
    runners_up = several(RunnerUpView)
    co_handlers = several(CoHandlerView)
    topic_ref = Ref(allow_none=True)
    works_ref = Ref(allow_none=True)
    waiting_for = Named(WAITING_FOR, allow_none=True)
    awaited_ref = Ref(allow_none=True)
    next_on = Day(allow_none=True)
    gray_zone_ref = Ref(allow_none=True)
    cluster_ref = Ref(allow_none=True)
    merged_into_ref = Ref(allow_none=True)
    merged_count = Whole()
    is_dispute = Flag()
    respondent_door_ref = Ref(allow_none=True)
    is_hazardous = Flag()
    photographs = Refs()
    occurred_at = Instant()
    recorded_at = Instant(attribute="reported_at", dump_only=True)
    reported_at = Instant()
    changed_at = Instant()
    answer_due_at = Instant()
    answered_at = Instant(allow_none=True)
    phase = Whole()
    phase_count = Whole()
    due_at = Instant()
    due_is_provisional = Flag()
    paused_at = Instant(attribute="countdown.paused_at", allow_none=True)
    missed_at = Instant(allow_none=True)
    contacted_at = Instant(allow_none=True)
    objection = nested(ApplicationView, allow_none=True)
    extension = nested(ApplicationView, allow_none=True)
    ending = nested(ApplicationView, allow_none=True)
    handled_at = Instant(allow_none=True)
    handled_by = Text(allow_none=True)
    result_text = Text(700, allow_none=True)
    modes = Codes(*MODES)
    evidence_refs = Refs()
    revisit_tries = Whole()
    closed_at = Instant(allow_none=True)
    outcome = Named(OUTCOMES, allow_none=True)
    reopen_count = Whole()
    allowed_actions = Codes()


class CaseFilter(Paging):
    """Which cases."""

    state = CodesAsked(*LIFECYCLE.states, load_default=None)
    category = Code(load_default=None)
    place_ref = Ref(load_default=None, metadata={"description": "在此场所或其内 there, or anywhere inside"})
    grid_ref = Ref(load_default=None)
    lead_party_ref = Ref(load_default=None)
    organisation_ref = Ref(load_default=None)
    attendant_ref = Ref(load_default=None)
    reporter_ref = Ref(load_default=None)
    source = Code(*SOURCES, load_default=None)
    place_is_unknown = Switch(load_default=None)
    topic_ref = Ref(load_default=None)
    cluster_ref = Ref(load_default=None)
    due_before = Instant(load_default=None)
    overdue = Switch(load_default=None, metadata={"description": "已超期未办理 overdue and not handled"})
    mine_to_decide = Switch(
        load_default=None,
        metadata={
            "description": "有异议、延期或结案申请等您决定 an objection, more time or an end waits for your decision"
        },
    )
    reported_since = Instant(load_default=None)
    reported_before = Instant(load_default=None)
    text = Words(
        LONGEST_SEARCH,
        load_default=None,
        metadata={
            "description": "全文检索：编号、内容、场所、结果、备注；空格分隔的词都须有 in number, text, place, result "
            "and notes; of words between blanks each must be there"
        },
    )
    sort = Sort("due_at", "answer_due_at", "reported_at")


def shown(call: Call, case: Case) -> Case:
    """The case, with what the caller may do with it now."""
    case.allowed_actions = case.actions_for(capacities(call.actor, case))
    return case


@api.post(
    "/cases",
    roles=(*STAFF, *WATCHERS, RESIDENT, OUTSIDE_SYSTEM),
    body=CaseBody,
    answer=CaseView,
    status=201,
    location="/cases/{id}",
    subject="reporter_ref",
)
def report_case(call: Call) -> Any:
    """立案"""
    return shown(call, call.handle(ReportCase(**call.body | where_said(call, call.body))))


@api.get(
    "/cases",
    roles=READERS,
    query=CaseFilter,
    answer=CaseView,
    personal=True,
    subject="reporter_ref",
)
def cases(call: Call) -> Any:
    """事项列表，可检索（仅街道、社区工作人员）; to outside systems phones and rooms in the text are masked"""
    query = dict(call.query)
    asked = Asked(**{each.name: query.pop(each.name) for each in dataclasses.fields(Asked)})
    found = call.ask(queries.cases.cases_in_scope, asked=asked, **query)
    return Page([shown(call, case) for case in found.items], found.next)


@api.get("/cases/{id}", roles=(*READERS, RESIDENT), answer=CaseView, personal=True, subject="reporter_ref")
def case(call: Call) -> Any:
    """一个事项（编号或可读出的号码）"""
    return shown(call, call.ask(queries.cases.case, call.path["id"]))


@api.post(
    "/cases/{id}/place",
    roles=CASE_OFFICERS,
    body=PlaceCaseBody,
    answer=CaseView,
    subject="reporter_ref",
)
def place_case(call: Call) -> Any:
    """定位：放到其场所，由当地的责任主体办理"""
    return shown(call, call.handle(PlaceCase(case_id=call.path["id"], **call.body)))


@api.post(
    "/cases/{id}/pass",
    roles=LEADS_AND_OFFICERS,
    body=PassBody,
    answer=CaseView,
    subject="reporter_ref",
)
def pass_case(call: Call) -> Any:
    """转交事项给上级或下级组织"""
    return shown(call, call.handle(PassCase(case_id=call.path["id"], **call.body)))
