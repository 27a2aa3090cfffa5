"""满意度 Satisfaction questions (domain row 40): a question, and each person who was asked it.

The first answer of a person counts; it speaks for one turn, and for the person's own cases that the topic settled.
An answer that staff recorded (代录) counts at once, but the person's own goes before: while the question is open the
person may still answer, once, by the link. Therefore a question ends early only when all have answered themselves;
grid closes the case at the recorded answer, and the person's own can open it again and do nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notify.domain.errors import AlreadyAnswered, LinkVoid, QuestionOver
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard, move

OPEN, CLOSED = "open", "closed"
ASKED, RECORDED, ANSWERED, VOID = "asked", "recorded", "answered", "void"
TOPIC, CASE = "topic", "case"
RESOLVED = "resolved"
TIME_TO_ANSWER = timedelta(days=14)

QUESTION_LIFECYCLE = Lifecycle(
    Term("满意度问题", "question"),
    {OPEN: "评价中", CLOSED: "已结束"},
    #     action              from  to
    move("answer", "评价", OPEN, OPEN),
    heard("ask", "询问", OPEN, OPEN),
    heard("close", "结束", OPEN, CLOSED),
)

RESPONDENT_LIFECYCLE = Lifecycle(
    Term("受访人", "respondent"),
    {ASKED: "待评价", RECORDED: "工作人员代录，本人可更正", ANSWERED: "已评价", VOID: "已作废"},
    #     action              from                  to
    move("answer", "评价", (ASKED, RECORDED), ANSWERED),
    heard("record", "代录", ASKED, RECORDED),
    heard("forget", "删除原因", (RECORDED, ANSWERED), ANSWERED),
    heard("void", "作废", ASKED, VOID),
)


@dataclass(frozen=True)
class About:
    """What is asked about; a topic has a further turn where its result was not good."""

    type: str
    ref: str
    turn: int


@dataclass(frozen=True)
class QuestionOpened(DomainEvent):
    """提问 A question is put (row 40)."""


@dataclass(frozen=True)
class PeopleAsked(DomainEvent):
    """询问 One more person is asked."""


@dataclass(frozen=True)
class AnswerCounted(DomainEvent):
    """计入 One more has answered."""


@dataclass(frozen=True)
class QuestionClosed(DomainEvent):
    """满意度评价结束 All have answered themselves, or the time is over."""


@dataclass(frozen=True)
class PersonAsked(DomainEvent):
    """受访 A person has a link to answer by."""


@dataclass(frozen=True)
class CaseCovered(DomainEvent):
    """涵盖 The answer that is still to come will settle one more case of the person."""


@dataclass(frozen=True)
class LinkVoided(DomainEvent):
    """作废 The person is erased, and answers no more."""


@dataclass(frozen=True)
class ReasonForgotten(DomainEvent):
    """删除原因 Why the person answered so is gone; the answer stays in the tallies."""


@dataclass(frozen=True)
class FeedbackReceived(DomainEvent):
    """回访 The person's answer, and the person's own cases that it speaks of."""

    about: About
    covers: list[About]


class Question(Aggregate):
    """满意度问题 One question about one topic or one turn of a case. Its tallies grow under its row's lock."""

    term = QUESTION_LIFECYCLE.name

    def __init__(self, about: About, *, text: str, place_path: str, now: datetime) -> None:
        self.id = new_id()
        self.about_type = about.type
        self.about_ref = about.ref
        self.turn = about.turn
        self.text = text
        self.place_path = place_path
        self.opened_at = now
        self.closes_at = now + TIME_TO_ANSWER
        self.closed_at: datetime | None = None
        self.asked = 0
        self.answered = 0
        self.answered_by_staff = 0
        self.resolved = 0
        self.state = OPEN
        self.record(QuestionOpened())

    @property
    def about(self) -> About:
        """What it is about."""
        return About(self.about_type, self.about_ref, self.turn)

    @property
    def is_open(self) -> bool:
        """Whether it can be answered."""
        return QUESTION_LIFECYCLE.allows("answer", self.state)

    @property
    def allowed_actions(self) -> list[str]:
        """What people can do."""
        return QUESTION_LIFECYCLE.actions(self.state)

    def ask(self, resident_ref: str, *, token: str) -> Respondent:
        """询问 Ask one more person. Raises QuestionOver."""
        self.must_be_open()
        self.state = QUESTION_LIFECYCLE.after("ask", self.state)
        self.asked += 1
        self.record(PeopleAsked())
        return Respondent(self, resident_ref, token=token)

    def count(self, resolution: str, *, instead_of: str | None, by_staff: bool, now: datetime) -> None:
        """One more has answered, or corrects what staff recorded; when all have answered themselves it closes."""
        self.state = QUESTION_LIFECYCLE.after("answer", self.state)
        is_correction = instead_of is not None
        self.answered += not is_correction
        self.answered_by_staff += by_staff - is_correction
        self.resolved += (resolution == RESOLVED) - (instead_of == RESOLVED)
        self.record(AnswerCounted())
        if self.answered - self.answered_by_staff == self.asked:
            self.close(now=now)

    def close(self, *, now: datetime) -> None:
        """满意度评价结束 Nothing when it is closed already."""
        if QUESTION_LIFECYCLE.allows("close", self.state):
            self.state = QUESTION_LIFECYCLE.after("close", self.state)
            self.closed_at = now
            self.record(QuestionClosed())

    def must_be_open(self) -> None:
        """Raises QuestionOver."""
        if not self.is_open:
            raise QuestionOver


class Respondent(Aggregate):
    """受访人 One person who was asked one question, the link to answer by, and the answer."""

    term = RESPONDENT_LIFECYCLE.name

    def __init__(self, question: Question, resident_ref: str, *, token: str) -> None:
        self.id = new_id()
        self.question_ref = question.id
        self.place_path = question.place_path
        self.resident_ref = resident_ref
        self.token = token
        self.covers: list[About] = []
        self.resolution: str | None = None
        self.grade: int | None = None
        self.reason_code = ""
        self.answered_at: datetime | None = None
        self.recorded_by: str | None = None
        self.state = ASKED
        self.record(PersonAsked())

    @property
    def has_answered(self) -> bool:
        """Whether an answer is given."""
        return self.state in (RECORDED, ANSWERED)

    @property
    def allowed_actions(self) -> list[str]:
        """What the person can do."""
        return RESPONDENT_LIFECYCLE.actions(self.state)

    def answer(
        self,
        question: Question,
        *,
        resolution: str,
        grade: int,
        reason_code: str,
        recorded_by: str | None = None,
        now: datetime,
    ) -> None:
        """回访 The first answer counts, and the person's own instead of one `recorded_by` staff.

        Raises LinkVoid, QuestionOver, AlreadyAnswered.
        """
        self.must_be_good()
        question.must_be_open()
        action = "record" if recorded_by else "answer"
        if not RESPONDENT_LIFECYCLE.allows(action, self.state):
            raise AlreadyAnswered
        question.count(resolution, instead_of=self.resolution, by_staff=recorded_by is not None, now=now)
        self.state = RESPONDENT_LIFECYCLE.after(action, self.state)
        self.resolution, self.grade, self.reason_code = resolution, grade, reason_code
        self.answered_at, self.recorded_by = now, recorded_by
        self.record(FeedbackReceived(question.about, self.covers))

    def must_be_good(self) -> None:
        """Raises LinkVoid."""
        if self.state == VOID:
            raise LinkVoid

    def forget(self) -> None:
        """删除 The person is erased: a link is void, an answer stays in the tallies without its reason, as it is."""
        if self.state == ASKED:
            self.state = RESPONDENT_LIFECYCLE.after("void", self.state)
            self.record(LinkVoided())
        elif self.reason_code or self.state == RECORDED:
            self.state = RESPONDENT_LIFECYCLE.after("forget", self.state)
            self.reason_code = ""
            self.record(ReasonForgotten())

    def covered_before(self, case_ref: str, turn: int) -> bool:
        """Whether the answer speaks for an earlier turn of that case."""
        return any(case.ref == case_ref and case.turn < turn for case in self.covers)

    def cover(self, case: About, question: Question) -> bool:
        """The topic settled a case of the person: the answer speaks for it too, also when it is given already.

        False where no answer will come any more: the time was over before it was heard that the case is handled, or the
        person is erased.
        """
        if case in self.covers:
            return True
        if not (self.has_answered or (self.state == ASKED and question.is_open)):
            return False
        self.covers = [*self.covers, case]
        self.record(FeedbackReceived(question.about, [case]) if self.has_answered else CaseCovered())
        return True
