"""Decisions without I/O that plugins may take over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from shared.kernel.errors import Term

RESIDENTS, PROFESSIONALS = "residents", "professionals"
CHAMBERS = (RESIDENTS, PROFESSIONALS)
CHAMBER_NAMES = {RESIDENTS: "居民", PROFESSIONALS: "专业机构"}
# role -> the only chamber whose ballots it puts in: the convenor those on paper, an organisation its experts'
OWN_CHAMBER = {
    "resident": RESIDENTS,
    "convenor": RESIDENTS,
    "reviewer": PROFESSIONALS,
    "professional": PROFESSIONALS,
}
LEAST_PERCENT = 50  # of a roster that votes, and of ballots to exceed: no minority passes a plan
LONGEST_WHY = 300


@dataclass(frozen=True)
class Tally:
    """How a chamber voted: heads on its roster, ballots of those, approvals among these."""

    on_roster: int
    voted: int
    approved: int

    @property
    def is_complete(self) -> bool:
        """Whether everybody has voted, and there is somebody."""
        return 0 < self.on_roster == self.voted


@dataclass(frozen=True)
class Thresholds:
    """The rule of a review: the least share of the roster that votes, and the share of approvals to exceed."""

    quorum_percent: int
    threshold_percent: int


@dataclass(frozen=True)
class Verdict:
    """How a chamber judged, and why, in words."""

    passed: bool
    why: str


@runtime_checkable
class DecisionRule(Protocol):
    """表决规则 Decides for one chamber. It is never asked for a chamber with nobody on its roster."""

    api: int

    def decide(self, chamber: str, tally: Tally, thresholds: Thresholds) -> Verdict:
        """Passed or not, and why."""


def judge(rule: DecisionRule, chamber: str, tally: Tally, thresholds: Thresholds) -> Verdict:
    """The chamber's verdict. Whatever the rule, a chamber without people never passes (gate G5)."""
    if tally.on_roster == 0:
        return Verdict(False, f"{CHAMBER_NAMES[chamber]}一方名册无人，不能通过")
    verdict = rule.decide(chamber, tally, thresholds)
    return replace(verdict, why=verdict.why[:LONGEST_WHY])


def chamber_term(chamber: str) -> Term:
    """What a chamber is called."""
    return Term(CHAMBER_NAMES[chamber], chamber)
