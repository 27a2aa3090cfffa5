"""The suite as real processes, on either substrate, with a business clock that the stories move."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from shared.access.tokens import Tokens
from shared.cli.demo import BEGINS
from shared.demo.processes import ServiceProcess
from shared.demo.stage import Stage
from shared.kernel.clock import FileClock
from shared.suite import service_names


class SilentTeller:
    """Hears a story and says nothing; it remembers the journeys."""

    def __init__(self):
        self.journeys = set()

    def chapter(self, title):
        """Nothing."""

    def deed(self, text):
        """Nothing."""

    def checked(self, text):
        """Nothing."""

    def follow(self, stage, correlation_id):
        """Remember the journey."""
        if correlation_id is not None:
            self.journeys.add(correlation_id)


class Deployment:
    """The five services as processes, and the stage in front of them."""

    def __init__(self, directory, processes, teller=None, database_urls=None):
        self.directory = directory
        self.processes = processes
        self.database_urls = database_urls or {
            service: f"sqlite:///{directory}/{service}.db" for service in service_names()
        }
        self.clock = FileClock(directory / "clock")
        self.clock.advance(seconds=(BEGINS - datetime.now(UTC)).total_seconds())
        self.tokens = Tokens.from_file(directory / "token.key")
        urls = {service: process.url for process in processes for service in process.services}
        self.stage = Stage(urls, self.tokens, self.clock, teller or SilentTeller())

    def start(self):
        for process in self.processes:
            process.start()
        for process in self.processes:
            process.wait_until_ready()

    def stop(self):
        for process in self.processes:
            process.stop()


def in_one_process(directory):
    """All five in one process on SQLite and the embedded bus; not started yet."""
    environment = {"JIUSHU_CLOCK_FILE": str(directory / "clock")}
    return Deployment(directory, [ServiceProcess(service_names(), environment, directory)])


@pytest.fixture
def embedded(tmp_path):
    """All five in one process on SQLite and the embedded bus."""
    deployment = in_one_process(tmp_path)
    yield deployment
    deployment.stop()


@pytest.fixture
def distributed(tmp_path, postgresql, rabbitmq):
    """Each service in its own process, on RabbitMQ, each with its own PostgreSQL database."""
    environment = {"JIUSHU_CLOCK_FILE": str(tmp_path / "clock"), "JIUSHU_AMQP_URI": rabbitmq.new_vhost()}
    urls = {service: postgresql.new_database(service) for service in service_names()}
    for service, url in urls.items():
        environment[f"JIUSHU_{service.upper()}_DATABASE_URL"] = url
    command = [sys.executable, "-m", "shared.cli", "migrate"]
    subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True, timeout=120)
    deployment = Deployment(
        tmp_path,
        [ServiceProcess([service], environment, tmp_path) for service in service_names()],
        database_urls=urls,
    )
    yield deployment
    deployment.stop()
