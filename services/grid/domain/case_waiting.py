"""事项的等待 The part of a case that waits for others: a topic, its works, a mediation, a claim."""

from __future__ import annotations

from datetime import date, datetime

from services.grid.domain import case_events as events
from services.grid.domain.case_conditions import CLAIM
from services.grid.domain.case_lead import Led
from services.grid.domain.case_lifecycle import DISPATCHED, HANDLING, OPEN, WAITING
from services.grid.domain.categories import Category
from services.grid.domain.policies import Choice
from shared.kernel.working_time import WorkingCalendar

TOPIC, WORKS, MEDIATION = "topic", "works", "mediation"
WAITING_FOR = {TOPIC: "社区协商", WORKS: "工程实施", MEDIATION: "人民调解", CLAIM: "赔付整改"}
LANDED = "成果已验收落实"


class Waiting(Led):
    """A matter that may wait, with an interim answer. `plan_version` is that of the topic's plan which it has heard of
    last; `awaited_ref` the mediation or the claim that it waits for, `next_on` the day on which there is news at the
    latest."""

    topic_ref: str | None
    works_ref: str | None
    plan_version: int

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

    def _have_handled(self, outcome: str, by: str, now: datetime, calendar: WorkingCalendar) -> None:
        self._stop_clock(now, calendar)
        self._drop_applications()
        self.waiting_for = self.next_on = None
        self.handled_at, self.handled_by, self.result_text = now, by, outcome
        self.answered_at = self.answered_at or now
        self.record(events.CaseHandled(outcome, now))

    def _follow(self, topic_ref: str) -> None:
        if self.topic_ref != topic_ref:
            self.topic_ref, self.plan_version, self.works_ref = topic_ref, 0, None

    @property
    def _is_claimed(self) -> bool:
        return self.waiting_for == CLAIM

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
