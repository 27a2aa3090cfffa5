"""Opinion sheets of households, and what grid tells of visits to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.consultation.domain.opinion import HouseVisit, OpinionSheet
from services.consultation.domain.project import Project
from services.consultation.domain.project_errors import SheetsTooMany
from services.consultation.use_cases.ports import Work
from services.consultation.use_cases.projects import building_of
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class GiveOpinions(Command):
    """收集意见表 `sheets`: household_ref, building_ref, opinion. The last word of a household counts."""

    project_id: str
    sheets: Sequence[dict[str, str]]


@use_case
def give_opinions(command: GiveOpinions, work: Work) -> Project:
    """All of them, or none. Raises NotNow, UnknownReference, OutsideProject, HouseholdElsewhere, SheetsTooMany,
    Forbidden."""
    project = work.projects.reached(command.project_id, locked=True)
    project.must_go_on()
    buildings = {
        ref: building_of(project, ref, field="sheets.building_ref", work=work)
        for ref in dict.fromkeys(sheet["building_ref"] for sheet in command.sheets)
    }
    for building in buildings.values():
        work.actor.must_reach(building["path"])
    known = work.opinions.of_households(project.id, [sheet["household_ref"] for sheet in command.sheets])
    for given in command.sheets:
        building = buildings[given["building_ref"]]
        sheet = known.get(given["household_ref"])
        if sheet is None:
            sheet = OpinionSheet(
                project,
                household_ref=given["household_ref"],
                building_ref=building["place_ref"],
                place_path=building["path"],
            )
            work.opinions.add_around(sheet)
            known[sheet.household_ref] = sheet
        sheet.must_be_in(building["place_ref"])
        sheet.give(given["opinion"], by=work.actor.id, now=work.now)
    for ref, building in buildings.items():
        households = building.get("household_count", 0)
        if households and work.opinions.count(project.id, ref) > households:
            raise SheetsTooMany(building=building["name"], households=households, field="sheets")
    return project


@dataclass(frozen=True)
class HearVisit(Command):
    """入户结果 Of a visit that grid made for a campaign."""

    task_ref: str
    campaign_ref: str
    place_ref: str
    place_path: str
    outcome: str
    occurred_at: datetime


@use_case
def hear_visit(command: HearVisit, work: Work) -> None:
    """The last outcome counts, in whatever order it is heard."""
    visit = work.house_visits.of_task(command.task_ref)
    if visit is None:
        visit = HouseVisit(
            task_ref=command.task_ref,
            campaign_ref=command.campaign_ref,
            place_ref=command.place_ref,
            place_path=command.place_path,
        )
        work.house_visits.add(visit)
    visit.hear(command.outcome, occurred_at=command.occurred_at)
