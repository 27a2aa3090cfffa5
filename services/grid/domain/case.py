"""事项 A case: from the report to the reporter's word that it is good. What can happen to it: case_lifecycle."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.grid.domain import case_events as events
from services.grid.domain.case_clock import Application
from services.grid.domain.case_conditions import CLAIM
from services.grid.domain.case_lifecycle import (
    CLOSED,
    DISPATCHED,
    HANDLED,
    HANDLING,
    LIFECYCLE,
    OPEN,
    VERIFIED,
    WAITING,
)
from services.grid.domain.case_people import Peopled
from services.grid.domain.categories import Category
from services.grid.domain.countdown import Countdown
from services.grid.domain.errors import cases as wrong
from services.grid.domain.errors.people import OrganisationElsewhere
from services.grid.domain.errors.records import RecordedAhead
from services.grid.domain.limit import HOURS
from services.grid.domain.organisation import Next, Organisation
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
    "outside_system": "外部系统",
}
TOPIC, WORKS, MEDIATION = "topic", "works", "mediation"
WAITING_FOR = {TOPIC: "社区协商", WORKS: "工程实施", MEDIATION: "人民调解", CLAIM: "赔付整改"}
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
LANDED = "成果已验收落实"


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


class Case(Peopled):
    """事项 A matter with a grid, a responsible party and a clock.

    Two clocks (domain.md 0): `answer_due_at` stops when the reporter has an answer, be it an interim one
    (`answered_at`); `due_at` is that of the phase under way, and runs until the case is handled. `turn` counts
    reopenings: an answer to turn 1 never closes turn 2. `plan_version` is that of the topic's plan which the case has
    heard of last, `changed_at` when it moved last. `longitude` and `latitude` are those it was reported at; its place
    is then the grid there. `organisation_ref` is the organisation that has it in hand, whichever party is responsible.
    `awaited_ref` is the mediation or the claim that it waits for, `next_on` the day on which there is news at the
    latest, `over_refs` those that are over, and decided gray zones. `reporter_refs` are all who reported the matter:
    the case's own and those of the `merged_count` cases that were merged into it. `respondent_door_ref`: the other
    side's, in a dispute between neighbours.
    `begun_at`: when this turn began; `dispatches`, `objections`, `objections_upheld` count within it.
    It happened at `occurred_at` and was recorded at `reported_at`. Where `place_is_unknown`, its place is the grid that
    takes what nobody can place (属地兜底), until somebody puts it at its own.
    """

    term = LIFECYCLE.name

    reporter_ref: str | None
    reporter_sealed: str | None
    contacted_at: datetime | None
    handled_at: datetime | None
    closed_at: datetime | None
    handled_by: str | None
    respondent_door_ref: str | None
    result_text: str | None
    outcome: str | None
    waiting_for: str | None
    awaited_ref: str | None
    next_on: date | None
    has_objected: bool
    evidence_refs: list[str]
    modes: list[str]
    revisit_tries: int
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

    # ---- what it waits for

    def wait_for_topic(
        self, topic_ref: str, *, reason: str, now: datetime, calendar: WorkingCalendar
    ) -> None:
        """The topic that takes the matter up is under deliberation. The first topic that takes it up keeps it."""
        if self.state not in (DISPATCHED, HANDLING) or self.topic_ref == topic_ref:
            return
        self._follow(topic_ref)
        self._wait(TOPIC, reason, None, now, calendar)

    def wait_for_works(
        self, topic_ref: str, plan_version: int, *, reason: str, now: datetime, calendar: WorkingCalendar
    ) -> None:
        """A plan is adopted and is being built. Nothing where the case is past that, or past that plan."""
        if self._is_claimed:
            return
        self._follow(topic_ref)
        if self.state not in OPEN or plan_version <= self.plan_version:
            return
        self.plan_version = plan_version
        self._wait(WORKS, reason, plan_version, now, calendar)

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
        if self.waiting_for not in (TOPIC, WORKS):
            self.record(events.WorksGivenUp())
            return
        self._do("dispatch", now)
        self._begin_turn(category, now, calendar)
        self._give_to(choice, "works_cancelled")

    def land(
        self, *, topic_ref: str, works_ref: str, outcome: str, now: datetime, calendar: WorkingCalendar
    ) -> None:
        """成果落实 It is handled by the result of a topic, and verified: residents were there at the acceptance.
        Nothing where it is handled already."""
        if self.state not in OPEN or self._is_claimed:
            return
        self.topic_ref, self.works_ref = topic_ref, works_ref
        self._do("land", now)
        self._have_handled(outcome, "", now, calendar)
        self.record(events.CaseVerified(LANDED))

    def wait_for_mediation(
        self,
        mediation_ref: str,
        *,
        reason: str,
        next_on: date | None,
        now: datetime,
        calendar: WorkingCalendar,
    ) -> None:
        """等待调解 Both sides consent, or have agreed. Nothing where it waits for something else, or that is over."""
        has_moved_on = self.awaited_ref == mediation_ref and self.next_on != next_on
        is_free = self.state in (DISPATCHED, HANDLING) or (self.state == WAITING and has_moved_on)
        if is_free and mediation_ref not in self.over_refs:
            self._await(MEDIATION, mediation_ref, reason, next_on, now, calendar)

    def wait_for_claim(
        self, claim_ref: str, *, reason: str, next_on: date | None, now: datetime, calendar: WorkingCalendar
    ) -> None:
        """等待赔付整改 Whatever it waited for before: only that the claim is settled, or denied, lets it go on. The
        first claim that takes it up keeps it."""
        if self.state in OPEN and claim_ref not in self.over_refs and not self._is_claimed:
            self._await(CLAIM, claim_ref, reason, next_on, now, calendar)

    def wait_no_more(
        self,
        awaited_ref: str,
        choice: Choice,
        category: Category,
        reason_code: str,
        *,
        now: datetime,
        calendar: WorkingCalendar,
    ) -> None:
        """重新派单 The mediation or the claim came to nothing: a fresh clock, if the case waits for it."""
        if not self._is_news(awaited_ref) or self.awaited_ref != awaited_ref or self.state != WAITING:
            return
        self._do("dispatch", now)
        self._begin_turn(category, now, calendar)
        self._give_to(choice, reason_code)

    def settle(self, awaited_ref: str, *, outcome: str, now: datetime, calendar: WorkingCalendar) -> None:
        """所等之事办妥 The mediation was performed, or the claim settled: it is handled, and is to be verified. Nothing
        where it waits for another claim."""
        if not self._is_news(awaited_ref) or self.state not in OPEN:
            return
        if self._is_claimed and self.awaited_ref != awaited_ref:
            return
        self.awaited_ref = awaited_ref
        self._do("settle", now)
        self._have_handled(outcome, "", now, calendar)

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

    def _have_handled(self, outcome: str, by: str, now: datetime, calendar: WorkingCalendar) -> None:
        self._stop_clock(now, calendar)
        self._drop_applications()
        self.waiting_for = self.next_on = None
        self.handled_at, self.handled_by, self.result_text = now, by, outcome
        self.answered_at = self.answered_at or now
        self.record(events.CaseHandled(outcome, now))

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

    def _follow(self, topic_ref: str) -> None:
        if self.topic_ref != topic_ref:
            self.topic_ref, self.plan_version, self.works_ref = topic_ref, 0, None

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

    def _tell_dispute(self) -> None:
        if self.is_dispute:
            self.record(events.DisputeFound(self.is_hazardous))

    @property
    def _is_claimed(self) -> bool:
        return self.waiting_for == CLAIM

    def _is_news(self, ref: str) -> bool:
        """That it is over, or decided, was not heard before; now it is."""
        if ref in self.over_refs:
            return False
        self.over_refs = [*self.over_refs, ref]
        return True

    def _await(
        self,
        waiting_for: str,
        awaited_ref: str,
        reason: str,
        next_on: date | None,
        now: datetime,
        calendar: WorkingCalendar,
    ) -> None:
        self.awaited_ref, self.next_on = awaited_ref, next_on
        self._wait(waiting_for, reason, None, now, calendar)

    def _wait(
        self,
        waiting_for: str,
        reason: str,
        plan_version: int | None,
        now: datetime,
        calendar: WorkingCalendar,
    ) -> None:
        self._do("wait", now)
        self.waiting_for = waiting_for
        self._stop_clock(now, calendar)
        self._drop_applications()
        self.answered_at = self.answered_at or now
        self.record(events.CaseWaiting(waiting_for, reason, plan_version))
