"""Register parties, and know for which areas they answer."""

from __future__ import annotations

from dataclasses import dataclass

from services.property.domain.errors import PartyAlreadyRegistered
from services.property.domain.party import Party
from services.property.use_cases.ports import Work
from shared.kernel.command import Command, OutsideScope, use_case


@dataclass(frozen=True)
class RegisterParty(Command):
    """登记责任主体"""

    kind: str
    name: str
    credit_code: str | None
    area_refs: list[str]


@use_case
def register_party(command: RegisterParty, work: Work) -> Party:
    """A new party; it lies nowhere, so whoever registers it acts for the whole street.

    Raises OutsideScope, CreditCodeWrong, PartyAlreadyRegistered, Unknown for an area.
    """
    work.actor.must_act_everywhere()
    for ref in command.area_refs:
        work.areas.named(ref, field="area_refs")
    party = Party(
        kind=command.kind,
        name=command.name,
        credit_code=command.credit_code,
        area_refs=command.area_refs,
    )
    _must_be_new(command.credit_code, work)
    work.parties.add(party)
    return party


def must_answer_for(area_ref: str, work: Work) -> None:
    """Raises OutsideScope where the actor speaks for a party that is not responsible for the area."""
    if work.actor.party_ref is None:
        return
    party = work.parties.find(work.actor.party_ref)
    if party is None or not party.answers_for(area_ref):
        raise OutsideScope()


def _must_be_new(credit_code: str | None, work: Work) -> None:
    taken = work.parties.by_credit_code(credit_code) if credit_code else None
    if taken is not None:
        raise PartyAlreadyRegistered(credit_code=credit_code, name=taken.name, field="credit_code")
