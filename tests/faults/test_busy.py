"""A handler that takes long: where it computes without yielding, heartbeats stop, the broker gives the connection up,
nobody is hurt; where it yields now and then, heartbeats go on, and so does receiving."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from shared.kernel.command import Actor
from shared.messaging import inbox
from shared.messaging import rabbitmq as amqp
from shared.messaging.lease import Lease
from shared.messaging.relay import Relay
from tests.faults import chain

PATIENCE_SECONDS = 60
EACH = 20
SECONDS = 6.0
PREPARED = """
from shared.suite import patch
patch()
import sys
import time
from shared.messaging import failpoints, rabbitmq
from shared.messaging.holder import Holder
from tests.faults import chain
rabbitmq.HEARTBEAT_SECONDS = 1  # the broker gives up after two of them
second = chain.application("second", sys.argv[1])
transport = rabbitmq.RabbitMQ(sys.argv[2], "second", list(second.subscriptions))

"""
STARVING = f"""{PREPARED}
def compute():
    until = time.perf_counter() + {SECONDS}
    while time.perf_counter() < until:
        pass


with failpoints.acting("lane.in_handler", compute, nth=3):
    holder = Holder(second, transport)
    holder.start()
    while not transport.trouble():
        time.sleep(0.05)
    print(transport.trouble(), flush=True)
    while True:
        time.sleep(1)
"""
YIELDING = f"""{PREPARED}
def ask_now_and_then():
    print("in the handler", flush=True)
    until = time.monotonic() + {SECONDS}
    while time.monotonic() < until:
        time.sleep(0.5)
    print(transport.trouble(), flush=True)


with failpoints.acting("lane.in_handler", ask_now_and_then, nth=3):
    holder = Holder(second, transport)
    holder.start()
    while True:
        time.sleep(1)
"""


@pytest.fixture
def chained(postgresql, rabbitmq):
    """The first service in this process, the second one, which is not yet started, and the broker between them."""
    uri = rabbitmq.new_vhost()
    urls = [postgresql.new_database(name) for name in ("first", "second")]
    first, second = (
        chain.application(name, url) for name, url in zip(("first", "second"), urls, strict=True)
    )
    for service in (first, second):
        chain.create_tables(service.database)
        amqp.declare(uri, service.name, list(service.subscriptions))
    transport = amqp.RabbitMQ(uri, "first", [])
    yield first, second, transport, [urls[1], uri]
    transport.close()
    for service in (first, second):
        service.database.dispose()


@pytest.fixture
def say(chained):
    """The first service says so many more."""
    first, _, transport, _ = chained
    lease = Lease(first.database)
    assert lease.acquire()
    relay = Relay(first.database, lease, transport)

    def say(numbers):
        for number in numbers:
            first.handle(chain.Move(f"k{number % 3}", f"n{number}", chain.PLAIN), Actor("writer", "street"))
        while relay.run_once():
            pass

    return say


@contextmanager
def running(program, addresses):
    with subprocess.Popen(
        [sys.executable, "-c", program, *addresses], stdout=subprocess.PIPE, text=True
    ) as busy:
        try:
            yield busy
        finally:
            busy.kill()


def test_a_handler_that_starves_the_heartbeats_has_one_effect_and_the_next_ones_follow_in_order(chained, say):
    _, second, _, addresses = chained
    say(range(EACH))
    with running(STARVING, addresses) as busy:
        assert "RabbitMQ" in busy.stdout.readline()  # it has lost its connection
        say(range(EACH, 2 * EACH))
        all_have_one_effect_in_order(second)


def test_while_a_handler_yields_slowly_heartbeats_go_on_and_what_comes_is_kept(chained, say):
    _, second, _, addresses = chained
    say(range(EACH))
    with running(YIELDING, addresses) as busy:
        assert busy.stdout.readline() == "in the handler\n"
        begun = time.monotonic()
        say(range(EACH, 2 * EACH))
        eventually(lambda: sum(inbox.counts(second.database).values()) == 2 * EACH, "kept")
        assert time.monotonic() - begun < SECONDS / 2  # and not only when the handler ends
        assert effects(second) == []
        assert busy.stdout.readline() == "None\n"  # no trouble with the connection
        all_have_one_effect_in_order(second)


def all_have_one_effect_in_order(second):
    eventually(lambda: len(effects(second)) >= 2 * EACH, "handled")
    heard = effects(second)
    for key in ("k0", "k1", "k2"):
        assert [intent for k, intent in heard if k == key] == [
            f"n{number}" for number in range(2 * EACH) if f"k{number % 3}" == key
        ]


def eventually(condition, what):
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until, f"not all were {what}"
        time.sleep(0.1)


def effects(service):
    with service.database.reading() as session:
        query = select(chain.effects.c.key, chain.effects.c.intent).order_by(chain.effects.c.id)
        return [tuple(row) for row in session.execute(query)]
