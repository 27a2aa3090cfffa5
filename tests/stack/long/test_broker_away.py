"""The broker is away for minutes while the street goes on working: what is said waits on disk, and is heard once."""

from __future__ import annotations

import os
import threading
import time

from tests.stack.load import traffic
from tests.stack.test_2_chain import play_chain_1

MINUTES = float(os.environ.get("JIUSHU_OUTAGE_MINUTES", "3"))
WAITING = "SELECT count(*), pg_total_relation_size('outbox_messages') FROM outbox_messages WHERE published_at IS NULL"


def test_an_outage_of_the_broker_for_minutes_delays_and_loses_nothing(stack):
    stage, errors = stack.stage(), []
    stage.patience += MINUTES * 60

    def play():
        try:
            play_chain_1(stage)
        except BaseException as error:
            errors.append(error)

    with traffic(stack) as load:
        time.sleep(5)
        _, before = _waiting(stack)
        reported = len(load.made)
        stack.compose("kill", "--signal", "KILL", "rabbitmq")
        chain = threading.Thread(target=play)
        chain.start()
        until = time.monotonic() + MINUTES * 60
        while time.monotonic() < until:
            so_far = len(load.made)
            time.sleep(15)
            assert len(load.made) > so_far, "nobody could report any more"
        waiting, after = _waiting(stack)
        meanwhile = len(load.made) - reported
        assert waiting >= meanwhile
        stack.compose("up", "--detach", "--no-deps", "--no-build", "--wait", "rabbitmq")
        began = time.monotonic()
        while any(_waiting(stack, service)[0] > 5 for service in stack.services):  # new ones are on their way
            assert time.monotonic() < began + 120, "the outbox does not empty"
            time.sleep(0.5)
        drained = time.monotonic() - began
    chain.join(stage.patience)
    assert not errors, errors
    load.assert_each_had_its_effect_once()
    print(
        f"\nbroker away for {MINUTES:g} minutes: {meanwhile} cases reported, {waiting} events waited in grid's outbox, "
        f"{(after - before) / 1024:.0f} KiB on disk ({(after - before) / waiting / 1024:.1f} KiB each); on the bus "
        f"{drained:.1f} s after the broker was healthy; nobody waited longer than {load.longest:.1f} s"
    )


def _waiting(stack, service="grid"):
    """How many events the bus does not have, and the bytes that the outbox takes on disk."""
    ((number, size),) = stack.rows(service, WAITING)
    return int(number), int(size)
