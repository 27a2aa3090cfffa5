"""回访 What a reporter said about a case, whoever was told it."""

from __future__ import annotations

from services.grid.domain.case import HOTLINE, Case
from services.grid.domain.case_lifecycle import DISPATCHED
from services.grid.domain.hotline_order import Word
from services.grid.use_cases.case_clocks import keep_time
from services.grid.use_cases.categories import category_of
from services.grid.use_cases.dispatch import choose
from services.grid.use_cases.ports import Work


def take_answer(case: Case, *, turn: int, resolution: str, grade: int, reason_code: str, work: Work) -> None:
    """The case is closed; or opened again, where its place is now. Raises NotYet."""
    kind = category_of(case, work)
    case.hear_answer(
        turn=turn,
        resolution=resolution,
        grade=grade,
        reason_code=reason_code,
        choice=choose(kind, case.area_ref, work),
        category=kind,
        now=work.now,
        calendar=work.calendar,
    )
    keep_time(case, work)
    if case.state == DISPATCHED:
        work.follow(case.place_ref)


def take_word(case: Case, word: Word, work: Work) -> bool | None:
    """回访导入 What the hotline was told, where it is an answer to what was done. None: it will be, later."""
    is_heard = case.hears(word.outcome, said_at=word.said_at)
    if is_heard:
        take_answer(
            case,
            turn=case.turn,
            resolution=word.outcome,
            grade=word.grade,
            reason_code=word.reason,
            work=work,
        )
    return is_heard


def take_waiting_word(case: Case, work: Work) -> None:
    """A case of the hotline is verified now: the answer that came before is heard."""
    order = work.hotline_orders.of_case(case.id) if case.source == HOTLINE else None
    if order is not None:
        for word in order.waiting:
            order.settle(word, take_word(case, word, work))
