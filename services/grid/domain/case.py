"""事项 A case: from the report to the reporter's word that it is good. What can happen to it: case_lifecycle."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.grid.domain import case_events as events
from services.grid.domain.case_clock import Application
from services.grid.domain.case_lifecycle import (
    CLOSED,
    DISPATCHED,
    HANDLED,
    LIFECYCLE,
    OPEN,
    VERIFIED,
)
from services.grid.domain.case_waiting import Waiting
from services.grid.domain.categories import Category
from services.grid.domain.errors import cases as wrong
from services.grid.domain.errors.records import RecordedAhead
from services.grid.domain.limit import HOURS
from services.grid.domain.organisation import Organisation
from services.grid.domain.place import Place
from services.grid.domain.point import Point
from services.grid.domain.policies import Choice
from services.grid.domain.turn import REOPENED, Turn
from shared.kernel.errors import NotYet
from shared.kernel.ids import new_id
from shared.kernel.working_time import WorkingCalendar

HOTLINE = "hotline"
SOURCES = {
    "resident": "居民",
    HOTLINE: "热线",
    "phone": "来电代录",
    "reception_point": "群众接待点",
    "patrol": "巡查",
    "captain": "楼门长",
    "consultation": "协商转办",
    "outside_system": "外部系统",
}
MODES = {"self_governance": "自治", "rule_of_law": "法治", "rule_of_virtue": "德治"}  # row 3
UNRESOLVED = "unresolved"
RESOLUTIONS = {"resolved": "解决", "partly": "部分解决", UNRESOLVED: "未解决"}

# how a case may end (domain.md 0)
REVISITED, UNREPORTED, UNANSWERED, WITHDRAWN = "revisited", "unreported", "unanswered", "withdrawn"
MERGED = "merged"
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
    MERGED: "与同一事项并案",
    **ENDS_ASKED_FOR,
}
LEFT = "referred"  # an order whose objection the hotline upholds is somebody else's
MOST_TURNS = 5  # an answer that it is not good opens no sixth turn: the case is closed as unresolved


@dataclass(frozen=True)
class Answer:
    """答复 What a reporter said to a turn: whether it is resolved, and how content it is, 1 to 5."""

    turn: int
    resolution: str
    grade: int
    reason_code: str = ""


@dataclass(frozen=True)
class Report:
    """What somebody reported: to be made into a case. `recorded_by`: who put it in, where the reporter did not.

    `occurred_at` None: now. `address` is where it is in words, `place_is_unknown` where nobody knows yet which place
    that is. Of a reporter whom the hotline knows there is the contact, sealed to notify (`reporter_sealed`), and the
    hotline may have set `due_at`.
    """

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
    respondent_door_ref: str | None = None
    is_hazardous: bool = False
    occurred_at: datetime | None = None
    address: str = ""
    place_is_unknown: bool = False
    photographs: Collection[str] = ()
    reporter_sealed: str | None = None
    due_at: datetime | None = None


class Case(Waiting):
    """事项 A matter with a grid, a responsible party and a clock.

    Two clocks (domain.md 0): `answer_due_at` stops when the reporter has an answer, be it an interim one
    (`answered_at`); `due_at` is that of the phase under way, and runs until the case is handled. `turn` counts
    reopenings: an answer to turn 1 never closes turn 2. `changed_at`: when it moved last.

    It happened at `occurred_at` and was recorded at `reported_at`, at the point `longitude` and `latitude` where that
    was said; its place is then the grid there. Where `place_is_unknown`, it is the grid that takes what nobody can
    place (属地兜底), until somebody puts it at its own. `organisation_ref` is the organisation that has it in hand,
    whichever party is responsible.

    `reporter_refs` are all who reported the matter: the case's own and those of the `merged_count` cases that were
    merged into it. `respondent_door_ref`: the other side's, in a dispute between neighbours.
    """

    term = LIFECYCLE.name

    reporter_ref: str | None
    reporter_sealed: str | None
    respondent_door_ref: str | None
    merged_count: int
    allowed_actions: list[str]  # those of whoever reads it; not kept

    def __init__(
        self, report: Report, *, place: Place, choice: Choice, now: datetime, calendar: WorkingCalendar
    ) -> None:
        """立案 and 派单 in one: there is no moment in which nobody is responsible. Raises NoGridHere,
        OrganisationElsewhere, OrganisationEndedAlready, RecordedAhead."""
        if report.occurred_at is not None and report.occurred_at > now:
            raise RecordedAhead(field="occurred_at")
        self.id = new_id()
        self.number = report.number
        self.turn = 1
        self.category = report.category.code
        self.category_name = report.category.name
        self.text = report.text
        self.address = report.address
        self.place_is_unknown = report.place_is_unknown
        self.photographs = list(report.photographs)
        self._stand_at(report.point)
        self._lie_at(place)
        self.area_ref = report.area_ref
        self.reporter_ref = report.reporter_ref
        self.reporter_sealed = report.reporter_sealed
        self.recorded_by = report.recorded_by
        self.source = report.source
        self.external_refs = report.external_refs
        self.organisation_ref = self._taken_by(report.organisation)
        self.topic_ref: str | None = None
        self.works_ref: str | None = None
        self.plan_version = 0
        self.gray_zone_ref: str | None = None
        self.cluster_ref: str | None = None
        self.merged_into_ref: str | None = None
        self.merged_count = 0
        self.joined_reporter_refs: list[str] = []
        self.referral_ref: str | None = None
        self.over_refs: list[str] = []
        self.is_dispute = report.category.is_dispute
        self.respondent_door_ref, self.is_hazardous = report.respondent_door_ref, report.is_hazardous
        self.reported_at = self.changed_at = now
        self.occurred_at = report.occurred_at or now
        self.state = DISPATCHED
        self.dispatches = self.objections = self.objections_upheld = 0
        self.co_handlers = []
        self._begin_turn(report.category, now, calendar)
        if report.due_at is not None:
            self._be_due(report.due_at, calendar)
        self.record(events.CaseReported())
        self._give_to(choice, "first_receiver")
        self._tell_dispute()

    def follow(self, place: Place) -> None:
        """移格 Its place has moved, or its point lies in another grid now. A closed case stays where it was."""
        if self.state != CLOSED:
            self._lie_at(place)
            self.place_is_unknown = False
            self.record(events.CaseMoved())

    def place(
        self,
        place: Place,
        point: Point | None,
        *,
        area_ref: str | None,
        organisation: Organisation | None,
        choice: Choice,
        now: datetime,
    ) -> None:
        """定位 It is there, and whoever is responsible there has it; the clock runs on. Raises NotNow, NoGridHere,
        OrganisationElsewhere, OrganisationEndedAlready."""
        state = self._after("place")
        self._lie_at(place)
        self._stand_at(point)
        self.area_ref = area_ref
        self.organisation_ref = self._taken_by(organisation)
        self.place_is_unknown = False
        self._to(state, now)
        self.record(events.CasePlaced())
        if choice.party_ref != self.lead_party_ref:
            self._pass_to(choice, "placed", now)

    # ---- what the hotline says of its order

    def amend(
        self,
        *,
        text: str,
        address: str,
        reporter_sealed: str | None,
        due_at: datetime | None,
        now: datetime,
        calendar: WorkingCalendar,
    ) -> None:
        """热线更正 What was sent is put right. Nothing where the case is handled: what was done was done on what was
        known."""
        if not LIFECYCLE.allows("amend", self.state):
            return
        self._do("amend", now)
        self.text, self.address, self.reporter_sealed = text, address, reporter_sealed
        if due_at is not None:
            self._be_due(due_at, calendar)
        self.record(events.CaseAmended())

    def hear_extension(
        self, until: datetime, *, reason: str, now: datetime, calendar: WorkingCalendar
    ) -> bool:
        """热线同意延期 There is time until then. Nothing where there is as much already, or the case is handled."""
        if not LIFECYCLE.allows("hear_extension", self.state) or until <= self.due_at:
            return False
        more = until - self.due_at
        self._do("hear_extension", now)
        self.extension = None
        self._be_due(until, calendar)
        self.record(events.CaseExtended(-(-more // timedelta(hours=1)), HOURS, reason))
        return True

    def leave(self, *, reason: str, now: datetime) -> bool:
        """退回热线 It is not the street's: the hotline has upheld the objection. Nothing where it is handled."""
        if not LIFECYCLE.allows("leave", self.state):
            return False
        self._do("leave", now)
        self._end(LEFT, reason, now)
        return True

    def hears(self, resolution: str, *, said_at: datetime) -> bool | None:
        """Whether what the hotline was told then is an answer to this turn. None: it will be, once that is verified.

        It is none where it was said in an earlier turn (domain.md 0), nor where it was "unresolved" before the case was
        handled: that was not about what was done.
        """
        is_done = self.state in (VERIFIED, CLOSED)
        was_before = not is_done or (self.handled_at is not None and said_at < self.handled_at)
        if said_at < self.begun_at or (was_before and resolution == UNRESOLVED):
            return False
        return True if is_done else None

    # ---- its clock

    def contact(self, *, now: datetime) -> None:
        """联系反映人 The first time of a turn counts (响应). Raises NotNow, NoReporter."""
        self._do("contact", now)
        if self.contacted_at is None:
            self.contacted_at = now
            self.record(events.CaseContacted(now))

    # ---- its end

    def handle(
        self,
        *,
        outcome: str,
        modes: Collection[str],
        evidence_refs: Collection[str],
        by: str,
        now: datetime,
        calendar: WorkingCalendar,
    ) -> None:
        """办结反馈 What was to be done is done. Raises NotNow, PhasesLeft."""
        self._do("handle", now)
        self.modes = sorted(modes)
        self.evidence_refs = [*self.evidence_refs, *evidence_refs]
        self._have_handled(outcome, by, now, calendar)

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
        self._end(UNANSWERED if self.has_reporter else UNREPORTED, "", now)

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

    def merge_into(self, other: Case, *, now: datetime) -> None:
        """并案 It is the same matter as an earlier case, which goes on for all who reported it. Raises NotNow,
        ClaimOpen, OthersJoined, MergeUnfit."""
        state = self._after("merge")
        is_earlier = other.id != self.id and other.reported_at <= self.reported_at
        if not is_earlier or other.state not in (*OPEN, HANDLED):
            raise wrong.MergeUnfit(number=other.number, field="into_ref")
        other.take_in(self, now=now)
        self.merged_into_ref = other.id
        self._to(state, now)
        self.record(events.CaseMerged(other.id, other.number))
        self._end(MERGED, "", now)

    def take_in(self, other: Case, *, now: datetime) -> None:
        """Whoever reported the other hears from now on what becomes of this one."""
        self.merged_count += 1
        new = [ref for ref in other.reporter_refs if ref not in self.reporter_refs]
        self.joined_reporter_refs = [*self.joined_reporter_refs, *new]
        self.changed_at = now
        self.record(events.CaseTookIn())

    def be_referral(self, ref: str, *, also_reported_by: Sequence[str]) -> None:
        """转办 Consultation has referred it, and all who have said it there hear of it."""
        self.referral_ref = ref
        self.joined_reporter_refs = [*self.joined_reporter_refs, *also_reported_by]

    def join(self, cluster_ref: str) -> None:
        """归入聚集 It is one of several of its kind in its place."""
        self.cluster_ref = cluster_ref

    def hear_answer(
        self, answer: Answer, choice: Choice, category: Category, *, now: datetime, calendar: WorkingCalendar
    ) -> None:
        """回访: the first answer of a turn counts; a later one can only reopen (domain.md 0).

        An answer to an earlier turn changes nothing; one to a turn that is not verified yet raises NotYet.
        """
        if answer.turn < self.turn:
            return
        if self.state not in (VERIFIED, CLOSED):
            raise NotYet(f"case {self.number} is {self.state}, turn {self.turn}")
        if answer.resolution == UNRESOLVED and self.turn < MOST_TURNS:
            self._write_down(REOPENED, now, answer.resolution, answer.grade)
            self._reopen(answer.reason_code or UNRESOLVED, choice, category, now, calendar)
        elif self.state == VERIFIED:
            self._do("hear_good", now)
            self._end(REVISITED, "", now, answer)

    def revisit(
        self, answer: Answer, choice: Choice, category: Category, *, now: datetime, calendar: WorkingCalendar
    ) -> None:
        """回访 What the reporter said to this turn. Raises NotNow, NoReporter."""
        self._after("revisit")
        self.hear_answer(answer, choice, category, now=now, calendar=calendar)

    def take_ended(self) -> list[Turn]:
        """The turns that have ended since the last call, as they were then; a turn that had been closed and is opened
        again ends twice."""
        ended: list[Turn] = self.__dict__.pop("_ended", [])
        return ended

    @property
    def has_reporter(self) -> bool:
        """Whether there is somebody to speak with, known to notify or to the hotline alone."""
        return bool(self.reporter_refs) or self.reporter_sealed is not None

    @property
    def point(self) -> Point | None:
        """坐标 Where it was reported, if that was said by a point."""
        return (
            None if self.longitude is None or self.latitude is None else Point(self.longitude, self.latitude)
        )

    @property
    def reporter_refs(self) -> list[str]:
        """反映人 All who reported the matter."""
        own = [] if self.reporter_ref is None else [self.reporter_ref]
        return own + self.joined_reporter_refs

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

    def _stand_at(self, point: Point | None) -> None:
        self.longitude = point.longitude if point else None
        self.latitude = point.latitude if point else None

    def _end(self, outcome: str, reason: str, now: datetime, answer: Answer | None = None) -> None:
        self.outcome, self.closed_at = outcome, now
        self.waiting_for = self.next_on = None
        self._drop_applications()
        resolution, grade = (answer.resolution, answer.grade) if answer else (None, None)
        self._write_down(outcome, now, resolution, grade)
        self.record(events.CaseClosed(outcome, resolution, grade, reason))
        if self.is_dispute and self.handled_at is None:
            self.record(events.DisputeWithdrawn(outcome))

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
        self.dispatches = self.objections = self.objections_upheld = 0
        self.topic_ref, self.plan_version, self.works_ref = None, 0, None
        self._begin_turn(category, now, calendar)
        self.record(events.CaseReopened(reason_code))
        self._give_to(choice, "reopened")
        self._tell_dispute()

    def _write_down(self, outcome: str, now: datetime, resolution: str | None, grade: int | None) -> None:
        """What this turn has come to: kept aside as recorded facts are, since what is loaded skips `__init__`."""
        ended = Turn(self, outcome, resolution=resolution, grade=grade, now=now)
        self.__dict__.setdefault("_ended", []).append(ended)

    def _tell_dispute(self) -> None:
        if self.is_dispute:
            self.record(events.DisputeFound(self.is_hazardous))
