"""回访 What reporters say to what was done: by a message's link, or to whoever asks them."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.case import Answer, Case
from services.grid.use_cases.answers import take_answer
from services.grid.use_cases.case_moves import case_for
from services.grid.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class HearAnswer(Command):
    """A reporter answered whether it is good."""

    case_ref: str
    answer: Answer


@use_case
def hear_answer(command: HearAnswer, work: Work) -> None:
    """The case is closed, or opened again. Raises NotYet until it is verified."""
    take_answer(work.cases.get(command.case_ref), command.answer, work)


@dataclass(frozen=True)
class RevisitCase(Command):
    """回访 What the reporter said, entered by staff."""

    case_id: str
    resolution: str
    grade: int
    reason_code: str | None = None


@use_case
def revisit_case(command: RevisitCase, work: Work) -> Case:
    """It is closed, or opened again. Raises NotFound, Forbidden, NotNow, NoReporter."""
    case = case_for("revisit", command.case_id, work)
    answer = Answer(case.turn, command.resolution, command.grade, command.reason_code or "")
    return take_answer(case, answer, work, hear=case.revisit)
