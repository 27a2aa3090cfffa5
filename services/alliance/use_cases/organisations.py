"""Register organisations."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.alliance.domain.errors import OrganisationAlreadyRegistered
from services.alliance.domain.organisation import Organisation
from services.alliance.use_cases.ports import Work
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class RegisterOrganisation(Command):
    """登记组织"""

    name: str
    kind: str
    credit_code: str | None = None
    expertise: list[str] = field(default_factory=list)


@use_case
def register_organisation(command: RegisterOrganisation, work: Work) -> Organisation:
    """A new organisation; it lies nowhere, so whoever registers it acts for the whole street.

    Raises OutsideScope, CreditCodeWrong, OrganisationAlreadyRegistered.
    """
    work.actor.must_act_everywhere()
    taken = work.organisations.by_credit_code(command.credit_code) if command.credit_code else None
    if taken is not None:
        raise OrganisationAlreadyRegistered(
            credit_code=command.credit_code, name=taken.name, field="credit_code"
        )
    organisation = Organisation(
        name=command.name,
        kind=command.kind,
        credit_code=command.credit_code,
        expertise=command.expertise,
    )
    work.organisations.add(organisation)
    return organisation
