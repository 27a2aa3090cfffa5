"""事项 A case: from the report to the reporter's word that it is good. What can happen to it: case_lifecycle."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from services.grid.domain import case_events as events
from services.grid.domain.case_clock import Application
from services.grid.domain.case_lifecycle import (
    CLOSED,
    DISPATCHED,
    HANDLING,
    LIFECYCLE,
    OPEN,
    VERIFIED,
)
from services.grid.domain.case_people import Peopled
from services.grid.domain.categories import Category
from services.grid.domain.countdown import Countdown
from services.grid.domain.errors import cases as wrong
from services.grid.domain.errors.people import OrganisationElsewhere
from services.grid.domain.organisation import Next, Organisation
from services.grid.domain.place import Place
from services.grid.domain.point import Point
from services.grid.domain.policies import Choice
from shared.kernel.errors import NotYet
from shared.kernel.ids import new_id
from shared.kernel.working_time import WorkingCalendar

SOURCES = {
    "resident": "居民",
    "hotline": "热线",
    "patrol": "巡查",
    "captain": "楼门长",
    "outside_system": "外部系统",
}
TOPIC, WORKS = "topic", "works"
WAITING_FOR = {TOPIC: "社区协商", WORKS: "工程实施"}
MODES = {"self_governance": "自治", "rule_of_law": "法治", "rule_of_virtue": "德治"}  # row 3
RESOLUTIONS = {"resolved": "解决", "partly": "部分解决", "unresolved": "未解决"}

# how a case may end (domain.md 0)
REVISITED, UNREPORTED, UNANSWERED, WITHDRAWN = "revisited", "unreported", "unanswered", "withdrawn"
ENDS_ASKED_FOR = {
    "explained": "客观上暂时无法解决，已向反映人解释（接诉即办条例 15）",
    "referred": "移送有权部门",
    "raised": "报请区级协调（接诉即办条例 20）",
}
OUTCOMES = {
    REVISITED: "回访后结案",
    UNREPORTED: "无反映人，核实后结案",
    UNANSWERED: "多次未能回访到反映人",
    WITHDRAWN: "反映人撤回",
    **ENDS_ASKED_FOR,
}
MOST_TURNS = 5  # an answer that it is not good opens no sixth turn: the case is closed as unresolved
LANDED = "成果已验收落实"


@dataclass(frozen=True)
class Report:
    """What somebody reported: to be made into a case. `recorded_by`: who put it in, where the reporter did not."""

    number: str
    category: Category
    text: str
    area_ref: str | None
    reporter_ref: str | None
    recorded_by: str | None
    source: str
    external_refs: list[dict[str, str]]
    point: Point | None = None
    organisation: Organisation | None = None


class Case(Peopled):
    """事项 A matter with a grid, a responsible party and a clock.

    Two clocks (domain.md 0): `answer_due_at` stops when the reporter has an answer, be it an interim one
    (`answered_at`); `due_at` is that of the phase under way, and runs until the case is handled. `turn` counts
    reopenings: an answer to turn 1 never closes turn 2. `plan_version` is that of the topic's plan which the case has
    heard of last, `changed_at` when it moved last. `longitude` and `latitude` are those it was reported at; its place
    is then the grid there. `organisation_ref` is the organisation that has it in hand, whichever party is responsible.
    """

    term = LIFECYCLE.name

    reporter_ref: str | None
    contacted_at: datetime | None
    handled_at: datetime | None
    closed_at: datetime | None
    handled_by: str | None
    result_text: str | None
    outcome: str | None
    waiting_for: str | None
    has_objected: bool
    evidence_refs: list[str]
    modes: list[str]
    revisit_tries: int
    allowed_actions: list[str]  # those of whoever reads it; not kept

    def __init__(
        self, report: Report, *, place: Place, choice: Choice, now: datetime, calendar: WorkingCalendar
    ) -> None:
        """立案 and 派单 in one: there is no moment in which nobody is responsible. Raises NoGridHere,
        OrganisationElsewhere, OrganisationEndedAlready."""
        self.id = new_id()
        self.number = report.number
        self.turn = 1
        self.category = report.category.code
        self.category_name = report.category.name
        self.text = report.text
        self.longitude = report.point.longitude if report.point else None
        self.latitude = report.point.latitude if report.point else None
        self._lie_at(place)
        self.area_ref = report.area_ref
        self.reporter_ref = report.reporter_ref
        self.recorded_by = report.recorded_by
        self.source = report.source
        self.external_refs = report.external_refs
        self.organisation_ref = self._taken_by(report.organisation)
        self.topic_ref: str | None = None
        self.works_ref: str | None = None
        self.plan_version = 0
        self.reported_at = self.changed_at = now
        self.state = DISPATCHED
        self.co_handlers = []
        self._begin_turn(report.category, now, calendar)
        self.record(events.CaseReported())
        self._give_to(choice, "first_receiver")

    # ---- who has it

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
        self.record(events.CaseObjected(reason))

    def uphold(self, choice: Choice, *, reason: str, by: str, now: datetime) -> None:
        """支持异议 It goes to another; the clock has run on. Raises NotNow, NoObjection, DecidedByWhoAsked,
        LedByThemNow."""
        state = self._after("uphold")
        if choice.party_ref == self.lead_party_ref:
            raise wrong.LedByThemNow(name=self.lead_party_name, field="party_ref")
        self._decided("objection", by)
        self._to(state, now)
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

    def hand_over(self, choice: Choice, *, now: datetime) -> None:
        """移交 Another company has taken the area over, and is to accept what the old one had in hand; what waits goes
        on waiting. Its answer is due when that was promised. Nothing where it is handled, or is theirs already."""
        if self.state not in OPEN or self.lead_party_ref == choice.party_ref:
            return
        if LIFECYCLE.allows("hand_over", self.state):
            self._do("hand_over", now)
        self._drop_applications()
        self.changed_at = now
        self._give_to(choice, "taken_over")

    def follow(self, place: Place) -> None:
        """移格 Its place has moved, or its point lies in another grid now. A closed case stays where it was."""
        if self.state != CLOSED:
            self._lie_at(place)
            self.record(events.CaseMoved())

    # ---- its clock

    def contact(self, *, now: datetime) -> None:
        """联系反映人 The first time of a turn counts (响应). Raises NotNow, NoReporter."""
        self._do("contact", now)
        if self.contacted_at is None:
            self.contacted_at = now
            self.record(events.CaseContacted(now))

    # ---- what it waits for

    def wait_for_topic(self, topic_ref: str, *, reason: str, now: datetime) -> None:
        """The topic that takes the matter up is under deliberation. The first topic that takes it up keeps it."""
        if self.state not in (DISPATCHED, HANDLING) or self.topic_ref == topic_ref:
            return
        self._follow(topic_ref)
        self._wait(TOPIC, reason, None, now)

    def wait_for_works(self, topic_ref: str, plan_version: int, *, reason: str, now: datetime) -> None:
        """A plan is adopted and is being built. Nothing where the case is past that, or past that plan."""
        self._follow(topic_ref)
        if self.state not in OPEN or plan_version <= self.plan_version:
            return
        self.plan_version = plan_version
        self._wait(WORKS, reason, plan_version, now)

    def lose_works(
        self,
        topic_ref: str,
        plan_version: int,
        works_ref: str,
        choice: Choice,
        category: Category,
        *,
        now: datetime,
        calendar: WorkingCalendar,
    ) -> None:
        """重新派单 The works of a plan were cancelled: a fresh clock, if the case waits for them or their topic.

        Heard before the plan was, it is remembered, so that the plan does not make the case wait for nothing.
        """
        self._follow(topic_ref)
        if self.state not in OPEN or plan_version < self.plan_version or works_ref == self.works_ref:
            return
        self.plan_version, self.works_ref = plan_version, works_ref
        if not LIFECYCLE.allows("dispatch", self.state):
            self.record(events.WorksGivenUp())
            return
        self._do("dispatch", now)
        self._begin_turn(category, now, calendar)
        self._give_to(choice, "works_cancelled")

    def land(self, *, topic_ref: str, works_ref: str, outcome: str, now: datetime) -> None:
        """成果落实 It is handled by the result of a topic, and verified: residents were there at the acceptance.
        Nothing where it is handled already."""
        if self.state not in OPEN:
            return
        self.topic_ref, self.works_ref = topic_ref, works_ref
        self._do("land", now)
        self._have_handled(outcome, "", now)
        self.record(events.CaseVerified(LANDED))

    # ---- its end

    def handle(
        self, *, outcome: str, modes: Collection[str], evidence_refs: Collection[str], by: str, now: datetime
    ) -> None:
        """办结反馈 What was to be done is done. Raises NotNow, PhasesLeft."""
        self._do("handle", now)
        self.modes = sorted(modes)
        self.evidence_refs = [*self.evidence_refs, *evidence_refs]
        self._have_handled(outcome, by, now)

    def verify(self, *, finding: str, evidence_refs: Collection[str], by: str, now: datetime) -> None:
        """核实 By somebody else, with evidence (gate G4). Raises NotNow, VerifiedByWhoHandled."""
        state = self._after("verify")
        if by == self.handled_by:
            raise wrong.VerifiedByWhoHandled()
        self._to(state, now)
        self.evidence_refs = [*self.evidence_refs, *evidence_refs]
        self.record(events.CaseVerified(finding))

    def send_back(self, *, reason: str, now: datetime) -> None:
        """退回重办 It is not done; the clock has run on. Raises NotNow."""
        self._do("send_back", now)
        if self.answered_at == self.handled_at:
            self.answered_at = None
        self.handled_at = self.handled_by = self.result_text = None
        self.record(events.CaseSentBack(reason))

    def try_revisit(self, *, now: datetime) -> None:
        """未能回访 The reporter was asked in vain. Raises NotNow, NoReporter."""
        self._do("try_revisit", now)
        self.revisit_tries += 1
        self.record(events.RevisitTried())

    def close(self, *, now: datetime) -> None:
        """结案 Without an answer: nobody reported it, or the reporter was asked in vain often enough. Raises NotNow,
        RevisitFirst."""
        self._do("close", now)
        self._end(UNREPORTED if self.reporter_ref is None else UNANSWERED, "", now)

    def ask_end(self, outcome: str, *, reason: str, by: str, now: datetime) -> None:
        """申请不经办理结案. Raises NotNow, EndPending."""
        self._do("ask_end", now)
        self.ending = Application(by, reason, outcome=outcome)
        self.record(events.EndAsked())

    def end(self, *, by: str, now: datetime) -> None:
        """批准不经办理结案, by a second officer. Raises NotNow, NoEndAsked, DecidedByWhoAsked."""
        state = self._after("end")
        asked = self._decided("ending", by)
        self._to(state, now)
        self._end(asked.outcome, asked.reason, now)

    def refuse_end(self, *, by: str, now: datetime) -> None:
        """不予批准, by a second officer. Raises NotNow, NoEndAsked, DecidedByWhoAsked."""
        state = self._after("refuse_end")
        self._decided("ending", by)
        self._to(state, now)
        self.record(events.EndRefused())

    def withdraw(self, *, reason: str, now: datetime) -> None:
        """撤回 The reporter no longer asks for it. Raises NotNow, NoReporter."""
        self._do("withdraw", now)
        self._end(WITHDRAWN, reason, now)

    def hear_answer(
        self,
        *,
        turn: int,
        resolution: str,
        grade: int,
        reason_code: str,
        choice: Choice,
        category: Category,
        now: datetime,
        calendar: WorkingCalendar,
    ) -> None:
        """回访: the first answer of a turn counts; a later one can only reopen (domain.md 0).

        An answer to an earlier turn changes nothing; one to a turn that is not verified yet raises NotYet.
        """
        if turn < self.turn:
            return
        if self.state not in (VERIFIED, CLOSED):
            raise NotYet(f"case {self.number} is {self.state}, turn {self.turn}")
        if resolution == "unresolved" and self.turn < MOST_TURNS:
            self._reopen(reason_code or "unresolved", choice, category, now, calendar)
        elif self.state == VERIFIED:
            self._do("hear_good", now)
            self._end(REVISITED, "", now, resolution, grade)

    def revisit(
        self,
        *,
        resolution: str,
        grade: int,
        reason_code: str,
        choice: Choice,
        category: Category,
        now: datetime,
        calendar: WorkingCalendar,
    ) -> None:
        """回访 What the reporter said to this turn. Raises NotNow, NoReporter."""
        self._after("revisit")
        self.hear_answer(
            turn=self.turn,
            resolution=resolution,
            grade=grade,
            reason_code=reason_code,
            choice=choice,
            category=category,
            now=now,
            calendar=calendar,
        )

    @property
    def point(self) -> Point | None:
        """坐标 Where it was reported, if that was said by a point."""
        return (
            None if self.longitude is None or self.latitude is None else Point(self.longitude, self.latitude)
        )

    @property
    def reopen_count(self) -> int:
        """How often it was opened again."""
        return self.turn - 1

    @property
    def is_on_time(self) -> bool:
        """按期: the reporter had an answer before it was due."""
        return self.answered_at is not None and self.answered_at <= self.answer_due_at

    def _lie_at(self, place: Place) -> None:
        self.place_ref = place.id
        self.place_name = place.name
        self.place_path = place.place_path
        self.grid_ref, self.grid_code = place.must_have_grid()
        self.estate_ref = place.estate_ref
        self.building_ref = place.building_ref

    def _taken_by(self, organisation: Organisation | None) -> str | None:
        if organisation is None:
            return None
        organisation.must_be_there(field="organisation_ref")
        if not organisation.reaches(self.place_path):
            raise OrganisationElsewhere(name=organisation.name, field="organisation_ref")
        return organisation.id

    def _begin_turn(self, category: Category, now: datetime, calendar: WorkingCalendar) -> None:
        """A fresh start: nobody has been spoken with, nothing was handled, nothing is being asked for."""
        self.phase, self.phase_count = 0, len(category.phases)
        self.answered_at = self.contacted_at = self.handled_at = self.closed_at = None
        self.handled_by = self.result_text = self.outcome = self.waiting_for = None
        self._drop_applications()
        self.evidence_refs, self.modes = [], []
        self.revisit_tries = 0
        self._restart_clock(Countdown(now, category.limit), calendar)

    def _have_handled(self, outcome: str, by: str, now: datetime) -> None:
        self._drop_applications()
        self.handled_at, self.handled_by, self.result_text = now, by, outcome
        self.answered_at = self.answered_at or now
        self.record(events.CaseHandled(outcome, now))

    def _end(
        self,
        outcome: str,
        reason: str,
        now: datetime,
        resolution: str | None = None,
        grade: int | None = None,
    ) -> None:
        self.outcome, self.closed_at = outcome, now
        self._drop_applications()
        self.record(events.CaseClosed(outcome, resolution, grade, reason))

    def _reopen(
        self,
        reason_code: str,
        choice: Choice,
        category: Category,
        now: datetime,
        calendar: WorkingCalendar,
    ) -> None:
        self._do("reopen", now)
        self.turn += 1
        self.topic_ref, self.plan_version, self.works_ref = None, 0, None
        self._begin_turn(category, now, calendar)
        self.record(events.CaseReopened(reason_code))
        self._give_to(choice, "reopened")

    def _follow(self, topic_ref: str) -> None:
        if self.topic_ref != topic_ref:
            self.topic_ref, self.plan_version, self.works_ref = topic_ref, 0, None

    def _give_to(self, choice: Choice, reason_code: str) -> None:
        self.lead_party_ref, self.lead_party_name = choice.party_ref, choice.name
        self.has_objected = False
        self._begin_dispatch()
        self.record(events.CaseDispatched(reason_code, choice.reason))

    def _wait(self, waiting_for: str, reason: str, plan_version: int | None, now: datetime) -> None:
        self._do("wait", now)
        self.waiting_for = waiting_for
        self._drop_applications()
        self.answered_at = self.answered_at or now
        self.record(events.CaseWaiting(waiting_for, reason, plan_version))
