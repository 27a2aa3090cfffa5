"""Which vote a plan asks for, and when its result can have been."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.property.domain.area import Area, Place
from services.property.domain.decision import DecisionRecorded, ExpectedDecision, OwnersDecision
from services.property.domain.errors import DayInFuture, DecisionAskedOtherwise
from services.property.domain.policies import ADOPTED, COMMON_PARTS, ORDINARY
from tests.builders.facts import ESTATE_PATH
from tests.builders.property import vote

LATE_EVENING = datetime(2024, 5, 22, 15, 59, tzinfo=UTC)  # 23:59 in Beijing
MIDNIGHT = datetime(2024, 5, 22, 16, 0, tzinfo=UTC)  # the 23rd in Beijing


@pytest.fixture
def expected():
    return ExpectedDecision(
        topic_ref="topic", plan_hash="hash-2", kind=COMMON_PARTS, area_ref="area", place_path="/street/"
    )


def test_the_easier_threshold_cannot_be_chosen_at_import(expected):
    with pytest.raises(DecisionAskedOtherwise) as refused:
        expected.must_ask_for(kind=ORDINARY, area_ref="area")
    assert refused.value.fields == ["kind"]
    assert "涉及共有部分的重大事项" in refused.value.text("zh")


def test_other_owners_cannot_decide(expected):
    with pytest.raises(DecisionAskedOtherwise) as refused:
        expected.must_ask_for(kind=COMMON_PARTS, area_ref="another")
    assert refused.value.fields == ["area_ref"]


def record(now, **changed):
    estate = Place("estate", "estate", "金侨时代家园", ESTATE_PATH, "estate")
    area = Area(name="金侨一区", estate=estate, buildings=[], owners_total=216, area_total_dm2=1_458_000)
    return OwnersDecision(plan_hash="hash-2", area=area, vote=vote(**changed), scan="档-1", now=now)


def test_a_result_lies_where_its_area_lies_and_is_recorded_once():
    decision = record(MIDNIGHT)
    assert (decision.outcome, decision.place_path) == (ADOPTED, ESTATE_PATH)
    assert [recorded.event for recorded in decision.take_recorded()] == [DecisionRecorded()]


def test_today_is_the_day_in_beijing():
    tomorrow = {"posted_on": date(2024, 5, 23)}
    with pytest.raises(DayInFuture) as refused:
        record(LATE_EVENING, **tomorrow)
    assert refused.value.fields == ["posted_on"]
    assert record(MIDNIGHT, **tomorrow).posted_on == date(2024, 5, 23)
