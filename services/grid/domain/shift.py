"""交接班 One duty officer hands over to the next, with what is open at a place at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.grid.domain.errors.shifts import HandedToOneself, ShiftOfAnother
from services.grid.domain.place import Place
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.command import Actor
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

HANDED, TAKEN = "handed", "taken"
APPLICATIONS = ("objection", "extension", "ending")  # what of a case waits for a decision
MOST_MATTERS = 200  # what is overdue or waits for a decision; more is no list for one shift

LIFECYCLE = Lifecycle(
    Term("交接班", "shift hand-over"),
    {HANDED: "待接班", TAKEN: "已接班"},
    #     action           from    to
    move("take", "接班", HANDED, TAKEN),
)


@dataclass(frozen=True)
class ShiftHanded(DomainEvent):
    """交班 Stays at home, as all of it: who is on duty is the office's own matter."""


@dataclass(frozen=True)
class ShiftTaken(DomainEvent):
    """接班"""


@dataclass(frozen=True)
class Tally:
    """事项计数 How many cases are in which state; overdue, due until midnight, and waiting for a decision."""

    dispatched: int = 0
    handling: int = 0
    waiting: int = 0
    handled: int = 0
    verified: int = 0
    overdue: int = 0
    due_today: int = 0
    to_decide: int = 0


@dataclass(frozen=True)
class Matter:
    """待办事项 A case that the next shift must look at first: overdue, or something of it waits for a decision
    (APPLICATIONS)."""

    case_ref: str
    number: str
    category_name: str
    place_name: str
    state: str
    due_at: datetime
    is_overdue: bool
    to_decide: list[str]


@dataclass(frozen=True)
class OpenMatters:
    """未办结事项 What is open somewhere at a moment; `is_cut`: there are more matters than are listed."""

    tally: Tally
    matters: Sequence[Matter]
    is_cut: bool


class ShiftHandover(Aggregate):
    """交接班 Who hands over what to whom. `to_subject` is the account of who takes over, as its token names it; what
    was open stays as it was at that moment."""

    term = LIFECYCLE.name
    leads_journey = False

    def __init__(
        self, place: Place, matters: OpenMatters, *, by: Actor, to_subject: str, remarks: str, now: datetime
    ) -> None:
        """交班 Raises HandedToOneself."""
        if by.id == to_subject:
            raise HandedToOneself(field="to_subject")
        self.id = new_id()
        self.place_ref = place.id
        self.place_name = place.name
        self.place_path = place.place_path
        self.handed_by = by.told
        self.handed_at = now
        self.to_subject = to_subject
        self.remarks = remarks
        self.tally = matters.tally
        self.matters = list(matters.matters)
        self.is_cut = matters.is_cut
        self.taken_at: datetime | None = None
        self.state = HANDED
        self.record(ShiftHanded())

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done."""
        return LIFECYCLE.actions(self.state)

    def take(self, *, subject: str, now: datetime) -> None:
        """接班 By the account that it was handed to. Raises ShiftOfAnother, NotNow."""
        if subject != self.to_subject:
            raise ShiftOfAnother(ref=self.to_subject)
        self.state = LIFECYCLE.after("take", self.state)
        self.taken_at = now
        self.record(ShiftTaken())
