"""Projects, and the party's part in them: branches and teams."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, Index, String, select

from services.consultation.domain.branch import Branch, Member
from services.consultation.domain.project import GOES_ON, Pause, Project, StageLine
from services.consultation.domain.team import Task, Team, TeamMember
from services.consultation.store.base import mapper, metadata
from shared.persistence.mapping import aggregate_table, map_aggregate
from shared.persistence.places import Follows
from shared.persistence.repository import Repository
from shared.persistence.types import Id, Instant, Json, kept_list


def _stage_line(plain: dict[str, Any]) -> StageLine:
    return StageLine(**{**plain, "photographs": tuple(plain["photographs"])})


def _pause(plain: dict[str, Any]) -> Pause:
    begun_on, until = date.fromisoformat(plain["begun_on"]), plain["until"]
    return Pause(**{**plain, "begun_on": begun_on, "until": until and date.fromisoformat(until)})


def _task(plain: dict[str, Any]) -> Task:
    refs, due_on = tuple(plain["building_refs"]), date.fromisoformat(plain["due_on"])
    return Task(**{**plain, "building_refs": refs, "due_on": due_on})


projects = aggregate_table(
    "projects",
    metadata,
    Column("kind", String(20), nullable=False),
    Column("title", String(100), nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("place_name", String(100), nullable=False),
    Column("topic_refs", Json, nullable=False),
    Column("campaign_refs", Json, nullable=False),
    Column("stage", String(20), nullable=False),
    Column("history", kept_list(StageLine, _stage_line), nullable=False),
    Column("pauses", kept_list(Pause, _pause), nullable=False),
    Column("state", String(20), nullable=False),
)

map_aggregate(mapper, Project, projects)


branches = aggregate_table(
    "branches",
    metadata,
    Column("project_ref", Id, nullable=False, unique=True),
    Column("place_ref", Id, nullable=False),
    Column("name", String(100), nullable=False),
    Column("members", kept_list(Member), nullable=False),
    Column("established_at", Instant),
    Column("dissolved_at", Instant),
    Column("state", String(20), nullable=False),
)

map_aggregate(mapper, Branch, branches)


teams = aggregate_table(
    "teams",
    metadata,
    Column("project_ref", Id, nullable=False),
    Column("place_ref", Id, nullable=False),
    Column("name", String(100), nullable=False),
    Column("members", kept_list(TeamMember), nullable=False),
    Column("tasks", kept_list(Task, _task), nullable=False),
    Column("state", String(20), nullable=False),
)
Index("ix_teams_project_ref_id", teams.c.project_ref, teams.c.id)

map_aggregate(mapper, Team, teams)


# what belongs to a project follows it, and it follows its place until it is over
_goes_on = projects.c.state.in_(GOES_ON)
GOING_ON = select(projects.c.id).where(_goes_on)
FOLLOWS = [
    Follows(branches, branches.c.project_ref.in_(GOING_ON), at=branches.c.place_ref),
    Follows(teams, teams.c.project_ref.in_(GOING_ON), at=teams.c.place_ref),
    Follows(projects, _goes_on, at=projects.c.place_ref, facts={"place_name": "name"}),
]


class Projects(Repository[Project]):
    """Projects."""

    kind = Project


class Branches(Repository[Branch]):
    """Temporary branches."""

    kind = Branch

    def of_project(self, project_ref: str) -> Branch | None:
        """The branch of a project."""
        return self.session.scalars(select(Branch).where(branches.c.project_ref == project_ref)).one_or_none()


class Teams(Repository[Team]):
    """Pioneer teams."""

    kind = Team

    def of_project(self, project_ref: str) -> Sequence[Team]:
        """The teams of a project."""
        return self.session.scalars(select(Team).where(teams.c.project_ref == project_ref)).all()
