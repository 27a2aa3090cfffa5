"""Write down the turns of cases as they end, and decide which do not count."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.case import Case
from services.grid.domain.errors.cases import NotYourPart
from services.grid.domain.errors.rates import PublishedAlready
from services.grid.domain.turn import Turn
from services.grid.use_cases.ports import Work
from shared.kernel.clock import local_date
from shared.kernel.command import Command, use_case
from shared.kernel.errors import Term


def write_down_turns(case: Case, work: Work) -> None:
    """Each turn that has ended gets its row; one that had been closed and is opened again is said to be so."""
    for turn in case.take_ended():
        known = work.turns.of_case(case.id, turn.turn)
        if known is None:
            work.turns.add(turn)
        else:
            known.reopen(resolution=turn.resolution, grade=turn.grade, now=work.now)


@dataclass(frozen=True)
class AskExclusion(Command):
    """申请剔除"""

    turn_id: str
    reason: str


@use_case
def ask_exclusion(command: AskExclusion, work: Work) -> Turn:
    """By whoever was responsible, or an officer. Raises NotFound, Forbidden, NotYourPart, NotNow, PublishedAlready."""
    turn = work.turns.get(command.turn_id)
    work.actor.must_act_for(turn.lead_party_ref or "nobody")
    if work.actor.role == "grid_worker" and turn.lead_party_ref is not None:
        raise NotYourPart(who=Term("责任主体", "lead"))
    published = work.rate_reports.of_day(local_date(turn.ended_at))
    if published is not None:
        raise PublishedAlready(period=published.period, ref=published.id)
    turn.ask_exclusion(reason=command.reason, by=work.actor.told, now=work.now)
    return turn


@dataclass(frozen=True)
class ExcludeTurn(Command):
    """同意剔除"""

    turn_id: str


@use_case
def exclude_turn(command: ExcludeTurn, work: Work) -> Turn:
    """By another officer of the street. Raises NotFound, Forbidden, NotNow, DecidedByWhoAsked."""
    turn = work.turns.get(command.turn_id)
    turn.exclude(by=work.actor.told, now=work.now)
    return turn


@dataclass(frozen=True)
class RefuseExclusion(Command):
    """不同意剔除"""

    turn_id: str


@use_case
def refuse_exclusion(command: RefuseExclusion, work: Work) -> Turn:
    """By another officer of the street. Raises NotFound, Forbidden, NotNow, DecidedByWhoAsked."""
    turn = work.turns.get(command.turn_id)
    turn.refuse_exclusion(by=work.actor.told, now=work.now)
    return turn
