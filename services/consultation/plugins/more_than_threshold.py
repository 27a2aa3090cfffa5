"""过半数 Enough of the roster vote, and more than the threshold of those who vote approve."""

from __future__ import annotations

from services.consultation.domain.policies import CHAMBER_NAMES, Tally, Thresholds, Verdict


class MoreThanThreshold:
    """Exact in whole numbers: exactly the threshold is not more than it."""

    api = 1

    def decide(self, chamber: str, tally: Tally, thresholds: Thresholds) -> Verdict:
        """The quorum is counted on the roster, the threshold on the ballots."""
        name = CHAMBER_NAMES[chamber]
        if tally.voted * 100 < thresholds.quorum_percent * tally.on_roster:
            return Verdict(
                False,
                f"{name}应到{tally.on_roster}人，投票{tally.voted}人，未达到{thresholds.quorum_percent}%",
            )
        passed = tally.approved * 100 > thresholds.threshold_percent * tally.voted
        share = f"{name}投票{tally.voted}人，同意{tally.approved}人"
        return Verdict(passed, f"{share}，{'超过' if passed else '未超过'}{thresholds.threshold_percent}%")
