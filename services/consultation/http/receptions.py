"""群众接待点 Reception points of a project, and their register."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.consultation import queries
from services.consultation.domain.reception import INTAKE_LIFECYCLE, POINT_LIFECYCLE, WEEKDAYS
from services.consultation.http.common import ORGANISERS, api, plain_code
from services.consultation.use_cases.receptions import (
    AnswerIntake,
    CloseReceptionPoint,
    RearrangeReceptionPoint,
    ReferIntake,
    SetUpReceptionPoint,
    SuggestIntake,
    TakeIn,
)
from shared.access.roles import GRID_WORKER, PARTY_ORG, STAFF, STEWARD
from shared.web.api import Call
from shared.web.fields import Code, Codes, Instant, Named, Paging, PublicWords, Ref, Text

RECEIVERS = (*STAFF, GRID_WORKER, STEWARD)


def _duty() -> fields.Dict:
    return fields.Dict(
        keys=Named(WEEKDAYS),
        values=PublicWords(100),
        required=True,
        validate=validate.Length(min=1),
        metadata={"description": "按星期（1为周一）：当天由谁接待，写单位不写姓名 who is there, by weekday"},
    )


class PointBody(Schema):
    """A place where people can come."""

    name = PublicWords(100, required=True)
    hours = PublicWords(200, required=True)
    duty = _duty()


class RearrangePointBody(Schema):
    """Other hours, other people."""

    hours = PublicWords(200, required=True)
    duty = _duty()


class PointView(Schema):
    """A place where people can come."""

    id = Ref()
    project_ref = Ref()
    state = Named(POINT_LIFECYCLE.states)
    name = Text()
    hours = Text()
    duty = fields.Dict()
    allowed_actions = Codes()


@api.post(
    "/projects/{id}/reception-points",
    roles=(*ORGANISERS, PARTY_ORG),
    body=PointBody,
    answer=PointView,
    status=201,
    location="/reception-points/{id}",
)
def set_up_reception_point(call: Call) -> Any:
    """设置群众接待点"""
    return call.handle(SetUpReceptionPoint(call.path["id"], **call.body))


@api.get("/projects/{id}/reception-points", roles=None, query=Paging, answer=PointView)
def reception_points(call: Call) -> Any:
    """项目的群众接待点：地点、时间、值班单位"""
    return call.ask(queries.projects.reception_points_of, call.path["id"], **call.query)


@api.get("/reception-points/{id}", roles=RECEIVERS, answer=PointView)
def reception_point(call: Call) -> Any:
    """一个群众接待点"""
    return call.ask(queries.projects.reception_point, call.path["id"])


@api.post(
    "/reception-points/{id}/rearrange",
    roles=(*ORGANISERS, PARTY_ORG),
    body=RearrangePointBody,
    answer=PointView,
)
def rearrange_reception_point(call: Call) -> Any:
    """调整接待时间与值班"""
    return call.handle(RearrangeReceptionPoint(call.path["id"], **call.body))


@api.post("/reception-points/{id}/close", roles=(*ORGANISERS, PARTY_ORG), answer=PointView)
def close_reception_point(call: Call) -> Any:
    """撤销群众接待点；已登记的照常办理"""
    return call.handle(CloseReceptionPoint(call.path["id"]))


# ---- the register 接待登记


class IntakeBody(Schema):
    """What one person said. Without `place_ref`: of the whole project; without `proposer_ref` nobody is named."""

    text = PublicWords(1000, required=True)
    place_ref = Ref(load_default=None, allow_none=True)
    proposer_ref = Ref(load_default=None, allow_none=True)


class IntakeView(Schema):
    """What one person said, and what became of it."""

    id = Ref()
    point_ref = Ref()
    project_ref = Ref()
    state = Named(INTAKE_LIFECYCLE.states)
    place_ref = Ref()
    text = Text()
    proposer_ref = Ref(allow_none=True)
    received_at = Instant()
    suggestion_ref = Ref(allow_none=True)
    case_ref = Ref(allow_none=True)
    case_category = Code(allow_none=True)
    answer_text = Text()
    answered_at = Instant(allow_none=True)
    allowed_actions = Codes()


class IntakeFilter(Paging):
    """Which entries."""

    state = Code(*INTAKE_LIFECYCLE.states, load_default=None)
    point_ref = Ref(load_default=None)


class IntakeAnswerBody(Schema):
    """What the person was told."""

    text = PublicWords(1000, required=True)


class SuggestBody(Schema):
    """Into which open survey."""

    survey_ref = Ref(required=True)
    category = Code(load_default=None, allow_none=True)


class ReferIntakeBody(Schema):
    """As a case of which of grid's categories."""

    case_category = plain_code(required=True)


@api.post(
    "/reception-points/{id}/intakes",
    roles=RECEIVERS,
    body=IntakeBody,
    answer=IntakeView,
    status=201,
    location="/intakes/{id}",
)
def take_in(call: Call) -> Any:
    """接待登记"""
    return call.handle(TakeIn(call.path["id"], **call.body))


@api.get("/projects/{id}/intakes", roles=RECEIVERS, query=IntakeFilter, answer=IntakeView)
def intakes(call: Call) -> Any:
    """接待登记簿"""
    return call.ask(queries.projects.intakes_of, call.path["id"], **call.query)


@api.get("/intakes/{id}", roles=RECEIVERS, answer=IntakeView)
def intake(call: Call) -> Any:
    """一条接待登记"""
    return call.ask(queries.projects.intake, call.path["id"])


@api.post("/intakes/{id}/answer", roles=RECEIVERS, body=IntakeAnswerBody, answer=IntakeView)
def answer_intake(call: Call) -> Any:
    """当场答复"""
    return call.handle(AnswerIntake(call.path["id"], **call.body))


@api.post("/intakes/{id}/suggest", roles=RECEIVERS, body=SuggestBody, answer=IntakeView)
def suggest_intake(call: Call) -> Any:
    """转为建议，在问需中答复"""
    return call.handle(SuggestIntake(call.path["id"], **call.body))


@api.post("/intakes/{id}/refer", roles=RECEIVERS, body=ReferIntakeBody, answer=IntakeView)
def refer_intake(call: Call) -> Any:
    """转为事项，由网格办理"""
    return call.handle(ReferIntake(call.path["id"], **call.body))
