"""责任主体 Parties: companies (物业企业), owner units (产权单位), contractors (施工单位), departments (部门)."""

from __future__ import annotations

from dataclasses import dataclass

from services.property.domain.errors import CreditCodeWrong, PartyKindWrong
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.ids import new_id

CONTRACTOR = "contractor"

# GB 32100—2015: no I, O, S, V, Z; the weight of place i is 3^i mod 31
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


@dataclass(frozen=True)
class PartyRegistered(DomainEvent):
    """A party exists."""


class Party(Aggregate):
    """Who can be responsible for something. It lies nowhere: it is responsible for areas."""

    leads_journey = False

    def __init__(self, *, kind: str, name: str, credit_code: str | None, area_refs: list[str]) -> None:
        self.id = new_id()
        self.place_path = None
        self.kind = kind
        self.name = name
        self.credit_code = credit_code
        self.area_refs = area_refs

    @classmethod
    def register(cls, *, kind: str, name: str, credit_code: str | None, area_refs: list[str]) -> Party:
        """登记 Raises CreditCodeWrong."""
        if credit_code is not None and not is_credit_code(credit_code):
            raise CreditCodeWrong(credit_code=credit_code, field="credit_code")
        party = cls(kind=kind, name=name, credit_code=credit_code, area_refs=area_refs)
        party.record(PartyRegistered())
        return party

    def must_be(self, kind: str, *, field: str) -> None:
        """Raises PartyKindWrong."""
        if self.kind != kind:
            raise PartyKindWrong(name=self.name, kind=self.kind, wanted=kind, field=field)

    def answers_for(self, area_ref: str) -> bool:
        """Whether it is responsible for the area."""
        return area_ref in self.area_refs


def is_credit_code(code: str) -> bool:
    """Whether the check character of a unified social credit code (统一社会信用代码, GB 32100) is right.

    >>> is_credit_code("91350100M000100Y43")
    True
    """
    if len(code) != 18 or any(character not in _ALPHABET for character in code):
        return False
    values = [_ALPHABET.index(character) for character in code]
    weighted = sum(value * weight for value, weight in zip(values[:17], _WEIGHTS, strict=True))
    return (weighted + values[17]) % 31 == 0
