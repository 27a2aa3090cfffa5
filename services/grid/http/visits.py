"""入户 Visits: asked for, recorded (also later, by a phone that was offline), counted."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, validate

from services.grid import queries
from services.grid.domain.visit import ANSWERS, LIFECYCLE, OUTCOMES, PURPOSES, Report
from services.grid.http.common import api
from services.grid.use_cases.visits import AskAgain, BeginCampaign, RecordVisit, RequestVisit
from shared.access.roles import CAPTAIN, COMMUNITY, GRID_WORKER, STAFF, STREET
from shared.web.api import Answer, Call
from shared.web.fields import (
    Code,
    Codes,
    Instant,
    Named,
    Paging,
    PublicWords,
    Ref,
    Refs,
    Sort,
    Text,
    Whole,
    distinct,
)

VISITORS = (*STAFF, GRID_WORKER, CAPTAIN)  # who goes to people's doors
PLANNERS = (STREET, COMMUNITY)
MOST_PHOTOGRAPHS = 9
CLIENT_ID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"


class ClientId(Ref):
    """An id of the phone's making."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            metadata={
                "description": "手机生成的 UUID，重发时不变 a UUID of the phone's making, the same when sent again"
            },
            **options,
        )
        self.validators.append(validate.Regexp(CLIENT_ID, error="Must be a UUID in lower case."))


class Photographs(Refs):
    """Photographs that were uploaded."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators += [validate.Length(max=MOST_PHOTOGRAPHS), distinct]


class VisitBody(Schema):
    """Where somebody is to go, and what for: a household, or a door."""

    purpose = Named(PURPOSES, required=True)
    household_ref = Ref(load_default=None, allow_none=True)
    door_ref = Ref(load_default=None, allow_none=True)
    due_at = Instant(load_default=None, allow_none=True)


class VisitRecordBody(Schema):
    """What a visitor reports; `note` may name people and is seen by those only who may see the visit."""

    id = ClientId(required=True)
    occurred_at = Instant(required=True)
    outcome = Named(OUTCOMES, required=True)
    answer = Named(ANSWERS, load_default=None, allow_none=True)
    note = Text(1000, load_default="")
    on_behalf_of = Ref(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "代他人录入时，实际入户者的编号 whose visit it was, where another puts it in"
        },
    )
    photographs = Photographs(load_default=list)


class VisitRecordView(VisitRecordBody):
    """A visit record: evidence, never changed."""

    visit_ref = Ref()
    recorded_at = Instant()
    recorded_by = Text()


class VisitView(Schema):
    """A visit to be made; `room` only where it is known which household."""

    id = Ref()
    purpose = Named(PURPOSES)
    state = Named(LIFECYCLE.states)
    door_ref = Ref()
    door_name = Text()
    building_ref = Ref(allow_none=True)
    grid_ref = Ref(allow_none=True)
    household_ref = Ref(allow_none=True)
    room = Text(allow_none=True)
    campaign_ref = Ref(allow_none=True)
    message_ref = Ref(allow_none=True)
    about_ref = Ref(allow_none=True)
    due_at = Instant(allow_none=True)
    requested_at = Instant()
    asked_at = Instant()
    absences = Whole()
    answer = Named(ANSWERS, allow_none=True)
    visited_at = Instant(allow_none=True)
    allowed_actions = Codes()


class VisitFilter(Paging):
    """Which visits."""

    state = Code(*LIFECYCLE.states, load_default=None)
    purpose = Code(*PURPOSES, load_default=None)
    campaign_ref = Ref(load_default=None)
    door_ref = Ref(load_default=None)
    grid_ref = Ref(load_default=None)
    household_ref = Ref(load_default=None)


class VisitRecordFilter(Paging):
    """Which records, as they happened or as they were heard of."""

    sort = Sort("occurred_at", "recorded_at", default="occurred_at")


class RevisitBody(Schema):
    """Until when somebody is to go once more."""

    due_at = Instant(load_default=None, allow_none=True)


class CampaignBody(Schema):
    """All households of a place are to be visited."""

    purpose = Named(PURPOSES, required=True)
    title = PublicWords(100, required=True)
    place_ref = Ref(required=True)
    due_at = Instant(load_default=None, allow_none=True)


class CampaignView(Schema):
    """A campaign, and how far it has come. `percent` 入户覆盖率: households met ÷ in scope; null where
    there is no household. `absent` are to be visited again, `board` were absent too often."""

    id = Ref(attribute="campaign.id")
    purpose = Named(PURPOSES, attribute="campaign.purpose")
    title = Text(attribute="campaign.title")
    place_ref = Ref(attribute="campaign.place_ref")
    place_name = Text(attribute="campaign.place_name")
    due_at = Instant(attribute="campaign.due_at", allow_none=True)
    begun_at = Instant(attribute="campaign.begun_at")
    in_scope = Whole()
    planned = Whole()
    met = Whole()
    absent = Whole()
    board = Whole()
    refused = Whole()
    percent = Text(10, allow_none=True)


class CampaignFilter(Paging):
    """Which campaigns."""

    purpose = Code(*PURPOSES, load_default=None)
    place_ref = Ref(load_default=None)


@api.post("/visits", roles=PLANNERS, body=VisitBody, answer=VisitView, status=201, location="/visits/{id}")
def request_visit(call: Call) -> Any:
    """下达入户任务"""
    return call.handle(RequestVisit(**call.body))


@api.get("/visits", roles=VISITORS, query=VisitFilter, answer=VisitView, personal=True)
def visits(call: Call) -> Any:
    """入户任务列表"""
    return call.ask(queries.visits.visits_in_scope, **call.query)


@api.get("/visits/{id}", roles=VISITORS, answer=VisitView, personal=True)
def visit(call: Call) -> Any:
    """一项入户任务"""
    return call.ask(queries.visits.visit, call.path["id"])


@api.post(
    "/visits/{id}/records",
    roles=VISITORS,
    body=VisitRecordBody,
    answer=VisitRecordView,
    status=201,
    also={200: VisitRecordView},
)
def record_visit(call: Call) -> Any:
    """入户记录（可离线补录，重发不重复）"""
    recorded = call.handle(RecordVisit(call.path["id"], Report(**call.body)))
    return Answer(recorded.attempt, 201 if recorded.is_new else 200)


@api.get(
    "/visits/{id}/records", roles=VISITORS, query=VisitRecordFilter, answer=VisitRecordView, personal=True
)
def visit_records(call: Call) -> Any:
    """一项任务的入户记录"""
    return call.ask(queries.visits.records_of, call.path["id"], **call.query)


@api.post("/visits/{id}/revisit", roles=PLANNERS, body=RevisitBody, answer=VisitView)
def ask_again(call: Call) -> Any:
    """再访"""
    return call.handle(AskAgain(call.path["id"], **call.body))


@api.post(
    "/visit-campaigns",
    roles=PLANNERS,
    body=CampaignBody,
    answer=CampaignView,
    status=201,
    location="/visit-campaigns/{id}",
)
def begin_campaign(call: Call) -> Any:
    """开始入户行动：一处的所有户，各一项任务"""
    campaign = call.handle(BeginCampaign(**call.body))
    return call.ask(queries.visits.campaign, campaign.id)


@api.get("/visit-campaigns", roles=VISITORS, query=CampaignFilter, answer=CampaignView)
def campaigns(call: Call) -> Any:
    """入户行动列表"""
    return call.ask(queries.visits.campaigns_in_scope, **call.query)


@api.get("/visit-campaigns/{id}", roles=VISITORS, answer=CampaignView)
def campaign(call: Call) -> Any:
    """一次入户行动与覆盖率"""
    return call.ask(queries.visits.campaign, call.path["id"])
