"""Two clocks: the business clock is injected and may be moved in a demonstration; the system clock drives
leases, retries and ids. Inside, time is aware UTC; people see Asia/Shanghai."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """What time it is for the business."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock for tests: it stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The instant that was set."""
        return self.at

    def advance(self, **duration: float) -> None:
        """Move on by a timedelta's arguments, as in `advance(days=3)`."""
        self.at += timedelta(**duration)


class FileClock:
    """The machine's clock moved by the seconds that a file says: several processes share one moved time.

    For demonstrations and tests only. No file, or an empty one, means not moved.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def now(self) -> datetime:
        """The present instant plus the file's offset."""
        return datetime.now(UTC) + timedelta(seconds=self._offset())

    def advance(self, **duration: float) -> None:
        """Move all who share the file on by a timedelta's arguments."""
        offset = self._offset() + timedelta(**duration).total_seconds()
        temporary = self.path.with_suffix(".new")
        temporary.write_text(str(offset), encoding="ascii")
        temporary.replace(self.path)

    def _offset(self) -> float:
        try:
            return float(self.path.read_text(encoding="ascii") or 0)
        except FileNotFoundError:
            return 0.0


def local(instant: datetime) -> datetime:
    """The same instant as people in Beijing read it."""
    return instant.astimezone(BEIJING)


def local_date(instant: datetime) -> date:
    """The calendar day of the instant in Beijing."""
    return local(instant).date()


def midnight(day: date) -> datetime:
    """When a calendar day begins in Beijing."""
    return datetime.combine(day, datetime.min.time(), BEIJING)


def next_midnight(instant: datetime) -> datetime:
    """When the calendar day of the instant in Beijing is over."""
    return midnight(local_date(instant) + timedelta(days=1))


def epoch() -> float:
    """The system clock in seconds: for leases and retries, never for the business."""
    return time.time()
