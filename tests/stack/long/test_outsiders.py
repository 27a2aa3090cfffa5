"""Another city system beside the stack: it gets there, and no further, by what docs/operating/connect.md says."""

from __future__ import annotations

import os
import ssl
import sys
import time

import pytest
import yaml
from amqp.exceptions import AccessRefused
from kombu import Connection

from shared.demo import deliberation as acts
from shared.demo import neighbourhood
from shared.kernel.ids import new_id
from tests.how_to import EXAMPLES
from tests.how_to.test_subscribe import FORBIDDEN, Subscriber, queue_on_feed, until
from tests.stack.conftest import DEPLOY, PATIENCE_SECONDS

NAME, PASSWORD = "city311", "only-for-tests"
HOST = "127.0.0.1"
# docs/operating/broker.md: RabbitMQ forgets a quorum queue that was made moments before it is killed
WRITTEN_DOWN_SECONDS = 10.0
GRANT = (EXAMPLES / "grant_feed.sh").read_text(encoding="utf-8")


class Outsider:
    """The other system's user, as the broker's port for outsiders knows it."""

    uri = f"amqps://{NAME}:{PASSWORD}@{HOST}:5671//"

    def __init__(self, ca):
        self.ca = ca

    def new_queue(self):
        """A name for a queue that it may have."""
        return f"ext.{NAME}.{new_id()}"

    def connect(self):
        """A connection that trusts the site's own CA."""
        return Connection(
            self.uri, connect_timeout=30, ssl={"ca_certs": str(self.ca), "server_hostname": HOST}
        )


@pytest.fixture(scope="module")
def outsider(stack):
    """With a certificate for 127.0.0.1, the port published and the user granted; afterwards all is as it was."""
    certificate, key = DEPLOY / "secrets" / "feed_certificate", DEPLOY / "secrets" / "feed_key"
    self_signed = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=jiushu",
    ]
    alternative = ["-addext", f"subjectAltName=IP:{HOST}"]
    stack.run(*self_signed, *alternative, "-keyout", str(key), "-out", str(certificate))
    key.chmod(0o444)
    try:
        with stack.overridden(**yaml.safe_load((DEPLOY / "outsiders.yml").read_text(encoding="utf-8"))):
            stack.inside("rabbitmq", "bash", "-c", GRANT, "grant", NAME, "/", stdin=PASSWORD)
            outsider = Outsider(certificate)
            yield outsider
            with outsider.connect() as connection:
                for (queue,) in _queues(stack):
                    connection.channel().queue_delete(queue)
            stack.inside("rabbitmq", "rabbitmqctl", "delete_user", NAME)
    finally:
        certificate.unlink()
        key.unlink()


def _queues(stack):
    listed = stack.inside("rabbitmq", "rabbitmqctl", "--quiet", "list_queues", "--no-table-headers", "name")
    return [line.split() for line in listed.splitlines() if line.startswith("ext.")]


def test_the_subscriber_of_the_page_hears_the_stack_and_misses_nothing_while_the_broker_is_away(
    stack, outsider, tmp_path, monkeypatch
):
    monkeypatch.setitem(os.environ, "SSL_CERT_FILE", str(outsider.ca))
    stage = stack.stage()
    street, code = neighbourhood.street(stage), neighbourhood.free_code(stage)
    estate = neighbourhood.estate(stage, street, name="订阅", code=code, owners=1, area_dm2=1, spot="广场")
    resident = neighbourhood.resident(stage, "演示居民", 10 * int(code) + 9, estate.doors[0])
    queue = f"ext.{NAME}"
    subscriber = Subscriber([sys.executable, str(EXAMPLES / "subscriber.py")], outsider.uri, queue, tmp_path)
    subscriber.start()
    try:
        until(lambda: [queue] in _queues(stack), subscriber.complaints, PATIENCE_SECONDS)
        cases = [acts.report(stage, "演示居民", resident, estate.spot, "水池干涸")]
        until(lambda: _told_of(cases, subscriber), subscriber.complaints, PATIENCE_SECONDS)
        time.sleep(WRITTEN_DOWN_SECONDS)
        stack.compose("kill", "--signal", "KILL", "rabbitmq")
        cases.append(acts.report(stage, "演示居民", resident, estate.spot, "路灯不亮"))
        stack.compose("up", "--detach", "--no-deps", "--no-build", "--wait", "rabbitmq")
        until(lambda: _told_of(cases, subscriber), subscriber.complaints, PATIENCE_SECONDS)
    finally:
        subscriber.kill()


def _told_of(cases, subscriber):
    """Whether the program has said of each case, once, that it was reported."""
    said = [line.split("：")[0] for line in subscriber.lines() if line.startswith("立案")]
    return sorted(said) == sorted(f"立案 {case['number']}" for case in cases)


@pytest.mark.parametrize("deed", FORBIDDEN)
def test_an_outsider_may_not(deed, outsider):
    with outsider.connect() as connection:
        own = queue_on_feed(outsider, connection).name
        with pytest.raises(AccessRefused):
            FORBIDDEN[deed](connection.channel(), own)


def test_the_broker_shows_the_certificate_to_those_who_ask_for_another_name(outsider):
    wrong = {"ca_certs": str(outsider.ca), "server_hostname": "elsewhere.example"}
    with pytest.raises(ssl.SSLCertVerificationError), Connection(outsider.uri, ssl=wrong) as connection:
        connection.connect()
