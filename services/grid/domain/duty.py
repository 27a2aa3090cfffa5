"""履职记录 The duty log of captains (domain row 54) and of the construction stewards who act for them (row 60)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.grid.domain.captain import Captain
from services.grid.domain.errors.captains import (
    AnsweredBefore,
    CaptainNotServing,
    DoorElsewhere,
)
from services.grid.domain.errors.records import RecordedAhead
from services.grid.domain.place import Place
from services.grid.domain.steward import Steward
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.clock import local_date
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard, move

CAPTAINS_DUTIES = {
    "policy": "政策宣传",
    "hazard": "隐患排查",
    "mediation": "矛盾调解",
}
STEWARDS_DUTIES = {
    "question": "居民答疑",
    "conflict": "矛盾化解",
}
DUTIES = CAPTAINS_DUTIES | STEWARDS_DUTIES

OPEN, HANDED_BACK, DONE = "open", "handed_back", "done"
LIFECYCLE = Lifecycle(
    Term("履职记录", "duty"),
    {OPEN: "待答复", HANDED_BACK: "已移交楼门长", DONE: "已完成"},
    #     action                 from                 to
    move("answer", "答复", (OPEN, HANDED_BACK), DONE),
    heard("hand_back", "移交", OPEN, HANDED_BACK),
)


@dataclass(frozen=True)
class DutyLogged(DomainEvent):
    """履职 Something was done, or somebody waits for an answer. Stays at home."""


@dataclass(frozen=True)
class DutyAnswered(DomainEvent):
    """答复 Whoever waited has the answer. Stays at home."""


@dataclass(frozen=True)
class DutyHandedBack(DomainEvent):
    """移交 The steward goes; a captain goes on with it. Stays at home."""


class DutyEntry(Aggregate):
    """履职记录 One deed, of a captain or of a steward. It happened at `occurred_at`; it was written down later, on the
    way home or without a network, at `recorded_at`. A steward's is open until `answered_at`."""

    term = LIFECYCLE.name

    captain_ref: str | None
    steward_ref: str | None
    door_ref: str | None
    answered_at: datetime | None

    def __init__(
        self,
        bearer: Captain | Steward,
        *,
        duty: str,
        text: str,
        occurred_at: datetime,
        recorded_by: str,
        now: datetime,
    ) -> None:
        if occurred_at > now:
            raise RecordedAhead(field="occurred_at")
        self.id = new_id()
        self.building_ref = bearer.building_ref
        self.place_path = bearer.place_path
        self.duty = duty
        self.text = text
        self.occurred_at = occurred_at
        self.recorded_by = recorded_by
        self.recorded_at = now
        self.captain_ref = self.steward_ref = self.door_ref = self.answered_at = None
        self.state = OPEN
        self.record(DutyLogged())

    @classmethod
    def of_captain(
        cls, captain: Captain, *, duty: str, text: str, occurred_at: datetime, recorded_by: str, now: datetime
    ) -> DutyEntry:
        """Raises CaptainNotServing on a day on which the captain did not serve, RecordedAhead."""
        day = local_date(occurred_at)
        if not captain.served_on(day):
            raise CaptainNotServing(day=day.isoformat(), field="occurred_at")
        entry = cls(captain, duty=duty, text=text, occurred_at=occurred_at, recorded_by=recorded_by, now=now)
        entry.captain_ref, entry.door_ref = captain.id, captain.door_ref
        entry.state = DONE
        return entry

    @classmethod
    def of_steward(
        cls,
        steward: Steward,
        *,
        duty: str,
        text: str,
        occurred_at: datetime,
        answered_at: datetime | None,
        door: Place | None,
        recorded_by: str,
        now: datetime,
    ) -> DutyEntry:
        """`door`: whose residents ask, if it is one. Raises NotNow where the steward has gone, DoorElsewhere,
        RecordedAhead, AnsweredBefore."""
        steward.must_be_active()
        if door is not None and door.building_ref != steward.building_ref:
            raise DoorElsewhere(name=door.name, building=steward.building_name, field="door_ref")
        entry = cls(steward, duty=duty, text=text, occurred_at=occurred_at, recorded_by=recorded_by, now=now)
        entry.steward_ref = steward.id
        if door is not None:
            entry.door_ref, entry.place_path = door.id, door.place_path
        if answered_at is not None:
            entry.answer(answered_at, now)
        return entry

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done."""
        return LIFECYCLE.actions(self.state)

    @property
    def answer_minutes(self) -> int | None:
        """How long somebody waited, in whole minutes; None where nobody did, or does still."""
        if self.answered_at is None:
            return None
        return (self.answered_at - self.occurred_at) // timedelta(minutes=1)

    def answer(self, answered_at: datetime, now: datetime) -> None:
        """答复 Raises NotNow, RecordedAhead, and AnsweredBefore for a time before the question."""
        self.state = LIFECYCLE.after("answer", self.state)
        if answered_at > now:
            raise RecordedAhead(field="answered_at")
        if answered_at < self.occurred_at:
            raise AnsweredBefore(field="answered_at")
        self.answered_at = answered_at
        self.record(DutyAnswered())

    def hand_back(self, captain: Captain | None) -> None:
        """移交 To a captain of the door or the building; None where there is none, so that it is the community's."""
        self.state = LIFECYCLE.after("hand_back", self.state)
        if captain is not None:
            self.captain_ref, self.place_path = captain.id, captain.place_path
        self.record(DutyHandedBack())
