"""工作提醒 Notices to staff: something in their place waits for them. They read it in a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.notify.domain.templates import Wording
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard

OPEN, SETTLED = "open", "settled"
CAPTAINS_MISSING = "captains_missing"
KINDS = {CAPTAINS_MISSING: "缺楼门长"}

LIFECYCLE = Lifecycle(
    Term("工作提醒", "staff notice"),
    {OPEN: "待处理", SETTLED: "已解决"},
    heard("settle", "解决", OPEN, SETTLED),
)


@dataclass(frozen=True)
class StaffTold(DomainEvent):
    """提醒 Something waits for the staff of the place."""


@dataclass(frozen=True)
class NoticeReworded(DomainEvent):
    """更新 It is still so, and otherwise than before."""


@dataclass(frozen=True)
class NoticeSettled(DomainEvent):
    """解决 It is so no more."""


class StaffNotice(Aggregate):
    """工作提醒 Of one kind, about one thing, from when it was found until it is settled."""

    term = LIFECYCLE.name

    def __init__(
        self, *, kind: str, about_ref: str, place_path: str, wording: Wording, now: datetime
    ) -> None:
        self.id = new_id()
        self.kind = kind
        self.about_ref = about_ref
        self.place_path = place_path
        self.title, self.text = wording.title, wording.text
        self.told_at = now
        self.settled_at: datetime | None = None
        self.state = OPEN
        self.record(StaffTold())

    @property
    def allowed_actions(self) -> list[str]:
        """What people can do: nothing; it is settled by what they do about it."""
        return LIFECYCLE.actions(self.state)

    def reword(self, wording: Wording) -> None:
        """更新 Nothing where it says so already."""
        if (self.title, self.text) != (wording.title, wording.text):
            self.title, self.text = wording.title, wording.text
            self.record(NoticeReworded())

    def settle(self, now: datetime) -> None:
        """解决"""
        self.state = LIFECYCLE.after("settle", self.state)
        self.settled_at = now
        self.record(NoticeSettled())
