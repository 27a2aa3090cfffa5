"""Ask for visits, one or a whole place's, and keep what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.grid.domain.attached import VISIT
from services.grid.domain.errors.visits import (
    RecordIdTaken,
    VisitNeedsDoor,
)
from services.grid.domain.household import Household
from services.grid.domain.place import DOOR
from services.grid.domain.visit import DELIVERED_WITHIN, DELIVERY, Attempt, Campaign, Occasion, Report, Visit
from services.grid.use_cases.ports import Work
from shared.attaching import attach_photographs
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class RequestVisit(Command):
    """下达入户任务"""

    purpose: str
    household_ref: str | None = None
    door_ref: str | None = None
    due_at: datetime | None = None


@use_case
def request_visit(command: RequestVisit, work: Work) -> Visit:
    """A visit to a household, or to a door.

    Raises VisitNeedsDoor, PlaceKindUnfit, PlaceEnded, Unknown, OutsideScope."""
    if (command.household_ref is None) == (command.door_ref is None):
        raise VisitNeedsDoor(field=["household_ref", "door_ref"])
    household: Household | None = None
    field, door_ref = "door_ref", command.door_ref or ""
    if command.household_ref is not None:
        household = work.households.named(command.household_ref, field="household_ref")
        field, door_ref = "household_ref", household.door_ref
    door = work.places.named(door_ref, field=field)
    door.must_be(DOOR, field=field)
    door.must_be_there(field=field)
    visit = Visit(Occasion(command.purpose, command.due_at), door=door, household=household, now=work.now)
    work.visits.add(visit)
    return visit


@dataclass(frozen=True)
class DeliverByVisit(Command):
    """A message that must reach could not be delivered; `by` when it must."""

    message_ref: str
    door_ref: str
    about_type: str
    about_ref: str
    by: datetime | None


@use_case
def deliver_by_visit(command: DeliverByVisit, work: Work) -> None:
    """Where the digital way ends, a person goes: once per message. Raises Unknown for a door that is not known."""
    if work.visits.for_message(command.message_ref) is not None:
        return
    occasion = Occasion(
        DELIVERY,
        command.by or work.now + DELIVERED_WITHIN,
        message_ref=command.message_ref,
        about_type=command.about_type,
        about_ref=command.about_ref,
    )
    door = work.places.named(command.door_ref, field="door_ref")
    work.visits.add(Visit(occasion, door=door, now=work.now))


@dataclass(frozen=True)
class BeginCampaign(Command):
    """开始入户行动"""

    purpose: str
    title: str
    place_ref: str
    due_at: datetime | None = None


@use_case
def begin_campaign(command: BeginCampaign, work: Work) -> Campaign:
    """A visit to every household of the place, in one deed. Raises PlaceEnded, Unknown, OutsideScope."""
    place = work.places.named(command.place_ref, field="place_ref")
    place.must_be_there(field="place_ref")
    campaign = Campaign(
        purpose=command.purpose, title=command.title, place=place, due_at=command.due_at, now=work.now
    )
    work.campaigns.add(campaign)
    households, doors = work.visits.households_of(place), work.visits.doors_of(place)
    work.visits.add_all(campaign.visits(households, doors, now=work.now))
    return campaign


@dataclass(frozen=True)
class RecordVisit(Command):
    """入户记录"""

    visit_id: str
    report: Report


@dataclass(frozen=True)
class Recorded:
    """An attempt, and whether this is the first that was heard of it."""

    attempt: Attempt
    is_new: bool


@use_case
def record_visit(command: RecordVisit, work: Work) -> Recorded:
    """Somebody was there; the same record sent again changes nothing.

    Raises RecordedAhead, VisitTooEarly, RecordIdTaken, PhotographUnknown, NotFound, OutsideScope.
    """
    visit, report = work.visits.get(command.visit_id, locked=True), command.report
    known = work.attempts.find(report.id)
    if known is not None:
        if not known.says(visit.id, report):
            raise RecordIdTaken(ref=report.id, field="id")
        return Recorded(known, is_new=False)
    attempt = visit.keep(report, recorded_by=work.actor.told, now=work.now)
    attach_photographs(report.photographs, VISIT, visit.id, work)
    work.attempts.add(attempt)
    return Recorded(attempt, is_new=True)


@dataclass(frozen=True)
class AskAgain(Command):
    """再访"""

    visit_id: str
    due_at: datetime | None = None


@use_case
def ask_again(command: AskAgain, work: Work) -> Visit:
    """Somebody is to go once more, where the door is now. Raises NotNow, NotFound, OutsideScope."""
    visit = work.visits.get(command.visit_id, locked=True)
    visit.revisit(due_at=command.due_at, now=work.now)
    work.follow(visit.door_ref)
    return visit
