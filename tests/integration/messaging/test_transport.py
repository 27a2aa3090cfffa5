"""From a committed change to its effect elsewhere: one suite on both substrates."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
from kombu import Connection, Consumer, Queue
from sqlalchemy import func, select, text, update

from shared.kernel.command import Cause
from shared.messaging import inbox
from shared.messaging import rabbitmq as amqp
from shared.messaging.embedded import EmbeddedBus
from shared.messaging.holder import Holder
from shared.messaging.lease import Lease
from shared.messaging.relay import Relay
from shared.messaging.transport import Incoming, TransportAway
from shared.persistence.database import _POSTGRESQL_LIMITS, Database
from shared.persistence.tables import outbox_messages
from tests.integration.messaging.toy import (
    FLAKY,
    LISTENER,
    MAKER,
    SENDER,
    MakeThing,
    ThingMade,
    application,
    noted,
)

PATIENCE_SECONDS = 20


@dataclass
class Pair:
    """Sender and listener, and how each reaches the bus."""

    sender: object
    listener: object
    sending: object
    receiving: object

    def make(self, thing, name):
        return self.sender.handle(MakeThing(thing, name), MAKER)


@pytest.fixture(params=["embedded", "rabbitmq"])
def pair(request, tmp_path):
    FLAKY["failures"] = 0
    if request.param == "embedded":
        bus = EmbeddedBus()
        databases = [Database(f"sqlite:///{tmp_path}/{name}.db") for name in ("sender", "listener")]
        sender, listener = (
            application(definition, database)
            for definition, database in zip((SENDER, LISTENER), databases, strict=True)
        )
        bus.join(sender)
        bus.join(listener)
        transports = [bus, bus]
    else:
        server = request.getfixturevalue("postgresql")
        uri = request.getfixturevalue("rabbitmq").new_vhost()
        databases = [Database(server.new_database(name)) for name in ("sender", "listener")]
        sender, listener = (
            application(definition, database)
            for definition, database in zip((SENDER, LISTENER), databases, strict=True)
        )
        transports = [amqp.RabbitMQ(uri, app.name, list(app.subscriptions)) for app in (sender, listener)]
        amqp.declare(uri, "listener", list(listener.subscriptions))
    yield Pair(sender, listener, *transports)
    for transport in transports:
        transport.close()
    for database in databases:
        database.dispose()


@pytest.fixture
def running(pair):
    """Relay, receiver and lane of both, at work."""
    holders = [Holder(pair.sender, pair.sending), Holder(pair.listener, pair.receiving)]
    for holder in holders:
        holder.start()
    yield pair
    for holder in holders:
        holder.stop()


def eventually(condition):
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def unpublished(app):
    with app.database.reading() as session:
        query = (
            select(func.count()).select_from(outbox_messages).where(outbox_messages.c.published_at.is_(None))
        )
        return session.execute(query).scalar_one()


def test_each_committed_change_has_its_effect_elsewhere_once_and_in_order(running):
    for number in range(40):
        running.make(f"k{number % 3}", f"n{number}")
    eventually(lambda: len(noted(running.listener)) == 40)
    for key in ("k0", "k1", "k2"):
        counts = [count for thing, _, count in noted(running.listener) if thing == key]
        assert counts == sorted(counts)
    eventually(lambda: unpublished(running.sender) == 0)


def test_a_bad_message_stops_only_its_own_key(running):
    running.make("a", "refused")
    running.make("a", "behind")
    running.make("b", "neighbour")
    eventually(lambda: noted(running.listener) == [("b", "neighbour", 1)])
    eventually(lambda: inbox.counts(running.listener.database) == {"dead": 1, "pending": 1, "done": 1})


def test_what_was_confirmed_and_could_not_be_marked_at_once_is_marked_later_and_not_sent_again(pair):
    pair.make("a", "x")
    lease, sent = Lease(pair.sender.database), []
    assert lease.acquire()

    class Counting:
        def send(self, messages):
            sent.extend(messages)
            return pair.sending.send(messages)

    relay, guard = Relay(pair.sender.database, lease, Counting()), lease.guard
    lease.guard = lambda session: (_ for _ in ()).throw(RuntimeError("somebody holds the row for long"))
    with pytest.raises(RuntimeError):
        relay.run_once()
    assert unpublished(pair.sender) == 1
    lease.guard = guard
    assert relay.run_once() == 0
    assert unpublished(pair.sender) == 0
    assert len(sent) == 1


def test_what_was_sent_but_not_marked_is_sent_again_and_has_one_effect(pair):
    pair.make("a", "x")
    lease = Lease(pair.sender.database)
    assert lease.acquire()
    relay = Relay(pair.sender.database, lease, pair.sending)
    assert relay.run_once() == 1
    with pair.sender.database.writing() as session:  # as after a kill between the confirm and the mark
        session.execute(update(outbox_messages).values(published_at=None))
    assert relay.run_once() == 1
    assert relay.run_once() == 0
    holder = Holder(pair.listener, pair.receiving)
    holder.start()
    eventually(lambda: noted(pair.listener) == [("a", "x", 1)])
    time.sleep(0.3)
    assert noted(pair.listener) == [("a", "x", 1)]
    holder.stop()


def test_a_change_that_is_rolled_back_says_nothing(pair):
    def make_and_fail():
        with pair.sender.writing() as session:
            pair.sender.carry_out(session, MakeThing("a", "x"), Cause(MAKER))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        make_and_fail()
    assert unpublished(pair.sender) == 0


def test_a_second_holder_takes_over_when_the_first_stops(pair):
    first, second = (Holder(pair.listener, pair.receiving) for _ in range(2))
    first.start()
    eventually(lambda: first.lease.held)
    second.start()
    time.sleep(0.3)
    assert not second.lease.held
    first.stop()
    eventually(lambda: second.lease.held)
    second.stop()


def test_a_background_step_that_ends_its_thread_does_not_end_the_service(pair):
    def spoilt(_application, _lease):
        raise SystemExit

    pair.listener.background = (spoilt,)
    holder = Holder(pair.listener, pair.receiving)
    holder.start()
    eventually(lambda: holder.lease.held)
    inbox.keep(pair.listener.database, [])
    relay_once(pair, "a", "x")
    eventually(lambda: noted(pair.listener) == [("a", "x", 1)])
    holder.stop()


def test_what_nobody_is_subscribed_to_is_counted_and_said_once_and_stops_nothing(pair, monkeypatch, caplog):
    monkeypatch.setattr("shared.messaging.relay.WARNING_SECONDS", 0.0)
    lease = Lease(pair.sender.database)
    assert lease.acquire()
    relay = Relay(pair.sender.database, lease, pair.sending, pair.sender.metrics)
    unheard = "sender.thing.lost.v1"
    for _ in range(2):
        for number in range(3):
            pair.make("a", f"n{number}")
        with pair.sender.database.writing() as session:
            oldest = select(func.min(outbox_messages.c.id)).where(outbox_messages.c.published_at.is_(None))
            session.execute(
                update(outbox_messages)
                .where(outbox_messages.c.id == oldest.scalar_subquery())
                .values(type=unheard)
            )
        assert relay.run_once() == 3
    assert unpublished(pair.sender) == 0
    assert pair.sender.metrics.unrouted.labels(unheard)._value.get() == 2
    assert pair.sender.metrics.published.labels(ThingMade.type)._value.get() == 4
    assert len([record for record in caplog.records if unheard in record.message]) == 1
    holder = Holder(pair.listener, pair.receiving)
    holder.start()
    eventually(lambda: inbox.counts(pair.listener.database) == {"done": 4})
    holder.stop()


def test_while_a_slow_handler_holds_the_leases_row_what_comes_is_kept_all_the_same(postgresql, monkeypatch):
    monkeypatch.setitem(_POSTGRESQL_LIMITS, "options", "-c lock_timeout=200ms")
    listener = application(LISTENER, Database(postgresql.new_database("slow")))
    holder, message = Holder(listener, EmbeddedBus()), Incoming("1", ThingMade.type, "a", b"{")
    assert holder.lease.acquire()
    with listener.database.writing() as handling:
        holder.lease.guard(handling)
        holder._keep_messages([message])
        assert inbox.counts(listener.database) == {"dead": 1}
    listener.database.dispose()


def relay_once(pair, thing, name):
    pair.make(thing, name)
    lease = Lease(pair.sender.database)
    assert lease.acquire()
    assert Relay(pair.sender.database, lease, pair.sending).run_once() == 1


def test_one_subscriber_whose_inbox_is_broken_does_not_keep_the_others_from_hearing(tmp_path):
    bus = EmbeddedBus()
    sender = application(SENDER, Database(f"sqlite:///{tmp_path}/sender.db"))
    broken = application(LISTENER, Database(f"sqlite:///{tmp_path}/broken.db"))
    listener = application(LISTENER, Database(f"sqlite:///{tmp_path}/listener.db"))
    for service in (sender, broken, listener):
        bus.join(service)
    with broken.database.writing() as session:
        session.execute(text("DROP TABLE inbox_messages"))
    sender.handle(MakeThing("a", "x"), MAKER)
    lease = Lease(sender.database)
    lease.acquire()
    relay = Relay(sender.database, lease, bus)
    with pytest.raises(TransportAway):
        relay.run_once()
    assert unpublished(sender) == 1
    assert inbox.counts(listener.database) == {"pending": 1}
    for service in (sender, broken, listener):
        service.database.dispose()


@pytest.mark.parametrize(
    "strange",
    [
        {"headers": {"compression": "zlib"}},
        {"headers": {"compression": "nope"}},
        {"content_encoding": "raw_unicode_escape"},
        {"content_type": "application/x-python-serialize"},
    ],
)
def test_a_message_with_a_strange_header_is_kept_and_stops_nobody(postgresql, rabbitmq, strange):
    uri = rabbitmq.new_vhost()
    database = Database(postgresql.new_database("strange"))
    listener = application(LISTENER, database)
    transport = rabbitmq_transport(uri, listener)
    with Connection(uri) as connection:
        producer = connection.Producer()
        for body in (b"nonsense \xff", b"more nonsense"):
            producer.publish(
                body,
                exchange="jiushu.events",
                routing_key=ThingMade.type,
                **{"content_type": "text/plain", "content_encoding": "binary"} | strange,
            )
    holder = Holder(listener, transport)
    holder.start()
    eventually(lambda: inbox.counts(database) == {"dead": 2})
    holder.stop()
    database.dispose()


def rabbitmq_transport(uri, app):
    amqp.declare(uri, app.name, list(app.subscriptions))
    return amqp.RabbitMQ(uri, app.name, list(app.subscriptions))


def test_an_outsiders_full_queue_does_not_stop_the_services(postgresql, rabbitmq):
    uri = rabbitmq.new_vhost()
    database = Database(postgresql.new_database("full"))
    sender = application(SENDER, database)
    transport = rabbitmq_transport(uri, sender)
    with Connection(uri) as connection:
        arguments = {"x-max-length": 1, "x-overflow": "reject-publish"}
        Queue("ext.full", amqp.FEED, routing_key="#", queue_arguments=arguments)(connection).declare()
        for number in range(5):
            sender.handle(MakeThing("a", f"n{number}"), MAKER)
        lease = Lease(database)
        lease.acquire()
        assert Relay(database, lease, transport).run_once() == 5
    assert unpublished(sender) == 0
    transport.close()
    database.dispose()


def test_while_the_broker_is_away_work_goes_on_and_nothing_is_lost(postgresql):
    database = Database(postgresql.new_database("away"))
    sender = application(SENDER, database)
    transport = amqp.RabbitMQ("amqp://guest:guest@127.0.0.1:1/", "sender", [])
    holder = Holder(sender, transport)
    holder.start()
    sender.handle(MakeThing("a", "x"), MAKER)
    eventually(lambda: not transport.is_up())
    assert unpublished(sender) == 1
    holder.stop()
    with pytest.raises(TransportAway):
        transport.send([Incoming("1", "t", "k", b"")])
    database.dispose()


def test_outsiders_read_the_feed_by_pattern(postgresql, rabbitmq):
    uri = rabbitmq.new_vhost()
    database = Database(postgresql.new_database("feed"))
    sender = application(SENDER, database)
    rabbit = rabbitmq_transport(uri, sender)
    received = []
    with Connection(uri) as connection:
        queue = Queue("ext.test", amqp.FEED, routing_key="*.thing.*.v1", exclusive=True)
        with Consumer(connection, queue, on_message=received.append, accept=None, no_ack=True):
            sender.handle(MakeThing("a", "x"), MAKER)
            lease = Lease(database)
            lease.acquire()
            Relay(database, lease, rabbit).run_once()
            connection.drain_events(timeout=5)
    assert received[0].content_type.startswith("application/cloudevents+json")
    assert received[0].delivery_info["routing_key"] == ThingMade.type
    rabbit.close()
    database.dispose()
