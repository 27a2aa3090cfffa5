"""SIGKILL in mid-chain: after a restart the chain goes on by itself, on both substrates.

The kill comes a random moment after an answer: the change is committed, its events are somewhere between outbox,
broker, inbox and handler. The seed is in the test's name and replays the moments.
"""

from __future__ import annotations

import random
import time

import pytest

from shared.demo import life_ring, neighbourhood
from tests.e2e.conftest import SilentTeller, distributed, embedded  # noqa: F401
from tests.e2e.ledger import assert_everybody_heard_everything_once

KILLS = 3
DEEDS_OF_THE_STORY = 40  # at least; kills are spread over them
LONGEST_MOMENT = 0.05


class Killer(SilentTeller):
    """After chosen deeds, kills a process at a random moment and starts it again."""

    def __init__(self, processes, seed):
        super().__init__()
        self._random = random.Random(seed)
        self._processes = processes
        self._points = set(self._random.sample(range(1, DEEDS_OF_THE_STORY), KILLS))
        self.deeds = 0
        self.kills = 0

    def follow(self, stage, correlation_id):
        super().follow(stage, correlation_id)
        if correlation_id is None:
            return
        self.deeds += 1
        if self.deeds in self._points:
            time.sleep(self._random.uniform(0, LONGEST_MOMENT))
            process = self._random.choice(self._processes)
            process.kill()
            self.kills += 1
            process.start()
            process.wait_until_ready()


@pytest.fixture(params=["embedded", "distributed"])
def deployment(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("seed", [20240527])
def test_the_chain_survives_five_kills(deployment, seed):
    killer = Killer(deployment.processes, seed)
    deployment.stage.teller = killer
    deployment.start()
    street = neighbourhood.street(deployment.stage)
    organisations = neighbourhood.organisations(deployment.stage)
    life_ring.play(deployment.stage, street, organisations)
    assert killer.kills == KILLS
    assert_everybody_heard_everything_once(deployment.stage, killer.journeys)
