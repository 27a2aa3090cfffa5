"""事项的经办与协办 The part of a case that says which person attends to it, and who helps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.grid.domain import case_events as events
from services.grid.domain.attendance import NOBODY, Attendance, RunnerUp
from services.grid.domain.case_clock import Clocked
from services.grid.domain.case_lifecycle import OPEN
from services.grid.domain.co_handler import ASKED, RELEASED, CoHandler, Helper
from services.grid.domain.errors import attendance as unfit
from services.grid.domain.errors import co_handlers as wrong
from services.grid.domain.roster import Absence, Period, must_be_at_work, must_be_there_in
from services.grid.domain.staff import Staff

LEADS_NOW = "已成为责任主体"
MOMENT = timedelta(microseconds=1)


class Peopled(Clocked):
    """A matter that somebody attends to, where the street itself leads it; and those who help.

    `attendant_ref` None: nobody fits, or a party leads it. `runners_up` are those whom the last choice passed over.
    """

    lead_party_ref: str | None
    attendant_ref: str | None
    attendant_reason: str
    runners_up: list[RunnerUp]
    co_handlers: list[CoHandler]

    @property
    def needs_attendant(self) -> bool:
        """Whether somebody is to be chosen: the street itself leads it, and nobody attends to it."""
        return self.state in OPEN and self.lead_party_ref is None and self.attendant_ref is None

    def be_attended(self, attendance: Attendance) -> None:
        """选定经办人 Nothing where that is so already."""
        chosen = (attendance.staff_ref, attendance.reason, list(attendance.runners_up))
        if chosen != (self.attendant_ref, self.attendant_reason, self.runners_up):
            self.attendant_ref, self.attendant_reason, self.runners_up = chosen
            self.record(events.CaseAttended())

    def attend(
        self,
        staff: Staff,
        community_path: str,
        absences: Iterable[Absence],
        *,
        reason: str,
        now: datetime,
    ) -> None:
        """指定经办人 Somebody decides that another attends to it. Raises NotNow, LedByAParty, NotAtWork, AbsentThen,
        WorksElsewhere, AttendsAlready."""
        state = self._after("attend")
        must_be_at_work(staff, field="staff_ref")
        must_be_there_in(Period(now, now + MOMENT), absences, staff, field="staff_ref")
        if not staff.works_in(community_path):
            raise unfit.WorksElsewhere(name=staff.name, field="staff_ref")
        if staff.id == self.attendant_ref:
            raise unfit.AttendsAlready(name=staff.name, field="staff_ref")
        self._to(state, now)
        others = (each for each in self.runners_up if each.staff_ref != staff.id)
        self.be_attended(Attendance(staff.id, f"指定：{reason}", tuple(others)))

    def ask_co_handler(self, helper: Helper, asked: str, *, due_at: datetime, now: datetime) -> CoHandler:
        """请求协办 Who leads goes on leading. Raises NotNow, LeadsAlready, HelpsAlready, HelpDueAlready."""
        state = self._after("ask_co_handler")
        if helper.party_ref is not None and helper.party_ref == self.lead_party_ref:
            raise wrong.LeadsAlready(name=helper.name, field="party_ref")
        if any(each.is_the(helper) and each.state == ASKED for each in self.co_handlers):
            raise wrong.HelpsAlready(name=helper.name)
        if due_at <= now:
            raise wrong.HelpDueAlready(field="due_at")
        self._to(state, now)
        co_handler = CoHandler(helper, asked, due_at, now=now)
        self.co_handlers.append(co_handler)
        self.record(events.CoHandlersChanged())
        return co_handler

    def release_co_handler(self, ref: str, *, reason: str, now: datetime) -> None:
        """撤销协办 Raises NotNow, CoHandlerUnknown, PartDone, PartReleased."""
        state = self._after("release_co_handler")
        self.co_handler(ref).release(reason)
        self._to(state, now)
        self.record(events.CoHandlersChanged())

    def report_part(self, ref: str, text: str, *, is_done: bool, now: datetime) -> None:
        """反馈协办情况 Raises NotNow, CoHandlerUnknown, PartDone, PartReleased."""
        state = self._after("report_part")
        self.co_handler(ref).report(text, is_done=is_done, now=now)
        self._to(state, now)
        self.record(events.CoHandlersChanged())

    def co_handler(self, ref: str) -> CoHandler:
        """The one with that id. Raises CoHandlerUnknown."""
        for each in self.co_handlers:
            if each.id == ref:
                return each
        raise wrong.CoHandlerUnknown(ref=ref)

    @property
    def co_party_refs(self) -> list[str]:
        """The parties that help, or have helped; who was released does so no more."""
        helping = (each for each in self.co_handlers if each.state != RELEASED)
        return sorted({each.party_ref for each in helping if each.party_ref is not None})

    def _begin_dispatch(self) -> None:
        """Another dispatch: who attends is chosen anew, where it is the street's own; who leads now helps no more."""
        self.attendant_ref, self.runners_up = None, []
        self.attendant_reason = NOBODY.reason if self.lead_party_ref is None else ""
        for each in self.co_handlers:
            if each.state == ASKED and each.party_ref is not None and each.party_ref == self.lead_party_ref:
                each.release(LEADS_NOW)
