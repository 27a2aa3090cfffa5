"""入户 Visits (domain rows 13, 23): what somebody is to do at a household or a door, and each attempt at it.

Attempts are made where there may be no network: they come late, twice, in any order, from several phones. So an attempt
is a row of its own under an id that the phone has made, and what became of the visit does not depend on the order in
which its attempts are heard of: met goes before refused, refused before absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.grid.domain.errors.records import RecordedAhead
from services.grid.domain.errors.visits import VisitTooEarly
from services.grid.domain.household import Household
from services.grid.domain.place import Place
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard, move

DELIVERY = "delivery"
PURPOSES = {
    "policy": "政策宣传",
    "plan": "方案说明",
    "needs": "问需",
    DELIVERY: "送达",
    "care": "走访关怀",
}

ANSWERS = {
    "acknowledged": "已知晓",
    "signed": "已签收",
    "agrees": "同意",
    "disagrees": "不同意",
    "has_needs": "有需求",
    "no_needs": "暂无需求",
}

PLANNED, MET, ABSENT, REFUSED, BOARD = "planned", "met", "absent", "refused", "board"
OUTCOMES = {MET: "见到", ABSENT: "未遇", REFUSED: "拒访"}
OPEN = (PLANNED, ABSENT)
MOST_ABSENCES = 2  # then it is put up on the board (events.md, chain 9)
DELIVERED_WITHIN = timedelta(days=7)  # where nobody says by when

LIFECYCLE = Lifecycle(
    Term("入户任务", "visit"),
    {PLANNED: "待入户", ABSENT: "未遇待再访", MET: "已见到", REFUSED: "拒访", BOARD: "转公示栏"},
    #     action               from                              to
    move(MET, "见到", (PLANNED, ABSENT, REFUSED, BOARD), MET),
    move(REFUSED, "拒访", (PLANNED, ABSENT, BOARD), REFUSED),
    move(ABSENT, "未遇", OPEN, ABSENT),
    heard(BOARD, "转公示栏", ABSENT, BOARD),
    move("revisit", "再访", (REFUSED, BOARD), PLANNED),
)


@dataclass(frozen=True)
class VisitRequested(DomainEvent):
    """入户任务 Somebody is to go there."""


@dataclass(frozen=True)
class VisitPlanned(DomainEvent):
    """One of a campaign's many. Stays at home."""


@dataclass(frozen=True)
class VisitRecorded(DomainEvent):
    """入户结果 What became of it so far."""

    outcome: str
    answer: str | None
    occurred_at: datetime


@dataclass(frozen=True)
class VisitAskedAgain(DomainEvent):
    """再访 Somebody is to go once more. Stays at home."""


@dataclass(frozen=True)
class AttemptKept(DomainEvent):
    """入户记录 Somebody was there. Stays at home."""


@dataclass(frozen=True)
class CampaignBegun(DomainEvent):
    """入户行动 All households of a place are to be visited. Stays at home."""


@dataclass(frozen=True)
class Occasion:
    """What a visit is for: a campaign, a message that has not reached, the matter that it is about (`case`, `topic`),
    and until when it is to be done."""

    purpose: str
    due_at: datetime | None = None
    campaign_ref: str | None = None
    message_ref: str | None = None
    about_type: str | None = None
    about_ref: str | None = None


@dataclass(frozen=True)
class Report:
    """What a visitor reports. `id` is of the phone's making; `on_behalf_of`: who was there, where somebody else puts it
    in; `note` is what was heard, and may name people."""

    id: str
    occurred_at: datetime
    outcome: str
    answer: str | None = None
    note: str = ""
    on_behalf_of: str | None = None
    photographs: list[str] = field(default_factory=list)


class Visit(Aggregate):
    """入户任务 One visit to be made: to a household, or to a door (`household_ref` None) where it is not known which.

    `asked_at` is when it was asked for last; `absences` are counted from then. `answer` and `visited_at` are of the
    attempt that ended it.
    """

    term = LIFECYCLE.name

    def __init__(
        self, occasion: Occasion, *, door: Place, household: Household | None = None, now: datetime
    ) -> None:
        self.id = new_id()
        self.purpose = occasion.purpose
        self.due_at = occasion.due_at
        self.campaign_ref = occasion.campaign_ref
        self.message_ref = occasion.message_ref
        self.about_type = occasion.about_type
        self.about_ref = occasion.about_ref
        self.door_ref = door.id
        self.door_name = door.name
        self.building_ref = door.building_ref
        self.grid_ref = door.grid_ref
        self.place_path = door.place_path
        self.household_ref = household.id if household else None
        self.room = household.room if household else None
        self.requested_at = self.asked_at = now
        self.absences = 0
        self.answer: str | None = None
        self.visited_at: datetime | None = None
        self.state = PLANNED
        self.record(VisitPlanned() if occasion.campaign_ref else VisitRequested())

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done."""
        return LIFECYCLE.actions(self.state)

    def keep(self, report: Report, *, recorded_by: str, now: datetime) -> Attempt:
        """入户记录 Somebody was there: the attempt, which is kept whatever has become of the visit meanwhile.

        It moves the visit where that is possible; what was before the visit was asked for again counts only if somebody
        was met. Raises RecordedAhead, VisitTooEarly.
        """
        if report.occurred_at > now:
            raise RecordedAhead(field="occurred_at")
        if report.occurred_at < self.requested_at:
            raise VisitTooEarly(field="occurred_at")
        counts = report.occurred_at >= self.asked_at or report.outcome == MET
        if counts and LIFECYCLE.allows(report.outcome, self.state):
            self._become(report)
        return Attempt(self, report, recorded_by=recorded_by, now=now)

    def revisit(self, *, due_at: datetime | None, now: datetime) -> None:
        """再访 Raises NotNow unless it was refused, or nobody was there too often."""
        self.state = LIFECYCLE.after("revisit", self.state)
        self.asked_at, self.due_at, self.absences = now, due_at, 0
        self.answer, self.visited_at = None, None
        self.record(VisitAskedAgain())

    def _become(self, report: Report) -> None:
        self.state = LIFECYCLE.after(report.outcome, self.state)
        if self.state == ABSENT:
            self.absences += 1
            if self.absences >= MOST_ABSENCES:
                self.state = LIFECYCLE.after(BOARD, self.state)
        self.answer, self.visited_at = report.answer, report.occurred_at
        self.record(VisitRecorded(self.state, report.answer, report.occurred_at))


class Attempt(Aggregate):
    """入户记录 That somebody was there, when, and what came of it: evidence, never changed."""

    term = Term("入户记录", "visit record")

    def __init__(self, visit: Visit, report: Report, *, recorded_by: str, now: datetime) -> None:
        self.id = report.id
        self.visit_ref = visit.id
        self.place_path = visit.place_path
        self.occurred_at = report.occurred_at
        self.recorded_at = now
        self.recorded_by = recorded_by
        self.on_behalf_of = report.on_behalf_of
        self.outcome = report.outcome
        self.answer = report.answer
        self.note = report.note
        self.photographs = report.photographs
        self.record(AttemptKept())

    def says(self, visit_ref: str, report: Report) -> bool:
        """Whether it is the very same report of the same visit, sent once more."""
        return self.visit_ref == visit_ref and report == Report(
            id=self.id,
            occurred_at=self.occurred_at,
            outcome=self.outcome,
            answer=self.answer,
            note=self.note,
            on_behalf_of=self.on_behalf_of,
            photographs=self.photographs,
        )


class Campaign(Aggregate):
    """入户行动 One purpose, and all households of a place (story (a): 2,160). What is in its scope stays so, even where
    a household moves away or comes meanwhile."""

    term = Term("入户行动", "visit campaign")

    def __init__(
        self, *, purpose: str, title: str, place: Place, due_at: datetime | None, now: datetime
    ) -> None:
        self.id = new_id()
        self.purpose = purpose
        self.title = title
        self.place_ref = place.id
        self.place_name = place.name
        self.place_path = place.place_path
        self.due_at = due_at
        self.begun_at = now
        self.record(CampaignBegun())

    def visits(
        self, households: Sequence[Household], doors: Sequence[Place], *, now: datetime
    ) -> list[Visit]:
        """A visit to each of the households, which are behind these doors."""
        by_ref = {door.id: door for door in doors}
        occasion = Occasion(self.purpose, self.due_at, campaign_ref=self.id)
        return [
            Visit(occasion, door=by_ref[household.door_ref], household=household, now=now)
            for household in households
        ]
