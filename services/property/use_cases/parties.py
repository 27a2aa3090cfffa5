"""Register parties, and know them."""

from __future__ import annotations

from dataclasses import dataclass

from services.property.domain.errors import PartyUnknown
from services.property.domain.party import Party
from services.property.use_cases.areas import must_be_known
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
    """A new party. Raises CreditCodeWrong, AreaUnknown."""
    area_refs = list(dict.fromkeys(command.area_refs))
    must_be_known(area_refs, work, field="area_refs")
    party = Party.register(
        kind=command.kind, name=command.name, credit_code=command.credit_code, area_refs=area_refs
    )
    work.parties.add(party)
    return party


def known_party(ref: str, work: Work, *, field: str) -> Party:
    """The party that the input `field` names. Raises PartyUnknown."""
    party = work.parties.find(ref)
    if party is None:
        raise PartyUnknown(ref=ref, field=field)
    return party


def must_answer_for(area_ref: str, work: Work) -> None:
    """Raises OutsideScope where the actor speaks for a party that is not responsible for the area."""
    if work.actor.party_ref is None:
        return
    party = work.parties.find(work.actor.party_ref)
    if party is None or not party.answers_for(area_ref):
        raise OutsideScope(scope=work.actor.scope)
