"""回访 What reporters say to what was done: by a message's link, or to whoever asks them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.grid.domain.case import Answer, Case
from services.grid.domain.case_lifecycle import DISPATCHED
from services.grid.use_cases.case_clocks import keep_time
from services.grid.use_cases.case_moves import case_for
from services.grid.use_cases.categories import category_of
from services.grid.use_cases.dispatch import choose
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
    case = work.cases.get(command.case_ref)
    _answered(case, command.answer, case.hear_answer, work)


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
    return _answered(case, answer, case.revisit, work)


def _answered(case: Case, answer: Answer, hear: Callable[..., None], work: Work) -> Case:
    """Closed, or opened again where its place is now; the case."""
    kind = category_of(case, work)
    hear(answer, choose(kind, case.area_ref, work), kind, now=work.now, calendar=work.calendar)
    if case.state == DISPATCHED:
        work.follow(case.place_ref)
    return keep_time(case, work)
