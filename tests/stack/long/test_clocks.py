"""The containers' clocks differ: minutes ahead, seconds behind, and two containers of one service apart.

A container has the clock of its machine; here Debian's libfaketime, in an image derived for the test, moves the
wall clock of a service's process, not its monotonic one: as on another machine whose clock is wrong.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.e2e.ledger import assert_everybody_heard_everything_once
from tests.stack.load import assert_all_that_was_said_was_heard_once, traffic
from tests.stack.test_2_chain import play_chain_1

AHEAD, BEHIND = "+600s", "-20s"  # behind by no more than a token's leeway: its bearer would be refused
PRELOAD = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
NOW = "import time; print(time.time())"


@pytest.fixture(scope="module")
def images(stack):
    """By service: its image with another clock."""
    made = {}
    for service in ("consultation", "property", "notify"):
        made[service] = f"jiushu/{service}:skewed"
        build = ["docker", "build", "--network", "host", "--tag", made[service]]
        dockerfile = Path(__file__).with_name("skewed.Dockerfile")
        argument = ["--build-arg", f"IMAGE=jiushu/{service}:local"]
        stack.run(*build, *argument, "--file", str(dockerfile), str(dockerfile.parent))
    yield made
    stack.run("docker", "image", "rm", "--force", *made.values())


def skewed(image, by):
    """What makes a service's clock differ."""
    clock = {"LD_PRELOAD": PRELOAD, "FAKETIME": by, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return {"image": image, "environment": clock}


def difference(stack, service):
    """Seconds by which a service's clock is ahead of ours."""
    return float(stack.inside(service, "python", "-c", NOW)) - time.time()


def test_the_chain_holds_though_clocks_differ(stack, images):
    clocks = {
        "consultation": skewed(images["consultation"], AHEAD),
        "property": skewed(images["property"], BEHIND),
    }
    with stack.overridden(clocks):
        assert 590 < difference(stack, "consultation") < 610
        assert -25 < difference(stack, "property") < -15
        stage = stack.stage()
        play_chain_1(stage)
        assert_everybody_heard_everything_once(stage, stage.teller.journeys)
    assert_all_that_was_said_was_heard_once(stack)


def test_two_containers_of_one_service_whose_clocks_differ_take_turns(stack, images):
    late = {"extends": {"file": "compose.yml", "service": "notify"}, **skewed(images["notify"], BEHIND)}
    late["networks"] = {"inside": {"aliases": ["notify"]}}
    with stack.overridden({"notify": skewed(images["notify"], AHEAD), "notify_behind": late}):
        assert 590 < difference(stack, "notify") < 610
        assert -25 < difference(stack, "notify_behind") < -15
        with traffic(stack) as load:
            for killed in ("notify", "notify_behind", "notify"):
                time.sleep(10)
                stack.compose("kill", "--signal", "KILL", killed)
                time.sleep(10)
                stack.compose("up", "--detach", "--no-deps", "--no-build", "--wait", killed)
        load.assert_each_had_its_effect_once()
