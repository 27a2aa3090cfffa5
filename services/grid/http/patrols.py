"""巡查 Patrols and check-ins. A check-in names a place of the grid: no coordinates are taken in (个保法 28)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.domain.patrol import LIFECYCLE
from services.grid.http.cases import LONGEST_TEXT
from services.grid.http.common import api
from services.grid.http.visits import ClientId, Photographs
from services.grid.use_cases.patrols import BeginPatrol, CheckInAt, EndPatrol, ReportFinding
from shared.access.roles import COMMUNITY, GRID_WORKER, STAFF, STREET
from shared.web.api import Answer, Call
from shared.web.fields import Code, Codes, Instant, Named, Paging, Ref, Sort, Text, Words

PATROLLERS = (GRID_WORKER, STREET, COMMUNITY)
READERS = (GRID_WORKER, *STAFF)


class PatrolBody(Schema):
    """In which grid."""

    grid_ref = Ref(required=True)


class CheckInBody(Schema):
    """At which place of the grid; `occurred_at`: when, if it is told later."""

    id = ClientId(required=True)
    place_ref = Ref(required=True)
    occurred_at = Instant(load_default=None, allow_none=True)


class CheckInView(Schema):
    """That somebody was at a place."""

    id = Ref()
    patrol_ref = Ref()
    place_ref = Ref()
    place_name = Text()
    occurred_at = Instant()
    recorded_at = Instant()


class FindingBody(Schema):
    """A matter that was found, at a place of the grid."""

    category = Words(10, required=True)
    place_ref = Ref(required=True)
    text = Words(LONGEST_TEXT, required=True)
    photographs = Photographs(load_default=list)


class FindingView(Schema):
    """The case that it has become."""

    case_ref = Ref(attribute="id")
    number = Text()


class PatrolView(Schema):
    """A patrol."""

    id = Ref()
    grid_ref = Ref()
    grid_name = Text()
    begun_by = Text()
    begun_at = Instant()
    ended_at = Instant(allow_none=True)
    state = Named(LIFECYCLE.states)
    allowed_actions = Codes()


class PatrolFilter(Paging):
    """Which patrols."""

    grid_ref = Ref(load_default=None)
    state = Code(*LIFECYCLE.states, load_default=None)


class CheckInFilter(Paging):
    """Which check-ins, as they happened or as they were heard of."""

    sort = Sort("occurred_at", "recorded_at", default="occurred_at")


@api.post(
    "/patrols", roles=PATROLLERS, body=PatrolBody, answer=PatrolView, status=201, location="/patrols/{id}"
)
def begin_patrol(call: Call) -> Any:
    """开始巡查"""
    return call.handle(BeginPatrol(**call.body))


@api.get("/patrols", roles=READERS, query=PatrolFilter, answer=PatrolView, personal=True)
def patrols(call: Call) -> Any:
    """巡查列表（网格员只见自己的）"""
    return call.ask(queries.patrols.patrols_in_scope, **call.query)


@api.get("/patrols/{id}", roles=READERS, answer=PatrolView, personal=True)
def patrol(call: Call) -> Any:
    """一次巡查"""
    return call.ask(queries.patrols.patrol, call.path["id"])


@api.post(
    "/patrols/{id}/check-ins",
    roles=PATROLLERS,
    body=CheckInBody,
    answer=CheckInView,
    status=201,
    also={200: CheckInView},
)
def check_in(call: Call) -> Any:
    """巡查签到（可离线补录，重发不重复）"""
    kept = call.handle(CheckInAt(patrol_id=call.path["id"], **call.body))
    return Answer(kept.check_in, 201 if kept.is_new else 200)


@api.get("/patrols/{id}/check-ins", roles=READERS, query=CheckInFilter, answer=CheckInView, personal=True)
def check_ins(call: Call) -> Any:
    """一次巡查的签到"""
    return call.ask(queries.patrols.check_ins_of, call.path["id"], **call.query)


@api.get("/patrols/{id}/findings", roles=READERS, query=Paging, answer=FindingView)
def findings(call: Call) -> Any:
    """一次巡查发现的问题"""
    return call.ask(queries.patrols.findings_of, call.path["id"], **call.query)


@api.post("/patrols/{id}/findings", roles=PATROLLERS, body=FindingBody, answer=FindingView, status=201)
def report_finding(call: Call) -> Any:
    """巡查上报：发现的问题立案"""
    return call.handle(ReportFinding(patrol_id=call.path["id"], **call.body))


@api.post("/patrols/{id}/end", roles=PATROLLERS, answer=PatrolView)
def end_patrol(call: Call) -> Any:
    """结束巡查"""
    return call.handle(EndPatrol(call.path["id"]))
