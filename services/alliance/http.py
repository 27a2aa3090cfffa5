"""How staff and organisations reach alliance: each endpoint loads, handles or asks, and dumps."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length

from services.alliance import queries
from services.alliance.domain.engagement import LIFECYCLE as ENGAGEMENT_LIFECYCLE
from services.alliance.domain.organisation import KINDS
from services.alliance.domain.request import LIFECYCLE
from services.alliance.use_cases.engagements import FinishEngagement, WithdrawEngagement
from services.alliance.use_cases.organisations import RegisterOrganisation
from services.alliance.use_cases.requests import AcceptRequest, DeclineRequest
from shared.access.roles import (
    MEMBER_UNIT,
    OUTSIDE_SYSTEM,
    PROFESSIONAL,
    SOCIAL_ORG,
    STAFF,
    STREET,
)
from shared.contracts.consultation import PURPOSES
from shared.web.api import Api, Call
from shared.web.fields import (
    Code,
    Codes,
    Instant,
    Named,
    Paging,
    PublicCode,
    PublicText,
    PublicWords,
    Ref,
    Refs,
    Text,
    Whole,
    distinct,
)

api = Api("alliance")

ANSWERERS = (PROFESSIONAL, SOCIAL_ORG)
READERS = (*STAFF, *ANSWERERS, MEMBER_UNIT, OUTSIDE_SYSTEM)


# ---- organisations 组织


class OrganisationBody(Schema):
    """A new organisation."""

    name = PublicWords(100, required=True)
    kind = Named(KINDS, required=True)
    credit_code = Text(18, load_default=None, allow_none=True)
    expertise = fields.List(PublicCode(64, plain=True), required=True, validate=[Length(max=20), distinct])


class OrganisationView(Schema):
    """An organisation."""

    id = Ref()
    name = Text()
    kind = Named(KINDS)
    credit_code = Text(allow_none=True)
    expertise = Codes()


class OrganisationFilter(Paging):
    """Which organisations."""

    kind = Code(*KINDS, load_default=None)


@api.post(
    "/organisations",
    roles=(STREET,),
    body=OrganisationBody,
    answer=OrganisationView,
    status=201,
    location="/organisations/{id}",
)
def register_organisation(call: Call) -> Any:
    """登记组织"""
    return call.handle(RegisterOrganisation(**call.body))


@api.get("/organisations", roles=READERS, query=OrganisationFilter, answer=OrganisationView)
def organisations(call: Call) -> Any:
    """组织列表"""
    return call.ask(queries.organisations_in_scope, **call.query)


@api.get("/organisations/{id}", roles=READERS, answer=OrganisationView)
def organisation(call: Call) -> Any:
    """一个组织"""
    return call.ask(queries.organisation, call.path["id"])


# ---- requests 专业需求


class RequestView(Schema):
    """What consultation asks of organisations."""

    id = Ref()
    request_ref = Ref()
    purpose = Code(*PURPOSES)
    topic_ref = Ref()
    title = Text()
    place_ref = Ref()
    expertise = Codes()
    experts_needed = Whole()
    answer_by = Instant(allow_none=True)
    excluded_org_refs = Refs()
    state = Named(LIFECYCLE.states)
    allowed_actions = Codes()


class OfRequest(Paging):
    """Those of some request or topic of consultation."""

    request_ref = Ref(load_default=None)
    topic_ref = Ref(load_default=None)


class RequestFilter(OfRequest):
    """Which requests."""

    state = Code(*LIFECYCLE.states, load_default=None)


class AcceptBody(Schema):
    """Whom an organisation lends, and what interests it declares."""

    org_ref = Ref(required=True)
    expert_refs = Refs(required=True, validate=[Length(1, 10), distinct])
    interests = PublicText(500, required=True)


class DeclineBody(Schema):
    """Why an organisation does not come."""

    org_ref = Ref(required=True)
    reason = PublicWords(300, required=True)


class DeclineView(Schema):
    """A no."""

    id = Ref()
    request_id = Ref()
    request_ref = Ref()
    org_ref = Ref()
    org_name = Text()
    reason = Text()


class EngagementView(Schema):
    """A yes, and what became of it."""

    id = Ref()
    request_id = Ref()
    request_ref = Ref()
    purpose = Code(*PURPOSES)
    topic_ref = Ref()
    org_ref = Ref()
    org_name = Text()
    expert_refs = Refs()
    interests = Text()
    state = Named(ENGAGEMENT_LIFECYCLE.states)
    allowed_actions = Codes()


@api.get("/requests", roles=READERS, query=RequestFilter, answer=RequestView)
def requests(call: Call) -> Any:
    """专业需求列表"""
    return call.ask(queries.requests_in_scope, **call.query)


@api.get("/requests/{id}", roles=READERS, answer=RequestView)
def request(call: Call) -> Any:
    """一个专业需求"""
    return call.ask(queries.request, call.path["id"])


@api.post(
    "/requests/{id}/accept",
    roles=ANSWERERS,
    body=AcceptBody,
    answer=EngagementView,
    status=201,
    location="/engagements/{id}",
)
def accept_request(call: Call) -> Any:
    """应征"""
    return call.handle(AcceptRequest(request_id=call.path["id"], **call.body))


@api.post(
    "/requests/{id}/decline",
    roles=(*ANSWERERS, STREET),
    body=DeclineBody,
    answer=DeclineView,
    status=201,
    location="/declines/{id}",
)
def decline_request(call: Call) -> Any:
    """婉拒"""
    return call.handle(DeclineRequest(request_id=call.path["id"], **call.body))


@api.get("/declines/{id}", roles=READERS, answer=DeclineView)
def decline(call: Call) -> Any:
    """一次婉拒"""
    return call.ask(queries.decline, call.path["id"])


# ---- engagements 专业服务


class WithdrawBody(Schema):
    """Why an organisation does not go on."""

    reason = PublicWords(300, required=True)


@api.get("/engagements", roles=READERS, query=OfRequest, answer=EngagementView)
def engagements(call: Call) -> Any:
    """专业服务列表"""
    return call.ask(queries.engagements_in_scope, **call.query)


@api.get("/engagements/{id}", roles=READERS, answer=EngagementView)
def engagement(call: Call) -> Any:
    """一项专业服务"""
    return call.ask(queries.engagement, call.path["id"])


@api.post("/engagements/{id}/finish", roles=(*ANSWERERS, STREET), answer=EngagementView)
def finish_engagement(call: Call) -> Any:
    """服务完成"""
    return call.handle(FinishEngagement(call.path["id"]))


@api.post("/engagements/{id}/withdraw", roles=(*ANSWERERS, STREET), body=WithdrawBody, answer=EngagementView)
def withdraw_engagement(call: Call) -> Any:
    """退出"""
    return call.handle(WithdrawEngagement(call.path["id"], **call.body))
