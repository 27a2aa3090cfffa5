"""工作日历 Which days are worked, in which hours, and how far a stretch of working time reaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from shared.kernel.clock import BEIJING, local_date

SATURDAY = 5
DAY = timedelta(days=1)
# the holidays that fall on the same days each year (全国年节及纪念日放假办法 2): all that is known of a year whose
# arrangement the State Council has not published yet
FIXED = frozenset({(1, 1), (5, 1), (5, 2), (5, 3), (10, 1), (10, 2), (10, 3)})
Span = tuple[time, time]


@dataclass(frozen=True)
class WorkingCalendar:
    """The days that are worked, 调休 included, and the hours of such a day, both as Beijing counts them.

    `free` are Mondays to Fridays on which nobody works, `worked` Saturdays and Sundays on which everybody does. Both
    are known of `years`; of other years only the weekends and the fixed holidays are, so what is counted through one is
    provisional. `hours`: the spans of a working day, in order.

    >>> calendar = WorkingCalendar(frozenset(), frozenset(), frozenset({2024}), ((time(9), time(17)),))
    >>> calendar.day_after(date(2024, 5, 31), 1)
    datetime.date(2024, 6, 3)
    """

    free: frozenset[date]
    worked: frozenset[date]
    years: frozenset[int]
    hours: tuple[Span, ...]

    def is_working(self, day: date) -> bool:
        """Whether it is a working day."""
        if day.year not in self.years:
            return day.weekday() < SATURDAY and (day.month, day.day) not in FIXED
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.free)

    def is_at_work(self, moment: datetime) -> bool:
        """Whether it lies between the beginning and the end of a working day; a break at noon is in it."""
        day = local_date(moment)
        opens, closes = self.hours[0][0], self.hours[-1][1]
        return self.is_working(day) and _instant(day, opens) <= moment < _instant(day, closes)

    def knows(self, first: date, last: date) -> bool:
        """Whether nothing from one day to another is only assumed."""
        return all(year in self.years for year in range(first.year, last.year + 1))

    def day_after(self, day: date, number: int) -> date:
        """The `number`-th working day after a day, which itself does not count (民法典 201)."""
        while number > 0:
            day += DAY
            number -= self.is_working(day)
        return day

    def days_between(self, first: date, last: date) -> int:
        """How many working days there are after `first`, up to `last`."""
        return sum(self.is_working(first + n * DAY) for n in range(1, (last - first).days + 1))

    def end_of(self, day: date) -> datetime:
        """The moment in which work ends on a day (民法典 203)."""
        return _instant(day, self.hours[-1][1])

    def moment_after(self, start: datetime, worked: timedelta) -> datetime:
        """The moment in which that much has been worked since `start`: the earliest, at the end of a day and not in
        the morning of the next."""
        if worked <= timedelta(0):
            return start
        for begins, ends in self._spans(start):
            if ends - begins >= worked:
                return begins + worked
            worked -= ends - begins
        raise AssertionError("the spans go on for ever")

    def worked_between(self, start: datetime, end: datetime) -> timedelta:
        """How much is worked from one moment to another."""
        total = timedelta(0)
        for begins, ends in self._spans(start):
            if begins >= end:
                break
            total += min(ends, end) - begins
        return total

    def _spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans of work from a moment on, the first one cut to what is left of it."""
        day = local_date(start)
        while True:
            if self.is_working(day):
                for opens, closes in self.hours:
                    ends = _instant(day, closes)
                    if ends > start:
                        yield max(_instant(day, opens), start), ends
            day += DAY


def _instant(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, BEIJING).astimezone(UTC)
