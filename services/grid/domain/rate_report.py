"""三率公布 The figures of a period as they were published, with the rules and with what was excluded by whom.

They stay as they are, whatever is learned later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.grid.domain.errors.rates import PeriodNotOver
from services.grid.domain.rate_rules import Period, RateRules
from services.grid.domain.rates import BY, Facts, figures, shares
from services.grid.domain.turn import EXCLUDED
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.clock import local_date
from shared.kernel.errors import Term
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class RatesPublished(DomainEvent):
    """公布三率 Stays at home until somebody outside wants them."""


class RateReport(Aggregate):
    """三率公布 Of the whole street, and by every unit, place and category."""

    term = Term("已公布的三率", "published rates")

    def __init__(
        self,
        period: Period,
        rules: RateRules,
        turns: Sequence[Facts],
        names: Mapping[str, Mapping[str, str]],
        *,
        by: str,
        now: datetime,
    ) -> None:
        """公布 What has ended in the period; `names`: by what the figures are told by, then by key. Raises
        PeriodNotOver."""
        must_be_over(period, local_date(now))
        self.id = new_id()
        self.period = period.name
        self.first_day, self.last_day = period.first, period.last
        self.rules = rules
        self.total = figures(turns, rules)
        self.shares = [share for each in BY for share in shares(turns, each, rules, names[each])]
        self.turn_count = len(turns)
        self.excluded_count = sum(turn.state == EXCLUDED for turn in turns)
        self.published_by, self.published_at = by, now
        self.record(RatesPublished())


def must_be_over(period: Period, today: date) -> None:
    """Raises PeriodNotOver."""
    if today <= period.last:
        raise PeriodNotOver(period=period.name, last=period.last.isoformat(), field="period")
