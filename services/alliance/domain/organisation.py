"""组织 Organisations that lend their expertise: professional and social ones (domain rows 71, 80)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.alliance.domain.errors import CreditCodeWrong, ExpertiseMissing
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import is_credit_code, new_id

KINDS = {"professional": "专业机构", "social": "社会组织"}


@dataclass(frozen=True)
class OrganisationRegistered(DomainEvent):
    """组织登记 An organisation exists."""


class Organisation(Aggregate):
    """组织 A professional (专业机构) or social (社会组织) one. It lies nowhere: it serves the whole street."""

    term = Term("组织", "organisation")
    leads_journey = False

    def __init__(self, *, name: str, kind: str, credit_code: str | None, expertise: list[str]) -> None:
        """登记 Raises CreditCodeWrong."""
        if credit_code is not None and not is_credit_code(credit_code):
            raise CreditCodeWrong(credit_code=credit_code, field="credit_code")
        self.id = new_id()
        self.name = name
        self.kind = kind
        self.credit_code = credit_code
        self.expertise = expertise
        self.record(OrganisationRegistered())

    def must_know_some_of(self, wanted: Sequence[str]) -> None:
        """Raises ExpertiseMissing where it knows nothing of what is wanted; nothing wanted: anyone will do."""
        if wanted and not set(wanted) & set(self.expertise):
            raise ExpertiseMissing(name=self.name, wanted=", ".join(wanted), field="org_ref")
