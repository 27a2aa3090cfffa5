"""等待 Cases that wait for a mediation or a claim, and go on when it is over (chains 5 and 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.grid.domain.case import Case
from services.grid.domain.case_conditions import CLAIM
from services.grid.use_cases.case_clocks import follow_up
from services.grid.use_cases.categories import category_of
from services.grid.use_cases.dispatch import choose
from services.grid.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class LetCasesWait(Command):
    """转入等待, with an interim answer."""

    waiting_for: str
    awaited_ref: str
    case_refs: Sequence[str]
    reason: str
    next_on: date | None


@use_case
def let_cases_wait(command: LetCasesWait, work: Work) -> None:
    """Those that are open wait for it."""
    for case in _known(command.case_refs, work):
        wait = case.wait_for_claim if command.waiting_for == CLAIM else case.wait_for_mediation
        wait(
            command.awaited_ref,
            reason=command.reason,
            next_on=command.next_on,
            now=work.now,
            calendar=work.calendar,
        )
        follow_up(case, work)


@dataclass(frozen=True)
class LetCasesGoOn(Command):
    """不再等待 It came to nothing."""

    awaited_ref: str
    case_refs: Sequence[str]
    reason_code: str
    reason: str


@use_case
def let_cases_go_on(command: LetCasesGoOn, work: Work) -> None:
    """Those that wait for it are dispatched again, with a fresh clock."""
    for case in _known(command.case_refs, work):
        kind = category_of(case, work)
        choice = replace(choose(kind, case.area_ref, work), reason=command.reason)
        case.wait_no_more(
            command.awaited_ref, choice, kind, command.reason_code, now=work.now, calendar=work.calendar
        )
        follow_up(case, work)


@dataclass(frozen=True)
class SettleCases(Command):
    """所等之事办妥"""

    awaited_ref: str
    case_refs: Sequence[str]
    outcome: str


@use_case
def settle_cases(command: SettleCases, work: Work) -> None:
    """They are handled, and are to be verified."""
    for case in _known(command.case_refs, work):
        case.settle(command.awaited_ref, outcome=command.outcome, now=work.now, calendar=work.calendar)
        follow_up(case, work)


def _known(case_refs: Sequence[str], work: Work) -> Iterator[Case]:
    found = (work.cases.find(ref) for ref in case_refs)
    return (case for case in found if case is not None)
