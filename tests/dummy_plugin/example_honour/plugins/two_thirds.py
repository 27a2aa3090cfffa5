"""三分之二 Enough of the roster vote, and two thirds of those who vote approve, or more where the review says so."""

from __future__ import annotations

from services.consultation.domain.policies import CHAMBER_NAMES, Tally, Thresholds, Verdict


class TwoThirds:
    """Exact in whole numbers: exactly two thirds are enough."""

    api = 1

    def decide(self, chamber: str, tally: Tally, thresholds: Thresholds) -> Verdict:
        """Never laxer than the thresholds of the review."""
        quorum = tally.voted * 100 >= thresholds.quorum_percent * tally.on_roster
        threshold = tally.approved * 100 > thresholds.threshold_percent * tally.voted
        passed = quorum and threshold and tally.approved * 3 >= tally.voted * 2
        counts = f"应到{tally.on_roster}人，投票{tally.voted}人，同意{tally.approved}人"
        return Verdict(
            passed, f"{CHAMBER_NAMES[chamber]}{counts}，{'达到' if passed else '未达到'}三分之二规则"
        )
