"""日对账 What the hotline says that it has given to the street on a day, to be held against what is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term


@dataclass(frozen=True)
class DayReconciled(DomainEvent):
    """日对账 Stays at home: it is between the hotline and the street."""


class HotlineReconciliation(Aggregate):
    """日对账 All numbers of one local day; its id is that day."""

    term = Term("日对账", "reconciliation")
    leads_journey = False

    def __init__(self, on: date, numbers: Sequence[str], *, by: str, now: datetime) -> None:
        self.id = on.isoformat()
        self.send_again(numbers, by=by, now=now)

    def send_again(self, numbers: Sequence[str], *, by: str, now: datetime) -> None:
        """重发 These, instead of those sent before."""
        self.numbers = sorted(set(numbers))
        self.sent_by, self.sent_at = by, now
        self.record(DayReconciled())
