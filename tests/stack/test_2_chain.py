"""Chain 1 through the front door; while parts of the stack are killed, frozen, cut off and restarted as well."""

from __future__ import annotations

import threading
import time

import pytest

from shared.demo import life_ring, neighbourhood
from tests.e2e.ledger import assert_everybody_heard_everything_once
from tests.stack.conftest import NETWORK


def play_chain_1(stage):
    """In a community of its own."""
    street = neighbourhood.street(stage)
    organisations = neighbourhood.organisations(stage)
    life_ring.play(stage, street, organisations, neighbourhood.free_code(stage))


def kill_the_broker(stack):
    stack.compose("kill", "--signal", "KILL", "rabbitmq")
    time.sleep(5)
    stack.compose("up", "--detach", "--no-deps", "--no-build", "--wait", "rabbitmq")


def restart_the_database(stack):
    stack.compose("restart", "postgres")


def cut_a_service_off(stack):
    container = stack.compose("ps", "--quiet", "consultation").strip()
    stack.run("docker", "network", "disconnect", NETWORK, container)
    time.sleep(8)
    stack.run("docker", "network", "connect", "--alias", "consultation", NETWORK, container)


def freeze_a_service(stack):
    stack.compose("pause", "property")
    time.sleep(10)
    stack.compose("unpause", "property")


def kill_every_service(stack):
    for service in stack.services:
        stack.compose("kill", "--signal", "KILL", service)
        stack.compose("up", "--detach", "--no-deps", "--no-build", service)
        time.sleep(2)


def test_the_chain_holds(stack):
    stage = stack.stage()
    play_chain_1(stage)
    assert_everybody_heard_everything_once(stage, stage.teller.journeys)


@pytest.mark.parametrize(
    "fault",
    [kill_the_broker, restart_the_database, cut_a_service_off, freeze_a_service, kill_every_service],
    ids=lambda fault: fault.__name__,
)
def test_the_chain_holds_meanwhile(stack, fault):
    stage, errors = stack.stage(), []

    def play():
        try:
            play_chain_1(stage)
        except BaseException as error:
            errors.append(error)

    playing = threading.Thread(target=play)
    playing.start()
    time.sleep(2)
    fault(stack)
    times = 1
    while playing.is_alive() and times < 3:
        time.sleep(3)
        fault(stack)
        times += 1
    playing.join(300)
    stack.wait_until_ready()
    assert not errors, errors
    assert_everybody_heard_everything_once(stage, stage.teller.journeys)
