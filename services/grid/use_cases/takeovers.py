"""物业接管 Another company takes over an area: what the old one was doing there becomes the new one's (chain 10)."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.categories import COMPANY
from services.grid.domain.policies import Choice
from services.grid.use_cases.categories import category_of
from services.grid.use_cases.ports import Work
from shared.kernel.command import Command, use_case

REASON = "物业管理区域已由{name}接管"


@dataclass(frozen=True)
class HandCasesOver(Command):
    """An area has another company. `from_party_ref` None: it had none, and the street did what a company does."""

    from_party_ref: str | None
    to_party_ref: str
    area_ref: str


@use_case
def hand_cases_over(command: HandCasesOver, work: Work) -> None:
    """Each open case that the old company leads there is dispatched to the new one; those of an area that had none
    only where a company gets such cases first. Raises UnknownReference until the new company is known here."""
    party = work.copy_of("property.party", command.to_party_ref, field="to_party_ref")
    name = party["name"]
    choice = Choice(command.to_party_ref, name, REASON.format(name=name))
    for case in work.cases.open_in_area(command.area_ref, command.from_party_ref):
        if command.from_party_ref or category_of(case, work).first_receiver == COMPANY:
            case.hand_over(choice, "taken_over", now=work.now)
