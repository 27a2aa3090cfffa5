"""Register staff, post them to grids, release and replace them; what is open of theirs follows or is reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.grid.domain.errors.people import (
    StaffNumberTaken,
    SubjectTaken,
)
from services.grid.domain.place import Place
from services.grid.domain.staff import MEMBER, Staff
from services.grid.use_cases import attendants, pairings
from services.grid.use_cases.ports import Work
from shared.kernel.clock import local_date
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class GridRole:
    """A grid, and the role there."""

    grid_ref: str
    role: str = MEMBER


@dataclass(frozen=True)
class RegisterStaff(Command):
    """登记网格力量"""

    staff_no: str
    name: str
    category: str
    grids: Sequence[GridRole]
    subject: str | None = None
    organisation_ref: str | None = None


@use_case
def register_staff(command: RegisterStaff, work: Work) -> Staff:
    """Somebody is at work in one grid or more.

    Raises StaffNumberTaken, SubjectTaken, CaptainsAreAppointed, StaffNeedsGrid, AlreadyPosted, PlaceKindUnfit,
    PlaceEnded, OrganisationEndedAlready, Unknown, OutsideScope.
    """
    grids = _grids(command.grids, work)
    if work.staffs.by_number(command.staff_no) is not None:
        raise StaffNumberTaken(staff_no=command.staff_no, field="staff_no")
    return enlist(command, grids, work)


def enlist(command: RegisterStaff, grids: Sequence[tuple[Place, str]], work: Work) -> Staff:
    """As `register_staff`, where it is known that the number is free; `grids`: those that the command names."""
    _must_be_free(command.subject, work)
    if command.organisation_ref is not None:
        organisation = work.organisations.named(command.organisation_ref, field="organisation_ref")
        organisation.must_be_there(field="organisation_ref")
    staff = Staff(
        staff_no=command.staff_no,
        name=command.name,
        category=command.category,
        grids=grids,
        subject=command.subject,
        organisation_ref=command.organisation_ref,
        today=local_date(work.now),
    )
    work.staffs.add(staff)
    return staff


@dataclass(frozen=True)
class PostStaff(Command):
    """增派网格"""

    id: str
    grid_ref: str
    role: str = MEMBER


@use_case
def post_staff(command: PostStaff, work: Work) -> Staff:
    """One grid more, or another role in one.

    Raises AlreadyPosted, PlaceKindUnfit, PlaceEnded, NotNow, Unknown, OutsideScope."""
    staff = work.staffs.get(command.id)
    grid = work.places.named(command.grid_ref, field="grid_ref")
    staff.post(grid, command.role, today=local_date(work.now))
    return staff


@dataclass(frozen=True)
class ReleaseStaff(Command):
    """撤出网格"""

    id: str
    grid_ref: str


@use_case
def release_staff(command: ReleaseStaff, work: Work) -> Staff:
    """One grid less, never the last; the cases there that they attend to are given to others. Raises LastPosting,
    NotPosted, NotNow."""
    staff = work.staffs.get(command.id, locked=True)
    staff.release(command.grid_ref, today=local_date(work.now))
    attendants.hand_over_in(command.grid_ref, staff, work)
    return staff


@dataclass(frozen=True)
class ResumeDuty(Command):
    """返岗"""

    id: str
    grids: Sequence[GridRole]


@use_case
def resume_duty(command: ResumeDuty, work: Work) -> Staff:
    """Who had left is back, under the same number. Raises StaffNeedsGrid, SubjectTaken, NotNow, and as posting does."""
    staff = work.staffs.get(command.id)
    _must_be_free(staff.subject, work)
    staff.resume(_grids(command.grids, work), today=local_date(work.now))
    return staff


@dataclass(frozen=True)
class Open:
    """Something that a leaver had in hand: what it is, and its id."""

    kind: str
    ref: str


@dataclass(frozen=True)
class Departure:
    """What became of what the leaver had in hand: somebody else has it now, or nobody has."""

    staff: Staff
    successor_ref: str | None
    handed_over: Sequence[Open]
    unassigned: Sequence[Open]


# kind of thing -> what hands over those that are open of the leaver's (successor None: there is none), and says who has
# each now
HAND_OVER: dict[str, Callable[[Staff, Staff | None, Work], Mapping[str, str | None]]] = {
    "pairing": pairings.hand_over,
    "case": attendants.hand_over,
}


@dataclass(frozen=True)
class EndDuty(Command):
    """离岗"""

    id: str


@use_case
def end_duty(command: EndDuty, work: Work) -> Departure:
    """All postings end; cases are dispatched again (chain 12), what nobody has then is reported as unassigned. Raises
    NotNow."""
    staff = work.staffs.get(command.id, locked=True)
    staff.end_duty(today=local_date(work.now))
    return _hand_over(staff, None, work)


@dataclass(frozen=True)
class ReplaceStaff(Command):
    """接替"""

    id: str
    successor_ref: str


@use_case
def replace_staff(command: ReplaceStaff, work: Work) -> Departure:
    """Postings and what is open go over to the successor, in one deed. Raises SuccessorUnfit, NotNow, Unknown."""
    staff = work.staffs.get(command.id, locked=True)
    successor = work.staffs.named(command.successor_ref, field="successor_ref")
    found = [work.places.find(posting.grid_ref) for posting in staff.open_postings]
    there = [grid for grid in found if grid is not None and grid.valid_to is None]
    staff.replace(successor, there, today=local_date(work.now))
    return _hand_over(staff, successor, work)


def _hand_over(leaver: Staff, successor: Staff | None, work: Work) -> Departure:
    has = {
        Open(kind, ref): holder
        for kind, hand_over in HAND_OVER.items()
        for ref, holder in hand_over(leaver, successor, work).items()
    }
    return Departure(
        leaver,
        successor.id if successor else None,
        [what for what, holder in has.items() if holder is not None],
        [what for what, holder in has.items() if holder is None],
    )


def _grids(wanted: Sequence[GridRole], work: Work) -> list[tuple[Place, str]]:
    return [(work.places.named(each.grid_ref, field="grids.grid_ref"), each.role) for each in wanted]


def _must_be_free(subject: str | None, work: Work) -> None:
    if subject and work.staffs.at_work_as(subject) is not None:
        raise SubjectTaken(subject=subject, field="subject")
