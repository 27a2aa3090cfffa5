"""经办与协办 Who attends to a case, who helps, and with what communities may help."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, validate

from services.grid import queries
from services.grid.http.cases import CaseView, shown
from services.grid.http.common import CASE_OFFICERS, HANDLERS, LEADS_AND_OFFICERS, api
from services.grid.use_cases.attendance import AttendCase
from services.grid.use_cases.co_handlers import AdoptCommunityList, AskCoHandler, ReleaseCoHandler, ReportPart
from shared.access.roles import STAFF, STREET
from shared.web.api import Call
from shared.web.fields import (
    Codes,
    Day,
    Instant,
    Paging,
    PublicWords,
    Ref,
    Sort,
    Switch,
    Text,
)

HELPERS = (*CASE_OFFICERS, *HANDLERS)


class AttendBody(Schema):
    """Who is to attend to it, and why not who was chosen."""

    staff_ref = Ref(required=True)
    reason = PublicWords(500, required=True)


class CoHandlerBody(Schema):
    """Who is to help: a party or an organisation; with what, and until when it reports."""

    party_ref = Ref(load_default=None, allow_none=True)
    organisation_ref = Ref(load_default=None, allow_none=True)
    asked = PublicWords(500, required=True)
    due_at = Instant(required=True)


class ReleaseCoHandlerBody(Schema):
    """Whose help is needed no more, and why."""

    co_handler_ref = Ref(required=True)
    reason = PublicWords(500, required=True)


class PartBody(Schema):
    """What was done; or, where `is_done` is false, why it cannot be in time, and how far it is."""

    co_handler_ref = Ref(required=True)
    text = PublicWords(500, required=True)
    is_done = Switch(load_default=True)


class CommunityListBody(Schema):
    """The codes of the categories that communities may help with, from which day, and by whose decision."""

    effective_on = Day(required=True)
    basis = PublicWords(200, required=True)
    categories = Codes(required=True, validate=validate.Length(max=500))


class CommunityListView(Schema):
    """What communities may help with, from a day on."""

    id = Ref()
    effective_on = Day()
    basis = Text()
    categories = Codes()


class CommunityListFilter(Paging):
    """Which lists."""

    sort = Sort("effective_on", default="effective_on")


@api.post(
    "/cases/{id}/attend",
    roles=CASE_OFFICERS,
    body=AttendBody,
    answer=CaseView,
    subject="reporter_ref",
)
def attend_case(call: Call) -> Any:
    """指定经办人（街道自办的事项）"""
    return shown(call, call.handle(AttendCase(call.path["id"], **call.body)))


@api.post(
    "/cases/{id}/ask-co-handler",
    roles=LEADS_AND_OFFICERS,
    body=CoHandlerBody,
    answer=CaseView,
    subject="reporter_ref",
)
def ask_co_handler(call: Call) -> Any:
    """请求协办；责任主体不变"""
    return shown(call, call.handle(AskCoHandler(call.path["id"], **call.body)))


@api.post(
    "/cases/{id}/release-co-handler",
    roles=LEADS_AND_OFFICERS,
    body=ReleaseCoHandlerBody,
    answer=CaseView,
    subject="reporter_ref",
)
def release_co_handler(call: Call) -> Any:
    """撤销协办"""
    return shown(call, call.handle(ReleaseCoHandler(call.path["id"], **call.body)))


@api.post(
    "/cases/{id}/report-part",
    roles=HELPERS,
    body=PartBody,
    answer=CaseView,
    subject="reporter_ref",
)
def report_part(call: Call) -> Any:
    """反馈协办结果，或说明不能按期的理由和阶段情况"""
    return shown(call, call.handle(ReportPart(call.path["id"], **call.body)))


@api.post("/community-lists", roles=(STREET,), body=CommunityListBody, answer=CommunityListView, status=201)
def adopt_community_list(call: Call) -> Any:
    """启用社区职责清单（最早次日生效）"""
    return call.handle(AdoptCommunityList(**call.body))


@api.get("/community-lists", roles=STAFF, query=CommunityListFilter, answer=CommunityListView)
def community_lists(call: Call) -> Any:
    """本街道启用过的社区职责清单"""
    return call.ask(queries.attendance.community_lists, **call.query)
