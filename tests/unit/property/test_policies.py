"""The owners' vote, against a reference in fractions and at every edge (民法典 278, gate G8)."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.property.domain.errors import (
    DayInFuture,
    PostedBeforeVote,
    TallyImpossible,
    VotedBeforeNotice,
)
from services.property.domain.policies import ADOPTED, COMMON_PARTS, ORDINARY, REJECTED, Tally, judge
from tests.builders.property import vote

TODAY = date(2024, 5, 27)


@st.composite
def tallies(draw):
    total = draw(st.integers(1, 2_000_000_000))
    participating = draw(st.integers(0, total))
    return Tally(total, participating, draw(st.integers(0, participating)))


@st.composite
def tallies_at_the_edge(draw):
    """Within one of 2/3 of the total and of 1/2 or 3/4 of those who take part."""
    total = 24 * draw(st.integers(1, 10_000))
    participating = total * 2 // 3 + draw(st.integers(-1, 1))
    share = draw(st.sampled_from([Fraction(1, 2), Fraction(3, 4)]))
    approving = int(participating * share) + draw(st.integers(-1, 1))
    return Tally(total, participating, approving)


def reasons_in_fractions(kind, heads, area):
    """The article as it is written, with fractions."""
    reasons = []
    for code, tally in (("heads", heads), ("area", area)):
        if Fraction(tally.participating, tally.total) < Fraction(2, 3):
            reasons.append(f"participation_{code}")
    for code, tally in (("heads", heads), ("area", area)):
        share = Fraction(tally.approving, tally.participating) if tally.participating else None
        if kind == COMMON_PARTS and share is not None and share < Fraction(3, 4):
            reasons.append(f"approval_{code}")
        if kind == ORDINARY and (share is None or share <= Fraction(1, 2)):
            reasons.append(f"approval_{code}")
    return reasons


@given(
    kind=st.sampled_from([COMMON_PARTS, ORDINARY]),
    heads=tallies() | tallies_at_the_edge(),
    area=tallies() | tallies_at_the_edge(),
)
def test_gate_g8_the_arithmetic_is_that_of_the_law_in_exact_fractions(kind, heads, area):
    verdict = judge(vote(kind=kind, heads=heads, area_dm2=area))
    expected = reasons_in_fractions(kind, heads, area)
    assert verdict.reasons == expected
    assert verdict.outcome == (REJECTED if expected else ADOPTED)


@pytest.mark.parametrize(
    ("kind", "heads", "outcome"),
    [
        (COMMON_PARTS, Tally(216, 144, 108), ADOPTED),  # exactly 2/3, exactly 3/4: "以上" includes the number
        (COMMON_PARTS, Tally(216, 143, 108), REJECTED),
        (COMMON_PARTS, Tally(216, 144, 107), REJECTED),
        (ORDINARY, Tally(216, 144, 73), ADOPTED),
        (ORDINARY, Tally(216, 144, 72), REJECTED),  # exactly 1/2 is not more than half
    ],
)
def test_gate_g8_at_the_edge_the_law_is_kept_to_the_head(kind, heads, outcome):
    area = Tally(heads.total * 100, heads.participating * 100, heads.approving * 100)
    assert judge(vote(kind=kind, heads=heads, area_dm2=area)).outcome == outcome
    assert judge(vote(kind=kind, heads=heads, area_dm2=Tally(9, 9, 9))).outcome == outcome
    assert judge(vote(kind=kind, heads=Tally(9, 9, 9), area_dm2=area)).outcome == outcome


def test_the_two_votes_of_the_demo_come_out_as_they_were():
    first = judge(vote(heads=Tally(216, 168, 122)))
    assert (first.outcome, first.reasons) == (REJECTED, ["approval_heads"])
    second = judge(vote())
    assert (second.outcome, second.reasons) == (ADOPTED, [])


def test_the_arithmetic_can_be_read():
    assert judge(vote(heads=Tally(216, 168, 122))).arithmetic == (
        "参与业主 168/216 ≥ 2/3；参与面积 11480.00㎡/14580.00㎡ ≥ 2/3；同意业主 122/168 < 3/4；"
        "同意面积 8920.00㎡/11480.00㎡ ≥ 3/4；会前19日公示 ≥ 15日；会前公示的议题中有本议题；决定后2日公示 ≤ 3日"
    )


@pytest.mark.parametrize(
    ("days", "outcome", "reasons"), [(15, ADOPTED, []), (14, REJECTED, ["notice_too_short"])]
)
def test_the_topics_are_announced_fifteen_days_before(days, outcome, reasons):
    verdict = judge(vote(noticed_on=date(2024, 5, 20) - timedelta(days=days)))
    assert (verdict.outcome, verdict.reasons) == (outcome, reasons)


@pytest.mark.parametrize(("days", "reasons"), [(3, []), (4, ["posted_late"])])
def test_a_decision_posted_after_more_than_three_days_is_found_late_and_stands(days, reasons):
    verdict = judge(vote(posted_on=date(2024, 5, 20) + timedelta(days=days)))
    assert (verdict.outcome, verdict.reasons) == (ADOPTED, reasons)
    assert ("公示逾期，不改变表决结果" in verdict.arithmetic) == bool(reasons)


def test_what_was_not_announced_cannot_be_decided():
    verdict = judge(vote(noticed_topics=["another topic"]))
    assert (verdict.outcome, verdict.reasons) == (REJECTED, ["not_noticed"])


def test_everything_that_fails_is_named():
    verdict = judge(
        vote(
            heads=Tally(216, 0, 0),
            area_dm2=Tally(1_458_000, 3, 1),
            noticed_topics=[],
            noticed_on=date(2024, 5, 19),
            posted_on=date(2024, 6, 20),
        )
    )
    assert verdict.reasons == [
        "participation_heads",
        "participation_area",
        "approval_area",
        "notice_too_short",
        "not_noticed",
        "posted_late",
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"heads": Tally(216, 217, 131)}, "heads.participating"),
        ({"heads": Tally(216, 168, 169)}, "heads.approving"),
        ({"area_dm2": Tally(100, 101, 1)}, "area_dm2.participating"),
        ({"area_dm2": Tally(100, 50, 51)}, "area_dm2.approving"),
    ],
)
def test_impossible_numbers_are_refused_with_their_field(changed, field):
    with pytest.raises(TallyImpossible) as refused:
        vote(**changed).must_be_possible(today=TODAY)
    assert refused.value.fields == [field]


@pytest.mark.parametrize(
    ("changed", "error", "field"),
    [
        ({"noticed_on": date(2024, 5, 21)}, VotedBeforeNotice, "voted_on"),
        ({"posted_on": date(2024, 5, 19)}, PostedBeforeVote, "posted_on"),
        ({"posted_on": date(2024, 5, 28)}, DayInFuture, "posted_on"),
        ({"voted_on": date(2024, 5, 28), "posted_on": date(2024, 5, 28)}, DayInFuture, "voted_on"),
    ],
)
def test_notice_vote_and_posting_follow_each_other_and_are_over(changed, error, field):
    with pytest.raises(error) as refused:
        vote(**changed).must_be_possible(today=TODAY)
    assert refused.value.fields == [field]


@given(st.lists(st.dates(date(2024, 5, 1), TODAY), min_size=3, max_size=3))
def test_any_days_in_order_until_today_are_possible(days):
    noticed_on, voted_on, posted_on = sorted(days)
    vote(noticed_on=noticed_on, voted_on=voted_on, posted_on=posted_on).must_be_possible(today=TODAY)
