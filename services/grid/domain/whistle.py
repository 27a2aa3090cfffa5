"""吹哨报到 Whistles: the street or a community calls a department to what it cannot settle alone (接诉即办 16).

Both sides are measured (33, 双考核), each by a clock of its own: the department comes in time, and reports a result in
time; whoever blew looks at the result in time, which is as long as the department had to come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.grid.domain.case import Case
from services.grid.domain.case_lifecycle import OPEN
from services.grid.domain.co_handler import Helper
from services.grid.domain.errors.whistles import CaseNotOpen, SolvedBeforeAnswered
from services.grid.domain.limit import Limit
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move
from shared.kernel.working_time import WorkingCalendar

BLOWN, ANSWERED, REPORTED = "blown", "answered", "reported"
SOLVED, WITHDRAWN = "solved", "withdrawn"
UNDER_WAY = (BLOWN, ANSWERED, REPORTED)

BLOWER, CALLED = "blower", "called"  # in which capacity somebody stands to a whistle

LIFECYCLE = Lifecycle(
    Term("吹哨", "whistle"),
    {BLOWN: "待报到", ANSWERED: "已报到", REPORTED: "待确认", SOLVED: "已解决", WITHDRAWN: "已撤销"},
    #     action               from       to         by
    move("answer", "报到", BLOWN, ANSWERED, CALLED),
    move("report", "反馈结果", ANSWERED, REPORTED, CALLED),
    move("confirm", "确认解决", REPORTED, SOLVED, BLOWER),
    move("send_back", "退回", REPORTED, ANSWERED, BLOWER),
    move("withdraw", "撤销吹哨", UNDER_WAY, WITHDRAWN, BLOWER),
)

# whose time is running in a state
CLOCKS = {BLOWN: "answer", ANSWERED: "solve", REPORTED: "confirm"}
CLOCK_NAMES = {"answer": "部门报到", "solve": "部门解决", "confirm": "吹哨方确认"}


@dataclass(frozen=True)
class WhistleBlown(DomainEvent):
    """吹哨 A department is called."""


@dataclass(frozen=True)
class WhistleAnswered(DomainEvent):
    """报到 The department is there."""


@dataclass(frozen=True)
class WhistleMoved(DomainEvent):
    """A result was reported, confirmed or sent back; or it is withdrawn, or overdue. Stays at home."""


@dataclass(frozen=True)
class Call:
    """What is needed, and in what time: to come, and to have it solved, both counted from the whistle."""

    need: str
    answer_limit: Limit
    solve_limit: Limit


class Whistle(Aggregate):
    """吹哨 One call of one department for one case. `late` names the clocks (CLOCKS) that ran out; `is_overdue`: so has
    the one that runs now."""

    term = LIFECYCLE.name

    place_path: str
    allowed_actions: list[str]  # those of whoever reads it; not kept

    def __init__(
        self, case: Case, called: Helper, call: Call, *, by: str, now: datetime, calendar: WorkingCalendar
    ) -> None:
        """吹哨 Raises CaseNotOpen, SolvedBeforeAnswered."""
        if case.state not in OPEN:
            raise CaseNotOpen(number=case.number, field="case_ref")
        self.id = new_id()
        self.case_ref = case.id
        self.number = case.number
        self.category = case.category
        self.category_name = case.category_name
        self.place_ref = case.place_ref
        self.place_name = case.place_name
        self.place_path = case.place_path or ""
        self.grid_ref = case.grid_ref
        self.party_ref = called.party_ref
        self.organisation_ref = called.organisation_ref
        self.called_name = called.name
        self.need = call.need
        self.blown_by = by
        self.blown_at = now
        self.answer_limit = call.answer_limit
        self.answer_due_at = call.answer_limit.due_at(now, calendar)
        self.solve_due_at = call.solve_limit.due_at(now, calendar)
        if self.solve_due_at < self.answer_due_at:
            raise SolvedBeforeAnswered(field="solve_within")
        self.confirm_due_at: datetime | None = None
        self.answered_at: datetime | None = None
        self.answer_text: str | None = None
        self.reported_at: datetime | None = None
        self.result_text: str | None = None
        self.ended_at: datetime | None = None
        self.end_text: str | None = None
        self.late: list[str] = []
        self.is_overdue = False
        self.state = BLOWN
        self.record(WhistleBlown())

    @property
    def due_at(self) -> datetime | None:
        """When the clock that runs now is over; None where none does."""
        dues = {BLOWN: self.answer_due_at, ANSWERED: self.solve_due_at, REPORTED: self.confirm_due_at}
        return dues.get(self.state)

    @property
    def answered_in_time(self) -> bool | None:
        """报到及时 None where that is not known yet."""
        return self._in_time("answer", done=self.answered_at is not None)

    @property
    def solved_in_time(self) -> bool | None:
        """解决及时 By the report that was confirmed; None where that is not known yet."""
        return self._in_time("solve", done=self.state == SOLVED)

    @property
    def confirmed_in_time(self) -> bool | None:
        """确认及时 The blower's own; None where that is not known yet."""
        return self._in_time("confirm", done=self.state == SOLVED)

    def answer(self, text: str, *, now: datetime) -> None:
        """报到 Raises NotNow."""
        self._to("answer", now)
        self.answered_at, self.answer_text = now, text
        self.record(WhistleAnswered())

    def report(self, result: str, *, now: datetime, calendar: WorkingCalendar) -> None:
        """反馈结果 Raises NotNow."""
        self._to("report", now)
        self.reported_at, self.result_text = now, result
        self.confirm_due_at = self.answer_limit.due_at(now, calendar)
        self.record(WhistleMoved())

    def confirm(self, *, now: datetime) -> None:
        """确认解决 Raises NotNow."""
        self._to("confirm", now)
        self.ended_at = now
        self.record(WhistleMoved())

    def send_back(self, reason: str, *, now: datetime) -> None:
        """退回 It is not solved; the department's clock has run on. Raises NotNow."""
        self._to("send_back", now)
        self.end_text = reason
        self.reported_at = self.confirm_due_at = None
        self.record(WhistleMoved())

    def withdraw(self, reason: str, *, now: datetime) -> None:
        """撤销吹哨 Raises NotNow."""
        self._to("withdraw", now)
        self.ended_at, self.end_text = now, reason
        self.record(WhistleMoved())

    def watch(self, now: datetime) -> None:
        """超期 Nothing where no clock has run out."""
        if self.due_at is not None and self.due_at <= now and not self.is_overdue:
            self._note_late(now)
            self.is_overdue = True
            self.record(WhistleMoved())

    def actions_for(self, capacities: frozenset[str]) -> list[str]:
        """What one of these may do now."""
        return LIFECYCLE.actions(self.state, capacities)

    def _to(self, action: str, now: datetime) -> None:
        state = LIFECYCLE.after(action, self.state)
        self._note_late(now)
        self.state, self.is_overdue = state, False

    def _note_late(self, now: datetime) -> None:
        clock = CLOCKS[self.state]
        if self.due_at is not None and self.due_at <= now and clock not in self.late:
            self.late = [*self.late, clock]

    def _in_time(self, clock: str, *, done: bool) -> bool | None:
        if clock in self.late:
            return False
        return True if done else None
