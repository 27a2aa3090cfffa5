"""经办人 Which of those at work attends to a matter that the street itself leads (rows 12–14): a choice in words.

What counts, in this order: who is on duty now; who fits (the category of staff that the case's category asks for, else
a grid worker or whoever the roster says is on duty, to do first what can be done); whose hands are not full; whose grid
it is (事在格中办); who has less in hand; who was registered first. Who is absent never gets it, their substitute does.

Nearness is that of grids: nobody's whereabouts are known here (个保法 28).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from services.grid.domain.staff_categories import CATEGORY_NAMES, GRID_WORKER

OWN_GRID, OWN_COMMUNITY, ELSEWHERE = 0, 1, 2
DISTANCES = {OWN_GRID: "本网格", OWN_COMMUNITY: "本社区其他网格", ELSEWHERE: "其他片区"}
FULL_HANDS = 10  # so many open cases, and a neighbour's free hands come before the own grid's full ones
MOST_RUNNERS_UP = 3
NOBODY_FITS = "本网格、本社区暂无可派人员，请指定经办人"


@dataclass(frozen=True)
class Contender:
    """候选人 Somebody at work who might attend to a case: how far their grids are, whether the roster has them on duty
    now, how many open cases they attend to. `substitute_ref`: who stands in for them while they are absent."""

    staff_ref: str
    category: str
    distance: int
    in_hand: int
    is_on_shift: bool = False
    is_absent: bool = False
    substitute_ref: str | None = None
    stands_in: bool = False


@dataclass(frozen=True)
class RunnerUp:
    """备选 Who might have attended to it, and why another does."""

    staff_ref: str
    reason: str


@dataclass(frozen=True)
class Attendance:
    """选定 Who attends to a case (None: nobody fits), why, and who might have."""

    staff_ref: str | None
    reason: str
    runners_up: tuple[RunnerUp, ...] = ()

    def after(self, reason: str) -> Attendance:
        """The same choice, with what led to it said first."""
        return replace(self, reason=f"{reason}；{self.reason}")


NOBODY = Attendance(None, NOBODY_FITS)


@dataclass(frozen=True)
class Wanted:
    """What a case asks for: a category of staff; `is_working_time`: everybody at work is on duty."""

    category: str
    is_working_time: bool

    def rank(self, contender: Contender) -> tuple[bool, int, bool, int, int, str]:
        """The lesser the better, criterion by criterion (see BEHIND)."""
        return (
            not self._on_duty(contender),
            0 if contender.category == self.category else 1,
            contender.in_hand >= FULL_HANDS,
            contender.distance,
            contender.in_hand,
            contender.staff_ref,
        )

    def fits(self, contender: Contender) -> bool:
        """Whether they may have it at all."""
        able = contender.category in (self.category, GRID_WORKER) or contender.is_on_shift
        return able and not contender.is_absent

    def is_settled_by(self, contenders: Iterable[Contender]) -> bool:
        """Whether nobody of the community's other grids could come before the best of these, among whom is everybody of
        the own grid and, outside working time, everybody whom the roster has on duty there."""
        best = min((self.rank(each) for each in contenders if self.fits(each)), default=None)
        return best is not None and best[:4] < (not self.is_working_time, 0, False, OWN_COMMUNITY)

    def said(self, contender: Contender) -> str:
        """本网格城管，当班，在办 2 件."""
        parts = [
            f"{DISTANCES[contender.distance]}{CATEGORY_NAMES[contender.category]}",
            self._duty(contender),
            f"在办 {contender.in_hand} 件",
        ]
        if contender.category != self.category:
            parts.append(f"代为先行处置（应由{CATEGORY_NAMES[self.category]}办理）")
        return "，".join(parts)

    def _on_duty(self, contender: Contender) -> bool:
        return self.is_working_time or contender.is_on_shift

    def _duty(self, contender: Contender) -> str:
        if contender.stands_in:
            return "替班"
        if contender.is_on_shift:
            return "值班"
        return "当班" if self.is_working_time else "非值班时间"


# why one comes after another: the first criterion of the rank in which they differ
BEHIND = ("此刻不值班", "不是应派的类别", "手头已满", "离得较远", "在办较多", "情况相同，按登记先后")


def choose(contenders: Iterable[Contender], wanted: Wanted) -> Attendance:
    """The best of them, and the next best. Each stands once, at their best; those who are absent not at all."""
    at_best: dict[str, Contender] = {}
    for contender in sorted(filter(wanted.fits, contenders), key=wanted.rank):
        at_best.setdefault(contender.staff_ref, contender)
    if not at_best:
        return NOBODY
    first, *others = at_best.values()
    return Attendance(
        first.staff_ref,
        wanted.said(first),
        tuple(
            RunnerUp(each.staff_ref, f"{wanted.said(each)}；{_behind(first, each, wanted)}")
            for each in others[:MOST_RUNNERS_UP]
        ),
    )


def with_substitutes(
    contenders: Iterable[Contender], substitutes: Mapping[str, Contender]
) -> list[Contender]:
    """替班 Those and, for each who is absent, the one who stands in for them: in their place and their function, with
    the substitute's own hands. Nobody stands in who is absent too."""
    found = list(contenders)
    for absent in [each for each in found if each.is_absent]:
        substitute = substitutes.get(absent.substitute_ref or "")
        if substitute is not None and not substitute.is_absent:
            found.append(
                replace(
                    substitute,
                    category=absent.category,
                    distance=absent.distance,
                    is_on_shift=absent.is_on_shift or substitute.is_on_shift,
                    stands_in=True,
                )
            )
    return found


def _behind(first: Contender, other: Contender, wanted: Wanted) -> str:
    ranks = zip(BEHIND, wanted.rank(first), wanted.rank(other), strict=True)
    return next(why for why, one, two in ranks if one != two)
