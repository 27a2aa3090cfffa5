"""三率规则 How the rates are counted, and from when to when a period is: rules are only added, each holds from a period
on that has not begun yet.

The regulation (接诉即办条例 32) names the rates but gives no formula. What is shipped is remembered practice, read in
no norm (M): data that a street replaces by its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.grid.domain.errors.categories import CategoryUnknown
from services.grid.domain.errors.rates import (
    GradeWeightsFall,
    RateRulesNotAhead,
    RateRulesNotLast,
    RateWeightsWrong,
)
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.clock import midnight
from shared.kernel.errors import Term
from shared.kernel.ids import new_id

PER_MILLE = 1000  # weights are thousandths, so that sums are exact
GRADES = 5

NATURAL_MONTH, FROM_19TH = "natural_month", "from_19th"
PERIOD_RULES = {NATURAL_MONTH: "自然月", FROM_19TH: "上月19日至本月18日"}
LAST_OF_CYCLE = 18


@dataclass(frozen=True)
class Period:
    """周期 Named after a month (`2024-05`); both days are in it, as days in Beijing."""

    name: str
    first: date
    last: date

    @property
    def since(self) -> datetime:
        """When it begins."""
        return midnight(self.first)

    @property
    def until(self) -> datetime:
        """When it is over."""
        return midnight(self.last + timedelta(days=1))


@dataclass(frozen=True)
class RateRules:
    """三率规则 Weights are per mille. `grade_weights`: of the grades 1 (很不满意) to 5 (满意); `partly_weight`: of
    部分解决; `contact_hours`: within how many the reporter is spoken with, and never later than the answer is due."""

    first_period: str
    basis: str
    period_rule: str
    response_weight: int
    solution_weight: int
    satisfaction_weight: int
    partly_weight: int
    grade_weights: tuple[int, ...]
    contact_hours: int
    excluded_categories: tuple[str, ...] = ()

    @property
    def weights(self) -> dict[str, int]:
        """Of the three rates."""
        return {
            "response": self.response_weight,
            "solution": self.solution_weight,
            "satisfaction": self.satisfaction_weight,
        }

    def must_be_sound(self, categories: Sequence[str]) -> None:
        """Raises RateWeightsWrong, GradeWeightsFall; CategoryUnknown for one that is not among `categories`."""
        if sum(self.weights.values()) != PER_MILLE:
            fields = [f"{name}_weight" for name in self.weights]
            raise RateWeightsWrong(sum=sum(self.weights.values()), field=fields)
        if list(self.grade_weights) != sorted(self.grade_weights):
            raise GradeWeightsFall(field="grade_weights")
        for number, code in enumerate(self.excluded_categories):
            if code not in categories:
                known = ", ".join(categories)
                raise CategoryUnknown(category=code, known=known, field=f"excluded_categories.{number}")


SHIPPED = RateRules(
    first_period="2000-01",
    basis="随软件提供的默认值，凭经验设定，未见于任何标准",
    period_rule=NATURAL_MONTH,
    response_weight=100,
    solution_weight=450,
    satisfaction_weight=450,
    partly_weight=0,
    grade_weights=(0, 0, 600, 800, 1000),
    contact_hours=24,
)


class RuleBook:
    """所有规则 The shipped rules and those that were adopted: which hold for a period, and when that is.

    A period begins the day after the one before has ended. So every day is in exactly one, also where the rule of
    periods changes: the first one then is shorter or longer than usual.
    """

    def __init__(self, adopted: Sequence[RateRules]) -> None:
        self.rules = [SHIPPED, *sorted(adopted, key=lambda rules: rules.first_period)]

    def rules_for(self, period: str) -> RateRules:
        """Those that hold for it; before all others the shipped ones."""
        return next((each for each in reversed(self.rules) if each.first_period <= period), SHIPPED)

    def period(self, name: str) -> Period:
        """The period named after that month."""
        first = self._last_day(_month_before(name)) + timedelta(days=1)
        return Period(name, first, self._last_day(name))

    def period_at(self, day: date) -> Period:
        """The period that a day is in."""
        name = _month_of(day)
        return self.period(name if day <= self._last_day(name) else _month_after(name))

    def _last_day(self, name: str) -> date:
        month = _first_of(name)
        if self.rules_for(name).period_rule == FROM_19TH:
            return month.replace(day=LAST_OF_CYCLE)
        return _first_of(_month_after(name)) - timedelta(days=1)


@dataclass(frozen=True)
class RateRulesAdopted(DomainEvent):
    """启用三率规则 From a period on other weights hold. Stays at home: what is published says by which."""


class AdoptedRateRules(Aggregate):
    """启用的三率规则 Rules that the street has adopted in place of the shipped ones."""

    term = Term("三率规则", "rules of rates")
    leads_journey = False

    def __init__(self, rules: RateRules, *, book: RuleBook, categories: Sequence[str], today: date) -> None:
        """启用 For periods that have not begun. Raises RateRulesNotLast, RateRulesNotAhead and as `must_be_sound`."""
        rules.must_be_sound(categories)
        last = book.rules[-1]
        if rules.first_period <= last.first_period:
            raise RateRulesNotLast(last=last.first_period, field="first_period")
        first = RuleBook([*book.rules[1:], rules]).period(rules.first_period)
        if first.first <= today:
            earliest = _month_after(book.period_at(today).name)
            raise RateRulesNotAhead(earliest=earliest, field="first_period")
        self.id = new_id()
        self.first_period = rules.first_period
        self.effective_on = first.first
        self.rules = rules
        self.record(RateRulesAdopted())


def _first_of(name: str) -> date:
    return date.fromisoformat(f"{name}-01")


def _month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def _month_before(name: str) -> str:
    return _month_of(_first_of(name) - timedelta(days=1))


def _month_after(name: str) -> str:
    return _month_of(_first_of(name) + timedelta(days=31))
