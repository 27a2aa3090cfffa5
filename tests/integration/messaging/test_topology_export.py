"""`jiushu topology export`: imported into a real broker, with the rights that it gives to each service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import pytest
from amqp import Message
from amqp.exceptions import AccessRefused
from kombu import Connection

from shared.demo.play import play
from shared.demo.processes import ServiceProcess
from shared.kernel.ids import new_id
from shared.messaging import rabbitmq as amqp
from shared.messaging import topology
from shared.messaging.topology import User
from shared.messaging.transport import Outgoing
from shared.suite import service_class, service_names
from tests.e2e.conftest import Deployment
from tests.e2e.ledger import assert_everybody_heard_everything_once
from tests.how_to.broker import NoOperator, Operator
from tests.real import cannot_run

PASSWORD = "only-for-tests"
EVENT = "grid.case.closed.v1"  # nobody hears it: what is tried with it stays in no queue
HEARD = "grid.case.verified.v1"  # notify hears it


@pytest.fixture(scope="module")
def operator(rabbitmq):
    """Whoever may run rabbitmqctl, and a virtual host of its own."""
    try:
        return Operator(rabbitmq, rabbitmq.new_vhost())
    except NoOperator:
        cannot_run("rabbitmqctl")


@pytest.fixture(scope="module")
def addresses(operator):
    """An address for each service, whose user is not there yet; removed in the end."""
    prefix = f"test{new_id()[-8:]}"
    parts = urlsplit(operator.uri)
    host = f"{parts.hostname}:{parts.port or 5672}"
    found = {
        service: urlunsplit(parts._replace(netloc=f"{prefix}-{service}:{PASSWORD}@{host}"))
        for service in service_names()
    }
    yield found
    for service in found:
        operator.run("rabbitmqctl delete_user $1 || true", f"{prefix}-{service}")


def jiushu(*arguments, **environment):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JIUSHU_")}
    command = [sys.executable, "-m", "shared.cli", *arguments]
    return subprocess.run(
        command, env={**inherited, **environment}, capture_output=True, text=True, timeout=120
    )


def settings(addresses):
    return {f"JIUSHU_{service.upper()}_AMQP_URI": uri for service, uri in addresses.items()}


@pytest.fixture(scope="module")
def imported(operator, addresses):
    """What the command prints, imported; the addresses."""
    done = jiushu("topology", "export", "--users", **settings(addresses))
    assert done.returncode == 0, done.stderr
    assert PASSWORD not in done.stdout
    load(operator, done.stdout)
    return addresses


@contextmanager
def channel_of(uri):
    connection = Connection(uri, connect_timeout=5)
    try:
        connection.connect()
        yield connection.channel()
    finally:
        connection.collect()


def publish(uri, exchange, routing_key):
    with channel_of(uri) as channel:
        channel.confirm_select()
        channel.basic_publish_confirm(Message(b"{}"), exchange=exchange, routing_key=routing_key)


def load(operator, definitions):
    script = "cat > /tmp/$1 && rabbitmqctl import_definitions /tmp/$1; rm /tmp/$1"
    operator.run(script, operator.vhost, stdin=definitions)


def bindings(operator):
    listed = operator.run(
        "rabbitmqctl --quiet list_bindings --no-table-headers -p $1 source_name destination_name routing_key",
        operator.vhost,
    )
    rows = {tuple(line.split("\t")) for line in listed.splitlines()}
    return {row for row in rows if row[0].startswith("jiushu.")}


# ---- the import


def test_what_is_imported_is_what_the_services_declare(imported, operator):
    by_import = bindings(operator)
    for service in service_names():
        heard = [one.contract.type for one in service_class(service).definition.hears]
        amqp.declare(operator.uri, service, heard)  # raises where an argument differs
    assert bindings(operator) == by_import
    assert len(by_import) > 20


def test_an_import_may_be_repeated(imported, operator, addresses):
    done = jiushu("topology", "export", "--users", **settings(addresses))
    load(operator, done.stdout)
    publish(addresses["grid"], "jiushu.events", EVENT)


def test_without_a_password_nobody_may_log_in_until_one_is_set(operator, addresses):
    user = User("grid", f"nobody{new_id()[-8:]}", None)
    load(operator, json.dumps(topology.definitions({"grid": []}, [user], operator.vhost)))
    address = addresses["grid"].replace(urlsplit(addresses["grid"]).username, user.name)
    try:
        for password in ("", PASSWORD):
            with pytest.raises(AccessRefused), channel_of(address.replace(PASSWORD, password)):
                pass
        operator.run("rabbitmqctl change_password $1 $2", user.name, PASSWORD)
        publish(address, "jiushu.events", EVENT)
    finally:
        operator.run("rabbitmqctl delete_user $1", user.name)


def test_a_service_without_a_user_of_its_own_is_refused(addresses):
    shared = addresses["grid"]
    done = jiushu("topology", "export", "--users", "grid", "notify", JIUSHU_AMQP_URI=shared)
    assert done.returncode == 2
    assert "JIUSHU_NOTIFY_AMQP_URI" in done.stderr
    assert "JIUSHU_GRID_AMQP_URI" in jiushu("topology", "export", "--users", "grid").stderr


def test_two_virtual_hosts_are_not_mixed():
    uris = {"grid": "amqp://g:g@h/one", "notify": "amqp://n:n@h/two"}
    done = jiushu("topology", "export", "grid", "notify", **settings(uris))
    assert done.returncode == 2
    assert "one, two" in done.stderr


# ---- what a service's user may


def test_a_service_speaks_for_itself_and_for_nobody_else(imported):
    publish(imported["grid"], "jiushu.events", EVENT)
    publish(imported["grid"], "jiushu.feed", EVENT)
    for exchange in ("jiushu.events", "jiushu.feed"):
        with pytest.raises(AccessRefused):
            publish(imported["notify"], exchange, EVENT)


def test_a_service_reads_its_own_queue_only(imported):
    with channel_of(imported["notify"]) as channel:
        channel.basic_consume("notify.inbox")
        with pytest.raises(AccessRefused):
            channel.basic_consume("grid.inbox")
    with pytest.raises(AccessRefused), channel_of(imported["notify"]) as channel:
        channel.queue_purge("grid.inbox")


def test_a_service_cannot_write_into_a_queue_past_the_exchanges(imported):
    with pytest.raises(AccessRefused):
        publish(imported["notify"], "", "grid.inbox")


@pytest.mark.parametrize(
    "deed",
    [
        lambda channel: channel.queue_declare("another"),
        lambda channel: channel.queue_declare("ext.notify"),
        lambda channel: channel.exchange_declare("another", "topic"),
        lambda channel: channel.queue_delete("notify.inbox"),
        lambda channel: channel.exchange_delete("jiushu.events"),
        lambda channel: channel.queue_bind("notify.inbox", "jiushu.events", "#"),
        lambda channel: channel.queue_unbind("grid.inbox", "jiushu.events", EVENT),
    ],
)
def test_a_service_declares_and_binds_nothing(imported, deed):
    with pytest.raises(AccessRefused), channel_of(imported["notify"]) as channel:
        deed(channel)


def test_with_these_rights_a_start_finds_everything_and_works(imported):
    heard = [one.contract.type for one in service_class("notify").definition.hears]
    with pytest.raises(
        topology.MayNotBind
    ):  # as `jiushu migrate` would: what is newly heard must be imported again
        amqp.declare(imported["notify"], "notify", heard)
    grid, notify = (amqp.RabbitMQ(imported[name], name, heard) for name in ("grid", "notify"))
    grid.send([Outgoing("e1", HEARD, "k", b"body", b"public")])
    grid.send_to("notify", [Outgoing("e2", HEARD, "k", b"again", None)])
    kept = []
    deadline = time.monotonic() + 20
    notify.receive(kept.extend, lambda: len(kept) < 2 and time.monotonic() < deadline)
    assert sorted(one.body for one in kept) == [b"again", b"body"]
    grid.close()


def test_check_finds_nothing_wrong_with_these_rights(imported, tmp_path):
    own = {**settings(imported), "JIUSHU_VAR_DIR": str(tmp_path)}
    told = json.loads(jiushu("check", "--json", "grid", **own).stdout)
    found = {one["check"]: one["level"] for one in _flat(told)}
    assert {found[name] for name in ("broker", "exchanges", "alarm")} == {"fine"}
    assert found["queue"] == "warning"  # nobody consumes yet


def _flat(told):
    if isinstance(told, dict) and "check" in told:
        yield told
    elif isinstance(told, dict):
        for value in told.values():
            yield from _flat(value)
    elif isinstance(told, list):
        for value in told:
            yield from _flat(value)


# ---- all five


def test_the_five_services_play_the_whole_chain_with_exactly_these_rights(imported, postgresql, tmp_path):
    environment = {"JIUSHU_CLOCK_FILE": str(tmp_path / "clock"), **settings(imported)}
    for service in service_names():
        environment[f"JIUSHU_{service.upper()}_DATABASE_URL"] = postgresql.new_database(service)
    assert jiushu("migrate", **environment).returncode == 0
    processes = [ServiceProcess([service], environment, tmp_path) for service in service_names()]
    deployment = Deployment(tmp_path, processes)
    try:
        deployment.start()
        play(deployment.stage)
        assert_everybody_heard_everything_once(deployment.stage, deployment.stage.teller.journeys)
    finally:
        deployment.stop()
