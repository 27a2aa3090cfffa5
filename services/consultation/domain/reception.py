"""群众接待点 Where people come with what bothers them about a project (domain row 19). Each word taken in becomes a
suggestion or a case, or is answered on the spot; how much is solved there is told (row 25)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.consultation.domain.project import Project
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard, move

OPEN, CLOSED = "open", "closed"
WEEKDAYS = {"1": "周一", "2": "周二", "3": "周三", "4": "周四", "5": "周五", "6": "周六", "7": "周日"}

POINT_LIFECYCLE = Lifecycle(
    Term("群众接待点", "reception point"),
    {OPEN: "接待中", CLOSED: "已撤销"},
    #    action    中文     from  to
    move("receive", "接待登记", OPEN, OPEN),
    move("rearrange", "调整值班", OPEN, OPEN),
    move("close", "撤销", OPEN, CLOSED),
)

RECEIVED, SUGGESTED, REFERRED, ANSWERED = "received", "suggested", "referred", "answered"

INTAKE_LIFECYCLE = Lifecycle(
    Term("接待登记", "intake"),
    {RECEIVED: "已登记", SUGGESTED: "已转为建议", REFERRED: "已转为事项", ANSWERED: "已答复"},
    #    action       中文        from                   to
    move("answer", "当场答复", RECEIVED, ANSWERED),
    move("suggest", "转为建议", RECEIVED, SUGGESTED),
    move("refer", "转为事项", RECEIVED, REFERRED),
    heard("case", "已立案", (REFERRED, ANSWERED), None),
    heard("close", "事项办结", REFERRED, ANSWERED),
)


@dataclass(frozen=True)
class PointChanged(DomainEvent):
    """设置、调整、撤销接待点 Stays at home."""


@dataclass(frozen=True)
class IntakeReceived(DomainEvent):
    """接待登记 Stays at home."""


@dataclass(frozen=True)
class IntakeSuggested(DomainEvent):
    """转为建议 Stays at home: the suggestion speaks for itself."""


@dataclass(frozen=True)
class IntakeReferred(DomainEvent):
    """转为事项 Grid has it attended to."""


@dataclass(frozen=True)
class IntakeAnswered(DomainEvent):
    """答复 Stays at home: it was said face to face, or grid says it."""


class ReceptionPoint(Aggregate):
    """群众接待点 `duty`: who is there, by weekday (1: Monday), in words: a party, never a person."""

    term = POINT_LIFECYCLE.name

    def __init__(self, project: Project, *, name: str, hours: str, duty: dict[str, str]) -> None:
        """设置"""
        self.id = new_id()
        self.project_ref = project.id
        self.place_ref = project.place_ref
        self.place_path = project.place_path
        self.name = name
        self.hours = hours
        self.duty = duty
        self.state = OPEN
        self.record(PointChanged())

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done next."""
        return POINT_LIFECYCLE.actions(self.state)

    def rearrange(self, *, hours: str, duty: dict[str, str]) -> None:
        """调整值班 Raises NotNow."""
        self.state = POINT_LIFECYCLE.after("rearrange", self.state)
        self.hours, self.duty = hours, duty
        self.record(PointChanged())

    def close(self) -> None:
        """撤销 Raises NotNow."""
        self.state = POINT_LIFECYCLE.after("close", self.state)
        self.record(PointChanged())

    def end(self) -> None:
        """随项目撤销 Nothing where it is closed."""
        if self.state == OPEN:
            self.close()


class Intake(Aggregate):
    """接待登记 What one person said at a reception point, of `place_ref`. `proposer_ref` None: nobody was named."""

    term = INTAKE_LIFECYCLE.name

    def __init__(
        self,
        point: ReceptionPoint,
        *,
        place_ref: str,
        place_path: str | None,
        text: str,
        proposer_ref: str | None,
        received_by: str,
        now: datetime,
    ) -> None:
        """登记 Raises NotNow where the point is closed."""
        point.state = POINT_LIFECYCLE.after("receive", point.state)
        self.id = new_id()
        self.point_ref = point.id
        self.project_ref = point.project_ref
        self.place_ref = place_ref
        self.place_path = place_path
        self.text = text
        self.proposer_ref = proposer_ref
        self.received_by = received_by
        self.received_at = now
        self.suggestion_ref: str | None = None
        self.case_ref: str | None = None
        self.case_category: str | None = None
        self.answer_text = ""
        self.answered_at: datetime | None = None
        self.state = RECEIVED
        self.record(IntakeReceived())

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done next."""
        return INTAKE_LIFECYCLE.actions(self.state)

    def answer(self, *, text: str, now: datetime) -> None:
        """当场答复 Raises NotNow."""
        self.state = INTAKE_LIFECYCLE.after("answer", self.state)
        self.answer_text, self.answered_at = text, now
        self.record(IntakeAnswered())

    def must_allow(self, action: str) -> None:
        """Raises NotNow."""
        INTAKE_LIFECYCLE.after(action, self.state)

    def suggest(self, suggestion_ref: str) -> None:
        """转为建议 It is answered as one. Raises NotNow."""
        self.state = INTAKE_LIFECYCLE.after("suggest", self.state)
        self.suggestion_ref = suggestion_ref
        self.record(IntakeSuggested())

    def refer(self, *, case_category: str) -> None:
        """转为事项 Raises NotNow."""
        self.state = INTAKE_LIFECYCLE.after("refer", self.state)
        self.case_category = case_category
        self.record(IntakeReferred())

    def hear_case(self, case_ref: str) -> None:
        """已立案 Grid has made a case of it. Nothing where it is known."""
        if self.case_ref is None and self.case_category is not None:
            self.state = INTAKE_LIFECYCLE.after("case", self.state)
            self.case_ref = case_ref
            self.record(IntakeAnswered())

    def hear_closed(self, *, now: datetime) -> None:
        """事项办结 Nothing where it is known."""
        if self.state == REFERRED:
            self.state = INTAKE_LIFECYCLE.after("close", self.state)
            self.answered_at = now
            self.record(IntakeAnswered())


@dataclass(frozen=True)
class IntakeTally:
    """接待情况 How much was taken in, and what became of it. Solved at first hand (一线解决): answered on the spot, or
    taken up as a suggestion; not what grid has to attend to."""

    received: int
    suggested: int
    referred: int
    answered_on_the_spot: int

    @property
    def open(self) -> int:
        """How many wait for somebody to decide."""
        return self.received - self.suggested - self.referred - self.answered_on_the_spot

    @property
    def first_line_permille(self) -> int | None:
        """一线解决率 Of a thousand that were dealt with, rounded down; None where none was."""
        solved = self.suggested + self.answered_on_the_spot
        dealt_with = solved + self.referred
        return solved * 1000 // dealt_with if dealt_with else None
