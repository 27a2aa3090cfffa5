"""值班表: put people on duty, say who stands in for whom, take it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.grid.domain.roster import Absence, Period, Shift
from services.grid.domain.staff import Staff
from services.grid.use_cases.ports import Work
from shared.kernel.command import Command, use_case
from shared.kernel.errors import Unknown


@dataclass(frozen=True)
class PutOnDuty(Command):
    """排班"""

    staff_ref: str
    place_ref: str
    begins_at: datetime
    ends_at: datetime


@use_case
def put_on_duty(command: PutOnDuty, work: Work) -> Shift:
    """Raises NotAtWork, ShiftElsewhere, AbsentThen, PeriodBackwards, PeriodTooLong, PeriodOver, PlaceEnded, Unknown,
    OutsideScope."""
    place = work.places.named(command.place_ref, field="place_ref")
    staff = _held(command.staff_ref, "staff_ref", work)
    period = Period(command.begins_at, command.ends_at)
    absences = work.absences.of([staff.id], command.begins_at)
    shift = Shift(staff, place, period, absences, now=work.now)
    work.shifts.add(shift)
    return shift


@dataclass(frozen=True)
class TakeShiftBack(Command):
    """撤销值班"""

    id: str


@use_case
def take_shift_back(command: TakeShiftBack, work: Work) -> Shift:
    """Raises TakenBack, PeriodOver, NotFound, OutsideScope."""
    shift = work.shifts.get(command.id)
    shift.take_back(work.now)
    return shift


@dataclass(frozen=True)
class BeAbsent(Command):
    """登记离岗替班. `substitute_ref` None: nobody stands in."""

    staff_ref: str
    substitute_ref: str | None
    begins_at: datetime
    ends_at: datetime


@use_case
def be_absent(command: BeAbsent, work: Work) -> Absence:
    """Raises NotAtWork, StandsInForOneself, AbsentAlready, AbsentThen, PeriodBackwards, PeriodTooLong, PeriodOver,
    Unknown, OutsideScope."""
    refs = {"staff_ref": command.staff_ref, "substitute_ref": command.substitute_ref}
    # in the order of their ids, so that two who stand in for each other do not wait for each other
    held = {field: _held(ref, field, work) for field, ref in sorted(refs.items(), key=_by_ref) if ref}
    absence = Absence(
        held["staff_ref"],
        held.get("substitute_ref"),
        Period(command.begins_at, command.ends_at),
        work.absences.of([staff.id for staff in held.values()], command.begins_at),
        now=work.now,
    )
    work.absences.add(absence)
    return absence


@dataclass(frozen=True)
class TakeAbsenceBack(Command):
    """撤销离岗替班"""

    id: str


@use_case
def take_absence_back(command: TakeAbsenceBack, work: Work) -> Absence:
    """They are there after all. Raises TakenBack, PeriodOver, NotFound, OutsideScope."""
    absence = work.absences.get(command.id)
    absence.take_back(work.now)
    return absence


def _held(ref: str, field: str, work: Work) -> Staff:
    """Held: they do not leave, or become absent, meanwhile."""
    staff = work.staffs.find(ref, locked=True)
    if staff is None:
        raise Unknown(what=Staff.term, ref=ref, field=field)
    return staff


def _by_ref(named: tuple[str, str | None]) -> str:
    return named[1] or ""
