"""责任主体 Parties: companies (物业企业), owner units (产权单位), contractors (施工单位), departments (部门)."""

from __future__ import annotations

from dataclasses import dataclass

from services.property.domain.errors import CreditCodeWrong, PartyKindWrong
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import is_credit_code, new_id

COMPANY, OWNER_UNIT, CONTRACTOR, DEPARTMENT = "company", "owner_unit", "contractor", "department"

KINDS = {COMPANY: "物业企业", OWNER_UNIT: "产权单位", CONTRACTOR: "施工单位", DEPARTMENT: "部门"}

MAINTAINERS = (COMPANY, OWNER_UNIT, DEPARTMENT)


@dataclass(frozen=True)
class PartyRegistered(DomainEvent):
    """主体登记 A party exists."""


class Party(Aggregate):
    """Who can be responsible for something. It lies nowhere: it is responsible for areas."""

    term = Term("责任主体", "party")
    leads_journey = False

    def __init__(self, *, kind: str, name: str, credit_code: str | None, area_refs: list[str]) -> None:
        """登记 Raises CreditCodeWrong."""
        if credit_code is not None and not is_credit_code(credit_code):
            raise CreditCodeWrong(credit_code=credit_code, field="credit_code")
        self.id = new_id()
        self.place_path = None
        self.kind = kind
        self.name = name
        self.credit_code = credit_code
        self.area_refs = area_refs
        self.record(PartyRegistered())

    def must_be(self, *kinds: str, field: str) -> None:
        """Raises PartyKindWrong where it is none of these kinds."""
        if self.kind not in kinds:
            wanted = Term("、".join(KINDS[kind] for kind in kinds), ", ".join(kinds))
            raise PartyKindWrong(
                name=self.name, kind=Term(KINDS[self.kind], self.kind), wanted=wanted, field=field
            )

    def answers_for(self, area_ref: str) -> bool:
        """Whether it is responsible for the area."""
        return area_ref in self.area_refs
