"""Chain 1 and its two scenarios, on both substrates. The stories check their own claims: see shared/demo."""

from __future__ import annotations

import pytest

from shared.demo.play import play
from tests.e2e.ledger import assert_everybody_heard_everything_once
from tests.e2e.personal import assert_no_event_tells_anything_personal
from tests.e2e.trails import assert_the_trails_are_whole_and_kept_by_all_others


@pytest.fixture(params=["embedded", "distributed"])
def deployment(request):
    return request.getfixturevalue(request.param)


def test_the_main_chain_holds_from_two_complaints_to_two_closed_cases(deployment):
    deployment.start()
    play(deployment.stage)
    assert_everybody_heard_everything_once(deployment.stage, deployment.stage.teller.journeys)
    assert_no_event_tells_anything_personal(deployment)
    assert_the_trails_are_whole_and_kept_by_all_others(deployment)
