"""Go on patrol in a grid, check in at its places, report what was found, end it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.grid.domain.attached import CASE
from services.grid.domain.errors.visits import (
    PatrolUnderWay,
    RecordIdTaken,
)
from services.grid.domain.patrol import CheckIn, Finding, Patrol
from services.grid.use_cases.cases import ReportCase, report_case
from services.grid.use_cases.ports import Work
from shared.attaching import attach_photographs
from shared.kernel.command import Command, use_case

PATROL = "patrol"  # the source of a case


@dataclass(frozen=True)
class BeginPatrol(Command):
    """开始巡查"""

    grid_ref: str


@use_case
def begin_patrol(command: BeginPatrol, work: Work) -> Patrol:
    """The actor is out in a grid. Raises PlaceKindUnfit, PatrolUnderWay, PlaceEnded, Unknown, OutsideScope."""
    grid = work.places.named(command.grid_ref, field="grid_ref")
    grid.must_be_there(field="grid_ref")
    under_way = work.patrols.under_way(work.actor.told)
    if under_way is not None:
        raise PatrolUnderWay(grid=under_way.grid_name, ref=under_way.id)
    patrol = Patrol(grid, by=work.actor.told, now=work.now)
    work.patrols.add(patrol)
    return patrol


@dataclass(frozen=True)
class CheckInAt(Command):
    """巡查签到 `id` is of the phone's making; `occurred_at` None: now."""

    patrol_id: str
    id: str
    place_ref: str
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class CheckInKept:
    """A check-in, and whether this is the first that was heard of it."""

    check_in: CheckIn
    is_new: bool


@use_case
def check_in_at(command: CheckInAt, work: Work) -> CheckInKept:
    """The same check-in sent again changes nothing.

    Raises CheckInElsewhere, CheckInOutsideTime, PatrolOfAnother, RecordIdTaken, Unknown, NotFound, OutsideScope.
    """
    patrol = _own(command.patrol_id, work)
    known = work.check_ins.find(command.id)
    if known is not None:
        at = command.occurred_at or known.occurred_at
        if not known.says(patrol.id, command.place_ref, at):
            raise RecordIdTaken(ref=command.id, field="id")
        return CheckInKept(known, is_new=False)
    place = work.places.named(command.place_ref, field="place_ref")
    check_in = patrol.check_in(command.id, place, at=command.occurred_at or work.now, now=work.now)
    work.check_ins.add(check_in)
    return CheckInKept(check_in, is_new=True)


@dataclass(frozen=True)
class ReportFinding(Command):
    """巡查上报"""

    patrol_id: str
    category: str
    place_ref: str
    text: str
    photographs: list[str] = field(default_factory=list)


@use_case
def report_finding(command: ReportFinding, work: Work) -> Finding:
    """A case of source patrol, linked to it. Raises what reporting a case raises, and CheckInElsewhere,
    PatrolOfAnother, PhotographUnknown, NotNow."""
    patrol = _own(command.patrol_id, work)
    patrol.must_hold(work.places.named(command.place_ref, field="place_ref"))
    case = report_case(ReportCase(command.category, command.place_ref, command.text, PATROL), work)
    attach_photographs(command.photographs, CASE, case.id, work)
    finding = patrol.link(case)
    work.findings.add(finding)
    return finding


@dataclass(frozen=True)
class EndPatrol(Command):
    """结束巡查"""

    patrol_id: str


@use_case
def end_patrol(command: EndPatrol, work: Work) -> Patrol:
    """Raises NotNow, PatrolOfAnother, NotFound, OutsideScope."""
    patrol = _own(command.patrol_id, work)
    patrol.end(work.now)
    return patrol


def _own(id: str, work: Work) -> Patrol:
    patrol = work.patrols.get(id)
    patrol.must_be_of(work.actor.told)
    return patrol
