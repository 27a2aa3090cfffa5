"""What consultation says of projects, and what it hears of visits and of the cases that came of its register."""

from __future__ import annotations

from typing import Any

from services.consultation.domain import branch as branches
from services.consultation.domain import opinion as opinions
from services.consultation.domain import project as projects
from services.consultation.domain import reception as receptions
from services.consultation.domain import team as teams
from services.consultation.events.common import placed
from services.consultation.use_cases.opinions import HearVisit
from services.consultation.use_cases.receptions import HearIntakeCase
from shared.contracts import consultation, grid
from shared.messaging.subscriptions import Received, Subscription, advance, start
from shared.persistence.unit_of_work import Translations, at_home

OURS = "consultation"  # by whose numbers grid knows what was referred to it


def _about(project: projects.Project) -> dict[str, Any]:
    return {
        **placed(project),
        "project_ref": project.id,
        "kind": project.kind,
        "title": project.title,
        "place_name": project.place_name,
        "topic_refs": project.topic_refs,
        "stage": project.stage,
    }


def _project_opened(project: projects.Project, _event: projects.ProjectOpened) -> Any:
    return consultation.ProjectOpened, _about(project)


def _stage_changed(project: projects.Project, event: projects.StageChanged) -> Any:
    names = {"former_stage": event.former, "stage_name": projects.STAGE_NAMES[project.stage]}
    return consultation.ProjectStageChanged, {**_about(project), **names}


def _project_paused(project: projects.Project, event: projects.ProjectPaused) -> Any:
    return consultation.ProjectPaused, {
        **_about(project),
        "cause": event.cause,
        "reason_text": event.reason,
        "paused_on": project.pauses[-1].begun_on,
    }


def _project_resumed(project: projects.Project, event: projects.ProjectResumed) -> Any:
    return consultation.ProjectResumed, {**_about(project), "days_lost": event.days_lost}


def _project_closed(project: projects.Project, event: projects.ProjectClosed) -> Any:
    return consultation.ProjectClosed, {
        **_about(project),
        "outcome": project.state,
        "reason_text": event.reason,
        "days_lost": event.days_lost,
    }


def _about_branch(branch: branches.Branch) -> dict[str, Any]:
    return {
        **placed(branch),
        "branch_ref": branch.id,
        "project_ref": branch.project_ref,
        "name": branch.name,
    }


def _branch_established(branch: branches.Branch, _event: branches.BranchEstablished) -> Any:
    sides = [{"side": side, "count": count} for side, count in branch.sides.items()]
    return consultation.BranchEstablished, {**_about_branch(branch), "sides": sides}


def _branch_dissolved(branch: branches.Branch, _event: branches.BranchDissolved) -> Any:
    return consultation.BranchDissolved, _about_branch(branch)


def _intake_referred(intake: receptions.Intake, _event: receptions.IntakeReferred) -> Any:
    return consultation.IntakeReferred, {
        **placed(intake),
        "intake_ref": intake.id,
        "project_ref": intake.project_ref,
        "asked_text": intake.text,
        "case_category": intake.case_category,
        "proposer_ref": intake.proposer_ref,
    }


SAYS: Translations = {
    projects.ProjectOpened: _project_opened,
    projects.ProjectLinked: at_home,
    projects.StageChanged: _stage_changed,
    projects.ProjectPaused: _project_paused,
    projects.ProjectResumed: _project_resumed,
    projects.ProjectClosed: _project_closed,
    branches.BranchComposed: at_home,
    branches.BranchEstablished: _branch_established,
    branches.BranchDissolved: _branch_dissolved,
    teams.TeamChanged: at_home,
    receptions.PointChanged: at_home,
    receptions.IntakeReceived: at_home,
    receptions.IntakeSuggested: at_home,
    receptions.IntakeReferred: _intake_referred,
    receptions.IntakeAnswered: at_home,
    opinions.OpinionGiven: at_home,
    opinions.VisitHeard: at_home,
}


def on_visit_recorded(event: Received) -> HearVisit | None:
    """Visits for a campaign; others are grid's and notify's own."""
    data = event.data
    if data["campaign_ref"] is None:
        return None
    return HearVisit(
        task_ref=data["task_ref"],
        campaign_ref=data["campaign_ref"],
        place_ref=data["place_ref"],
        place_path=data["place_path"],
        outcome=data["outcome"],
        occurred_at=data["occurred_at"],
    )


def on_case_reported(event: Received) -> list[HearIntakeCase]:
    """A case that came of what was said at a reception point."""
    return [HearIntakeCase(number, event.data["case_ref"]) for number in _numbers(event)]


def on_case_closed(event: Received) -> list[HearIntakeCase]:
    """It has ended, and grid tells who reported it."""
    return [HearIntakeCase(number, event.data["case_ref"], is_closed=True) for number in _numbers(event)]


def _numbers(event: Received) -> list[str]:
    return [ref["number"] for ref in event.data["external_refs"] if ref["system"] == OURS]


HEARS: list[Subscription] = [
    advance(grid.VisitRecorded, on_visit_recorded),
    start(grid.CaseReported, on_case_reported),
    advance(grid.CaseClosedV2, on_case_closed),
]
