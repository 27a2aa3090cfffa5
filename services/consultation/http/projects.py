"""项目 Projects, stage by stage, and how they stand."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from services.consultation import queries
from services.consultation.domain.branch import LIFECYCLE as BRANCH
from services.consultation.domain.opinion import OPINIONS
from services.consultation.domain.project import CAUSES, KINDS, LIFECYCLE, STAGE_NAMES
from services.consultation.http.common import LEADERS, ORGANISERS, READERS, api, distinct_refs, plain_code
from services.consultation.use_cases.opinions import GiveOpinions
from services.consultation.use_cases.projects import (
    AdvanceProject,
    CallOffProject,
    CompleteProject,
    LinkToProject,
    OpenProject,
    PauseProject,
    ResumeProject,
)
from shared.access.roles import CAPTAIN, GRID_WORKER, PARTY_ORG
from shared.kernel.clock import local_date
from shared.web.api import Call
from shared.web.fields import (
    Code,
    Codes,
    Day,
    Instant,
    Named,
    Paging,
    PublicText,
    PublicWords,
    Ref,
    Refs,
    Text,
    Whole,
    nested,
    several,
)

FOUNDERS = (*LEADERS, PARTY_ORG)
MOST_SHEETS = 500


class ProjectBody(Schema):
    """What is deliberated and built as one."""

    kind = Named(KINDS, required=True)
    title = PublicWords(100, required=True)
    place_ref = Ref(required=True)
    topic_refs = distinct_refs(most=20, load_default=list)
    campaign_refs = distinct_refs(most=20, load_default=list)


class LinkBody(Schema):
    """What belongs to it too: topics, and grid's visits from door to door."""

    topic_refs = distinct_refs(most=20, load_default=list)
    campaign_refs = distinct_refs(most=20, load_default=list)


class NoteBody(Schema):
    """What is to be noted, in words that anyone may read, and photographs that were uploaded."""

    note = PublicText(500, load_default="")
    photographs = distinct_refs(most=20, load_default=list)


class PauseBody(Schema):
    """Why work stops, in words that anyone may read."""

    cause = Named(CAUSES, required=True)
    reason = PublicWords(500, required=True)


class CompleteBody(Schema):
    """What came of it, in words that anyone may read."""

    note = PublicWords(500, required=True)


class CallOffBody(Schema):
    """Why it goes no further, in words that anyone may read."""

    reason = PublicWords(500, required=True)


class StageLineView(Schema):
    """When a stage began."""

    stage = Named(STAGE_NAMES)
    at = Instant()
    note = Text()
    photographs = Refs()


class PauseView(Schema):
    """When work stopped, and until when."""

    cause = Named(CAUSES)
    reason = Text()
    begun_on = Day()
    until = Day(allow_none=True)


class ProjectView(Schema):
    """A project."""

    id = Ref()
    kind = Named(KINDS)
    state = Named(LIFECYCLE.states)
    title = Text()
    place_ref = Ref()
    place_name = Text()
    topic_refs = Refs()
    campaign_refs = Refs()
    stage = Named(STAGE_NAMES)
    history = several(StageLineView)
    pauses = several(PauseView)
    allowed_actions = Codes()


class ProjectFilter(Paging):
    """Which projects."""

    kind = Code(*KINDS, load_default=None)
    state = Code(*LIFECYCLE.states, load_default=None)
    stage = Code(*STAGE_NAMES, load_default=None)


@api.post(
    "/projects", roles=FOUNDERS, body=ProjectBody, answer=ProjectView, status=201, location="/projects/{id}"
)
def open_project(call: Call) -> Any:
    """启动项目"""
    return call.handle(OpenProject(**call.body))


@api.get("/projects", roles=READERS, query=ProjectFilter, answer=ProjectView)
def projects(call: Call) -> Any:
    """项目列表"""
    return call.ask(queries.projects.projects_in_scope, **call.query)


@api.get("/projects/{id}", roles=READERS, answer=ProjectView)
def project(call: Call) -> Any:
    """一个项目"""
    return call.ask(queries.projects.project, call.path["id"])


@api.post("/projects/{id}/link", roles=FOUNDERS, body=LinkBody, answer=ProjectView)
def link_to_project(call: Call) -> Any:
    """关联议题、入户行动"""
    return call.handle(LinkToProject(call.path["id"], **call.body))


@api.post("/projects/{id}/advance", roles=LEADERS, body=NoteBody, answer=ProjectView)
def advance_project(call: Call) -> Any:
    """进入下一阶段：前提不齐不能进入，答复说明还缺什么"""
    return call.handle(AdvanceProject(call.path["id"], **call.body))


@api.post("/projects/{id}/pause", roles=LEADERS, body=PauseBody, answer=ProjectView)
def pause_project(call: Call) -> Any:
    """登记停工"""
    return call.handle(PauseProject(call.path["id"], **call.body))


@api.post("/projects/{id}/resume", roles=LEADERS, answer=ProjectView)
def resume_project(call: Call) -> Any:
    """登记复工"""
    return call.handle(ResumeProject(call.path["id"]))


@api.post("/projects/{id}/complete", roles=FOUNDERS, body=CompleteBody, answer=ProjectView)
def complete_project(call: Call) -> Any:
    """结项；临时党支部、先锋队、接待点随之结束"""
    return call.handle(CompleteProject(call.path["id"], **call.body))


@api.post("/projects/{id}/call-off", roles=FOUNDERS, body=CallOffBody, answer=ProjectView)
def call_off_project(call: Call) -> Any:
    """终止项目；临时党支部、先锋队、接待点随之结束"""
    return call.handle(CallOffProject(call.path["id"], **call.body))


# ---- opinion sheets 意见表


class SheetBody(Schema):
    """What one household says."""

    household_ref = plain_code(required=True)
    building_ref = Ref(required=True)
    opinion = Named(OPINIONS, required=True)


class SheetsBody(Schema):
    """What many households say; the last word of a household counts."""

    sheets = several(SheetBody, least=1, most=MOST_SHEETS, required=True)


@api.post(
    "/projects/{id}/opinions",
    roles=(*ORGANISERS, PARTY_ORG, GRID_WORKER, CAPTAIN),
    body=SheetsBody,
    answer=ProjectView,
)
def give_opinions(call: Call) -> Any:
    """登记各户意见表，一次最多500户"""
    return call.handle(GiveOpinions(call.path["id"], **call.body))


# ---- how it stands, for anyone


class StageStepView(Schema):
    """A stage that has begun."""

    stage = Code()
    name = Text()
    at = Instant(attribute="line.at")
    note = Text(attribute="line.note")


class IntakesView(Schema):
    """What was said at the reception points, and what became of it."""

    received = Whole()
    open = Whole()
    answered_on_the_spot = Whole()
    suggested = Whole()
    referred = Whole()
    first_line_permille = Whole(allow_none=True)


class ConsensusView(Schema):
    """How many households said what."""

    households = Whole()
    agree = Whole()
    disagree = Whole()
    abstain = Whole()
    unreached = Whole()
    agree_permille = Whole(allow_none=True)


class CoverageView(Schema):
    """How many households were met."""

    households = Whole()
    met = Whole()
    absent = Whole()
    refused = Whole()
    board = Whole()
    met_permille = Whole(allow_none=True)


class BuildingView(Schema):
    """What is known of the households of a building."""

    building_ref = Ref()
    name = Text()
    consensus = nested(ConsensusView)
    coverage = nested(CoverageView)


class ProjectFiguresView(Schema):
    """How a project stands, as anyone may read it: never a name."""

    project_ref = Ref(attribute="project.id")
    title = Text(attribute="project.title")
    place_name = Text(attribute="project.place_name")
    kind = Named(KINDS, attribute="project.kind")
    state = Named(LIFECYCLE.states, attribute="project.state")
    stage = Named(STAGE_NAMES, attribute="project.stage")
    steps = several(StageStepView)
    pauses = several(PauseView)
    days_lost = Whole()
    days_lost_to_conflict = Whole()
    branch_state = Named(BRANCH.states, allow_none=True)
    sides = fields.Dict(allow_none=True)
    intakes = nested(IntakesView)
    consensus = nested(ConsensusView)
    coverage = nested(CoverageView)
    buildings = several(BuildingView)


@api.get("/projects/{id}/figures", roles=None, answer=ProjectFiguresView)
def project_figures(call: Call) -> Any:
    """项目进展：阶段、停工天数、同意率、走访覆盖、一线解决率"""
    today = local_date(call.application.clock.now())
    return call.ask(queries.projects.figures, call.path["id"], today=today)
