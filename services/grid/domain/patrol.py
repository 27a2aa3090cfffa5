"""巡查 Patrols and check-ins (人在网中走, domain row 13): that somebody was out in a grid, and at which of its places.

Where a person goes is sensitive (行踪, 个保法 28). So there is no track and there are no coordinates, here or in any
table: a check-in names one of the grid's registered places, is made by the person's own deed, and only while a patrol
is under way. Nothing asks a phone where it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.grid.domain.case import Case
from services.grid.domain.errors.visits import (
    CheckInElsewhere,
    CheckInOutsideTime,
    PatrolOfAnother,
)
from services.grid.domain.place import GRID, Place
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

UNDER_WAY, ENDED = "under_way", "ended"

LIFECYCLE = Lifecycle(
    Term("巡查", "patrol"),
    {UNDER_WAY: "巡查中", ENDED: "已结束"},
    #     action                  from       to
    move("check_in", "签到", UNDER_WAY, UNDER_WAY),
    move("report", "上报问题", UNDER_WAY, UNDER_WAY),
    move("end", "结束巡查", UNDER_WAY, ENDED),
)


@dataclass(frozen=True)
class PatrolBegun(DomainEvent):
    """开始巡查 Somebody is out in a grid. Stays at home, as all of a patrol: where staff go is theirs."""


@dataclass(frozen=True)
class PatrolEnded(DomainEvent):
    """结束巡查"""


@dataclass(frozen=True)
class CheckedIn(DomainEvent):
    """签到 Somebody was at a place."""


@dataclass(frozen=True)
class FindingLinked(DomainEvent):
    """巡查发现 A case was found on a patrol."""


class Patrol(Aggregate):
    """巡查 One person in one grid, from a beginning to an end."""

    term = LIFECYCLE.name
    leads_journey = False

    def __init__(self, grid: Place, *, by: str, now: datetime) -> None:
        """开始巡查 Raises PlaceKindUnfit for another kind of place."""
        grid.must_be(GRID, field="grid_ref")
        self.id = new_id()
        self.grid_ref = grid.id
        self.grid_name = grid.name
        self.place_path = grid.place_path
        self.begun_by = by
        self.begun_at = now
        self.ended_at: datetime | None = None
        self.state = UNDER_WAY
        self.record(PatrolBegun())

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done."""
        return LIFECYCLE.actions(self.state)

    def must_be_of(self, actor: str) -> None:
        """Raises PatrolOfAnother: nobody checks in for somebody else."""
        if self.begun_by != actor:
            raise PatrolOfAnother()

    def check_in(self, id: str, place: Place, *, at: datetime, now: datetime) -> CheckIn:
        """签到 At a place of the grid, at a time within the patrol; it may be told later, also once that has ended.

        Raises CheckInElsewhere with the way out, CheckInOutsideTime.
        """
        self.must_hold(place)
        if not self.begun_at <= at <= (self.ended_at or now):
            raise CheckInOutsideTime(field="occurred_at")
        return CheckIn(id, self, place, at=at, now=now)

    def must_hold(self, place: Place) -> None:
        """Raises CheckInElsewhere for a place outside the grid."""
        if f"/{self.grid_ref}/" not in place.place_path:
            raise CheckInElsewhere(name=place.name, grid=self.grid_name, field="place_ref")

    def link(self, case: Case) -> Finding:
        """巡查发现 The case was found on this patrol. Raises NotNow once that has ended."""
        LIFECYCLE.after("report", self.state)
        return Finding(self, case)

    def end(self, now: datetime) -> None:
        """结束巡查 Raises NotNow where it has ended."""
        self.state = LIFECYCLE.after("end", self.state)
        self.ended_at = now
        self.record(PatrolEnded())


class CheckIn(Aggregate):
    """签到 Under an id that the phone has made, so that it may be sent twice."""

    term = Term("签到", "check-in")
    leads_journey = False

    def __init__(self, id: str, patrol: Patrol, place: Place, *, at: datetime, now: datetime) -> None:
        self.id = id
        self.patrol_ref = patrol.id
        self.place_ref = place.id
        self.place_name = place.name
        self.place_path = place.place_path
        self.occurred_at = at
        self.recorded_at = now
        self.record(CheckedIn())

    def says(self, patrol_ref: str, place_ref: str, at: datetime) -> bool:
        """Whether it is the very same check-in, sent once more."""
        return (self.patrol_ref, self.place_ref, self.occurred_at) == (patrol_ref, place_ref, at)


class Finding(Aggregate):
    """巡查发现 The link from a patrol to a case; its id is the case's."""

    term = Term("巡查发现", "finding")
    leads_journey = False

    def __init__(self, patrol: Patrol, case: Case) -> None:
        self.id = case.id
        self.patrol_ref = patrol.id
        self.number = case.number
        self.place_path = case.place_path
        self.record(FindingLinked())
