"""告警 Alarms: somebody should have heard, and there was nobody to tell (events.md, notify)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class AlarmRaised(DomainEvent):
    """An audience of zero is never "sent"."""


class Alarm(Aggregate):
    """A milestone that reached nobody."""

    def __init__(self, *, milestone: str, about_ref: str, place_path: str, now: datetime) -> None:
        self.id = new_id()
        self.milestone = milestone
        self.about_ref = about_ref
        self.place_path = place_path
        self.at = now

    @classmethod
    def sound(cls, *, milestone: str, about_ref: str, place_path: str, now: datetime) -> Alarm:
        """Nobody heard."""
        alarm = cls(milestone=milestone, about_ref=about_ref, place_path=place_path, now=now)
        alarm.record(AlarmRaised())
        return alarm
