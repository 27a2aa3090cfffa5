"""计时 The clock of a case: a limit that has begun, what was added to it, and when it stood still."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.grid.domain.errors.clocks import ClockRuns, ClockStands, OverdueAlready
from services.grid.domain.limit import Limit
from shared.kernel.clock import local_date
from shared.kernel.working_time import WorkingCalendar

# 暂停事由: the only reasons for which a clock may stand still (our own list, to be confirmed by the street)
PAUSE_REASONS = {
    "reporter_unreachable": "反映人要求延后或无法入户",
    "weather": "恶劣天气无法施工",
    "legal_procedure": "进入法定程序",
    "owners_decision": "等待业主共同决定",
}
WARNED_AT = 4, 5  # the warning comes when four fifths of the time are over: domain.md 4, 临期
Pause = tuple[datetime, datetime]


@dataclass(frozen=True)
class Countdown:
    """计时 One running clock. When time is over follows from it and the calendar alone, so that it can be counted anew
    when a calendar has learned a year; unless another system has said `until` when."""

    started_at: datetime
    limit: Limit
    pauses: tuple[Pause, ...] = ()
    paused_at: datetime | None = None
    until: datetime | None = None

    @property
    def is_set_from_outside(self) -> bool:
        """Whether another system, the hotline, has said when time is over: no pause and no calendar moves that."""
        return self.until is not None

    def due_at(self, calendar: WorkingCalendar) -> datetime:
        """When time is over; while it stands still, when it would be."""
        if self.until is not None:
            return self.until
        due_at = self.limit.due_at(self.started_at, calendar)
        for paused_at, resumed_at in self.pauses:
            due_at = self.limit.given_back(due_at, paused_at, resumed_at, calendar)
        return due_at

    def warned_at(self, calendar: WorkingCalendar) -> datetime:
        """When one fifth of the time is left, in working time where the limit is."""
        due_at = self.due_at(calendar)
        begun_at = max([self.started_at, *(resumed_at for _, resumed_at in self.pauses)])
        part, whole = WARNED_AT
        if self.limit.is_working_time and self.until is None:
            return calendar.moment_after(begun_at, calendar.worked_between(begun_at, due_at) * part / whole)
        return begun_at + (due_at - begun_at) * part / whole

    def is_provisional(self, calendar: WorkingCalendar) -> bool:
        """Whether it was counted through a year of which the calendar only assumes what is worked."""
        if not self.limit.is_working_time or self.until is not None:
            return False
        return not calendar.knows(local_date(self.started_at), local_date(self.due_at(calendar)))

    def paused(self, now: datetime, calendar: WorkingCalendar) -> Countdown:
        """暂停. Raises ClockStands, OverdueAlready."""
        if self.paused_at is not None:
            raise ClockStands()
        if now >= self.due_at(calendar):
            raise OverdueAlready()
        return replace(self, paused_at=now)

    def resumed(self, now: datetime) -> Countdown:
        """恢复. Raises ClockRuns."""
        if self.paused_at is None:
            raise ClockRuns()
        return replace(self, pauses=(*self.pauses, (self.paused_at, now)), paused_at=None)

    def extended(self, amount: int) -> Countdown:
        """延期 With that much more, in the limit's own unit."""
        return replace(self, limit=self.limit.more(amount))


def step_of_escalation(limit: Limit) -> timedelta:
    """How long one level has the overdue matter before the next one does: the limit again, but a day at most."""
    return timedelta(hours=min(limit.hours or 24, 24))
