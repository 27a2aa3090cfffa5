"""三率 in plain numbers: every day is in one period, every figure is the sum of its parts, and no turn is lost."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.grid.domain.errors.rates import (
    GradeWeightsFall,
    RateRulesNotAhead,
    RateRulesNotLast,
    RateWeightsWrong,
)
from services.grid.domain.rate_rules import (
    FROM_19TH,
    NATURAL_MONTH,
    SHIPPED,
    AdoptedRateRules,
    RateRules,
    RuleBook,
)
from services.grid.domain.rates import (
    BY,
    DENOMINATOR,
    NAMES,
    NUMERATOR,
    OVERALL,
    Figure,
    figures,
    is_behind,
    key_of,
    shares,
)
from services.grid.domain.turn import ASKED, COUNTED, EXCLUDED
from tests.unit.grid.case_builder import NOW

TODAY = date(2024, 5, 27)
CODES = ["0203", "0603", "0901"]


@dataclass
class Fact:
    """A turn as it ended."""

    turn: int = 1
    category: str = "0603"
    source: str = "resident"
    state: str = COUNTED
    has_reporter: bool = True
    begun_at: datetime = NOW
    answer_due_at: datetime = NOW + timedelta(days=7)
    contacted_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime = NOW + timedelta(days=2)
    reopened_at: datetime | None = None
    resolution: str | None = None
    grade: int | None = None
    dispatches: int = 1
    objections: int = 0
    objections_upheld: int = 0
    community_ref: str = "community"
    grid_ref: str = "grid"
    organisation_ref: str | None = None
    lead_party_ref: str | None = None


def after(hours):
    return NOW + timedelta(hours=hours)


MAYBE_THEN = st.none() | st.integers(0, 400).map(after)
DISPATCHES = [
    (1, 0, 0),
    (1, 1, 0),
    (2, 1, 1),
    (3, 2, 1),
    (2, 0, 0),
]  # with how many objections, how many upheld
FACTS = st.builds(
    lambda said, **facts: Fact(dispatches=said[0], objections=said[1], objections_upheld=said[2], **facts),
    said=st.sampled_from(DISPATCHES),
    turn=st.integers(1, 5),
    category=st.sampled_from(CODES),
    source=st.sampled_from(["resident", "patrol", "captain", "hotline"]),
    state=st.sampled_from([COUNTED, ASKED, EXCLUDED]),
    has_reporter=st.booleans(),
    answer_due_at=st.integers(0, 400).map(after),
    contacted_at=MAYBE_THEN,
    answered_at=MAYBE_THEN,
    ended_at=st.integers(0, 400).map(after),
    reopened_at=MAYBE_THEN,
    resolution=st.sampled_from([None, "resolved", "partly", "unresolved"]),
    grade=st.none() | st.integers(1, 5),
    community_ref=st.sampled_from(["community", "another"]),
    organisation_ref=st.sampled_from([None, "organisation"]),
    lead_party_ref=st.sampled_from([None, "company", "unit"]),
)
MONTHS = st.dates(date(2023, 1, 1), date(2027, 12, 31)).map(lambda day: f"{day:%Y-%m}")


@st.composite
def some_rules(draw):
    first = draw(st.integers(0, 1000))
    second = draw(st.integers(0, 1000 - first))
    return RateRules(
        first_period=draw(MONTHS),
        basis="街道决定",
        period_rule=draw(st.sampled_from([NATURAL_MONTH, FROM_19TH])),
        response_weight=first,
        solution_weight=second,
        satisfaction_weight=1000 - first - second,
        partly_weight=draw(st.integers(0, 1000)),
        grade_weights=tuple(sorted(draw(st.lists(st.integers(0, 1000), min_size=5, max_size=5)))),
        contact_hours=draw(st.integers(1, 100)),
        excluded_categories=tuple(draw(st.sets(st.sampled_from(CODES), max_size=2))),
    )


@given(
    adopted=st.lists(some_rules(), max_size=4, unique_by=lambda rules: rules.first_period),
    day=st.dates(date(2022, 12, 1), date(2028, 2, 1)),
)
def test_every_day_is_in_exactly_one_period_however_often_the_rule_changes(adopted, day):
    book = RuleBook(adopted)
    period = book.period_at(day)
    assert period.first <= day <= period.last
    assert book.period(period.name) == period
    following = book.period_at(period.last + timedelta(days=1))
    assert following.first == period.last + timedelta(days=1)
    assert following.name > period.name


def test_a_change_from_natural_months_to_the_19th_shortens_one_period_and_back_lengthens_one():
    cycle = replace(SHIPPED, first_period="2024-06", period_rule=FROM_19TH)
    back = replace(SHIPPED, first_period="2024-08")
    book = RuleBook([back, cycle])
    spans = {
        name: (book.period(name).first, book.period(name).last) for name in ("2024-06", "2024-07", "2024-08")
    }
    assert spans == {
        "2024-06": (date(2024, 6, 1), date(2024, 6, 18)),
        "2024-07": (date(2024, 6, 19), date(2024, 7, 18)),
        "2024-08": (date(2024, 7, 19), date(2024, 8, 31)),
    }


def test_a_period_begins_and_ends_at_midnight_in_beijing():
    may = RuleBook([]).period("2024-05")
    assert (may.since.isoformat(), may.until.isoformat()) == (
        "2024-05-01T00:00:00+08:00",
        "2024-06-01T00:00:00+08:00",
    )


@given(turns=st.lists(FACTS, max_size=12), rules=some_rules())
def test_what_is_counted_by_anything_adds_up_to_the_whole(turns, rules):
    total = figures(turns, rules)
    for by in BY:
        parts = shares(turns, by, rules, {})
        for name in NAMES:
            if name == OVERALL:
                continue
            each = [getattr(share.figures, name) for share in parts]
            summed = Figure(
                sum(one.numerator for one in each),
                sum(one.denominator for one in each),
                sum(one.cases for one in each),
            )
            assert summed == getattr(total, name)


@given(turns=st.lists(FACTS, max_size=12), rules=some_rules())
def test_behind_every_figure_there_are_as_many_turns_as_it_says(turns, rules):
    total = figures(turns, rules)
    for name in NAMES:
        figure = getattr(total, name)
        behind = [turn for turn in turns if is_behind(turn, name, DENOMINATOR, rules)]
        above = [turn for turn in turns if is_behind(turn, name, NUMERATOR, rules)]
        assert all(turn in behind for turn in above)
        if name == OVERALL:
            assert len(behind) >= figure.cases
        else:
            assert len(behind) == figure.cases
            assert (figure.numerator > 0) == (above != [])


@given(turns=st.lists(FACTS, max_size=12), rules=some_rules())
def test_what_is_excluded_is_as_if_it_had_never_been(turns, rules):
    kept = [
        turn for turn in turns if turn.state != EXCLUDED and turn.category not in rules.excluded_categories
    ]
    assert figures(turns, rules) == figures(kept, replace(rules, excluded_categories=()))


@given(turns=st.lists(FACTS, max_size=12), rules=some_rules())
def test_the_whole_of_the_three_is_their_weighted_mean_exactly_or_nothing(turns, rules):
    total = figures(turns, rules)
    weighed = [(weight, getattr(total, name)) for name, weight in rules.weights.items() if weight]
    if any(figure.denominator == 0 for _, figure in weighed):
        assert (total.overall.denominator, total.overall.percent) == (0, "—")
    else:
        mean = sum(
            Fraction(weight * figure.numerator, 1000 * figure.denominator) for weight, figure in weighed
        )
        assert Fraction(total.overall.numerator, total.overall.denominator) == mean
        assert 0 <= mean <= 1


@given(turns=st.lists(FACTS, max_size=12), rules=some_rules())
def test_no_rate_is_under_nothing_or_over_the_whole(turns, rules):
    total = figures(turns, rules)
    for name in ("response", "solution", "satisfaction", "on_time", "reopened", "self_found"):
        assert 0 <= getattr(total, name).numerator <= getattr(total, name).denominator


def test_without_anything_to_count_every_figure_is_a_dash_and_no_percentage():
    total = figures([], SHIPPED)
    for field in fields(total):
        figure = getattr(total, field.name)
        assert (figure.denominator, figure.percent, figure.is_small) == (0, "—", True)


@pytest.mark.parametrize(
    ("fact", "counted"),
    [
        (Fact(contacted_at=after(24)), (1, 1)),
        (Fact(contacted_at=after(24) + timedelta(microseconds=1)), (0, 1)),
        (Fact(ended_at=after(24)), (0, 1)),
        (Fact(ended_at=after(23)), (0, 0)),
        (Fact(contacted_at=after(30), has_reporter=False), (0, 0)),
        (Fact(contacted_at=after(3), answer_due_at=after(2)), (0, 1)),
    ],
    ids=[
        "at the last moment",
        "too late",
        "never",
        "over before",
        "nobody to ask",
        "the answer was due before",
    ],
)
def test_response_is_contact_within_the_limit_where_contact_was_due(fact, counted):
    figure = figures([fact], SHIPPED).response
    assert (figure.numerator, figure.denominator) == counted


@pytest.mark.parametrize(
    ("fact", "counted"),
    [
        (Fact(answered_at=after(7 * 24)), (1, 1)),
        (Fact(answered_at=after(7 * 24 + 1)), (0, 1)),
        (Fact(ended_at=after(7 * 24)), (0, 1)),
        (Fact(), (0, 0)),
    ],
    ids=["in time", "late", "due and never answered", "withdrawn before it was due"],
)
def test_on_time_is_an_answer_before_it_was_due(fact, counted):
    figure = figures([fact], SHIPPED).on_time
    assert (figure.numerator, figure.denominator) == counted


def test_answers_are_weighed_by_the_rules_and_those_not_given_are_no_revisits():
    turns = [
        Fact(resolution="resolved", grade=5),
        Fact(resolution="partly", grade=3),
        Fact(resolution="unresolved", grade=1),
        Fact(),
    ]
    halves = replace(SHIPPED, partly_weight=500)
    total = figures(turns, halves)
    assert (total.solution.numerator, total.solution.denominator, total.solution.cases) == (1500, 3000, 3)
    assert (total.satisfaction.numerator, total.satisfaction.percent) == (1600, "53.3")


def test_fewer_than_ten_say_little():
    assert figures([Fact()] * 9, SHIPPED).reopened.is_small
    assert not figures([Fact()] * 10, SHIPPED).reopened.is_small


def test_turns_that_nobody_had_in_hand_are_a_part_of_their_own():
    (share,) = shares([Fact()], "organisation", SHIPPED, {})
    assert (share.key, share.name) == ("", "") == (key_of(Fact(), "organisation"), "")


def adopted(rules, *before, today=TODAY):
    return AdoptedRateRules(rules, book=RuleBook(before), categories=CODES, today=today)


def test_rules_hold_for_periods_that_have_not_begun():
    june = replace(SHIPPED, first_period="2024-06")
    assert adopted(june).effective_on == date(2024, 6, 1)
    with pytest.raises(RateRulesNotAhead, match="2024-07"):
        adopted(june, today=date(2024, 6, 1))
    cycle = replace(SHIPPED, first_period="2024-05", period_rule=FROM_19TH)
    with pytest.raises(RateRulesNotAhead, match="2024-07"):
        adopted(june, cycle)  # June has been under way since the 19th of May


def test_rules_are_only_added():
    june = replace(SHIPPED, first_period="2024-06")
    with pytest.raises(RateRulesNotLast, match="2024-06"):
        adopted(june, june)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_weight": 101}, RateWeightsWrong),
        ({"grade_weights": (1000, 800, 600, 0, 0)}, GradeWeightsFall),
    ],
)
def test_rules_that_cannot_be_right_are_refused(changed, error):
    with pytest.raises(error):
        adopted(replace(SHIPPED, first_period="2024-06", **changed))
