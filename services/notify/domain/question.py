"""满意度 Satisfaction questions (domain row 40): a question, and each person who was asked it.

The first answer of a person counts; it speaks for one turn, and for the person's own cases that the topic settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notify.domain.errors import AlreadyAnswered, QuestionOver
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

OPEN, CLOSED = "open", "closed"
ASKED, ANSWERED = "asked", "answered"
TOPIC, CASE = "topic", "case"
RESOLVED = "resolved"
TIME_TO_ANSWER = timedelta(days=14)

QUESTION_LIFECYCLE = Lifecycle("question", move("close", OPEN, CLOSED))
ASKED_LIFECYCLE = Lifecycle("asked", move("answer", ASKED, ANSWERED))


@dataclass(frozen=True)
class About:
    """What is asked about; `turn` 1 for a topic."""

    type: str
    ref: str
    turn: int


@dataclass(frozen=True)
class QuestionOpened(DomainEvent):
    """A question is put."""


@dataclass(frozen=True)
class PeopleAsked(DomainEvent):
    """More people are asked."""


@dataclass(frozen=True)
class AnswerCounted(DomainEvent):
    """One more has answered."""


@dataclass(frozen=True)
class QuestionClosed(DomainEvent):
    """All have answered, or the time is over."""


@dataclass(frozen=True)
class PersonAsked(DomainEvent):
    """A person has a link to answer by."""


@dataclass(frozen=True)
class CaseCovered(DomainEvent):
    """The answer that is still to come will settle one more case of the person."""


@dataclass(frozen=True)
class FeedbackReceived(DomainEvent):
    """The person's answer, and the person's own cases that it speaks of."""

    about: About
    covers: list[About]


class Question(Aggregate):
    """One question about one topic or one turn of a case. Its tallies grow under its row's lock."""

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
        self.resolved = 0
        self.state = OPEN

    @classmethod
    def open(cls, about: About, *, text: str, place_path: str, now: datetime) -> Question:
        """A question that nobody has been asked yet."""
        question = cls(about, text=text, place_path=place_path, now=now)
        question.record(QuestionOpened())
        return question

    @property
    def about(self) -> About:
        """What it is about."""
        return About(self.about_type, self.about_ref, self.turn)

    @property
    def is_open(self) -> bool:
        """Whether it can be answered."""
        return self.state == OPEN

    @property
    def allowed_actions(self) -> list[str]:
        """What people can do."""
        return ["answer"] if self.is_open else []

    def ask(self, resident_ref: str, *, token: str) -> Asked:
        """Ask one more person. Raises QuestionOver."""
        self.must_be_open()
        self.asked += 1
        self.record(PeopleAsked())
        asked = Asked(self, resident_ref, token=token)
        asked.record(PersonAsked())
        return asked

    def count(self, resolution: str, *, now: datetime) -> None:
        """One more has answered; the last one closes it."""
        self.answered += 1
        self.resolved += resolution == RESOLVED
        self.record(AnswerCounted())
        if self.answered == self.asked:
            self.close(now=now)

    def close(self, *, now: datetime) -> None:
        """Nothing when it is closed already."""
        if self.is_open:
            self.state = QUESTION_LIFECYCLE.after("close", self.state)
            self.closed_at = now
            self.record(QuestionClosed())

    def must_be_open(self) -> None:
        """Raises QuestionOver."""
        if not self.is_open:
            raise QuestionOver


class Asked(Aggregate):
    """One person who was asked one question, the link to answer by, and the answer."""

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
        self.state = ASKED

    @property
    def is_answered(self) -> bool:
        """Whether the person has answered."""
        return self.state == ANSWERED

    def answer(
        self, question: Question, *, resolution: str, grade: int, reason_code: str, now: datetime
    ) -> None:
        """回访 The first answer counts. Raises QuestionOver, AlreadyAnswered."""
        question.must_be_open()
        if self.is_answered:
            raise AlreadyAnswered(what="question", action="answer", state=self.state, allowed_actions=[])
        self.state = ASKED_LIFECYCLE.after("answer", self.state)
        self.resolution, self.grade, self.reason_code = resolution, grade, reason_code
        self.answered_at = now
        self.record(FeedbackReceived(question.about, self.covers))
        question.count(resolution, now=now)

    def cover(self, case: About, question: Question) -> bool:
        """The topic settled a case of the person: the answer speaks for it too, also when it is given already.

        False where no answer will come any more: the time was over before it was heard that the case is handled.
        """
        if case in self.covers:
            return True
        if not (self.is_answered or question.is_open):
            return False
        self.covers = [*self.covers, case]
        self.record(FeedbackReceived(question.about, [case]) if self.is_answered else CaseCovered())
        return True
