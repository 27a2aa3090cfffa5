"""What every decision rule must keep; its author runs this suite against it (docs/how-to/write-a-plugin.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from services.consultation.domain.policies import (
    CHAMBERS,
    LONGEST_WHY,
    DecisionRule,
    Tally,
    Thresholds,
    Verdict,
)
from shared.testing.conformance import CHINESE, PluginConformance

LARGEST_ROSTER = 12
THRESHOLDS = [Thresholds(quorum, threshold) for quorum in (50, 75, 100) for threshold in (50, 66, 99)]
Question = tuple[str, Tally, Thresholds]


class DecisionRuleConformance(PluginConformance):
    """Inherit, and say how the rule is made: `def make(self): return MyRule()`. It is asked about every possible vote
    of small chambers."""

    protocol: ClassVar[type] = DecisionRule

    def test_it_answers_with_a_verdict_that_fits_into_the_event_and_is_said_in_chinese(self) -> None:
        """Passed or not, and why in at most LONGEST_WHY characters."""
        rule: DecisionRule = self.make()
        for question in _questions():
            verdict = rule.decide(*question)
            assert isinstance(verdict, Verdict), f"{question}: {verdict!r} is no Verdict"
            assert isinstance(verdict.passed, bool), f"{question}: passed is {verdict.passed!r}"
            assert CHINESE.search(verdict.why), f"{question}: why is {verdict.why!r}"
            assert len(verdict.why) <= LONGEST_WHY, f"{question}: why has {len(verdict.why)} characters"

    def test_it_passes_nothing_that_misses_the_thresholds_of_the_review(self) -> None:
        """Voters were told them when the review was opened; a rule may be stricter, not laxer."""
        rule: DecisionRule = self.make()
        for question in _questions():
            _, tally, thresholds = question
            quorum = tally.voted * 100 >= thresholds.quorum_percent * tally.on_roster
            approved = tally.approved * 100 > thresholds.threshold_percent * tally.voted
            assert (quorum and approved) or not rule.decide(*question).passed, f"{question} passed"

    def test_a_chamber_in_which_all_vote_and_all_approve_passes(self) -> None:
        """Else no plan could ever pass."""
        rule: DecisionRule = self.make()
        for question in _questions():
            _, tally, _ = question
            if tally.on_roster == tally.approved:
                assert rule.decide(*question).passed, f"{question} did not pass"

    def test_one_more_approval_never_turns_a_pass_into_a_failure(self) -> None:
        """With the same people voting."""
        rule: DecisionRule = self.make()
        for chamber, tally, thresholds in _questions():
            if tally.approved < tally.voted and rule.decide(chamber, tally, thresholds).passed:
                more = Tally(tally.on_roster, tally.voted, tally.approved + 1)
                assert rule.decide(chamber, more, thresholds).passed, f"{more} did not pass, {tally} did"

    def test_the_same_question_has_the_same_answer(self) -> None:
        """It decides by what it is given, and remembers nothing."""
        rule: DecisionRule = self.make()
        for question in _questions():
            assert rule.decide(*question) == self.make().decide(*question) == rule.decide(*question), question


def _questions() -> Iterator[Question]:
    for chamber in CHAMBERS:
        for on_roster in range(1, LARGEST_ROSTER + 1):
            for voted in range(on_roster + 1):
                for approved in range(voted + 1):
                    for thresholds in THRESHOLDS:
                        yield chamber, Tally(on_roster, voted, approved), thresholds
