"""告警 Alarms: somebody should have heard, and there was nobody to tell (events.md, notify)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class AlarmRaised(DomainEvent):
    """告警 An audience of zero is never "sent"."""


class Alarm(Aggregate):
    """告警 A milestone that reached nobody."""

    term = Term("告警", "alarm")

    def __init__(self, *, milestone: str, about_ref: str, place_path: str, now: datetime) -> None:
        self.id = new_id()
        self.milestone = milestone
        self.about_ref = about_ref
        self.place_path = place_path
        self.raised_at = now
        self.record(AlarmRaised())
