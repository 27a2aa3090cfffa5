"""三率 Response, solution and satisfaction (接诉即办条例 32), and what else is counted from the turns that ended in a
period. Everything is whole numbers: a figure is a fraction, never a float; without a denominator it is “—”."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Protocol

from services.grid.domain.rate_rules import PER_MILLE, RateRules
from services.grid.domain.share import percent
from services.grid.domain.turn import EXCLUDED

NO_FIGURE = "—"
SMALL = 10  # fewer cases than that say little
SELF_FOUND = ("patrol", "captain")  # 未诉先办: found before anybody complained

COMMUNITY, GRID, ORGANISATION, PARTY, CATEGORY = "community", "grid", "organisation", "party", "category"
# what the figures are told by, and which fact of a turn says it
BY = {
    COMMUNITY: "community_ref",
    GRID: "grid_ref",
    ORGANISATION: "organisation_ref",
    PARTY: "lead_party_ref",
    CATEGORY: "category",
}
NUMERATOR, DENOMINATOR = "numerator", "denominator"


class Facts(Protocol):
    """What is known of a turn that has ended."""

    turn: int
    category: str
    source: str
    state: str
    has_reporter: bool
    begun_at: datetime
    answer_due_at: datetime
    contacted_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime
    reopened_at: datetime | None
    resolution: str | None
    grade: int | None
    dispatches: int
    objections: int
    objections_upheld: int


Counted = tuple[int, int]  # what one turn adds to a numerator, and to its denominator
NOT_COUNTED: Counted = (0, 0)


@dataclass(frozen=True)
class Figure:
    """一项指标 An exact fraction, and of how many turns. Where answers are weighed, each weighs 1000 below the line."""

    numerator: int
    denominator: int
    cases: int

    @property
    def percent(self) -> str:
        """With one decimal, never rounded up to what it is not; “—” where there is nothing to count."""
        return percent(self.numerator, self.denominator) or NO_FIGURE

    @property
    def is_small(self) -> bool:
        """Whether so few cases are behind it that it says little."""
        return self.cases < SMALL


@dataclass(frozen=True)
class Figures:
    """各项指标 Of all turns, or of those of one unit, place or category."""

    response: Figure
    solution: Figure
    satisfaction: Figure
    overall: Figure
    on_time: Figure
    reopened: Figure
    self_found: Figure
    objected: Figure
    objection_upheld: Figure
    well_dispatched: Figure


OVERALL = "overall"
NAMES = {
    "response": "响应率",
    "solution": "解决率",
    "satisfaction": "满意率",
    OVERALL: "三率综合",
    "on_time": "按期办结率",
    "reopened": "返工率",
    "self_found": "未诉先办率",
    "objected": "派单异议率",
    "objection_upheld": "异议支持率",
    "well_dispatched": "准确派遣率",
}
assert list(NAMES) == [field.name for field in fields(Figures)]


@dataclass(frozen=True)
class Share:
    """一个单位的指标 The figures of one of those that they are told by. `key` is empty where nobody had it, or the
    street itself."""

    by: str
    key: str
    name: str
    figures: Figures


def is_in_cohort(turn: Facts, rules: RateRules) -> bool:
    """Whether it counts: its category does, and nobody has decided that it does not."""
    return turn.state != EXCLUDED and turn.category not in rules.excluded_categories


def figures(turns: Iterable[Facts], rules: RateRules) -> Figures:
    """The figures of these turns."""
    cohort = [turn for turn in turns if is_in_cohort(turn, rules)]
    counted = {name: _sum(count(turn, rules) for turn in cohort) for name, count in _COUNTS.items()}
    return Figures(**counted, overall=overall(counted, rules))


def overall(three: Mapping[str, Figure], rules: RateRules) -> Figure:
    """三率综合 a·R + b·S + c·M, exactly; nothing where one that weighs something has no denominator. It has as few
    cases as the one that has fewest."""
    weighed = [(Fraction(weight, PER_MILLE), three[name]) for name, weight in rules.weights.items() if weight]
    cases = min(figure.cases for _, figure in weighed)
    if cases == 0:
        return Figure(0, 0, 0)
    total = sum((weight * Fraction(each.numerator, each.denominator) for weight, each in weighed), Fraction())
    return Figure(total.numerator, total.denominator, cases)


def shares(turns: Sequence[Facts], by: str, rules: RateRules, names: Mapping[str, str]) -> list[Share]:
    """The figures by unit, place or category; `names` by their keys."""
    parts: dict[str, list[Facts]] = {}
    for turn in turns:
        if is_in_cohort(turn, rules):
            parts.setdefault(key_of(turn, by), []).append(turn)
    told = [Share(by, key, names.get(key, ""), figures(part, rules)) for key, part in parts.items()]
    return sorted(told, key=lambda share: (share.name, share.key))


def key_of(turn: Facts, by: str) -> str:
    """To which unit, place or category a turn belongs; empty where to none."""
    return getattr(turn, BY[by]) or ""


def is_behind(turn: Facts, figure: str, part: str, rules: RateRules) -> bool:
    """Whether a turn adds to a figure's numerator, or to its denominator."""
    if not is_in_cohort(turn, rules):
        return False
    names = [name for name, weight in rules.weights.items() if weight] if figure == OVERALL else [figure]
    counted = [_COUNTS[name](turn, rules) for name in names]
    return any(above if part == NUMERATOR else below for above, below in counted)


def _sum(counted: Iterable[Counted]) -> Figure:
    numerator = denominator = cases = 0
    for above, below in counted:
        numerator += above
        denominator += below
        cases += below > 0
    return Figure(numerator, denominator, cases)


def _response(turn: Facts, rules: RateRules) -> Counted:
    """Contacted within the limit ÷ due for contact. Nobody is to be contacted where nobody reported it, or where it
    ended before that was due."""
    due_at = min(turn.begun_at + timedelta(hours=rules.contact_hours), turn.answer_due_at)
    return _in_time(turn.contacted_at, due_at, turn) if turn.has_reporter else NOT_COUNTED


def _on_time(turn: Facts, _rules: RateRules) -> Counted:
    """Answered before that was due ÷ due."""
    return _in_time(turn.answered_at, turn.answer_due_at, turn)


def _in_time(done_at: datetime | None, due_at: datetime, turn: Facts) -> Counted:
    if done_at is None and turn.ended_at < due_at:
        return NOT_COUNTED
    return int(done_at is not None and done_at <= due_at), 1


def _solution(turn: Facts, rules: RateRules) -> Counted:
    """Σ weight of the resolution ÷ valid revisits."""
    if turn.resolution is None:
        return NOT_COUNTED
    return {"resolved": PER_MILLE, "partly": rules.partly_weight}.get(turn.resolution, 0), PER_MILLE


def _satisfaction(turn: Facts, rules: RateRules) -> Counted:
    """Σ weight of the grade ÷ valid revisits."""
    return NOT_COUNTED if turn.grade is None else (rules.grade_weights[turn.grade - 1], PER_MILLE)


def _reopened(turn: Facts, _rules: RateRules) -> Counted:
    return int(turn.reopened_at is not None), 1


def _self_found(turn: Facts, _rules: RateRules) -> Counted:
    """Found by patrols or captains ÷ all cases, each once."""
    return (int(turn.source in SELF_FOUND), 1) if turn.turn == 1 else NOT_COUNTED


_COUNTS: Mapping[str, Callable[[Facts, RateRules], Counted]] = {
    "response": _response,
    "solution": _solution,
    "satisfaction": _satisfaction,
    "on_time": _on_time,
    "reopened": _reopened,
    "self_found": _self_found,
    "objected": lambda turn, _: (turn.objections, turn.dispatches),
    "objection_upheld": lambda turn, _: (turn.objections_upheld, turn.objections),
    "well_dispatched": lambda turn, _: (turn.dispatches - turn.objections_upheld, turn.dispatches),
}
