"""回访 What a reporter said about a case, whoever was told it."""

from __future__ import annotations

from collections.abc import Callable

from services.grid.domain.case import HOTLINE, Answer, Case
from services.grid.domain.case_lifecycle import DISPATCHED
from services.grid.domain.hotline_order import Word
from services.grid.use_cases.case_clocks import follow_up
from services.grid.use_cases.categories import category_of
from services.grid.use_cases.dispatch import choose
from services.grid.use_cases.ports import Work


def take_answer(case: Case, answer: Answer, work: Work, *, hear: Callable[..., None] | None = None) -> Case:
    """The case is closed; or opened again, where its place is now. `hear`: which of its moves, if not hear_answer.
    Raises NotYet."""
    kind = category_of(case, work)
    hear = hear or case.hear_answer
    hear(answer, choose(kind, case.area_ref, work), kind, now=work.now, calendar=work.calendar)
    if case.state == DISPATCHED:
        work.follow(case.place_ref)
    return follow_up(case, work)


def take_word(case: Case, word: Word, work: Work) -> bool | None:
    """回访导入 What the hotline was told, where it is an answer to what was done. None: it will be, later."""
    is_heard = case.hears(word.outcome, said_at=word.said_at)
    if is_heard:
        take_answer(case, Answer(case.turn, word.outcome, word.grade, word.reason), work)
    return is_heard


def take_waiting_word(case: Case, work: Work) -> None:
    """A case of the hotline is verified now: the answer that came before is heard."""
    order = work.hotline_orders.of_case(case.id) if case.source == HOTLINE else None
    if order is not None:
        for word in order.waiting:
            order.settle(word, take_word(case, word, work))
