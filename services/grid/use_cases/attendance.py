"""Say who attends to a case, whatever the choice was."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.case import Case
from services.grid.domain.staff import Staff
from services.grid.use_cases.case_moves import case_for
from services.grid.use_cases.ports import Work
from shared.kernel.command import Command, use_case
from shared.kernel.errors import Unknown


@dataclass(frozen=True)
class AttendCase(Command):
    """指定经办人"""

    case_id: str
    staff_ref: str
    reason: str


@use_case
def attend_case(command: AttendCase, work: Work) -> Case:
    """Somebody of the case's community. Raises NotFound, Forbidden, NotYourPart, NotNow, LedByAParty, NotAtWork,
    AbsentThen, WorksElsewhere, AttendsAlready, Unknown."""
    case = case_for("attend", command.case_id, work)
    around = _community_path(case, work)
    staff = work.attendants.of_ref(command.staff_ref)
    if staff is None or not (staff.works_in(around) or work.actor.covers(staff.place_path)):
        raise Unknown(what=Staff.term, ref=command.staff_ref, field="staff_ref")
    case.attend(
        staff,
        around,
        work.absences.of([staff.id], work.now),
        reason=command.reason,
        now=work.now,
    )
    return case


def _community_path(case: Case, work: Work) -> str:
    """That of the community around the case; of its grid, where it lies in none."""
    grid = work.places.get(case.grid_ref)
    community = work.places.find(grid.community_ref) if grid.community_ref else None
    return (community or grid).place_path
