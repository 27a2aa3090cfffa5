"""意见表 What each household says of a project (domain row 24), and how many agree, building by building."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.consultation.domain.project import Project
from services.consultation.domain.project_errors import HouseholdElsewhere
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id

AGREE, DISAGREE, ABSTAIN = "agree", "disagree", "abstain"
OPINIONS = {AGREE: "同意", DISAGREE: "不同意", ABSTAIN: "弃权"}


@dataclass(frozen=True)
class OpinionGiven(DomainEvent):
    """意见表 Stays at home."""


class OpinionSheet(Aggregate):
    """意见表 Of one household, which may change its mind as long as the project goes on. `household_ref` is grid's."""

    term = Term("意见表", "opinion sheet")

    def __init__(self, project: Project, *, household_ref: str, building_ref: str, place_path: str) -> None:
        self.id = new_id()
        self.project_ref = project.id
        self.household_ref = household_ref
        self.place_ref = building_ref
        self.place_path = place_path
        self.opinion = ABSTAIN
        self.given_at: datetime | None = None
        self.collected_by = ""

    def must_be_in(self, building_ref: str) -> None:
        """Raises HouseholdElsewhere where the household was said to live in another building before."""
        if building_ref != self.place_ref:
            raise HouseholdElsewhere(ref=self.household_ref, field="sheets.building_ref")

    def give(self, opinion: str, *, by: str, now: datetime) -> None:
        """The last word counts."""
        self.opinion, self.given_at, self.collected_by = opinion, now, by
        self.record(OpinionGiven())


@dataclass(frozen=True)
class Consensus:
    """共识 Of the households of a building, or of all: how many said what. Whoever said nothing was not reached. Where
    fewer households are known than have said something, nothing is said of their share."""

    households: int
    agree: int
    disagree: int
    abstain: int

    @property
    def unreached(self) -> int:
        """未征求到 How many have said nothing."""
        return max(0, self.households - self._said)

    @property
    def _said(self) -> int:
        return self.agree + self.disagree + self.abstain

    @property
    def _is_known(self) -> bool:
        return 0 < self.households >= self._said

    @property
    def agree_permille(self) -> int | None:
        """同意率 Of a thousand households, rounded down, those who said nothing counted; None where there are none."""
        return self.agree * 1000 // self.households if self._is_known else None

    def reaches(self, numerator: int, denominator: int) -> bool:
        """Whether at least that part of all households agrees; exactly, without a fraction."""
        return self._is_known and self.agree * denominator >= self.households * numerator

    def __add__(self, other: Consensus) -> Consensus:
        return Consensus(
            self.households + other.households,
            self.agree + other.agree,
            self.disagree + other.disagree,
            self.abstain + other.abstain,
        )


NOBODY = Consensus(0, 0, 0, 0)


@dataclass(frozen=True)
class VisitHeard(DomainEvent):
    """入户结果 Stays at home: grid has said it."""


class HouseVisit(Aggregate):
    """入户走访 What grid told of one visit for a campaign (domain row 23): its last outcome. `task_ref` is grid's."""

    term = Term("入户走访", "house visit")

    def __init__(self, *, task_ref: str, campaign_ref: str, place_ref: str, place_path: str) -> None:
        self.id = new_id()
        self.task_ref = task_ref
        self.campaign_ref = campaign_ref
        self.place_ref = place_ref
        self.place_path = place_path
        self.outcome = ""
        self.occurred_at: datetime | None = None

    def hear(self, outcome: str, *, occurred_at: datetime) -> None:
        """Nothing for what is older than what is known."""
        if self.occurred_at is None or occurred_at > self.occurred_at:
            self.outcome, self.occurred_at = outcome, occurred_at
            self.record(VisitHeard())


@dataclass(frozen=True)
class Coverage:
    """走访覆盖 Of the households of a building: how many were met, absent so far, refused, or told by the board."""

    households: int
    met: int
    absent: int
    refused: int
    board: int

    @property
    def met_permille(self) -> int | None:
        """见面率 Of a thousand households, rounded down; None where there are none."""
        return self.met * 1000 // self.households if self.households else None
