"""What the broker does to its clients, on a broker of the suite's own: alarms, silence, kills, refusals."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from amqp.exceptions import PreconditionFailed
from kombu import Connection

from shared.kernel.ids import new_id
from shared.messaging import rabbitmq as amqp
from shared.messaging import topology
from shared.messaging.holder import Holder
from shared.messaging.subscriptions import advance
from shared.messaging.transport import Outgoing, TransportAway
from shared.persistence.database import Database
from tests.faults.proxy import Proxy
from tests.faults.servers import PrivateRabbitMQ, can_be_started
from tests.integration.messaging.test_transport import eventually
from tests.integration.messaging.toy import (
    LISTENER,
    MAKER,
    SENDER,
    MakeThing,
    ThingMade,
    application,
    noted,
    on_thing_made,
)
from tests.real import cannot_run


class Broker(PrivateRabbitMQ):
    """With its operator."""

    def run(self, *arguments: str) -> None:
        """`rabbitmqctl` on this broker."""
        here = str(self._directory)
        command = ["rabbitmqctl", "--quiet", "--node", f"jiushu-faults-{self.port}@localhost", *arguments]
        environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": here,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        }
        program = shutil.which("rabbitmqctl", path="/usr/lib/rabbitmq/bin") or "rabbitmqctl"
        done = subprocess.run(
            [program, *command[1:]],
            env=environment,
            cwd=here,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            start_new_session=True,
            **self._user,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def knows(self, queue: str) -> bool:
        """Whether it would find the queue again after SIGKILL: RabbitMQ 3.10 writes that down a moment later.

        A name that was there before is known though its new queue may not be: kill before anything else.
        """
        (names,) = (self._directory / "mnesia").glob("*/quorum/*/names.dets")
        return queue.encode() in names.read_bytes()

    def alarm(self) -> None:
        """It takes no messages any more: its memory is full."""
        self.run("set_vm_memory_high_watermark", "0")

    def relief(self) -> None:
        """It takes messages again."""
        self.run("set_vm_memory_high_watermark", "0.8")


@pytest.fixture(scope="module")
def broker():
    """A broker that nobody else uses."""
    if not can_be_started():
        cannot_run("a RabbitMQ to be alarmed and killed")
    directory = Path(tempfile.mkdtemp(prefix="jiushu-edge-"))
    broker = Broker(directory)
    yield broker
    broker.end()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def service():
    """A name that no other test has."""
    return f"edge{new_id()[-8:]}"


@pytest.fixture
def transport(broker, service):
    """Of a service that hears what it says itself."""
    amqp.declare(broker.uri, service, [ThingMade.type])
    rabbit = amqp.RabbitMQ(broker.uri, service, [ThingMade.type])
    yield rabbit
    rabbit.close()
    on_channel(broker, lambda channel: channel.queue_delete(f"{service}.inbox"))


@pytest.fixture
def proxy(broker):
    """In front of the broker."""
    proxy = Proxy(broker.port)
    yield proxy
    proxy.close()


@pytest.fixture
def hasty(monkeypatch):
    """Nobody waits for long."""
    for name in ("CONFIRM_SECONDS", "SOCKET_SECONDS"):
        monkeypatch.setattr(amqp, name, 2.0)
    monkeypatch.setattr(amqp, "HEARTBEAT_SECONDS", 1)


def on_channel(broker, deed):
    with Connection(broker.uri) as connection:
        return deed(connection.channel())


def messages(*names):
    return [Outgoing(name, ThingMade.type, "k", name.encode(), b"public") for name in names]


def received(transport, number):
    kept = []
    while len({one.event_id for one in kept}) < number:
        with suppress(TransportAway):  # a short heartbeat is missed where the machine is busy
            transport.receive(kept.extend, lambda: len({one.event_id for one in kept}) < number)
    return list(dict.fromkeys(one.event_id for one in kept))


# ---- alarms


def test_during_an_alarm_publishing_pauses_and_consuming_goes_on(broker, transport):
    transport.send(messages("before"))
    publisher = transport._publisher
    broker.alarm()
    try:
        for _ in range(2):
            with pytest.raises(amqp.Blocked):
                transport.send(messages("during", "after"))
        assert not transport.is_up()
        assert received(transport, 1) == ["before"]
    finally:
        broker.relief()
    assert transport._publisher is publisher, "the broker would keep a connection that was closed meanwhile"
    eventually(lambda: sent(transport, "during", "after"))
    assert received(transport, 2) == ["during", "after"]
    assert transport.is_up()


def sent(transport, *names):
    try:
        transport.send(messages(*names))
    except amqp.Blocked:
        return False
    return True


# ---- silence


@pytest.mark.parametrize("silence", ["freeze", "strand"])
def test_a_silent_broker_is_given_up_by_the_publisher(broker, proxy, transport, hasty, silence):
    rabbit = amqp.RabbitMQ(broker.uri_through(proxy.port), "any", [])
    rabbit.send(messages("one"))
    getattr(proxy, silence)()
    with pytest.raises(TransportAway):
        rabbit.send(messages("two"))
    proxy.thaw()
    rabbit.send(messages("two"))
    assert received(transport, 2) == ["one", "two"]
    rabbit.close()


@pytest.mark.parametrize("silence", ["freeze", "strand"])
def test_a_silent_broker_is_given_up_by_the_consumer_within_two_heartbeats(
    broker, proxy, service, transport, hasty, silence
):
    rabbit = amqp.RabbitMQ(broker.uri_through(proxy.port), service, [ThingMade.type])
    kept = []

    def keep(messages):
        kept.extend(messages)
        getattr(proxy, silence)()

    transport.send(messages("one"))
    with pytest.raises(TransportAway):
        rabbit.receive(keep, lambda: True)
    proxy.thaw()
    transport.send(messages("two"))
    assert [one.event_id for one in kept] == ["one"]
    # what was acknowledged into the silence comes again, or the thawed connection told the broker after all
    assert received(rabbit, 1) in (["one"], ["one", "two"], ["two"])


GREEN = """
from shared.suite import patch
patch()
import json, sys, threading, time
from shared.messaging import rabbitmq as amqp
from shared.messaging.transport import Outgoing, TransportAway
uri, service, event_type = sys.argv[1:]
amqp.CONFIRM_SECONDS = amqp.SOCKET_SECONDS = 2.0
amqp.HEARTBEAT_SECONDS = 1
rabbit = amqp.RabbitMQ(uri, service, [event_type])
given_up = []
def publish():
    try:
        while True:
            rabbit.send([Outgoing("one", event_type, "k", b"x" * 60_000, None)] * 200)
    except TransportAway:
        given_up.append("publisher")
def consume():
    try:
        rabbit.receive(lambda messages: None, lambda: True)
    except TransportAway:
        given_up.append("consumer")
threads = [threading.Thread(target=work, daemon=True) for work in (publish, consume)]
for thread in threads:
    thread.start()
print("at work", flush=True)
for thread in threads:
    thread.join()
print(json.dumps(sorted(given_up)), flush=True)
"""


def test_where_calls_yield_a_frozen_broker_is_given_up_too_even_in_the_middle_of_a_write(
    broker, proxy, service, transport
):
    uri = broker.uri_through(proxy.port)
    command = [sys.executable, "-W", "ignore", "-c", GREEN, uri, service, ThingMade.type]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout.readline() == "at work\n"
        eventually(lambda: on_channel(broker, _consumers(service)) == 1)
        proxy.freeze()
        said, _ = child.communicate(timeout=30)
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
    assert json.loads(said) == ["consumer", "publisher"]


def _consumers(service):
    return lambda channel: channel.queue_declare(f"{service}.inbox", passive=True).consumer_count


# ---- refusals


def test_what_is_refused_in_the_middle_of_a_batch_is_sent_again(broker, transport):
    names = [f"e{number}" for number in range(50)]
    arguments = {"x-max-length": 5, "x-overflow": "reject-publish"}
    on_channel(broker, lambda channel: _bound(channel, "full", arguments))
    with pytest.raises(TransportAway, match="refused"):
        transport.send(messages(*names))
    on_channel(broker, lambda channel: channel.queue_delete("full"))
    transport.send(messages(*names))
    assert received(transport, 50) == names


def _bound(channel, name, arguments):
    channel.queue_declare(name, durable=True, auto_delete=False, arguments=arguments)
    channel.queue_bind(name, topology.EVENTS.name, ThingMade.type)


def test_a_message_that_comes_back_again_and_again_is_never_thrown_away(broker, transport, service):
    transport.send(messages("one"))
    for _ in range(30):
        _come_and_go(broker, f"{service}.inbox")
    assert received(transport, 1) == ["one"]


def _come_and_go(broker, queue):
    came = []
    with Connection(broker.uri) as connection:
        connection.channel().basic_consume(queue, callback=came.append)
        while not came:
            connection.drain_events(timeout=20)


# ---- kills, and what a service makes of them


@pytest.fixture
def pair(broker, tmp_path):
    """A sender and a listener at work, and the listener's transport."""
    amqp.declare(broker.uri, "listener", [ThingMade.type])
    sender, listener = (
        application(definition, Database(f"sqlite:///{tmp_path}/{definition.name}.db"))
        for definition in (SENDER, LISTENER)
    )
    transports = [amqp.RabbitMQ(broker.uri, app.name, list(app.subscriptions)) for app in (sender, listener)]
    holders = [Holder(app, rabbit) for app, rabbit in zip((sender, listener), transports, strict=True)]
    for holder in holders:
        holder.start()
    yield sender, listener
    for holder in holders:
        holder.stop()
    for app in (sender, listener):
        app.database.dispose()
    on_channel(broker, lambda channel: [channel.queue_delete(f"{n}.inbox") for n in ("sender", "listener")])


@pytest.mark.parametrize("end", ["kill", "restart"])
def test_while_the_broker_ends_and_comes_back_nothing_is_lost_doubled_or_disordered(broker, pair, end):
    sender, listener = pair
    eventually(lambda: all(broker.knows(f"{name}.inbox") for name in ("sender", "listener")))
    for number in range(10):
        sender.handle(MakeThing("a", f"before{number}"), MAKER)
    ending = threading.Thread(target=getattr(broker, end))
    ending.start()
    number = 0
    while ending.is_alive():
        sender.handle(MakeThing("a", f"during{number}"), MAKER)
        number += 1
        ending.join(timeout=0.1)
    sender.handle(MakeThing("a", "after"), MAKER)
    eventually(lambda: len(noted(listener)) >= number + 11)
    assert [count for _, _, count in noted(listener)] == list(range(1, number + 12))


def test_a_queue_deleted_under_its_consumer_is_there_again_and_heard(broker, pair):
    sender, listener = pair
    sender.handle(MakeThing("a", "before"), MAKER)
    eventually(lambda: len(noted(listener)) == 1)
    on_channel(broker, lambda channel: channel.queue_delete("listener.inbox"))
    eventually(lambda: _heard(sender, listener))


def _heard(sender, listener):
    sender.handle(MakeThing("a", "after"), MAKER)
    return len(noted(listener)) > 1


def test_a_handler_slower_than_the_brokers_consumer_timeout_is_no_concern(broker, transport, postgresql):
    for name in ("consumer_timeout", "channel_tick_interval"):
        broker.run("eval", f"application:set_env(rabbit, {name}, 2000).")
    begun, released = threading.Event(), threading.Event()

    def slow(event):
        begun.set()
        assert released.wait(60)
        return on_thing_made(event)

    definition = replace(LISTENER, subscriptions=(advance(ThingMade, slow),))
    # on SQLite what comes waits for the handler's transaction, and with it the acknowledgement
    listener = application(definition, Database(postgresql.new_database("slow")))
    sender = application(SENDER, Database(postgresql.new_database("sender")))
    amqp.declare(broker.uri, "listener", [ThingMade.type])
    rabbits = [amqp.RabbitMQ(broker.uri, app.name, list(app.subscriptions)) for app in (sender, listener)]
    holders = [Holder(app, rabbit) for app, rabbit in zip((sender, listener), rabbits, strict=True)]
    for holder in holders:
        holder.start()
    sender.handle(MakeThing("a", "x"), MAKER)
    assert begun.wait(30)
    with pytest.raises(PreconditionFailed, match="timeout"):
        _hold_until_timeout(broker, transport)
    released.set()
    eventually(lambda: rabbits[1].is_up() and noted(listener) == [("a", "x", 1)])
    for holder in holders:
        holder.stop()
    for app in (sender, listener):
        app.database.dispose()


def _hold_until_timeout(broker, transport):
    """As a consumer does that acknowledges after it has handled."""
    transport.send(messages("held"))
    with Connection(broker.uri) as connection:
        channel = connection.channel()
        channel.basic_consume(f"{transport._service}.inbox", callback=lambda message: None)
        while True:
            connection.drain_events(timeout=60)
