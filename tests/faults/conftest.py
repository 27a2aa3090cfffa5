"""The fault tests' own servers and proxies, and the campaign that stands on them."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

import pytest

from shared.messaging import rabbitmq
from tests.faults.campaign import Campaign
from tests.faults.chain import CHAIN
from tests.faults.fleet import Fleet, Replica, Service
from tests.faults.injections import Injector
from tests.faults.plan import LONG, SHORT
from tests.faults.proxy import Proxy
from tests.faults.servers import PrivatePostgreSQL, PrivateRabbitMQ, can_be_started
from tests.real import cannot_run

SHORT_SEED = 20240527
WRITERS = 2


@pytest.fixture(scope="session")
def is_long() -> bool:
    """Whether `make faults` asks for the long form."""
    return os.environ.get("JIUSHU_FAULTS") == "long"


@pytest.fixture(scope="session")
def seed(is_long) -> int:
    """The seed of the plan: JIUSHU_FAULTS_SEED, or a new one for each long run."""
    named = os.environ.get("JIUSHU_FAULTS_SEED")
    return int(named) if named else int(time.time()) if is_long else SHORT_SEED


@pytest.fixture(scope="session")
def size(is_long):
    """How much the plan holds."""
    return LONG if is_long else SHORT


@pytest.fixture
def own_servers():
    """A PostgreSQL and a RabbitMQ that nobody else uses."""
    if not can_be_started():
        cannot_run("PostgreSQL and RabbitMQ to be started, stopped and killed")
    directory = Path(tempfile.mkdtemp(prefix="jiushu-faults-"))
    databases = PrivatePostgreSQL(directory)
    broker = PrivateRabbitMQ(directory)
    yield databases, broker
    broker.end()
    databases.end()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def distributed(own_servers, tmp_path, seed):
    """The chain on RabbitMQ and PostgreSQL, both reached through proxies; two replicas of the first and the second."""
    databases, broker = own_servers
    to_databases, to_broker = Proxy(databases.port), Proxy(broker.port)
    urls = {name: databases.new_database(name) for name in ("first", "second", "third")}
    Campaign.prepare(urls)
    for name, definition in CHAIN.items():  # queues before publishers (decision 0007)
        rabbitmq.declare(broker.uri, name, [heard.contract.type for heard in definition.hears])

    def settings(name):
        return {
            "databases": {name: databases.url(name, to_databases.port)},
            "amqp_uri": broker.uri_through(to_broker.port),
            "intents": str(tmp_path / "intents"),
            "quiet": str(tmp_path / "quiet"),
            "seed": str(seed),
            "writers": WRITERS,
        }

    services = [
        Service(name, [Replica(f"{name}-{number}", settings(name), tmp_path) for number in range(replicas)])
        for name, replicas in (("first", 2), ("second", 2), ("third", 1))
    ]
    proxies = {"broker": to_broker, "databases": to_databases}
    acts = {
        "cut": lambda whose, _seconds: proxies[whose].cut(),
        "freeze": lambda whose, seconds: _frozen(proxies[whose], seconds),
        "strand": lambda whose, _seconds: proxies[whose].strand(),
        "delay": lambda whose, seconds: _delayed(proxies[whose], seconds),
        "restart broker": broker.restart,
        "kill broker": broker.kill,
        "restart databases": databases.restart,
    }
    campaign = Campaign(seed, Fleet(services), urls, tmp_path, Injector(broker.uri), acts)
    yield campaign
    campaign.close()
    for proxy in proxies.values():
        proxy.close()


@pytest.fixture
def embedded(tmp_path, seed):
    """The chain in one process, on SQLite and the embedded bus."""
    urls = {name: f"sqlite:///{tmp_path}/{name}.db" for name in ("first", "second", "third")}
    Campaign.prepare(urls)
    settings = {
        "databases": urls,
        "amqp_uri": None,
        "intents": str(tmp_path / "intents"),
        "quiet": str(tmp_path / "quiet"),
        "seed": str(seed),
        "writers": WRITERS,
    }
    campaign = Campaign(seed, Fleet([Service("all", [Replica("all", settings, tmp_path)])]), urls, tmp_path)
    yield campaign
    campaign.close()


def _frozen(proxy, seconds):
    proxy.freeze()
    time.sleep(seconds)
    proxy.thaw()


def _delayed(proxy, seconds):
    proxy.delay(seconds / 20)
    time.sleep(seconds)
    proxy.delay(0)
