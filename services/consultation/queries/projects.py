"""Projects and all that belongs to them: branches, teams, reception points, opinions, visits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Reading

from services.consultation.domain.branch import Branch
from services.consultation.domain.opinion import ABSTAIN, AGREE, DISAGREE, NOBODY, Consensus, Coverage
from services.consultation.domain.project import STAGE_NAMES, Pause, Project, StageLine
from services.consultation.domain.reception import Intake, IntakeTally, ReceptionPoint
from services.consultation.domain.team import Team
from services.consultation.store.opinions import house_visits, opinions
from services.consultation.store.projects import branches
from services.consultation.store.receptions import intake_tally
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import one, one_around, page
from shared.persistence.places import inside_of


def project(session: Reading, actor: Actor, id: str) -> Project:
    """One project. Raises NotFound, Forbidden."""
    return one_around(session, actor, Project, id)


def projects_in_scope(session: Reading, actor: Actor, **filters: Any) -> Page:
    """Projects, oldest first."""
    return page(session, actor, Project, around=True, **filters)


def branch(session: Reading, actor: Actor, id: str) -> Branch:
    """One branch. Raises NotFound, Forbidden."""
    return one(session, actor, Branch, id)


def branches_in_scope(session: Reading, actor: Actor, **filters: Any) -> Page:
    """Branches, oldest first; those that were dissolved too."""
    return page(session, actor, Branch, **filters)


def team(session: Reading, actor: Actor, id: str) -> Team:
    """One team. Raises NotFound, Forbidden."""
    return one(session, actor, Team, id)


def teams_of(session: Reading, actor: Actor, project_id: str, **paging: Any) -> Page:
    """The teams of a project. Raises NotFound, Forbidden."""
    return page(session, actor, Team, project_ref=project(session, actor, project_id).id, **paging)


def reception_point(session: Reading, actor: Actor, id: str) -> ReceptionPoint:
    """One reception point. Raises NotFound, Forbidden."""
    return one_around(session, actor, ReceptionPoint, id)


def reception_points_of(session: Reading, actor: Actor, project_id: str, **paging: Any) -> Page:
    """The reception points of a project: where and when people can come. Raises NotFound."""
    return page(
        session,
        actor,
        ReceptionPoint,
        project_ref=project(session, actor, project_id).id,
        around=True,
        **paging,
    )


def intake(session: Reading, actor: Actor, id: str) -> Intake:
    """One entry of the register. Raises NotFound, Forbidden."""
    return one(session, actor, Intake, id)


def intakes_of(session: Reading, actor: Actor, project_id: str, **filters: Any) -> Page:
    """The register of a project's reception points. Raises NotFound, Forbidden."""
    return page(session, actor, Intake, project_ref=project(session, actor, project_id).id, **filters)


@dataclass(frozen=True)
class InBuilding:
    """What is known of the households of one building."""

    building_ref: str
    name: str
    consensus: Consensus
    coverage: Coverage


@dataclass(frozen=True)
class Step:
    """A stage that has begun."""

    stage: str
    name: str
    line: StageLine


@dataclass(frozen=True)
class ProjectFigures:
    """How a project stands, as anyone may read it: its stages, what was lost, who agrees, who was met, what was solved
    at first hand. `sides` is None where there is no branch."""

    project: Project
    steps: Sequence[Step]
    pauses: Sequence[Pause]
    days_lost: int
    days_lost_to_conflict: int
    sides: Mapping[str, int] | None
    branch_state: str | None
    intakes: IntakeTally
    consensus: Consensus
    coverage: Coverage
    buildings: Sequence[InBuilding]


def figures(session: Reading, actor: Actor, id: str, *, today: date) -> ProjectFigures:
    """Counted now. Raises NotFound."""
    told = project(session, actor, id)
    formed = session.scalars(select(Branch).where(branches.c.project_ref == id)).one_or_none()
    buildings = _buildings(session, told)
    return ProjectFigures(
        project=told,
        steps=[Step(line.stage, STAGE_NAMES[line.stage], line) for line in told.history],
        pauses=told.pauses,
        days_lost=told.days_lost(today),
        days_lost_to_conflict=told.days_lost(today, "conflict"),
        sides=formed.sides if formed else None,
        branch_state=formed.state if formed else None,
        intakes=intake_tally(session, id),
        consensus=sum((each.consensus for each in buildings), NOBODY),
        coverage=_sum([each.coverage for each in buildings]),
        buildings=buildings,
    )


def _buildings(session: Reading, told: Project) -> list[InBuilding]:
    given = _counts(session, opinions.c.opinion, opinions, opinions.c.project_ref == told.id)
    visited = _counts(
        session, house_visits.c.outcome, house_visits, house_visits.c.campaign_ref.in_(told.campaign_refs)
    )
    places = inside_of(session, told.place_path or "", kind="building")
    return [
        InBuilding(
            building_ref=place["place_ref"],
            name=place["name"],
            consensus=Consensus(
                place.get("household_count", 0),
                *(given[place["place_ref"], opinion] for opinion in (AGREE, DISAGREE, ABSTAIN)),
            ),
            coverage=Coverage(
                place.get("household_count", 0),
                *(visited[place["place_ref"], outcome] for outcome in ("met", "absent", "refused", "board")),
            ),
        )
        for place in sorted(places, key=lambda place: place["code"])
    ]


def _counts(session: Reading, what: Any, table: Any, where: Any) -> Counter[tuple[str, str]]:
    query = select(table.c.place_ref, what, func.count()).where(where).group_by(table.c.place_ref, what)
    return Counter({(place, value): count for place, value, count in session.execute(query)})


def _sum(parts: Sequence[Coverage]) -> Coverage:
    return Coverage(
        *(
            sum(getattr(part, name) for part in parts)
            for name in ("households", "met", "absent", "refused", "board")
        )
    )
