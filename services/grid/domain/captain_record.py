"""选育用激宣 What is written down about a captain (domain row 53): records by stage, and the ledger of points.

The stages add up, they do not exclude one another: a captain in use is trained and encouraged all along.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from services.grid.domain.captain import Captain
from services.grid.domain.errors.captains import PointsOverdrawn
from services.grid.domain.errors.records import RecordedAhead
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.clock import local_date
from shared.kernel.errors import Term
from shared.kernel.ids import new_id

SELECTION = "selection"
STAGES = {
    SELECTION: "选：推选",
    "training": "育：培训",
    "task": "用：任务",
    "incentive": "激：激励",
    "publicity": "宣：宣传",
}


@dataclass(frozen=True)
class CaptainRecorded(DomainEvent):
    """记录 Something is written down about a captain. Stays at home."""


@dataclass(frozen=True)
class PointsEntered(DomainEvent):
    """积分 The balance has changed. Stays at home."""


class CaptainRecord(Aggregate):
    """培养记录 One thing of one stage: how somebody was chosen, what was learnt, done, honoured, told."""

    term = Term("培养记录", "captain's record")

    def __init__(
        self,
        captain: Captain,
        *,
        stage: str,
        text: str,
        happened_on: date,
        recorded_by: str,
        now: datetime,
        field: str,
    ) -> None:
        """记录 Raises CaptainHasRetired, and RecordedAhead, naming the input `field`, for a day to come."""
        captain.must_not_have_retired()
        if happened_on > local_date(now):
            raise RecordedAhead(field=field)
        self.id = new_id()
        self.captain_ref = captain.id
        self.place_path = captain.place_path
        self.stage = stage
        self.text = text
        self.happened_on = happened_on
        self.recorded_by = recorded_by
        self.recorded_at = now
        self.record(CaptainRecorded())


class PointsEntry(Aggregate):
    """积分 One line of the ledger: so many `points` more or, where they are spent or were a mistake, fewer."""

    term = Term("积分记录", "points entry")

    def __init__(
        self, captain: Captain, *, points: int, reason: str, balance: int, recorded_by: str, now: datetime
    ) -> None:
        """记分 `balance`: what the ledger says so far. Raises CaptainHasRetired, PointsOverdrawn."""
        captain.must_not_have_retired()
        if balance + points < 0:
            raise PointsOverdrawn(balance=balance, points=-points, field="points")
        self.id = new_id()
        self.captain_ref = captain.id
        self.place_path = captain.place_path
        self.points = points
        self.reason = reason
        self.recorded_by = recorded_by
        self.recorded_at = now
        self.record(PointsEntered())
