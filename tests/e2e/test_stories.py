"""Chain 1 and its two scenarios, on both substrates. The stories check their own claims: see shared/demo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shared.demo.examples import Examples
from shared.demo.play import play
from tests.contract.ours import NAMES
from tests.e2e.ledger import assert_everybody_heard_everything_once
from tests.e2e.personal import assert_no_event_tells_anything_personal
from tests.e2e.trails import assert_the_trails_are_whole_and_kept_by_all_others


@pytest.fixture(params=["embedded", "distributed"])
def deployment(request):
    return request.getfixturevalue(request.param)


def test_the_main_chain_holds_from_two_complaints_to_two_closed_cases(deployment, tmp_path):
    deployment.start()
    examples = Examples(NAMES)
    examples.watch(deployment.stage.session)
    play(deployment.stage)
    assert_everybody_heard_everything_once(deployment.stage, deployment.stage.teller.journeys)
    assert_no_event_tells_anything_personal(deployment)
    assert_the_trails_are_whole_and_kept_by_all_others(deployment)
    assert_the_same_operations_have_examples(examples, deployment.stage, tmp_path / "examples")


def assert_the_same_operations_have_examples(examples, stage, folder):
    """`make examples` would write of each service what its documents show; only ids and instants differ."""
    for name in NAMES:
        (folder / name).mkdir(parents=True)
    examples.look_around(stage)
    examples.write(folder)
    for name in NAMES:
        assert examples_in(folder / name).keys() == examples_in(Path("services") / name).keys()


def examples_in(folder):
    return json.loads((folder / "examples.json").read_text(encoding="utf-8"))
