"""What is on the broker, and what happens where it is not what it should be."""

from __future__ import annotations

import logging
import os
import re
from itertools import count

import pytest
from kombu import Connection, Queue

from shared.checks import readiness
from shared.contracts.registry import load_contracts
from shared.messaging import rabbitmq as amqp
from shared.messaging import topology
from shared.messaging.holder import Holder
from shared.messaging.transport import Outgoing
from shared.persistence.database import Database
from tests.how_to import EXAMPLES
from tests.how_to.broker import NoOperator, Operator
from tests.integration.messaging.test_transport import eventually
from tests.integration.messaging.toy import LISTENER, LabelSet, ThingMade, application
from tests.real import cannot_run

_numbers = count()


@pytest.fixture
def uri(rabbitmq):
    """The URI of an empty virtual host."""
    return rabbitmq.new_vhost()


@pytest.fixture
def operator(rabbitmq, uri):
    """Whoever may run rabbitmqctl."""
    try:
        return Operator(rabbitmq, uri)
    except NoOperator:
        cannot_run("rabbitmqctl")


@pytest.fixture
def transport(uri):
    """The listener's."""
    rabbit = amqp.RabbitMQ(uri, "listener", [ThingMade.type])
    yield rabbit
    rabbit.close()


def message(event_type=ThingMade.type, feed_body=b"public"):
    return Outgoing(f"e{next(_numbers)}", event_type, "k", b"body", feed_body)


def declare(uri, *event_types):
    amqp.declare(uri, "listener", event_types)


def resume(uri, *event_types):
    with Connection(uri) as connection:
        topology.resume(connection, "listener", event_types)


def on_channel(uri, deed):
    with Connection(uri) as connection:
        return deed(connection.channel())


def waiting(uri, queue="listener.inbox"):
    return on_channel(uri, lambda channel: channel.queue_declare(queue, passive=True).message_count)


# ---- bindings


def test_a_type_that_is_no_longer_subscribed_to_is_unbound_by_the_declaration(uri, transport):
    declare(uri, ThingMade.type, LabelSet.type)
    declare(uri, ThingMade.type)
    transport.send([message(), message(LabelSet.type)])
    assert waiting(uri) == 1


def test_a_start_unbinds_nothing_since_the_next_version_may_be_at_work(uri, transport):
    declare(uri, ThingMade.type, LabelSet.type)
    resume(uri, ThingMade.type)
    transport.send([message(), message(LabelSet.type)])
    assert waiting(uri) == 2


def test_every_known_type_is_either_heard_or_unbound():
    assert {ThingMade.type, *topology.retired([ThingMade.type])} == set(load_contracts())


# ---- what is gone


def test_a_queue_that_is_gone_is_there_again_after_a_start(uri, transport):
    declare(uri, ThingMade.type)
    on_channel(uri, lambda channel: channel.queue_delete("listener.inbox"))
    resume(uri, ThingMade.type)
    transport.send([message()])
    assert waiting(uri) == 1


def test_an_exchange_that_is_gone_is_made_by_no_start_so_that_nobody_speaks_into_the_void(uri, transport):
    declare(uri, ThingMade.type)
    amqp.declare(uri, "another", [ThingMade.type])
    on_channel(uri, lambda channel: channel.exchange_delete("jiushu.events"))
    with pytest.raises(topology.Missing, match="jiushu migrate"):
        resume(uri, ThingMade.type)
    with pytest.raises(topology.Missing):
        transport.send([message()])
    declare(uri, ThingMade.type)
    amqp.declare(uri, "another", [ThingMade.type])
    transport.send([message()])
    assert waiting(uri) == waiting(uri, "another.inbox") == 1


def test_the_largest_batch_that_nobody_hears_comes_back_without_a_jam(uri, transport):
    declare(uri)
    largest = [Outgoing(str(n), ThingMade.type, "a", b"x" * 65_000, b"x" * 65_000) for n in range(200)]
    for _ in range(3):
        assert len(transport.send(largest).unrouted) == 200
    assert transport.is_up()


def test_an_exchange_that_is_deleted_under_a_publisher_loses_nothing(uri, transport):
    declare(uri, ThingMade.type)
    transport.send([message()])
    on_channel(uri, lambda channel: channel.exchange_delete("jiushu.events"))
    with pytest.raises(amqp.TransportAway):
        transport.send([message()])
    declare(uri, ThingMade.type)
    transport.send([message()])
    assert transport.is_up()


# ---- what has other arguments


@pytest.fixture
def changed(uri, tmp_path):
    """A service whose queue is there with other arguments than declared."""
    amqp.declare(uri, "another", [])
    on_channel(uri, lambda channel: channel.queue_declare("listener.inbox", durable=True, auto_delete=False))
    listener = application(LISTENER, Database(f"sqlite:///{tmp_path}/listener.db"))
    rabbit = amqp.RabbitMQ(uri, "listener", list(listener.subscriptions))
    listener.transport_is_up, listener.transport_trouble = rabbit.is_up, rabbit.trouble
    yield listener, rabbit
    listener.database.dispose()


def test_other_arguments_are_said_once_with_what_differs_and_the_way_out(changed, caplog, monkeypatch):
    listener, rabbit = changed
    monkeypatch.setattr(topology.TopologyWrong, "pause_seconds", 0.01)
    tries = count(1)
    receive = rabbit.receive
    tried = []

    def counted(keep, wanted):
        tried.append(next(tries))
        receive(keep, wanted)

    rabbit.receive = counted
    holder = Holder(listener, rabbit)
    with caplog.at_level(logging.WARNING):
        holder.start()
        eventually(lambda: len(tried) > 3)
        holder.stop()
    (said,) = [record.message for record in caplog.records if "receiver" in record.message]
    assert "inequivalent arg" in said
    assert "docs/operating/broker.md" in said


def test_other_arguments_are_what_readiness_says(changed, monkeypatch):
    listener, rabbit = changed
    monkeypatch.setattr(readiness, "DATABASE", ())
    with pytest.raises(topology.Different):
        rabbit.receive(lambda messages: None, lambda: True)
    (finding,) = readiness.obstacles(listener)
    assert finding.zh == "listener.inbox 的参数与声明不同"
    assert "listener.inbox" in finding.detail
    assert "docs/operating/broker.md" in finding.mend.zh


def test_once_the_queue_is_as_declared_the_service_hears_again(changed, uri):
    listener, rabbit = changed
    with pytest.raises(topology.Different):
        rabbit.receive(lambda messages: None, lambda: True)
    on_channel(uri, lambda channel: channel.queue_delete("listener.inbox"))
    amqp.declare(uri, "listener", list(listener.subscriptions))
    rabbit.send([message()])
    kept = []
    rabbit.receive(kept.extend, lambda: not kept)
    assert [one.body for one in kept] == [b"body"]
    assert rabbit.is_up()
    rabbit.close()


# ---- outsiders


@pytest.fixture
def small_bounds(operator, uri):
    """Imports the outsiders' policy with a limit that a test reaches."""

    def bound(overflow):
        policy = {"max-length": 20, "overflow": overflow}
        command = f"""rabbitmqctl set_policy -p $1 --apply-to queues outsiders '{topology.OUTSIDERS_PATTERN}' \
            '{{"max-length": {policy["max-length"]}, "overflow": "{overflow}"}}'"""
        operator.run(command, operator.vhost)
        return policy["max-length"]

    return bound


FREEZE = """rabbitmqctl eval '[sys:{deed}(whereis(N)) || N <- registered(),
    lists:suffix("_{queue}", atom_to_list(N))].'"""


def test_a_broken_queue_of_an_outsider_stops_nobody_and_what_it_did_not_get_is_counted(
    uri, transport, operator, monkeypatch, caplog
):
    monkeypatch.setattr(amqp, "FEED_SECONDS", 0.5)
    name = f"ext.broken-{next(_numbers)}-{os.getpid()}"
    declare(uri, ThingMade.type)
    broken = Queue(
        name, topology.FEED, routing_key="#", durable=True, queue_arguments={"x-queue-type": "quorum"}
    )
    on_channel(uri, lambda channel: broken(channel).declare())
    assert transport.send([message() for _ in range(3)]).refused_by_feed == 0
    operator.run(FREEZE.format(deed="suspend", queue=name), operator.vhost)
    for _ in range(2):
        assert transport.send([message() for _ in range(3)]).refused_by_feed == 3
    assert waiting(uri) == 9, "the services have got all of it"
    (warned,) = [record.message for record in caplog.records if "outsider" in record.message]
    assert "did not confirm 3" in warned
    operator.run(FREEZE.format(deed="resume", queue=name), operator.vhost)
    eventually(lambda: transport.send([message()]).refused_by_feed == 0)


@pytest.mark.parametrize("kind", ["classic", "quorum"])
@pytest.mark.parametrize("overflow", ["drop-head", "reject-publish"])
def test_a_dead_outsider_fills_its_queue_to_the_limit_and_stops_nobody(
    uri, transport, small_bounds, overflow, kind, caplog
):
    most = small_bounds(overflow)
    declare(uri, ThingMade.type)
    dead = Queue(
        "ext.dead", topology.FEED, routing_key="#", durable=True, queue_arguments={"x-queue-type": kind}
    )
    on_channel(uri, lambda channel: dead(channel).declare())
    refused = sum(transport.send([message() for _ in range(most)]).refused_by_feed for _ in range(4))
    assert waiting(uri) == 4 * most
    # a quorum queue refuses once it has noticed that it is full, a little late
    eventually(lambda: waiting(uri, "ext.dead") <= 3 * most)
    assert bool(refused) == (overflow == "reject-publish")
    warned = [
        record for record in caplog.records if "an outsider's queue is full or broken" in record.message
    ]
    assert len(warned) == bool(refused), "the warning is repeated once a minute at most"


def test_the_script_for_outsiders_sets_the_policy_that_is_exported():
    script = (EXAMPLES / "grant_feed.sh").read_text(encoding="utf-8")
    (policy,) = topology.definitions({})["policies"]
    assert f"--apply-to {policy['apply-to']} {policy['name']} '{policy['pattern']}'" in script
    written = dict(re.findall(r'"([a-z-]+)": "?([\w-]+)', script))
    assert written == {name: str(value) for name, value in policy["definition"].items()}
