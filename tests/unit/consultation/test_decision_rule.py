"""The built-in decision rule, against fractions; and what no rule may decide."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.consultation.domain.policies import CHAMBERS, DecisionRule, Tally, Thresholds, Verdict, judge
from services.consultation.plugins.more_than_threshold import MoreThanThreshold

RULE = MoreThanThreshold()
HALF = Thresholds(quorum_percent=50, threshold_percent=50)


@st.composite
def tallies(draw):
    on_roster = draw(st.integers(1, 500))
    voted = draw(st.integers(0, on_roster))
    return Tally(on_roster, voted, draw(st.integers(0, voted)))


@given(tallies(), st.integers(1, 100), st.integers(0, 99), st.sampled_from(CHAMBERS))
def test_a_chamber_passes_with_its_quorum_and_more_than_the_threshold(tally, quorum, threshold, chamber):
    there = Fraction(tally.voted, tally.on_roster) >= Fraction(quorum, 100)
    approved = tally.voted > 0 and Fraction(tally.approved, tally.voted) > Fraction(threshold, 100)
    verdict = RULE.decide(chamber, tally, Thresholds(quorum, threshold))
    assert verdict.passed == (there and approved)


@pytest.mark.parametrize(
    ("tally", "passed"),
    [
        (Tally(10, 10, 5), False),
        (Tally(10, 10, 6), True),
        (Tally(10, 5, 3), True),
        (Tally(10, 4, 4), False),
        (Tally(11, 5, 5), False),
        (Tally(1, 1, 1), True),
        (Tally(1, 1, 0), False),
    ],
)
def test_exactly_half_is_not_more_than_half_and_exactly_the_quorum_is_enough(tally, passed):
    assert RULE.decide("residents", tally, HALF).passed is passed


def test_a_verdict_says_why_in_words():
    assert RULE.decide("residents", Tally(10, 4, 4), HALF).why == "居民应到10人，投票4人，未达到50%"
    assert RULE.decide("professionals", Tally(2, 2, 1), HALF).why == "专业机构投票2人，同意1人，未超过50%"


class Lenient:
    """Passes everything."""

    api = 1

    def decide(self, chamber, tally, thresholds):
        return Verdict(True, "总是通过")


@pytest.mark.parametrize("chamber", CHAMBERS)
def test_no_rule_lets_a_chamber_without_people_pass(chamber):
    assert isinstance(Lenient(), DecisionRule)
    assert judge(Lenient(), chamber, Tally(0, 0, 0), HALF).passed is False
    assert judge(Lenient(), chamber, Tally(1, 0, 0), HALF).passed is True


class Talkative(Lenient):
    """Says more than an event can hold."""

    def decide(self, chamber, tally, thresholds):
        return Verdict(True, "好" * 1000)


def test_whatever_a_rule_says_fits_into_the_event():
    assert len(judge(Talkative(), "residents", Tally(1, 1, 1), HALF).why) == 300
