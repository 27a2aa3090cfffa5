"""Ask for construction stewards, appoint them, let them expire with the works."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.errors.stewards import StewardAlreadyThere
from services.grid.domain.steward import AskingWorks, Steward, StewardRequest
from services.grid.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class RequestStewards(Command):
    """Works that need stewards have started."""

    works: AskingWorks


@use_case
def request_stewards(command: RequestStewards, work: Work) -> None:
    """Ask the contractor, once per works."""
    if work.steward_requests.for_works(command.works.works_ref) is None:
        work.steward_requests.add(StewardRequest(command.works))


@dataclass(frozen=True)
class AppointSteward(Command):
    """指定施工楼栋管家"""

    request_id: str
    building_ref: str
    person_ref: str
    unit: str


@use_case
def appoint_steward(command: AppointSteward, work: Work) -> Steward:
    """The contractor names a person. Raises StewardNotAsked, StewardAlreadyThere, NotNow, UnknownReference."""
    request = work.steward_requests.get(command.request_id, locked=True)
    work.actor.must_act_for(request.contractor_ref)
    work.copy_of("notify.contact", command.person_ref, field="person_ref")
    if work.stewards.active_in(request.works_ref, command.building_ref) is not None:
        raise StewardAlreadyThere(building_ref=command.building_ref, field="building_ref")
    steward = request.appoint(
        building_ref=command.building_ref,
        building=work.places.find(command.building_ref),
        person_ref=command.person_ref,
        unit=command.unit,
    )
    work.stewards.add(steward)
    return steward


@dataclass(frozen=True)
class ExpireStewards(Command):
    """The works are accepted or cancelled. `works` names no contractor: their end does not say who it was."""

    works: AskingWorks
    reason_code: str


@use_case
def expire_stewards(command: ExpireStewards, work: Work) -> None:
    """All stewards of the works go, and nobody more is asked for or named. Their duty goes back to the captains of
    their buildings, and what waits for an answer with it."""
    request = work.steward_requests.for_works(command.works.works_ref)
    if request is None:
        work.steward_requests.add(StewardRequest(command.works, is_over=True))
        return
    request.end()
    for steward in work.stewards.active_for(command.works.works_ref):
        captains = work.captains.serving_in(steward.building_ref)
        steward.expire(command.reason_code, back_to=captains)
        for entry in work.duties.open_of(steward.id):
            at_its_door = [captain for captain in captains if captain.door_ref == entry.door_ref]
            entry.hand_back(next(iter(at_its_door or captains), None))
