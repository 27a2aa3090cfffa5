"""组织 Organisations that lend their expertise: professional and social ones (domain rows 71, 80)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.alliance.domain.errors import CreditCodeWrong, ExpertiseMissing
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.ids import new_id

_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


@dataclass(frozen=True)
class OrganisationRegistered(DomainEvent):
    """An organisation exists."""


class Organisation(Aggregate):
    """A professional (专业机构) or social (社会组织) organisation. It lies nowhere: it serves the whole street."""

    leads_journey = False

    def __init__(self, *, name: str, kind: str, credit_code: str | None, expertise: list[str]) -> None:
        self.id = new_id()
        self.name = name
        self.kind = kind
        self.credit_code = credit_code
        self.expertise = expertise

    @classmethod
    def register(
        cls, *, name: str, kind: str, credit_code: str | None, expertise: Sequence[str]
    ) -> Organisation:
        """登记 Raises CreditCodeWrong. The same expertise said twice counts once."""
        if credit_code is not None and not _CREDIT_CODE.fullmatch(credit_code):
            raise CreditCodeWrong(credit_code=credit_code, field="credit_code")
        known = list(dict.fromkeys(expertise))
        organisation = cls(name=name, kind=kind, credit_code=credit_code, expertise=known)
        organisation.record(OrganisationRegistered())
        return organisation

    def must_know_some_of(self, wanted: Sequence[str]) -> None:
        """Raises ExpertiseMissing where it knows nothing of what is wanted; nothing wanted: anyone will do."""
        if wanted and not set(wanted) & set(self.expertise):
            raise ExpertiseMissing(name=self.name, wanted=", ".join(wanted), field="org_ref")
