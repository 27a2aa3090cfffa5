"""责任认定 Whose a matter is, where the list did not say: property finds it out (domain rows 92–97, chain 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.grid.domain.organisation import Organisation
from services.grid.domain.policies import Choice
from services.grid.use_cases.case_clocks import follow_up
from services.grid.use_cases.ports import Work
from shared.kernel.command import Command, use_case

FOUND = "经核对责任清单，由{name}负责：{reason}"
ASSIGNED = "“{title}”经三方会商认定由{name}负责：{reason}"
DEADLOCKED = "“{title}”尚未认定责任主体，暂由{name}办理，已上报街道：{reason}"


@dataclass(frozen=True)
class GiveToResponsible(Command):
    """认定责任 Whose one case is."""

    case_ref: str
    party_ref: str
    reason: str


@use_case
def give_to_responsible(command: GiveToResponsible, work: Work) -> None:
    """It is dispatched to them. Raises UnknownReference until they are known here."""
    case = work.cases.get(command.case_ref)
    choice = _choice(command.party_ref, FOUND, work, reason=command.reason)
    case.hand_over(choice, "responsibility_found", now=work.now)
    follow_up(case, work)


@dataclass(frozen=True)
class FindGrayZone(Command):
    """权责空白 Nobody's list holds the matter."""

    gray_zone_ref: str
    case_refs: Sequence[str]


@use_case
def find_gray_zone(command: FindGrayZone, work: Work) -> None:
    """Its cases belong together from now on."""
    for ref in command.case_refs:
        if (case := work.cases.find(ref)) is not None:
            case.lie_in_gray_zone(command.gray_zone_ref)


@dataclass(frozen=True)
class DecideGrayZone(Command):
    """权责空白认定, or 僵持 (`is_deadlocked`): then somebody has it for the time being."""

    gray_zone_ref: str
    title: str
    party_ref: str
    reason: str
    is_deadlocked: bool


@use_case
def decide_gray_zone(command: DecideGrayZone, work: Work) -> None:
    """Each of its open cases is dispatched to the party; deadlocked, the street has it in hand too. Raises
    UnknownReference until the party is known here."""
    words = DEADLOCKED if command.is_deadlocked else ASSIGNED
    choice = _choice(command.party_ref, words, work, title=command.title, reason=command.reason)
    for case in work.cases.in_gray_zone(command.gray_zone_ref):
        if command.is_deadlocked:
            street = _street_above(case.place_path, work)
            case.stay_in_gray_zone(command.gray_zone_ref, choice, street, now=work.now)
        else:
            case.leave_gray_zone(command.gray_zone_ref, choice, now=work.now)
        follow_up(case, work)


def _choice(party_ref: str, words: str, work: Work, **facts: str) -> Choice:
    party = work.copy_of("property.party", party_ref, field="party_ref")
    return Choice(party_ref, party["name"], words.format(name=party["name"], **facts))


def _street_above(place_path: str | None, work: Work) -> Organisation | None:
    """The highest of the three levels there (row 9)."""
    level = work.organisations.level_at(place_path)
    while level is not None and level.parent_ref is not None:
        level = work.organisations.of_ref(level.parent_ref)
    return level
