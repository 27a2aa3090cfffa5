"""事项 A case: from the report to the reporter's word that it is good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.grid.domain.categories import Category
from services.grid.domain.errors.people import OrganisationElsewhere
from services.grid.domain.organisation import Next, Organisation
from services.grid.domain.place import Place
from services.grid.domain.point import Point
from services.grid.domain.policies import Choice
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import NotYet, Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard, move

DISPATCHED, WAITING, HANDLED, CLOSED = "dispatched", "waiting", "handled", "closed"

SOURCES = {
    "resident": "居民",
    "hotline": "热线",
    "patrol": "巡查",
    "captain": "楼门长",
    "outside_system": "外部系统",
}
TOPIC, WORKS = "topic", "works"
WAITING_FOR = {TOPIC: "社区协商", WORKS: "工程实施"}

LIFECYCLE = Lifecycle(
    Term("事项", "case"),
    {DISPATCHED: "办理中", WAITING: "等待", HANDLED: "已办理", CLOSED: "已办结"},
    #     action                   from                   to
    move("pass", "转交", DISPATCHED, DISPATCHED),
    heard("wait", "等待", (DISPATCHED, WAITING), WAITING),
    heard("dispatch", "重新派单", WAITING, DISPATCHED),
    heard("handle", "办理完成", (DISPATCHED, WAITING), HANDLED),
    heard("close", "结案", HANDLED, CLOSED),
    heard("reopen", "重新办理", (HANDLED, CLOSED), DISPATCHED),
)


@dataclass(frozen=True)
class CaseReported(DomainEvent):
    """立案 A matter is registered (row 14)."""


@dataclass(frozen=True)
class CaseDispatched(DomainEvent):
    """派单 A responsible party has it."""

    reason_code: str
    reason_text: str


@dataclass(frozen=True)
class CaseWaiting(DomainEvent):
    """等待 It waits, with an interim answer."""

    waiting_for: str
    reason_text: str
    plan_version: int | None


@dataclass(frozen=True)
class WorksGivenUp(DomainEvent):
    """The works of a plan were cancelled before the case had heard that it waits for them. Stays at home."""


@dataclass(frozen=True)
class CasePassed(DomainEvent):
    """转交 The organisation above or below has it in hand now (rows 7–9)."""

    from_ref: str
    to_name: str
    direction: str
    reason_text: str


@dataclass(frozen=True)
class CaseHandled(DomainEvent):
    """办理完成 What was to be done is done."""

    outcome_text: str
    handled_at: datetime


@dataclass(frozen=True)
class CaseReopened(DomainEvent):
    """重新办理 It is not good; a new turn begins."""

    reason_code: str


@dataclass(frozen=True)
class CaseClosed(DomainEvent):
    """结案 The end, after a valid revisit (row 15)."""

    resolution: str
    grade: int


@dataclass(frozen=True)
class CaseMoved(DomainEvent):
    """移格 The place of an open case lies in another grid now. Stays at home: places are told."""


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


class Case(Aggregate):
    """事项 A matter with a grid, a responsible party and a clock.

    Two clocks (domain.md 0): `answer_due_at` stops when the reporter has an answer, be it an interim one
    (`answered_at`); the follow-up runs until the case is closed. `turn` counts reopenings: an answer to turn 1
    never closes turn 2. `plan_version` is that of the topic's plan which the case has heard of last, `changed_at`
    when it moved last. `longitude` and `latitude` are those it was reported at; its place is then the grid there.
    `organisation_ref` is the organisation that has it in hand, whichever party is responsible.
    """

    term = LIFECYCLE.name

    def __init__(self, report: Report, *, place: Place, choice: Choice, now: datetime) -> None:
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
        self.waiting_for: str | None = None
        self.reported_at = self.changed_at = now
        self.answer_due_at = now + report.category.limit
        self.answered_at: datetime | None = None
        self.handled_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.state = DISPATCHED
        self.record(CaseReported())
        self._give_to(choice, "first_receiver")

    def follow(self, place: Place) -> None:
        """移格 Its place has moved, or its point lies in another grid now. A closed case stays where it was."""
        if self.state != CLOSED:
            self._lie_at(place)
            self.record(CaseMoved())

    @property
    def point(self) -> Point | None:
        """坐标 Where it was reported, if that was said by a point."""
        return (
            None if self.longitude is None or self.latitude is None else Point(self.longitude, self.latitude)
        )

    def wait_for_topic(self, topic_ref: str, *, reason: str, now: datetime) -> None:
        """The topic that takes the matter up is under deliberation. The first topic that takes it up keeps it."""
        if self.state != DISPATCHED or self.topic_ref == topic_ref:
            return
        self._follow(topic_ref)
        self._wait(TOPIC, reason, None, now)

    def wait_for_works(self, topic_ref: str, plan_version: int, *, reason: str, now: datetime) -> None:
        """A plan is adopted and is being built. Nothing where the case is past that, or past that plan."""
        self._follow(topic_ref)
        if self.state in (HANDLED, CLOSED) or plan_version <= self.plan_version:
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
    ) -> None:
        """重新派单 The works of a plan were cancelled: a fresh clock, if the case waits for them or their topic.

        Heard before the plan was, it is remembered, so that the plan does not make the case wait for nothing.
        """
        self._follow(topic_ref)
        if self.state in (HANDLED, CLOSED) or plan_version < self.plan_version or works_ref == self.works_ref:
            return
        self.plan_version, self.works_ref = plan_version, works_ref
        if not LIFECYCLE.allows("dispatch", self.state):
            self.record(WorksGivenUp())
            return
        self.state = LIFECYCLE.after("dispatch", self.state)
        self._restart_clock(category, now)
        self._give_to(choice, "works_cancelled")

    def pass_along(self, possible: Next, to_ref: str, *, reason: str, now: datetime) -> None:
        """转交 One step up or down the tree. The clock runs on. Raises NotAlongTheTree, NotNow."""
        state = LIFECYCLE.after("pass", self.state)
        organisation, direction = possible.towards(to_ref)
        self.state = state
        self.organisation_ref = organisation.id
        self.changed_at = now
        self.record(CasePassed(possible.holder.id, organisation.name, direction, reason))

    def hand_over(self, choice: Choice, *, now: datetime) -> None:
        """移交 Another company has taken the area over. The case goes on as it is, waiting too, and its answer is due
        when that was promised. Nothing where it is handled, or is theirs already."""
        if self.state in (HANDLED, CLOSED) or self.lead_party_ref == choice.party_ref:
            return
        self.changed_at = now
        self._give_to(choice, "taken_over")

    def handle(self, *, topic_ref: str, works_ref: str, outcome: str, now: datetime) -> None:
        """办理完成 by the result of a topic. Nothing where it is handled already."""
        if self.state in (HANDLED, CLOSED):
            return
        self.topic_ref, self.works_ref = topic_ref, works_ref
        self.state = LIFECYCLE.after("handle", self.state)
        self.handled_at = self.changed_at = now
        self.answered_at = self.answered_at or now
        self.record(CaseHandled(outcome, now))

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
    ) -> None:
        """回访: the first answer of a turn counts; a later one can only reopen (domain.md 0).

        An answer to an earlier turn changes nothing; one to a turn that is not handled yet raises NotYet.
        """
        if turn < self.turn:
            return
        if self.state not in (HANDLED, CLOSED):
            raise NotYet(f"case {self.number} is {self.state}, turn {self.turn}")
        if resolution == "unresolved":
            self._reopen(reason_code or "unresolved", choice, category, now)
        elif self.state == HANDLED:
            self.state = LIFECYCLE.after("close", self.state)
            self.closed_at = self.changed_at = now
            self.record(CaseClosed(resolution, grade))

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done; most of a case's moves are heard."""
        return LIFECYCLE.actions(self.state)

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

    def _reopen(self, reason_code: str, choice: Choice, category: Category, now: datetime) -> None:
        self.state = LIFECYCLE.after("reopen", self.state)
        self.turn += 1
        self.handled_at = self.closed_at = None
        self.topic_ref, self.plan_version, self.works_ref = None, 0, None
        self._restart_clock(category, now)
        self.record(CaseReopened(reason_code))
        self._give_to(choice, "reopened")

    def _follow(self, topic_ref: str) -> None:
        if self.topic_ref != topic_ref:
            self.topic_ref, self.plan_version, self.works_ref = topic_ref, 0, None

    def _restart_clock(self, category: Category, now: datetime) -> None:
        self.answer_due_at = now + category.limit
        self.changed_at = now
        self.answered_at = None
        self.waiting_for = None

    def _give_to(self, choice: Choice, reason_code: str) -> None:
        self.lead_party_ref, self.lead_party_name = choice.party_ref, choice.name
        self.record(CaseDispatched(reason_code, choice.reason))

    def _wait(self, waiting_for: str, reason: str, plan_version: int | None, now: datetime) -> None:
        self.state = LIFECYCLE.after("wait", self.state)
        self.waiting_for = waiting_for
        self.changed_at = now
        self.answered_at = self.answered_at or now
        self.record(CaseWaiting(waiting_for, reason, plan_version))
