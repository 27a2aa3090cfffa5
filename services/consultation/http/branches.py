"""临时党支部、党员先锋队 A project's temporary branch and its pioneer teams."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.consultation import queries
from services.consultation.domain.branch import LIFECYCLE, SIDES
from services.consultation.domain.team import LIFECYCLE as TEAM
from services.consultation.domain.team import MEMBER_KINDS
from services.consultation.http.common import ORGANISERS, api, distinct_refs, plain_code
from services.consultation.http.projects import FOUNDERS
from services.consultation.use_cases.branches import (
    AssignTask,
    ComposeBranch,
    ComposeTeam,
    EstablishBranch,
    FinishTask,
    FormBranch,
    FormTeam,
)
from shared.access.roles import PARTY_ORG, STAFF
from shared.web.api import Call
from shared.web.fields import (
    Code,
    Codes,
    Day,
    Flag,
    Instant,
    Named,
    Paging,
    PublicWords,
    Ref,
    Refs,
    Text,
    several,
)

MOST_MEMBERS = 50


class MemberBody(Schema):
    """A member: by a code, never by name."""

    side = Named(SIDES, required=True)
    ref = plain_code(required=True)
    is_secretary = Flag(load_default=False)


class MembersBody(Schema):
    """All its members."""

    members = several(MemberBody, least=1, most=MOST_MEMBERS, required=True)


class BranchBody(MembersBody):
    """A branch to be."""

    name = PublicWords(100, required=True)


class MemberView(Schema):
    """A member."""

    side = Named(SIDES)
    ref = Code()
    is_secretary = Flag()


class BranchView(Schema):
    """A branch, as staff see it; after its project too."""

    id = Ref()
    project_ref = Ref()
    state = Named(LIFECYCLE.states)
    name = Text()
    members = several(MemberView)
    established_at = Instant(allow_none=True)
    dissolved_at = Instant(allow_none=True)
    allowed_actions = Codes()


class BranchFilter(Paging):
    """Which branches."""

    project_ref = Ref(load_default=None)
    state = Code(*LIFECYCLE.states, load_default=None)


@api.post(
    "/projects/{id}/branch",
    roles=FOUNDERS,
    body=BranchBody,
    answer=BranchView,
    status=201,
    location="/branches/{id}",
)
def form_branch(call: Call) -> Any:
    """筹建临时党支部"""
    return call.handle(FormBranch(call.path["id"], **call.body))


@api.get("/branches", roles=STAFF, query=BranchFilter, answer=BranchView)
def branches(call: Call) -> Any:
    """临时党支部列表，含已撤销的"""
    return call.ask(queries.projects.branches_in_scope, **call.query)


@api.get("/branches/{id}", roles=STAFF, answer=BranchView)
def branch(call: Call) -> Any:
    """一个临时党支部"""
    return call.ask(queries.projects.branch, call.path["id"])


@api.post("/branches/{id}/compose", roles=FOUNDERS, body=MembersBody, answer=BranchView)
def compose_branch(call: Call) -> Any:
    """调整成员"""
    return call.handle(ComposeBranch(call.path["id"], **call.body))


@api.post("/branches/{id}/establish", roles=FOUNDERS, answer=BranchView)
def establish_branch(call: Call) -> Any:
    """成立：四方齐备，街道牵头"""
    return call.handle(EstablishBranch(call.path["id"]))


# ---- teams 党员先锋队


class TeamMemberBody(Schema):
    """A member: by a code, never by name."""

    kind = Named(MEMBER_KINDS, required=True)
    ref = plain_code(required=True)


class TeamMembersBody(Schema):
    """All its members."""

    members = several(TeamMemberBody, least=1, most=MOST_MEMBERS, required=True)


class TeamBody(TeamMembersBody):
    """A team to be."""

    name = PublicWords(100, required=True)


class TaskBody(Schema):
    """What the team takes on."""

    title = PublicWords(100, required=True)
    due_on = Day(required=True)
    building_refs = distinct_refs(load_default=list)


class FinishBody(Schema):
    """What came of it."""

    result = PublicWords(500, required=True)


class TeamMemberView(Schema):
    """A member."""

    kind = Named(MEMBER_KINDS)
    ref = Code()


class TaskView(Schema):
    """What the team has taken on."""

    id = Ref()
    title = Text()
    building_refs = Refs()
    due_on = Day()
    done_at = Instant(allow_none=True)
    result = Text()


class TeamView(Schema):
    """A team, as staff see it."""

    id = Ref()
    project_ref = Ref()
    state = Named(TEAM.states)
    name = Text()
    members = several(TeamMemberView)
    tasks = several(TaskView)
    allowed_actions = Codes()


@api.post(
    "/projects/{id}/teams",
    roles=(*ORGANISERS, PARTY_ORG),
    body=TeamBody,
    answer=TeamView,
    status=201,
    location="/teams/{id}",
)
def form_team(call: Call) -> Any:
    """组建党员先锋队"""
    return call.handle(FormTeam(call.path["id"], **call.body))


@api.get("/projects/{id}/teams", roles=STAFF, query=Paging, answer=TeamView)
def teams(call: Call) -> Any:
    """项目的党员先锋队"""
    return call.ask(queries.projects.teams_of, call.path["id"], **call.query)


@api.get("/teams/{id}", roles=STAFF, answer=TeamView)
def team(call: Call) -> Any:
    """一支党员先锋队"""
    return call.ask(queries.projects.team, call.path["id"])


@api.post("/teams/{id}/compose", roles=(*ORGANISERS, PARTY_ORG), body=TeamMembersBody, answer=TeamView)
def compose_team(call: Call) -> Any:
    """调整队员"""
    return call.handle(ComposeTeam(call.path["id"], **call.body))


@api.post("/teams/{id}/tasks", roles=(*ORGANISERS, PARTY_ORG), body=TaskBody, answer=TeamView)
def assign_task(call: Call) -> Any:
    """交办任务"""
    return call.handle(AssignTask(call.path["id"], **call.body))


@api.post(
    "/teams/{id}/tasks/{task_id}/finish", roles=(*ORGANISERS, PARTY_ORG), body=FinishBody, answer=TeamView
)
def finish_task(call: Call) -> Any:
    """完成任务"""
    return call.handle(FinishTask(call.path["id"], call.path["task_id"], **call.body))
