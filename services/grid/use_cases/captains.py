"""Propose, appoint and retire captains; write down what becomes of them (选育用激宣)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.grid.domain.captain import MOVED, PERSON_ERASED, Captain
from services.grid.domain.captain_record import SELECTION, CaptainRecord, PointsEntry
from services.grid.domain.errors.captains import CaptainAlreadyThere
from services.grid.domain.place import Place
from services.grid.use_cases.ports import Work
from shared.kernel.clock import local_date
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class ProposeCaptain(Command):
    """推选 How the person was chosen, and when."""

    door_ref: str
    person_ref: str
    origin: str
    chosen_how: str
    chosen_on: date


@use_case
def propose_captain(command: ProposeCaptain, work: Work) -> Captain:
    """A candidate, and the record of the selection. No news of the person comes in between, such as that it has moved:
    it will find the candidate.

    Raises CaptainAlreadyThere, PlaceKindUnfit, CaptainLivesElsewhere, PlaceEnded, RecordedAhead, UnknownReference,
    EndedReference, OutsideScope.
    """
    door = work.places.named(command.door_ref, field="door_ref")
    if work.captains.at(door.id, command.person_ref) is not None:
        raise CaptainAlreadyThere(name=door.name, field="person_ref")
    return nominate(command, door, work)


def nominate(command: ProposeCaptain, door: Place, work: Work) -> Captain:
    """As `propose_captain`, where it is known that the person is neither there nor a candidate."""
    contact = work.copy_of("notify.contact", command.person_ref, field="person_ref", locked=True)
    captain = Captain(
        door, person_ref=command.person_ref, origin=command.origin, home_path=contact["place_path"]
    )
    work.captains.add(captain)
    _write_down(captain, SELECTION, command.chosen_how, command.chosen_on, work, field="chosen_on")
    return captain


@dataclass(frozen=True)
class AppointCaptain(Command):
    """聘任"""

    captain_id: str


@use_case
def appoint_captain(command: AppointCaptain, work: Work) -> Captain:
    """The candidate serves. Raises DoorFull, NotNow, PlaceEnded; two who appoint at once follow each other."""
    captain = work.captains.get(command.captain_id)
    work.places.get(captain.door_ref).must_be_there(field="door_ref")
    captain.appoint(work.posts.get(captain.door_ref, locked=True), local_date(work.now))
    return captain


@dataclass(frozen=True)
class RetireCaptain(Command):
    """卸任"""

    captain_id: str
    reason_code: str


@use_case
def retire_captain(command: RetireCaptain, work: Work) -> Captain:
    """The captain serves no more, or the candidate will not. Raises NotNow."""
    captain = work.captains.get(command.captain_id)
    post = work.posts.get(captain.door_ref, locked=True)
    captain.retire(post, command.reason_code, local_date(work.now))
    return captain


@dataclass(frozen=True)
class FollowPerson(Command):
    """A person lives at this place."""

    person_ref: str
    home_path: str


@use_case
def follow_person(command: FollowPerson, work: Work) -> None:
    """Who has left the building of the door is its captain no more."""
    for captain in work.captains.of_person(command.person_ref):
        if captain.has_left(command.home_path):
            _let_go(captain, MOVED, work)


@dataclass(frozen=True)
class ForgetPerson(Command):
    """Nobody knows any more who the person is."""

    person_ref: str


@use_case
def forget_person(command: ForgetPerson, work: Work) -> None:
    """Whom nobody knows is no captain."""
    for captain in work.captains.of_person(command.person_ref):
        _let_go(captain, PERSON_ERASED, work)


def _let_go(captain: Captain, reason_code: str, work: Work) -> None:
    post = work.posts.get(captain.door_ref, locked=True)
    captain.depart(post, reason_code, local_date(work.now))


@dataclass(frozen=True)
class RecordCaptain(Command):
    """记录 One thing of one stage."""

    captain_id: str
    stage: str
    text: str
    happened_on: date


@use_case
def record_captain(command: RecordCaptain, work: Work) -> CaptainRecord:
    """Raises CaptainHasRetired, RecordedAhead."""
    captain = work.captains.get(command.captain_id)
    return _write_down(captain, command.stage, command.text, command.happened_on, work, field="happened_on")


def _write_down(
    captain: Captain, stage: str, text: str, happened_on: date, work: Work, *, field: str
) -> CaptainRecord:
    record = CaptainRecord(
        captain,
        stage=stage,
        text=text,
        happened_on=happened_on,
        recorded_by=work.actor.told,
        now=work.now,
        field=field,
    )
    work.captain_records.add(record)
    return record


@dataclass(frozen=True)
class EnterPoints(Command):
    """记分 More or, below zero, fewer."""

    captain_id: str
    points: int
    reason: str


@use_case
def enter_points(command: EnterPoints, work: Work) -> PointsEntry:
    """A line of the ledger. Raises CaptainHasRetired, and PointsOverdrawn; two who spend at once follow each other."""
    captain = work.captains.get(command.captain_id, locked=True)
    entry = PointsEntry(
        captain,
        points=command.points,
        reason=command.reason,
        balance=work.points.balance(captain.id),
        recorded_by=work.actor.told,
        now=work.now,
    )
    work.points.add(entry)
    return entry
