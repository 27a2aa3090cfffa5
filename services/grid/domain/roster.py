"""值班表 Who is on duty at a place outside the hours in which everybody is, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from services.grid.domain.errors.attendance import NotAtWork
from services.grid.domain.errors.roster import (
    AbsentAlready,
    AbsentThen,
    PeriodBackwards,
    PeriodOver,
    PeriodTooLong,
    ShiftElsewhere,
    StandsInForOneself,
    TakenBack,
)
from services.grid.domain.place import Place
from services.grid.domain.staff import ON_DUTY, Staff
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.clock import local
from shared.kernel.errors import Term
from shared.kernel.ids import new_id

LONGEST_SHIFT = timedelta(days=2)
LONGEST_ABSENCE = timedelta(days=370)


@dataclass(frozen=True)
class RosterChanged(DomainEvent):
    """A shift or an absence was entered or taken back. Stays at home: when somebody works is theirs."""


@dataclass(frozen=True)
class Period:
    """时段 From a moment until another, which is not in it any more.

    >>> day = datetime(2024, 5, 27)
    >>> Period(day, day + timedelta(hours=2)).meets(Period(day + timedelta(hours=2), day + timedelta(hours=3)))
    False
    """

    begins_at: datetime
    ends_at: datetime

    def must_be_ahead(self, now: datetime, *, longest: timedelta) -> None:
        """Raises PeriodBackwards, PeriodTooLong, PeriodOver."""
        self.must_be_at_most(longest)
        if self.ends_at <= now:
            raise PeriodOver(field="ends_at")

    def must_be_at_most(self, longest: timedelta) -> None:
        """Raises PeriodBackwards, PeriodTooLong."""
        if self.ends_at <= self.begins_at:
            raise PeriodBackwards(field="ends_at")
        if self.ends_at - self.begins_at > longest:
            raise PeriodTooLong(days=longest.days, field="ends_at")

    def meets(self, other: Period) -> bool:
        """Whether some moment is in both."""
        return self.begins_at < other.ends_at and other.begins_at < self.ends_at

    @property
    def name(self) -> str:
        """As people read it: 05-27 18:00 至 05-28 08:00."""
        return f"{local(self.begins_at):%m-%d %H:%M} 至 {local(self.ends_at):%m-%d %H:%M}"


class _Entry(Aggregate):
    """One line of the roster, until it is taken back."""

    leads_journey = False

    staff_ref: str
    begins_at: datetime
    ends_at: datetime
    taken_back_at: datetime | None

    @property
    def period(self) -> Period:
        """When."""
        return Period(self.begins_at, self.ends_at)

    def take_back(self, now: datetime) -> None:
        """撤销 Raises TakenBack, PeriodOver."""
        if self.taken_back_at is not None:
            raise TakenBack()
        if self.ends_at <= now:
            raise PeriodOver()
        self.taken_back_at = now
        self.record(RosterChanged())

    def _hold(self, period: Period) -> None:
        self.id = new_id()
        self.begins_at, self.ends_at = period.begins_at, period.ends_at
        self.taken_back_at = None
        self.record(RosterChanged())


class Shift(_Entry):
    """值班 Somebody is on duty for a place."""

    term = Term("值班", "shift")

    def __init__(
        self, staff: Staff, place: Place, period: Period, absences: Iterable[Absence], *, now: datetime
    ) -> None:
        """排班 `absences`: theirs. Raises NotAtWork, ShiftElsewhere, AbsentThen, PeriodBackwards, PeriodTooLong,
        PeriodOver, PlaceEnded."""
        period.must_be_ahead(now, longest=LONGEST_SHIFT)
        place.must_be_there(field="place_ref")
        must_be_at_work(staff, field="staff_ref")
        if not staff.works_in(place.place_path):
            raise ShiftElsewhere(name=staff.name, place=place.name, field="staff_ref")
        must_be_there_in(period, absences, staff, field="staff_ref")
        self.staff_ref = staff.id
        self.place_ref = place.id
        self.place_name = place.name
        self.place_path = place.place_path
        self._hold(period)


class Absence(_Entry):
    """离岗替班 Somebody is not there, and who stands in for them meanwhile (None: nobody). Why is written nowhere."""

    term = Term("替班", "absence")

    def __init__(
        self,
        staff: Staff,
        substitute: Staff | None,
        period: Period,
        absences: Sequence[Absence],
        *,
        now: datetime,
    ) -> None:
        """登记 `absences`: those of both. Raises NotAtWork, StandsInForOneself, AbsentAlready, AbsentThen,
        PeriodBackwards, PeriodTooLong, PeriodOver."""
        period.must_be_ahead(now, longest=LONGEST_ABSENCE)
        must_be_at_work(staff, field="staff_ref")
        if any(each.staff_ref == staff.id and each.period.meets(period) for each in absences):
            raise AbsentAlready(name=staff.name, field="begins_at")
        if substitute is not None:
            if substitute.id == staff.id:
                raise StandsInForOneself(field="substitute_ref")
            must_be_at_work(substitute, field="substitute_ref")
            theirs = [each for each in absences if each.staff_ref == substitute.id]
            must_be_there_in(period, theirs, substitute, field="substitute_ref")
        self.staff_ref = staff.id
        self.substitute_ref = substitute.id if substitute else None
        self.place_path = staff.place_path
        self._hold(period)


def must_be_at_work(staff: Staff, *, field: str) -> None:
    """Raises NotAtWork, naming the input `field`."""
    if staff.state != ON_DUTY:
        raise NotAtWork(name=staff.name, field=field)


def must_be_there_in(period: Period, absences: Iterable[Absence], staff: Staff, *, field: str) -> None:
    """Raises AbsentThen, naming the input `field`, where one of their absences meets the period."""
    for absence in absences:
        if absence.period.meets(period):
            raise AbsentThen(name=staff.name, period=absence.period.name, field=field)


@dataclass(frozen=True)
class Stretch:
    """A part of a period in which as many are on duty: nobody (空班), one, or several (重叠)."""

    begins_at: datetime
    ends_at: datetime
    shifts: tuple[Shift, ...]

    @property
    def staff_refs(self) -> list[str]:
        """Who is."""
        return [shift.staff_ref for shift in self.shifts]

    @property
    def remark(self) -> str:
        """What is to be said of it; nothing where one is on duty."""
        period = Period(self.begins_at, self.ends_at).name
        if not self.shifts:
            return f"{period} 无人值班"
        return f"{period} 有 {len(self.shifts)} 人同时值班" if len(self.shifts) > 1 else ""


def stretches(period: Period, shifts: Sequence[Shift]) -> Iterator[Stretch]:
    """The period, cut wherever somebody comes or goes."""
    there = [shift for shift in shifts if shift.period.meets(period)]
    moments = {period.begins_at, period.ends_at}
    for shift in there:
        moments |= {max(shift.begins_at, period.begins_at), min(shift.ends_at, period.ends_at)}
    for begins_at, ends_at in pairwise(sorted(moments)):
        part = Period(begins_at, ends_at)
        yield Stretch(begins_at, ends_at, tuple(each for each in there if each.period.meets(part)))
