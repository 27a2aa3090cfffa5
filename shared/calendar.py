"""工作日历 The working calendar of China: what the library knows, and what a site adds to it.

`chinesecalendar` knows the State Council's arrangements from 2004 on, up to its own last release. A year that it does
not know yet comes from a TOML file (`JIUSHU_CALENDAR_FILE`), as do a site's own hours:

    hours = ["09:00-12:00", "13:00-18:00"]
    [2027]
    free = [2027-01-01, 2027-01-02]
    worked = [2027-01-03]
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

from chinese_calendar.constants import holidays, workdays

from shared.kernel.working_time import SATURDAY, Span, WorkingCalendar
from shared.settings import SettingsWrong

HOURS = ((time(9), time(12)), (time(13), time(18)))  # eight 工作时 a day; a site says its own


class CalendarWrong(SettingsWrong):
    """A calendar file that cannot be used; the text names the file, the place in it, and what is allowed."""


def working_calendar(file: Path | None = None) -> WorkingCalendar:
    """The calendar, with a site's own file before what the library knows. Raises CalendarWrong."""
    known = _published()
    return known if file is None else _with(known, file)


@cache
def _published() -> WorkingCalendar:
    """From the library's own tables: to ask it about each day takes a third of a second at every start."""
    return WorkingCalendar(
        free=frozenset(day for day in holidays if day.weekday() < SATURDAY),
        worked=frozenset(workdays),
        years=frozenset(range(min(holidays).year, max(holidays).year + 1)),
        hours=HOURS,
    )


def _with(known: WorkingCalendar, file: Path) -> WorkingCalendar:
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CalendarWrong(f"{file}: {error}") from None
    hours = _hours(file, said.pop("hours")) if "hours" in said else known.hours
    years = {_year(file, name): days for name, days in said.items()}
    free, worked = (
        {day for year, days in years.items() for day in _days(file, year, days, kind)}
        for kind in ("free", "worked")
    )
    if both := free & worked:
        raise CalendarWrong(f"{file}: {min(both)} is both free and worked")
    return WorkingCalendar(
        free=frozenset({day for day in known.free if day.year not in years} | free),
        worked=frozenset({day for day in known.worked if day.year not in years} | worked),
        years=known.years | set(years),
        hours=hours,
    )


def _hours(file: Path, said: Any) -> tuple[Span, ...]:
    try:
        spans = tuple(_span(text) for text in said)
        moments = [moment for span in spans for moment in span]
        if not moments or moments != sorted(set(moments)):
            raise ValueError
        return spans
    except (TypeError, ValueError, AttributeError):
        raise CalendarWrong(
            f'{file}: hours must be spans of one day, in order: ["09:00-12:00", "13:00-18:00"]'
        ) from None


def _span(text: str) -> Span:
    opens, closes = text.split("-")
    return time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip())


def _year(file: Path, name: str) -> int:
    if name.isdecimal() and len(name) == 4:
        return int(name)
    raise CalendarWrong(f"{file}: {name} is neither a year nor hours")


def _days(file: Path, year: int, said: Any, kind: str) -> list[date]:
    """The days that the file names as `free` or as `worked` in a year."""
    if not isinstance(said, Mapping) or set(said) != {"free", "worked"}:
        raise CalendarWrong(f"{file}: [{year}] must say both free and worked, lists of days")
    for day in said[kind]:
        if type(day) is not date or day.year != year:
            raise CalendarWrong(
                f"{file}: [{year}] {kind}: {day} is no day of that year, such as {year}-01-01"
            )
        if kind == "worked" and day.weekday() < SATURDAY:
            raise CalendarWrong(
                f"{file}: [{year}] worked: {day} is a {day:%A}, only weekends are named there"
            )
    return list(said[kind])
