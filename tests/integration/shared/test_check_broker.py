"""What `jiushu check` finds at a broker, each thing really wrong on a real one."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import pytest
from kombu import Connection, Exchange, Queue

from shared.checks import broker, preflight
from shared.checks.finding import Level
from shared.checks.settings import Examined
from shared.messaging import rabbitmq as amqp
from shared.messaging import topology
from shared.settings import Settings
from shared.suite import service_class

GRID = service_class("grid").definition


@pytest.fixture
def vhost(rabbitmq):
    """The URI of an empty virtual host."""
    return rabbitmq.new_vhost()


@pytest.fixture
def declared(vhost):
    """The same with grid's exchanges and queue."""
    amqp.declare(vhost, "grid", [subscription.contract.type for subscription in GRID.hears])
    return vhost


@pytest.fixture
def found(tmp_path):
    """What is found there by check."""

    def look(uri):
        url = f"sqlite:///{tmp_path}/none.db"
        settings = Settings.load("grid", {"JIUSHU_AMQP_URI": uri, "JIUSHU_DATABASE_URL": url})
        findings = [*preflight._broker(Examined(GRID, settings))]
        for finding in findings:
            assert (finding.mend is not None) == (finding.level is not Level.FINE)
        return {finding.check: finding for finding in findings}

    return look


def declare(uri, entity):
    with Connection(uri) as connection:
        entity(connection.channel()).declare()


def names(uri):
    """Which of our exchanges and queues are there."""
    there = []
    with Connection(uri) as connection:
        for name, look in (
            ("jiushu.events", lambda channel, name: channel.exchange_declare(name, "topic", passive=True)),
            ("grid.inbox", lambda channel, name: channel.queue_declare(name, passive=True)),
        ):
            try:
                look(connection.channel(), name)
                there.append(name)
            except connection.channel_errors:
                pass
    return there


def test_a_broker_as_it_should_be_has_nothing_wrong(declared, found):
    with Connection(declared) as connection, connection.Consumer(Queue("grid.inbox", no_declare=True)):
        levels = {name: finding.level for name, finding in found(declared).items()}
    assert levels == dict.fromkeys(("broker", "exchanges", "queue", "alarm"), Level.FINE)


def test_a_queue_that_nobody_consumes_is_pointed_out_with_what_is_in_it(declared, found):
    with Connection(declared) as connection:
        connection.Producer().publish(b"{}", exchange="", routing_key="grid.inbox", confirm_timeout=5)
    finding = found(declared)["queue"]
    assert finding.level is Level.WARNING
    assert finding.mend.command == "jiushu run grid"


def test_missing_exchanges_and_queues_are_found_and_not_made(vhost, found):
    findings = found(vhost)
    assert findings["exchanges"].level is findings["queue"].level is Level.WRONG
    assert findings["queue"].mend.command == "jiushu migrate"
    assert names(vhost) == []


def test_an_exchange_of_another_kind_is_found(vhost, found):
    declare(vhost, Exchange("jiushu.events", type="fanout", durable=True))
    declare(vhost, topology.FEED)
    declare(vhost, topology.REPLAY)
    finding = found(vhost)["exchanges"]
    assert "jiushu.events" in finding.zh
    assert "type" in finding.detail


def test_a_queue_with_other_arguments_is_found(declared, found):
    with Connection(declared) as connection:
        connection.channel().queue_delete("grid.inbox")
    declare(declared, Queue("grid.inbox", durable=True))
    finding = found(declared)["queue"]
    assert finding.level is Level.WRONG
    assert "参数与声明不同" in finding.zh
    assert names(declared) == ["jiushu.events", "grid.inbox"]


def test_a_wrong_password_is_found_and_not_told(vhost, found):
    parts = urlsplit(vhost)
    host = parts.netloc.rpartition("@")[2]
    uri = urlunsplit(parts._replace(netloc=f"guest:s3cret-but-wrong@{host}"))
    (finding,) = found(uri).values()
    assert "用户名或密码" in finding.zh
    assert "s3cret" not in repr(finding)


def test_a_virtual_host_that_is_not_there_is_found(vhost, found):
    (finding,) = found(vhost + "-gone").values()
    assert "vhost" in finding.zh
    assert "add_vhost" in finding.mend.command


def test_a_broker_that_does_not_run_is_found(found):
    (finding,) = found("amqp://guest:guest@127.0.0.1:1//").values()
    assert finding.zh == "连不上消息服务器"


def test_an_older_broker_is_pointed_out(declared, found, monkeypatch):
    monkeypatch.setattr(broker, "OLDEST_RABBITMQ", (999,))
    assert found(declared)["broker"].level is Level.WARNING


class Alarmed:
    """A connection of a broker in need: RabbitMQ says that it is blocked instead of confirming a message."""

    on_blocked = None

    class Channel:
        events = {"basic_ack": set()}

        def confirm_select(self):
            pass

        def basic_publish(self, *_message, **_where):
            pass

    def __init__(self, says):
        self.says = says

    def channel(self):
        return self.Channel()

    def drain_events(self, timeout):
        if not self.says:
            raise TimeoutError
        self.on_blocked(self.says)


@pytest.mark.parametrize("says", ["low on memory", None])
def test_a_broker_that_takes_no_messages_is_found(says):
    (finding,) = broker.alarm(Alarmed(says), GRID)
    assert finding.level is Level.WRONG
    assert finding.detail == (says or "no confirm within 3 s")
