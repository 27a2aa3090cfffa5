"""Open projects, lead them from stage to stage, and end them with all that belongs to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.consultation.domain.attached import PROJECT
from services.consultation.domain.project import Progress, Project
from services.consultation.domain.survey import CALLED_OFF, DESIGN, ENTRY, FED_BACK, Survey
from services.consultation.domain.topic import DECLINED, DELIVERING, LANDED, MERGED, REFERRED, Site, Topic
from services.consultation.use_cases.ports import Work
from shared.attaching import attach_photographs
from shared.kernel.command import Command, use_case

BUILDING = "building"  # a kind of grid's places
GONE = (DECLINED, REFERRED, MERGED)


@dataclass(frozen=True)
class OpenProject(Command):
    """立项 A key project or a 新芽项目."""

    kind: str
    title: str
    place_ref: str
    topic_refs: list[str] = field(default_factory=list)
    campaign_refs: list[str] = field(default_factory=list)


@use_case
def open_project(command: OpenProject, work: Work) -> Project:
    """A project begins with its first stage. Raises UnknownReference, Unknown, OutsideProject, Forbidden."""
    place = work.copy_of("grid.place", command.place_ref, field="place_ref")
    project = Project(
        kind=command.kind,
        title=command.title,
        site=Site.of(place),
        topic_refs=command.topic_refs,
        campaign_refs=command.campaign_refs,
        now=work.now,
    )
    _must_hold_topics(project, command.topic_refs, work)
    work.projects.add(project)
    return project


@dataclass(frozen=True)
class LinkToProject(Command):
    """关联议题、入户行动"""

    project_id: str
    topic_refs: list[str] = field(default_factory=list)
    campaign_refs: list[str] = field(default_factory=list)


@use_case
def link_to_project(command: LinkToProject, work: Work) -> Project:
    """More belongs to it. Raises NotNow, Unknown, OutsideProject, TopicTwice, TopicsTooMany."""
    project = work.projects.get(command.project_id)
    _must_hold_topics(project, command.topic_refs, work)
    project.link(command.topic_refs, command.campaign_refs)
    return project


@dataclass(frozen=True)
class AdvanceProject(Command):
    """进入下一阶段"""

    project_id: str
    note: str
    photographs: list[str] = field(default_factory=list)


@use_case
def advance_project(command: AdvanceProject, work: Work) -> Project:
    """Where all that the next stage stands on is there. Raises NotNow, GateShut, PhotographUnknown."""
    project = work.projects.get(command.project_id)
    progress = progress_of(project, work)
    project.advance(progress, note=command.note, photographs=command.photographs, now=work.now)
    attach_photographs(command.photographs, PROJECT, project.id, work)
    return project


@dataclass(frozen=True)
class PauseProject(Command):
    """停工"""

    project_id: str
    cause: str
    reason: str


@use_case
def pause_project(command: PauseProject, work: Work) -> Project:
    """Its days are lost until it goes on. Raises NotNow."""
    project = work.projects.get(command.project_id)
    project.pause(cause=command.cause, reason=command.reason, now=work.now)
    return project


@dataclass(frozen=True)
class ResumeProject(Command):
    """复工"""

    project_id: str


@use_case
def resume_project(command: ResumeProject, work: Work) -> Project:
    """Work goes on. Raises NotNow."""
    project = work.projects.get(command.project_id)
    project.resume(now=work.now)
    return project


@dataclass(frozen=True)
class CompleteProject(Command):
    """结项"""

    project_id: str
    note: str


@use_case
def complete_project(command: CompleteProject, work: Work) -> Project:
    """All stages are done; its branch, its teams and its reception points end with it. Raises NotNow, StagesLeft."""
    project = work.projects.get(command.project_id)
    project.complete(note=command.note, now=work.now)
    _end_all_of(project, work)
    return project


@dataclass(frozen=True)
class CallOffProject(Command):
    """终止项目"""

    project_id: str
    reason: str


@use_case
def call_off_project(command: CallOffProject, work: Work) -> Project:
    """It goes no further; its branch, its teams and its reception points end with it. Raises NotNow."""
    project = work.projects.get(command.project_id)
    project.call_off(reason=command.reason, now=work.now)
    _end_all_of(project, work)
    return project


def progress_of(project: Project, work: Work) -> Progress:
    """How far what belongs to it has come."""
    topics = [topic for ref in project.topic_refs if (topic := work.topics.get(ref)).state not in GONE]
    surveys = [survey for ref in project.topic_refs for survey in work.surveys.of_topic(ref)]
    plans = [work.plans.of_topic(topic.id) for topic in topics]
    branch = work.branches.of_project(project.id)
    return Progress(
        design_is_fed_back=_is_fed_back(surveys, DESIGN),
        is_reviewed=bool(plans) and all(plan and plan.passed_version is not None for plan in plans),
        is_resolved=_all(topics, lambda topic: topic.state in (DELIVERING, LANDED)),
        has_branch=branch is not None and branch.is_established,
        entry_is_fed_back=_is_fed_back(surveys, ENTRY),
        has_works=_all(topics, lambda topic: topic.works_ref is not None),
        works_are_accepted=_all(topics, lambda topic: topic.works_accepted),
        has_landed=_all(topics, lambda topic: topic.state == LANDED),
    )


def building_of(project: Project, ref: str, *, field: str, work: Work) -> Mapping[str, Any]:
    """A building of the project, as grid tells it. Raises UnknownReference, OutsideProject."""
    place = work.copy_of("grid.place", ref, field=field)
    project.must_hold(ref, place["path"] if place["kind"] == BUILDING else None, field=field)
    return place


def _all(topics: Sequence[Topic], is_so: Callable[[Topic], bool]) -> bool:
    return bool(topics) and all(is_so(topic) for topic in topics)


def _is_fed_back(surveys: Sequence[Survey], stage: str) -> bool:
    asked = [survey for survey in surveys if survey.stage == stage and survey.state != CALLED_OFF]
    return bool(asked) and all(survey.state == FED_BACK for survey in asked)


def _must_hold_topics(project: Project, refs: Sequence[str], work: Work) -> None:
    for ref in refs:
        project.must_hold(ref, work.topics.named(ref, field="topic_refs").place_path, field="topic_refs")


def _end_all_of(project: Project, work: Work) -> None:
    branch = work.branches.of_project(project.id)
    if branch is not None:
        branch.dissolve(now=work.now)
    for point in work.reception_points.of_project(project.id):
        point.end()
    for team in work.teams.of_project(project.id):
        team.disband()
