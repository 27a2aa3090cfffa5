"""A project's temporary party branch, and its pioneer teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.consultation.domain.branch import Branch, Member
from services.consultation.domain.project_errors import BranchExists
from services.consultation.domain.team import Team, TeamMember
from services.consultation.use_cases.ports import Work
from services.consultation.use_cases.projects import building_of
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class FormBranch(Command):
    """筹建临时党支部 `members`: side, ref, is_secretary."""

    project_id: str
    name: str
    members: Sequence[dict[str, Any]]


@use_case
def form_branch(command: FormBranch, work: Work) -> Branch:
    """One project, one branch. Raises NotNow, BranchExists, MemberTwice."""
    project = work.projects.get(command.project_id, locked=True)
    project.must_go_on()
    if work.branches.of_project(project.id) is not None:
        raise BranchExists()
    branch = Branch(project, name=command.name, members=_members(command.members))
    work.branches.add(branch)
    return branch


@dataclass(frozen=True)
class ComposeBranch(Command):
    """调整临时党支部成员"""

    branch_id: str
    members: Sequence[dict[str, Any]]


@use_case
def compose_branch(command: ComposeBranch, work: Work) -> Branch:
    """All members anew. Raises NotNow, MemberTwice, SideMissing, NotLedByStreet."""
    branch = work.branches.get(command.branch_id)
    branch.compose(_members(command.members))
    return branch


@dataclass(frozen=True)
class EstablishBranch(Command):
    """成立临时党支部"""

    branch_id: str


@use_case
def establish_branch(command: EstablishBranch, work: Work) -> Branch:
    """All four sides are there, and the street leads. Raises NotNow, SideMissing, NotLedByStreet."""
    branch = work.branches.get(command.branch_id)
    branch.establish(now=work.now)
    return branch


@dataclass(frozen=True)
class FormTeam(Command):
    """组建党员先锋队 `members`: kind, ref."""

    project_id: str
    name: str
    members: Sequence[dict[str, str]]


@use_case
def form_team(command: FormTeam, work: Work) -> Team:
    """A team of the project. Raises NotNow, MemberTwice."""
    project = work.projects.get(command.project_id)
    project.must_go_on()
    team = Team(project, name=command.name, members=[TeamMember(**one) for one in command.members])
    work.teams.add(team)
    return team


@dataclass(frozen=True)
class ComposeTeam(Command):
    """调整队员"""

    team_id: str
    members: Sequence[dict[str, str]]


@use_case
def compose_team(command: ComposeTeam, work: Work) -> Team:
    """All members anew. Raises NotNow, MemberTwice."""
    team = work.teams.get(command.team_id)
    team.compose([TeamMember(**one) for one in command.members])
    return team


@dataclass(frozen=True)
class AssignTask(Command):
    """交办任务"""

    team_id: str
    title: str
    due_on: date
    building_refs: list[str]


@use_case
def assign_task(command: AssignTask, work: Work) -> Team:
    """The team takes something on. Raises NotNow, UnknownReference, OutsideProject."""
    team = work.teams.get(command.team_id)
    project = work.projects.get(team.project_ref)
    for ref in command.building_refs:
        building_of(project, ref, field="building_refs", work=work)
    team.assign(title=command.title, building_refs=command.building_refs, due_on=command.due_on)
    return team


@dataclass(frozen=True)
class FinishTask(Command):
    """完成任务"""

    team_id: str
    task_ref: str
    result: str


@use_case
def finish_task(command: FinishTask, work: Work) -> Team:
    """It is done, and what came of it. Raises NotNow, TaskUnknown."""
    team = work.teams.get(command.team_id)
    team.finish(command.task_ref, result=command.result, now=work.now)
    return team


def _members(given: Sequence[dict[str, Any]]) -> list[Member]:
    return [Member(**one) for one in given]
