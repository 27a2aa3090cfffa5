"""时限 How much time a matter has, and when that time is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.kernel.clock import local_date
from shared.kernel.working_time import WorkingCalendar

HOURS, DAYS, WORKING_HOURS, WORKING_DAYS = "hours", "days", "working_hours", "working_days"
UNITS = {HOURS: "小时", DAYS: "天", WORKING_HOURS: "工作时", WORKING_DAYS: "工作日"}
WORKING = (WORKING_HOURS, WORKING_DAYS)


@dataclass(frozen=True)
class Limit:
    """时限 So many hours or days, natural ones or working ones.

    Natural time runs through nights and holidays, to the minute. Working hours run while work is done. Working days are
    counted from the day after (民法典 201) and end when work ends on the last one (民法典 203).
    """

    amount: int
    unit: str

    def due_at(self, start: datetime, calendar: WorkingCalendar) -> datetime:
        """When time is over, if it begins at `start`."""
        return _moved(start, self.amount, self.unit, calendar)

    def more(self, amount: int) -> Limit:
        """The limit with that much more of its own unit."""
        return Limit(self.amount + amount, self.unit)

    def given_back(
        self, due_at: datetime, paused_at: datetime, resumed_at: datetime, calendar: WorkingCalendar
    ) -> datetime:
        """When time is over after a pause: it takes back what the pause took, in the limit's own unit.

        A limit that was over when the pause began stays over.
        """
        if paused_at >= due_at:
            return due_at
        if self.unit == WORKING_HOURS:
            return calendar.moment_after(due_at, calendar.worked_between(paused_at, resumed_at))
        if self.unit == WORKING_DAYS:
            days = calendar.days_between(local_date(paused_at), local_date(resumed_at))
            return due_at if days == 0 else calendar.end_of(calendar.day_after(local_date(due_at), days))
        return due_at + (resumed_at - paused_at)

    @property
    def is_working_time(self) -> bool:
        """Whether the calendar decides when it is over."""
        return self.unit in WORKING

    @property
    def hours(self) -> int | None:
        """In natural hours, as other systems count; None where the calendar decides."""
        if self.is_working_time:
            return None
        return self.amount * (24 if self.unit == DAYS else 1)

    @property
    def unit_name(self) -> str:
        """Its unit, as people read it."""
        return UNITS[self.unit]

    @property
    def name(self) -> str:
        """As people read it: 24小时, 20工作日."""
        return f"{self.amount}{self.unit_name}"


def _moved(start: datetime, amount: int, unit: str, calendar: WorkingCalendar) -> datetime:
    if unit == WORKING_HOURS:
        return calendar.moment_after(start, timedelta(hours=amount))
    if unit == WORKING_DAYS:
        return calendar.end_of(calendar.day_after(local_date(start), amount))
    return start + timedelta(**{unit: amount})


@dataclass(frozen=True)
class Phase:
    """阶段 A part of the handling with a limit of its own, such as 围挡 before 修复."""

    name: str
    limit: Limit
