"""docs/how-to/subscribe.md: both subscribers hear what a real service publishes, and no more than outsiders may."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from amqp import Message
from amqp.exceptions import AccessRefused
from kombu import Connection, Exchange, Queue

from shared.contracts.envelope import CONTENT_TYPE
from shared.demo.processes import free_port
from shared.kernel.ids import new_id
from tests.how_to.broker import Outsider

PATIENCE_SECONDS = 30.0


def until(find, what, patience=PATIENCE_SECONDS):
    """What `find` finds, as soon as it finds something within so many seconds."""
    end = time.monotonic() + patience
    while not (found := find()):
        assert time.monotonic() < end, what()
        time.sleep(0.05)
    return found


class Subscriber:
    """An example, run as a process in a directory of its own."""

    def __init__(self, program, uri, queue, directory):
        self._command = [*program, queue, "grid.case.#"]
        self._environment = {**os.environ, "AMQP_URI": uri}
        self._directory = directory
        self._out, self._errors = directory / "out", directory / "errors"
        self._queue, self._process = queue, None

    def start(self):
        with self._out.open("ab") as out, self._errors.open("ab") as errors:
            self._process = subprocess.Popen(
                self._command, env=self._environment, cwd=self._directory, stdout=out, stderr=errors
            )

    def kill(self):
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(timeout=10)
        self._process = None

    def lines(self):
        return self._out.read_text(encoding="utf-8").splitlines()

    def complaints(self):
        return self._errors.read_text(encoding="utf-8")

    def noted(self):
        """How many events it will not handle again."""
        if (notes := self._directory / "seen.txt").exists():
            return len(notes.read_text(encoding="utf-8").split()) // 2
        with closing(sqlite3.connect(self._directory / "seen.db")) as database:
            return database.execute("SELECT count(*) FROM seen").fetchone()[0]

    def has_said(self, cases):
        """Waits for the lines on all of the cases, and until what they tell is noted: a kill between is not tested."""
        expected = [line for case in cases for line in told(case)]
        until(lambda: len(self.lines()) >= len(expected), lambda: f"{self.lines()}\n{self.complaints()}")
        until(lambda: self.noted() >= len(expected), self.complaints)
        return self.lines() == expected


def told(case):
    number = case["number"]
    return [f"立案 {number}：公共照明不亮，示例小区第一网格", f"派单 {number}：由街道办事处办理"]


@pytest.fixture
def queue(outsider):
    return outsider.new_queue()


@pytest.fixture
def wire(outsider):
    """The outsider's line to the broker; what it is called on is the port."""
    wire = Wire(outsider)
    wire.mend()
    yield wire
    wire.cut()


class Wire:
    """A line that can be cut and mended."""

    def __init__(self, outsider: Outsider) -> None:
        broker = urlsplit(outsider.uri)
        self.uri = outsider.through(port := free_port())
        ends = [str(port), str(broker.hostname), str(broker.port)]
        self._command = [sys.executable, "-m", "tests.how_to.wire", *ends]
        self._process: subprocess.Popen[bytes] | None = None

    def mend(self) -> None:
        self._process = subprocess.Popen(self._command)

    def cut(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=10)
        self._process = None


@pytest.fixture
def subscriber(program, wire, queue, operator, street, tmp_path):
    """The example, up and listening."""
    subscriber = Subscriber(program, wire.uri, queue, tmp_path)
    subscriber.start()
    until(lambda: operator.consumers_of(queue), subscriber.complaints)
    yield subscriber
    subscriber.kill()


def test_a_subscriber_says_what_happens_and_goes_on_whatever_befalls_its_connection(
    subscriber, street, operator, outsider, wire
):
    cases = [street.report()]
    assert subscriber.has_said(cases)

    operator.close_connections_of(outsider)
    cases.append(street.report())
    assert subscriber.has_said(cases)

    wire.cut()
    complained = len(subscriber.complaints())
    cases.append(street.report())
    until(lambda: len(subscriber.complaints()) > complained, lambda: "nothing was noticed")
    assert len(subscriber.lines()) == 4
    wire.mend()
    assert subscriber.has_said(cases)


def test_a_subscriber_that_was_away_hears_what_it_missed(subscriber, street):
    cases = [street.report()]
    assert subscriber.has_said(cases)
    subscriber.kill()
    cases += [street.report(), street.report()]
    subscriber.start()
    assert subscriber.has_said(cases)


def test_an_event_that_comes_twice_is_handled_once_even_after_a_restart(
    subscriber, street, operator, outsider
):
    with outsider.connect() as connection:
        kept = queue_on_feed(outsider, connection)
        case = street.report()
        assert subscriber.has_said([case])
        message = until(kept.get, lambda: "nothing was kept")
    send_again(operator, message.body)
    subscriber.kill()
    send_again(operator, message.body)
    subscriber.start()
    later = street.report()
    assert subscriber.has_said([case, later])


def test_types_and_fields_that_a_subscriber_does_not_know_do_not_stop_it(subscriber, street, operator):
    event = {"specversion": "1.0", "id": new_id(), "source": "/jiushu/110112010/grid"}
    event |= {"type": "grid.case.praised.v1", "newattribute": 1, "data": {"new": [1]}}
    send_again(operator, json.dumps(event))
    until(lambda: subscriber.lines() == ["其他事件：grid.case.praised.v1"], subscriber.complaints)


def send_again(operator, body):
    """What the relay does after a confirm was lost."""
    with Connection(operator.uri) as connection:
        producer = connection.Producer(serializer=None)
        routing_key = json.loads(body)["type"]
        producer.publish(
            body,
            exchange=Exchange("jiushu.feed", type="topic"),
            routing_key=routing_key,
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
        )


def queue_on_feed(outsider, connection, **arguments):
    """A queue of the outsider's that hears everything."""
    feed = Exchange("jiushu.feed", no_declare=True)
    queue = Queue(outsider.new_queue(), feed, routing_key="#", queue_arguments=arguments)
    queue = queue(connection.channel())
    queue.declare()
    return queue


def test_outsiders_hear_the_same_events_as_the_services_without_what_is_personal(street, operator, outsider):
    with outsider.connect() as outside, Connection(operator.uri) as inside:
        feed = queue_on_feed(outsider, outside)
        bus = Queue(f"test.{new_id()}", exclusive=True).bind(inside.channel())
        bus.declare()
        for heard in ("grid.case.*.v1", "notify.contact.*.v1"):  # audit seals come when they come
            bus.bind_to("jiushu.events", heard)
        resident = street.resident()
        street.report(reporter_ref=resident)
        heard_inside = [json.loads(until(bus.get, lambda: "too few events").body) for _ in range(3)]
        heard_outside = [json.loads(until(feed.get, lambda: "too few events").body) for _ in range(2)]
        assert feed.get() is None

    assert "notify.contact.registered.v1" in [event["type"] for event in heard_inside]
    of_case = [event for event in heard_inside if event["source"].endswith("/grid")]
    for event in of_case:
        assert event["data"].pop("reporter_refs") == [resident]
        event["data"].pop("reporter_sealed", None)
        event["actor"], _, who = event["actor"].partition(":")
        assert who == "demo-street"
    assert heard_outside == of_case
    for personal in (resident, "demo-street"):
        assert personal not in json.dumps(heard_outside)


FORBIDDEN = {
    "take another's messages": lambda channel, own: channel.basic_get("grid.inbox"),
    "listen to another's queue": lambda channel, own: channel.basic_consume("grid.inbox"),
    "empty another's queue": lambda channel, own: channel.queue_purge("grid.inbox"),
    "have a queue by another's name": lambda channel, own: channel.queue_declare("ext.another"),
    "have a queue by a longer name": lambda channel, own: channel.queue_declare(longer_name(own)),
    "hear the services' bus": lambda channel, own: channel.queue_bind(own, "jiushu.events", "#"),
    "speak to the services": lambda channel, own: publish(channel, "jiushu.events", "grid.case.closed.v1"),
    "speak on the feed": lambda channel, own: publish(channel, "jiushu.feed", "grid.case.closed.v1"),
    "put something into a service's queue": lambda channel, own: publish(channel, "", "grid.inbox"),
    "speak to the services by dead letters": lambda channel, own: channel.queue_declare(
        f"{own}.dead", arguments={"x-dead-letter-exchange": "jiushu.events"}
    ),
    "remove the feed": lambda channel, own: channel.exchange_delete("jiushu.feed"),
}


def longer_name(own):
    """As of another outsider whose name begins alike: `ext.city2` beside `ext.city.…`."""
    return own.rpartition(".")[0] + "2"


def publish(channel, exchange, routing_key):
    channel.basic_publish_confirm(Message(b"{}"), exchange=exchange, routing_key=routing_key, timeout=10)


@pytest.mark.parametrize("deed", FORBIDDEN)
def test_an_outsider_may_not(deed, street, outsider):
    with outsider.connect() as connection:
        own = queue_on_feed(outsider, connection).name
        with pytest.raises(AccessRefused):
            FORBIDDEN[deed](connection.channel(), own)


@pytest.mark.parametrize("kind", ["classic", "quorum"])
def test_an_outsiders_queue_is_bounded_whatever_its_kind(kind, street, operator, outsider):
    with outsider.connect() as connection:
        queue = queue_on_feed(outsider, connection, **{"x-queue-type": kind})
        policies = operator.policies_of_queues()
    assert policies[queue.name] == "outsiders"
    assert not policies["grid.inbox"]


def test_what_an_outsider_hears_can_be_narrowed(street, operator):
    outsider = operator.grant(r"^grid\.")
    try:
        with outsider.connect() as connection:
            queue = Queue(outsider.new_queue())(connection.channel())
            queue.declare()
            queue.bind_to("jiushu.feed", "grid.case.#")
            with pytest.raises(AccessRefused):
                queue.bind_to("jiushu.feed", "#")
    finally:
        operator.dismiss(outsider)
