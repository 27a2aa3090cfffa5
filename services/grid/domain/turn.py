"""一轮办理 A turn of a case as it was when it ended: what the rates are counted from, kept for years.

A case that is opened again forgets what was done before. So each turn is written down when it ends, in a row of its
own, with whoever was responsible and the place where it lay then. It knows whether somebody reported it, not who.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from services.grid.domain.errors.clocks import DecidedByWhoAsked
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

if TYPE_CHECKING:
    from services.grid.domain.case import Case

REOPENED = "reopened"  # how a turn may end, beside the outcomes of a case

COUNTED, ASKED, EXCLUDED = "counted", "asked", "excluded"
LIFECYCLE = Lifecycle(
    Term("一轮办理", "turn"),
    {COUNTED: "计入", ASKED: "申请剔除", EXCLUDED: "已剔除"},
    #     action                              from     to
    move("ask_exclusion", "申请剔除", COUNTED, ASKED),
    move("exclude", "同意剔除", ASKED, EXCLUDED),
    move("refuse_exclusion", "不同意剔除", ASKED, COUNTED),
)


@dataclass(frozen=True)
class Exclusion:
    """剔除申请 Why a turn should not count, who asked, and who decided."""

    by: str
    reason: str
    asked_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True)
class TurnEnded(DomainEvent):
    """一轮结束 It is written down. Stays at home, as all of a turn: what happens to cases is told by them."""


@dataclass(frozen=True)
class TurnReopened(DomainEvent):
    """结案后重新办理 It had been closed, and was not good."""


@dataclass(frozen=True)
class ExclusionAsked(DomainEvent):
    """申请剔除"""


@dataclass(frozen=True)
class ExclusionDecided(DomainEvent):
    """剔除审批"""


class Turn(Aggregate):
    """一轮办理 `outcome`: one of a case's OUTCOMES, or REOPENED; `resolution` and `grade`: the first answer to it, if
    there was one. `dispatches` counts who it was given to, `objections` those made against that."""

    term = LIFECYCLE.name

    exclusion: Exclusion | None

    def __init__(
        self, case: Case, outcome: str, *, resolution: str | None, grade: int | None, now: datetime
    ) -> None:
        """As the case is now, before it forgets."""
        self.id = new_id()
        self.case_ref, self.number, self.turn = case.id, case.number, case.turn
        self.category, self.category_name = case.category, case.category_name
        self.source = case.source
        self.has_reporter = case.has_reporter
        self._lay_at(case)
        self.organisation_ref = case.organisation_ref
        self.lead_party_ref, self.lead_party_name = case.lead_party_ref, case.lead_party_name
        self.dispatches, self.objections = case.dispatches, case.objections
        self.objections_upheld = case.objections_upheld
        self.begun_at = case.begun_at
        self.answer_due_at = case.answer_due_at
        self.contacted_at, self.answered_at = case.contacted_at, case.answered_at
        self.handled_at = case.handled_at
        self.ended_at = now
        self.outcome = outcome
        self.reopened_at = now if outcome == REOPENED else None
        self.resolution, self.grade = resolution, grade
        self.state = COUNTED
        self.exclusion = None
        self.record(TurnEnded())

    def reopen(self, *, resolution: str | None, grade: int | None, now: datetime) -> None:
        """结案后重新办理 The first answer of a turn counts; one after it only opens the case again."""
        self.reopened_at = now
        if self.resolution is None:
            self.resolution, self.grade = resolution, grade
        self.record(TurnReopened())

    def ask_exclusion(self, *, reason: str, by: str, now: datetime) -> None:
        """申请剔除. Raises NotNow."""
        self.state = LIFECYCLE.after("ask_exclusion", self.state)
        self.exclusion = Exclusion(by, reason, now)
        self.record(ExclusionAsked())

    def exclude(self, *, by: str, now: datetime) -> None:
        """同意剔除, by somebody else. Raises NotNow, DecidedByWhoAsked."""
        self._decide("exclude", by, now)

    def refuse_exclusion(self, *, by: str, now: datetime) -> None:
        """不同意剔除, by somebody else. Raises NotNow, DecidedByWhoAsked."""
        self._decide("refuse_exclusion", by, now)

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done with it."""
        return LIFECYCLE.actions(self.state)

    def _decide(self, action: str, by: str, now: datetime) -> None:
        state = LIFECYCLE.after(action, self.state)
        assert self.exclusion is not None, "it was asked for"
        if self.exclusion.by == by:
            raise DecidedByWhoAsked()
        self.state = state
        self.exclusion = replace(self.exclusion, decided_by=by, decided_at=now)
        self.record(ExclusionDecided())

    def _lay_at(self, case: Case) -> None:
        self.place_path = case.place_path
        self.place_ref, self.place_name = case.place_ref, case.place_name
        self.community_ref = (case.place_path or "").split("/")[2]  # /street/community/…
        self.grid_ref, self.grid_code = case.grid_ref, case.grid_code
