"""同类诉求聚集 So many similar cases in one place that their cause wants looking at (未诉先办, 接诉即办条例 24–27).

The number and the window are our assumption (domain.md 3.4 (d): five in thirty days), so each cluster says by which
version of the rule it was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.grid.domain.case import Case
from services.grid.domain.categories import Category
from services.grid.domain.place import Place
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class ClusterRule:
    """聚集规则 `least` cases of one category in one place within `window_days`."""

    version: str
    least: int
    window_days: int

    def begins(self, now: datetime) -> datetime:
        """From when on cases count."""
        return now - timedelta(days=self.window_days)


RULE = ClusterRule("2026-1", least=5, window_days=30)


@dataclass(frozen=True)
class ClusterFound(DomainEvent):
    """同类聚集 The number is reached: said once."""


@dataclass(frozen=True)
class ClusterCaseJoined(DomainEvent):
    """加入聚集 One more of its kind."""

    case_ref: str


@dataclass(frozen=True)
class ClusterDissolved(DomainEvent):
    """聚集解散 Its last case has ended."""


class Cluster(Aggregate):
    """聚集 Cases of one category in one place: an estate, or a grid outside of estates. `route`: who acts on it."""

    term = Term("聚集", "cluster")

    dissolved_at: datetime | None

    def __init__(
        self, kind: Category, place: Place, found: Sequence[Case], *, rule: ClusterRule, now: datetime
    ) -> None:
        """The cases are of that category and lie in that place."""
        self.id = new_id()
        self.category, self.category_name, self.route = kind.code, kind.name, kind.route or ""
        self.place_ref, self.place_name, self.place_path = place.id, place.name, place.place_path
        self.rule_version, self.window_days = rule.version, rule.window_days
        self.case_refs: list[str] = []
        self.found_at = now
        self.dissolved_at = None
        for case in found:
            self._take(case)
        self.record(ClusterFound())

    def join(self, case: Case) -> None:
        """加入 One more, until it is dissolved."""
        self._take(case)
        self.record(ClusterCaseJoined(case.id))

    def dissolve(self, *, now: datetime) -> None:
        """解散 All its cases have ended; what comes afterwards counts anew."""
        if self.dissolved_at is None:
            self.dissolved_at = now
            self.record(ClusterDissolved())

    @property
    def count(self) -> int:
        """How many cases it has."""
        return len(self.case_refs)

    def _take(self, case: Case) -> None:
        self.case_refs = [*self.case_refs, case.id]
        case.join(self.id)
