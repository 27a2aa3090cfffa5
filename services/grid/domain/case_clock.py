"""事项的时限 The part of a case that tells time: what can be done, and until when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

from services.grid.domain import case_events as events
from services.grid.domain.case_conditions import CONDITIONS, TRIES
from services.grid.domain.case_lifecycle import DISPATCHED, HANDLING, LIFECYCLE
from services.grid.domain.categories import Category
from services.grid.domain.countdown import PAUSE_REASONS, Countdown, step_of_escalation
from services.grid.domain.errors import clocks
from services.grid.domain.organisation import Organisation
from shared.kernel.aggregate import Aggregate
from shared.kernel.errors import JiushuError
from shared.kernel.working_time import WorkingCalendar

if TYPE_CHECKING:
    from services.grid.domain.case import Case


@dataclass(frozen=True)
class Application:
    """申请 What somebody asks for and somebody else decides: an objection, more time (`amount`), an end (`outcome`)."""

    by: str
    reason: str
    amount: int = 0
    outcome: str = ""


class Clocked(Aggregate):
    """A matter that has a state and a clock. `objection`, `extension` and `ending` wait for somebody else's decision;
    `phase` counts from 0."""

    state: str
    changed_at: datetime
    organisation_ref: str | None
    answered_at: datetime | None
    answer_due_at: datetime
    objection: Application | None
    extension: Application | None
    ending: Application | None
    phase: int
    phase_count: int
    countdown: Countdown
    due_at: datetime
    due_is_provisional: bool
    warned_at: datetime | None
    missed_at: datetime | None
    escalated_at: datetime | None

    def actions_for(self, capacities: Collection[str]) -> list[str]:
        """What one of these may do now, each in its own capacity (案件的下一步)."""
        possible = LIFECYCLE.actions(self.state, capacities)
        return [action for action in possible if self._obstacle(action) is None]

    def pause(self, reason_code: str, *, reason: str, now: datetime, calendar: WorkingCalendar) -> None:
        """暂停计时 For a reason of the list. Raises NotNow, ClockStands, OverdueAlready."""
        state = self._after("pause")
        self._run(self.countdown.paused(now, calendar), calendar)
        self._to(state, now)
        self.record(events.ClockPaused(reason_code, reason or PAUSE_REASONS[reason_code]))

    def resume(self, *, now: datetime, calendar: WorkingCalendar) -> None:
        """恢复计时. Raises NotNow, ClockRuns."""
        self._do("resume", now)
        self._run(self.countdown.resumed(now), calendar)
        self.record(events.ClockResumed())

    def ask_extension(self, amount: int, *, reason: str, by: str, now: datetime) -> None:
        """申请延期, in the limit's own unit: at most once again what the phase had. Raises NotNow, ExtensionPending,
        OverdueAlready, ExtensionTooLong."""
        state = self._after("ask_extension")
        if now >= self.due_at:
            raise clocks.OverdueAlready()
        limit = self.countdown.limit
        if amount > limit.amount:
            raise clocks.ExtensionTooLong(most=limit.amount, unit=limit.unit_name, field="amount")
        self._to(state, now)
        self.extension = Application(by, reason, amount=amount)
        self.record(events.ExtensionAsked())

    def extend(self, *, by: str, now: datetime, calendar: WorkingCalendar) -> None:
        """同意延期, by somebody else. Raises NotNow, NoExtension, DecidedByWhoAsked."""
        state = self._after("extend")
        asked = self._decided("extension", by)
        self._to(state, now)
        self._run(self.countdown.extended(asked.amount), calendar)
        self.warned_at = self.missed_at = self.escalated_at = None
        self.record(events.CaseExtended(asked.amount, self.countdown.limit.unit, asked.reason))

    def refuse_extension(self, *, by: str, now: datetime) -> None:
        """不同意延期, by somebody else. Raises NotNow, NoExtension, DecidedByWhoAsked."""
        state = self._after("refuse_extension")
        self._decided("extension", by)
        self._to(state, now)
        self.record(events.ExtensionRefused())

    def finish_phase(self, category: Category, *, now: datetime, calendar: WorkingCalendar) -> None:
        """完成阶段 It is an answer in the interim, and the clock of the next phase begins. Raises NotNow, LastPhase."""
        self._do("finish_phase", now)
        done, following = category.phases[self.phase], category.phases[self.phase + 1]
        self.phase += 1
        self.extension = None  # it was asked in the unit of the phase that is done
        self.answered_at = self.answered_at or now
        self._restart_clock(Countdown(now, following.limit, until=self.countdown.until), calendar)
        self.record(events.PhaseFinished(done.name, following.name))

    def watch(self, above: Organisation | None, *, now: datetime, calendar: WorkingCalendar) -> None:
        """临期、超期、逐级上报 What the clock says by now. `above`: who would have it next; None at the top, where
        nothing more is said."""
        if self.next_look_at(calendar) is None:
            return
        self.recount(calendar)
        if self.warned_at is None and self.countdown.warned_at(calendar) <= now < self.due_at:
            self.warned_at = now
            self.record(events.DeadlineWarned())
        if self.missed_at is None and self.due_at <= now:
            self.warned_at = self.warned_at or now
            self.missed_at = now
            self.record(events.DeadlineMissed())
        if self.missed_at is not None and above is not None and self._escalates_at() <= now:
            former, self.organisation_ref = self.organisation_ref, above.id
            self.escalated_at = now
            self.record(events.CaseEscalated(former, above.name))

    def recount(self, calendar: WorkingCalendar) -> None:
        """重算期限 As the calendar knows it now."""
        before = self.due_at, self.due_is_provisional
        self._run(self.countdown, calendar)
        if before != (self.due_at, self.due_is_provisional):
            self.record(events.ClockRecounted())

    def next_look_at(self, calendar: WorkingCalendar) -> datetime | None:
        """When its clock will next have something to say; None where it does not run."""
        if self.state not in (DISPATCHED, HANDLING) or self.countdown.paused_at is not None:
            return None
        if self.warned_at is None:
            return self.countdown.warned_at(calendar)
        if self.missed_at is None:
            return self.due_at
        return self._escalates_at()

    def _do(self, action: str, now: datetime) -> None:
        self._to(self._after(action), now)

    def _after(self, action: str) -> str:
        """The state it leads to. Raises NotNow where the state does not allow it, and what CONDITIONS say of it."""
        state = LIFECYCLE.after(action, self.state)
        if (obstacle := self._obstacle(action)) is not None:
            raise obstacle
        return state

    def _to(self, state: str, now: datetime) -> None:
        self.state, self.changed_at = state, now

    def _obstacle(self, action: str) -> JiushuError | None:
        for holds, error in CONDITIONS.get(action, ()):
            if not holds(cast("Case", self)):
                return error(tries=TRIES)
        return None

    def _restart_clock(self, countdown: Countdown, calendar: WorkingCalendar) -> None:
        self.warned_at = self.missed_at = self.escalated_at = None
        self._run(countdown, calendar)

    def _be_due(self, until: datetime, calendar: WorkingCalendar) -> None:
        """The hotline has said when time is over; a pause of ours does not move that, and ends."""
        self._restart_clock(replace(self.countdown, until=until, paused_at=None), calendar)

    def _run(self, countdown: Countdown, calendar: WorkingCalendar) -> None:
        self.countdown = countdown
        self.due_at = countdown.due_at(calendar)
        self.due_is_provisional = countdown.is_provisional(calendar)
        if self.answered_at is None:
            self.answer_due_at = self.due_at

    def _stop_clock(self, now: datetime, calendar: WorkingCalendar) -> None:
        """It need not run any more: a pause that has not ended gives its time back before anyone asks what was late."""
        if self.countdown.paused_at is not None:
            self._run(self.countdown.resumed(now), calendar)

    def _escalates_at(self) -> datetime:
        """When the next level has the overdue case: the first at once."""
        if self.escalated_at is None:
            return self.due_at
        return self.escalated_at + step_of_escalation(self.countdown.limit)

    def _drop_applications(self) -> None:
        self.objection = self.extension = self.ending = None

    def _decided(self, application: str, by: str) -> Application:
        """The application that somebody else decides on now. Raises DecidedByWhoAsked."""
        asked: Application = getattr(self, application)
        if asked.by == by:
            raise clocks.DecidedByWhoAsked()
        setattr(self, application, None)
        return asked
