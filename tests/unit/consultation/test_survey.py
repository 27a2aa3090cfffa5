"""问需: nothing is collected before or after its time, and no survey ends while somebody waits for an answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.consultation.domain.errors import (
    AnswerUnexplained,
    CategoryUnknown,
    NothingToCarryOut,
    PairingNotOfSurvey,
    SurveyUnanswered,
    SurveyUnclassified,
    TimeIsPast,
)
from services.consultation.domain.suggestion import (
    ADOPTED,
    ANSWERED,
    CLASSIFIED,
    IMPLEMENTED,
    NOT_ADOPTED,
    OUTCOMES,
    PARTLY,
    RECEIVED,
    Collected,
    Suggestion,
)
from services.consultation.domain.survey import (
    ANALYSED,
    CATEGORIES,
    CLOSED,
    DESIGN,
    ENTRY,
    FED_BACK,
    OPEN,
    PLANNED,
    Survey,
    SurveyPlan,
    SurveyTally,
)
from services.consultation.domain.topic import Site
from shared.kernel.errors import NotNow
from tests.builders import facts

NOW = datetime(2024, 5, 27, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=14)
NOTHING_OPEN = SurveyTally(received=3, unclassified=0, adopted=1, partly_adopted=1, not_adopted=1)


def planned(**changed):
    plan = {
        "title": "问需",
        "text": "您的意见",
        "stage": DESIGN,
        "closes_at": LATER,
        "topic_ref": None,
        "pairing_refs": ["pairing"],
    }
    site = Site("estate", facts.ESTATE_PATH, "金侨时代家园", "estate")
    return Survey(SurveyPlan(**(plan | changed)), site=site, now=NOW)


def opened(**changed):
    survey = planned(**changed)
    survey.open(now=NOW)
    return survey


def closed():
    survey = opened()
    survey.close(received=3, now=LATER)
    return survey


def collected(survey=None, **changed):
    said = {
        "text": "希望增加车棚",
        "channel": "door",
        "category": None,
        "proposer_ref": None,
        "pairing_ref": None,
        "collected_by": "worker",
    }
    return Suggestion(
        survey or opened(),
        Collected(**(said | changed)),
        place_ref="estate",
        place_path=facts.ESTATE_PATH,
        now=NOW,
    )


# ---- surveys


def test_a_survey_goes_its_way_step_by_step():
    survey = planned()
    seen = [survey.state]
    for step in (
        lambda: survey.open(now=NOW),
        lambda: survey.close(received=3, now=LATER),
        lambda: survey.analyse(NOTHING_OPEN, conclusions="车棚和停车最受关注"),
        lambda: survey.feed_back(NOTHING_OPEN, now=LATER),
    ):
        step()
        seen.append(survey.state)
    assert seen == [PLANNED, OPEN, CLOSED, ANALYSED, FED_BACK]
    assert survey.allowed_actions == []


STEPS = {
    "open": lambda survey: survey.open(now=NOW),
    "call_off": lambda survey: survey.call_off(),
    "collect": lambda survey: survey.must_collect(),
    "close": lambda survey: survey.close(received=0, now=NOW),
    "analyse": lambda survey: survey.analyse(NOTHING_OPEN, conclusions="?"),
    "feed_back": lambda survey: survey.feed_back(NOTHING_OPEN, now=NOW),
}


@given(st.lists(st.sampled_from([*STEPS]), max_size=12))
def test_whatever_is_tried_only_what_is_allowed_is_done(tried):
    survey = planned()
    for step in tried:
        allowed = step in survey.allowed_actions
        try:
            STEPS[step](survey)
            done = True
        except NotNow:
            done = False
        assert done == allowed


@pytest.mark.parametrize("closes_at", [NOW, NOW - timedelta(seconds=1)])
def test_people_have_time_to_say_something(closes_at):
    with pytest.raises(TimeIsPast):
        planned(closes_at=closes_at)


def test_what_was_planned_for_a_time_that_is_over_is_not_opened():
    survey = planned()
    with pytest.raises(TimeIsPast):
        survey.open(now=LATER)
    assert survey.state == PLANNED


@given(
    st.builds(
        SurveyTally,
        received=st.integers(0, 9),
        unclassified=st.integers(0, 3),
        adopted=st.integers(0, 3),
        partly_adopted=st.integers(0, 3),
        not_adopted=st.integers(0, 3),
    )
)
def test_a_survey_ends_only_when_everything_is_sorted_and_everybody_is_answered(tally):
    survey = closed()
    if tally.unclassified:
        with pytest.raises(SurveyUnclassified) as sorting:
            survey.analyse(tally, conclusions="?")
        assert sorting.value.facts["count"] == tally.unclassified
        return
    survey.analyse(tally, conclusions="?")
    if tally.unanswered:
        with pytest.raises(SurveyUnanswered):
            survey.feed_back(tally, now=LATER)
        assert survey.state == ANALYSED
    else:
        survey.feed_back(tally, now=LATER)
        assert survey.state == FED_BACK


# ---- suggestions


def test_a_suggestion_is_sorted_answered_and_carried_out():
    suggestion = collected()
    seen = [suggestion.state]
    suggestion.classify("bike_shed", planned())
    seen.append(suggestion.state)
    suggestion.answer(ADOPTED, reason="", by="officer", now=LATER)
    seen.append(suggestion.state)
    suggestion.implement(evidence="车棚已建成", now=LATER)
    seen.append(suggestion.state)
    assert seen == [RECEIVED, CLASSIFIED, ANSWERED, IMPLEMENTED]


def test_what_is_sorted_when_it_is_collected_need_not_be_sorted_again():
    assert collected(category="parking").state == CLASSIFIED


def test_what_was_sorted_wrongly_is_sorted_anew_until_it_is_answered():
    suggestion = collected(category="parking")
    suggestion.classify("greening", planned())
    suggestion.answer(ADOPTED, reason="", by="officer", now=LATER)
    with pytest.raises(NotNow):
        suggestion.classify("parking", planned())
    assert suggestion.category == "greening"


@pytest.mark.parametrize(("stage", "other"), [(DESIGN, ENTRY), (ENTRY, DESIGN)])
def test_each_stage_has_its_own_categories(stage, other):
    survey = opened(stage=stage)
    foreign = next(code for code in CATEGORIES[other] if code not in CATEGORIES[stage])
    with pytest.raises(CategoryUnknown):
        collected(survey, category=foreign)
    assert collected(survey, category="other").category == "other"


@pytest.mark.parametrize("survey", [planned(), closed()], ids=["planned", "closed"])
def test_nothing_is_collected_outside_of_its_time(survey):
    with pytest.raises(NotNow):
        collected(survey)


@pytest.mark.parametrize("outcome", [PARTLY, NOT_ADOPTED])
def test_what_is_not_adopted_as_a_whole_is_told_why(outcome):
    suggestion = collected(category="parking")
    with pytest.raises(AnswerUnexplained):
        suggestion.answer(outcome, reason="", by="officer", now=LATER)
    assert suggestion.state == CLASSIFIED
    suggestion.answer(outcome, reason="用地不足", by="officer", now=LATER)
    assert (suggestion.outcome, suggestion.reason) == (outcome, "用地不足")


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_nobody_is_answered_twice(outcome):
    suggestion = collected(category="parking")
    suggestion.answer(ADOPTED, reason="将增加车位", by="officer", now=LATER)
    with pytest.raises(NotNow):
        suggestion.answer(outcome, reason="不行", by="officer", now=LATER)
    assert suggestion.outcome == ADOPTED


def test_what_was_not_adopted_is_not_carried_out():
    suggestion = collected(category="parking")
    suggestion.answer(NOT_ADOPTED, reason="用地不足", by="officer", now=LATER)
    with pytest.raises(NothingToCarryOut):
        suggestion.implement(evidence="?", now=LATER)


def test_only_pairings_of_the_survey_collect_in_it():
    assert collected(pairing_ref="pairing").pairing_ref == "pairing"
    with pytest.raises(PairingNotOfSurvey):
        collected(pairing_ref="another")
