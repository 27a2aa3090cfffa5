"""Which vote a plan asks for."""

from __future__ import annotations

import pytest

from services.property.domain.decision import ExpectedDecision
from services.property.domain.errors import DecisionAskedOtherwise
from services.property.domain.policies import COMMON_PARTS, ORDINARY


@pytest.fixture
def expected():
    return ExpectedDecision.of_plan(
        topic_ref="topic", plan_hash="hash-2", kind=COMMON_PARTS, area_ref="area", place_path="/street/"
    )


def test_the_easier_threshold_cannot_be_chosen_at_import(expected):
    with pytest.raises(DecisionAskedOtherwise) as refused:
        expected.must_ask_for(kind=ORDINARY, area_ref="area")
    assert refused.value.fields == ["kind"]


def test_other_owners_cannot_decide(expected):
    with pytest.raises(DecisionAskedOtherwise) as refused:
        expected.must_ask_for(kind=COMMON_PARTS, area_ref="another")
    assert refused.value.fields == ["area_ref"]
