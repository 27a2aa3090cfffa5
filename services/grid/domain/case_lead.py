"""事项的承办 The part of a case that says whose it is: dispatched, accepted, objected to, passed along, handed over."""

from __future__ import annotations

from datetime import date, datetime

from services.grid.domain import case_events as events
from services.grid.domain.case_clock import Application
from services.grid.domain.case_lifecycle import LIFECYCLE, OPEN
from services.grid.domain.case_people import Peopled
from services.grid.domain.categories import Category
from services.grid.domain.countdown import Countdown
from services.grid.domain.errors import cases as wrong
from services.grid.domain.errors.people import OrganisationElsewhere
from services.grid.domain.organisation import Next, Organisation
from services.grid.domain.policies import Choice
from shared.kernel.working_time import WorkingCalendar


class Led(Peopled):
    """A matter that somebody is responsible for. `begun_at`: when this turn began; `dispatches`, `objections` and
    `objections_upheld` count within it. `over_refs`: the gray zones that are decided, and what it waited for."""

    lead_party_name: str
    has_objected: bool
    gray_zone_ref: str | None
    over_refs: list[str]
    begun_at: datetime
    dispatches: int
    objections: int
    objections_upheld: int
    contacted_at: datetime | None
    handled_at: datetime | None
    closed_at: datetime | None
    handled_by: str | None
    result_text: str | None
    outcome: str | None
    waiting_for: str | None
    awaited_ref: str | None
    next_on: date | None
    evidence_refs: list[str]
    modes: list[str]
    revisit_tries: int

    def accept(self, *, now: datetime) -> None:
        """接办 The responsible party takes it up. Raises NotNow, ObjectionOpen."""
        self._do("accept", now)
        self.record(events.CaseAccepted())

    def object(self, *, reason: str, by: str, now: datetime) -> None:
        """派单异议 It is another's, says the first receiver: once for a dispatch, and the clock runs on (gate G3).
        Raises NotNow, ObjectedBefore."""
        self._do("object", now)
        self.objection = Application(by, reason)
        self.has_objected = True
        self.objections += 1
        self.record(events.CaseObjected(reason))

    def uphold(self, choice: Choice, *, reason: str, by: str, now: datetime) -> None:
        """支持异议 It goes to another; the clock has run on. Raises NotNow, NoObjection, DecidedByWhoAsked,
        LedByThemNow."""
        state = self._after("uphold")
        if choice.party_ref == self.lead_party_ref:
            raise wrong.LedByThemNow(name=self.lead_party_name, field="party_ref")
        self._decided("objection", by)
        self._to(state, now)
        self.objections_upheld += 1
        self.record(events.ObjectionRuled(True, reason))
        self._give_to(choice, "objection_upheld")

    def overrule(self, *, reason: str, by: str, now: datetime) -> None:
        """驳回异议 It stays where it is. Raises NotNow, NoObjection, DecidedByWhoAsked."""
        state = self._after("overrule")
        self._decided("objection", by)
        self._to(state, now)
        self.record(events.ObjectionRuled(False, reason))

    def pass_along(self, possible: Next, to_ref: str, *, reason: str, now: datetime) -> None:
        """转交 One step up or down the tree. The clock runs on. Raises NotAlongTheTree, NotNow."""
        state = self._after("pass")
        organisation, direction = possible.towards(to_ref)
        self._to(state, now)
        self.organisation_ref = organisation.id
        self.record(events.CasePassed(possible.holder.id, organisation.name, direction, reason))

    def hand_over(self, choice: Choice, reason_code: str, *, now: datetime) -> None:
        """移交 Another is responsible now: it has taken the area over, or it was found whose the matter is. It is to
        accept what the old one had in hand; what waits goes on waiting. Its answer is due when that was promised.
        Nothing where it is handled, or is theirs already."""
        if self.state not in OPEN or self.lead_party_ref == choice.party_ref:
            return
        self._pass_to(choice, reason_code, now)

    def lie_in_gray_zone(self, gray_zone_ref: str) -> None:
        """权责空白 It is nobody's by the list; a tri-party session will find whose (domain rows 92–97)."""
        if self.state in OPEN and gray_zone_ref not in self.over_refs:
            self.gray_zone_ref = gray_zone_ref

    def leave_gray_zone(self, gray_zone_ref: str, choice: Choice, *, now: datetime) -> None:
        """认定责任主体 The zone has a party from now on."""
        if self._is_news(gray_zone_ref):
            self.hand_over(choice, "gray_zone_assigned", now=now)

    def stay_in_gray_zone(
        self, gray_zone_ref: str, choice: Choice, street: Organisation | None, *, now: datetime
    ) -> None:
        """认定僵持 Somebody has it for the time being, and the street has it in hand (domain row 97)."""
        if self.state not in OPEN or gray_zone_ref in self.over_refs:
            return
        self.hand_over(choice, "gray_zone_deadlocked", now=now)
        if street is not None and street.id != self.organisation_ref:
            former, self.organisation_ref = self.organisation_ref, street.id
            self.record(events.CaseEscalated(former, street.name))

    def _taken_by(self, organisation: Organisation | None) -> str | None:
        if organisation is None:
            return None
        organisation.must_be_there(field="organisation_ref")
        if not organisation.reaches(self.place_path):
            raise OrganisationElsewhere(name=organisation.name, field="organisation_ref")
        return organisation.id

    def _begin_turn(self, category: Category, now: datetime, calendar: WorkingCalendar) -> None:
        """A fresh start: nobody has been spoken with, nothing was handled, nothing is being asked for."""
        self.begun_at = now
        self.phase, self.phase_count = 0, len(category.phases)
        self.answered_at = self.contacted_at = self.handled_at = self.closed_at = None
        self.handled_by = self.result_text = self.outcome = self.waiting_for = None
        self.awaited_ref = self.next_on = None
        self._drop_applications()
        self.evidence_refs, self.modes = [], []
        self.revisit_tries = 0
        self._restart_clock(Countdown(now, category.limit), calendar)

    def _pass_to(self, choice: Choice, reason_code: str, now: datetime) -> None:
        """To another, who is to accept what somebody had in hand; what waits goes on waiting."""
        if LIFECYCLE.allows("hand_over", self.state):
            self._do("hand_over", now)
        self._drop_applications()
        self.changed_at = now
        self._give_to(choice, reason_code)

    def _give_to(self, choice: Choice, reason_code: str) -> None:
        self.lead_party_ref, self.lead_party_name = choice.party_ref, choice.name
        self.has_objected = False
        self.dispatches += 1
        self._begin_dispatch()
        self.record(events.CaseDispatched(reason_code, choice.reason))
        if choice.is_provisional:
            self.record(events.ResponsibilityAsked())

    def _is_news(self, ref: str) -> bool:
        """That it is over, or decided, was not heard before; now it is."""
        if ref in self.over_refs:
            return False
        self.over_refs = [*self.over_refs, ref]
        return True
