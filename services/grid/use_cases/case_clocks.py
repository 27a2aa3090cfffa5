"""The clocks of cases: warnings, missed deadlines, escalation, and counting anew when a calendar has learned a year."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.case import Case
from services.grid.domain.case_lifecycle import CLOSED
from services.grid.domain.organisation import Organisation
from services.grid.use_cases.attendants import find_attendant
from services.grid.use_cases.clusters import LetClusterGo
from services.grid.use_cases.ports import Work
from services.grid.use_cases.turns import write_down_turns
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class WatchClock(Command):
    """看时限 A case's clock has something to say by now."""

    case_id: str


@use_case
def watch_clock(command: WatchClock, work: Work) -> None:
    """It is told that time is nearly over, or over; an overdue case goes up one level after the other."""
    case = work.cases.get(command.case_id)
    case.watch(_above(case, work), now=work.now, calendar=work.calendar)
    follow_up(case, work)


@dataclass(frozen=True)
class RecountClocks(Command):
    """重算期限"""


@use_case
def recount_clocks(_command: RecountClocks, work: Work) -> int:
    """The clocks that ran through a year of which the calendar only assumed what is worked; how many there were. Raises
    OutsideScope."""
    work.actor.must_act_everywhere()
    found = work.cases.with_provisional_clocks()
    for case in found:
        case.recount(work.calendar)
        follow_up(case, work)
    return len(found)


def follow_up(case: Case, work: Work) -> Case:
    """After whatever was done with a case: somebody is looked for where it is the street's own and nobody attends to
    it, the turn that has ended is written down, and its clock and its cluster are looked at when they have something
    to say. The case."""
    if not case.has_news:
        return case
    find_attendant(case, work)
    write_down_turns(case, work)
    if case.state == CLOSED and case.cluster_ref is not None:
        work.schedule(work.now, LetClusterGo(case.cluster_ref), key=f"cluster:{case.cluster_ref}")
    work.schedule(case.next_look_at(work.calendar), WatchClock(case.id), key=f"case-clock:{case.id}")
    return case


def _above(case: Case, work: Work) -> Organisation | None:
    """Who would have it in hand next: the one above who has it now; the narrowest level there, where nobody does."""
    holder = work.organisations.of_ref(case.organisation_ref)
    if holder is None:
        return work.organisations.level_at(case.place_path)
    return work.organisations.of_ref(holder.parent_ref)
