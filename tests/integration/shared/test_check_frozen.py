"""Frozen servers: they take connections, or keep those there are, and answer nothing. Nobody waits long for them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
import requests
from sqlalchemy.engine import make_url

from shared.application import Application
from shared.checks import database, migrations, preflight, readiness
from shared.checks.finding import Level
from shared.checks.settings import Examined
from shared.demo.processes import ServiceProcess
from shared.kernel.clock import SystemClock
from shared.persistence.database import Database
from shared.settings import Settings
from shared.suite import service_class

GRID = service_class("grid").definition


@contextmanager
def silent_server():
    """The port of a server as SIGSTOP leaves it: the kernel accepts for it, and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


class Forwarder:
    """Passes bytes on to a server, unless it is frozen: then connections stay open and nothing comes through."""

    def __init__(self, host, port):
        self._target = (host, port)
        self._flows = threading.Event()
        self._flows.set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self._sockets = [self._server]
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def freeze(self):
        self._flows.clear()

    def thaw(self):
        self._flows.set()

    def close(self):
        self.thaw()
        for each in self._sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()

    def _accept(self):
        while True:
            try:
                client, _address = self._server.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            self._sockets += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source, sink):
        try:
            while data := source.recv(65536):
                self._flows.wait()
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


@pytest.fixture
def forwarded(postgresql):
    """A migrated database of grid behind a forwarder, and the URL that leads through it."""
    direct = make_url(postgresql.new_database("frozen"))
    migrated = Database(direct.render_as_string(hide_password=False))
    Application(GRID, migrated, SystemClock(), "110112010").migrate()
    migrated.dispose()
    forwarder = Forwarder(direct.host, direct.port or 5432)
    url = direct.set(host="127.0.0.1", port=forwarder.port)
    yield forwarder, url.render_as_string(hide_password=False)
    forwarder.close()


def examined(**variables):
    settings = Settings.load("grid", variables)
    began = time.monotonic()
    findings = preflight._service(Examined(GRID, settings)).findings
    return findings, time.monotonic() - began


# ---- jiushu check


def test_silent_servers_cost_a_few_seconds_and_are_both_named(monkeypatch):
    monkeypatch.setattr(preflight, "SECONDS", 0.3)
    with silent_server() as port:
        findings, seconds = examined(
            JIUSHU_DATABASE_URL=f"postgresql+psycopg2://u:s3cret@127.0.0.1:{port}/x",
            JIUSHU_AMQP_URI=f"amqp://u:s3cret@127.0.0.1:{port}//",
        )
    said = {finding.check: finding.zh for finding in findings if finding.level is Level.WRONG}
    assert said == {"database": "数据库 0.3 秒内没有应答", "broker": "消息服务器 0.3 秒内没有应答"}
    assert seconds < 5


def test_the_drivers_own_time_limits_say_the_same(monkeypatch):
    monkeypatch.setattr(database, "CONNECT_SECONDS", 2)
    with silent_server() as port:
        findings, _seconds = examined(JIUSHU_DATABASE_URL=f"postgresql+psycopg2://u@127.0.0.1:{port}/x")
    assert "数据库 2 秒内没有应答" in [finding.zh for finding in findings]


def test_a_database_that_freezes_while_it_is_looked_at_ends_the_look_there(forwarded, monkeypatch):
    forwarder, url = forwarded

    def freeze(_session, _definition):
        forwarder.freeze()
        return []

    monkeypatch.setattr(preflight, "SECONDS", 0.5)
    checks = (database.database, freeze, database.encoding, migrations.migrations)
    monkeypatch.setattr(preflight.table, "DATABASE", checks)
    findings, seconds = examined(JIUSHU_DATABASE_URL=url)
    assert [finding.zh[:3] for finding in findings if finding.check == "database"] == ["数据库", "数据库"]
    assert findings[-1].level is Level.WRONG
    assert seconds < 5


def test_the_command_ends_although_a_server_never_answers(tmp_path):
    with silent_server() as port:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("JIUSHU_")}
        environment |= {
            "JIUSHU_DATABASE_URL": f"postgresql+psycopg2://u:s3cret@127.0.0.1:{port}/x",
            "JIUSHU_VAR_DIR": str(tmp_path),
        }
        command = [sys.executable, "-m", "shared.cli", "check", "grid", "--json"]
        ended = subprocess.run(command, env=environment, capture_output=True, timeout=40, check=False)
    assert ended.returncode == 1
    told = json.loads(ended.stdout)
    assert any("没有应答" in finding["zh"] for finding in told["findings"])
    assert b"s3cret" not in ended.stdout + ended.stderr


# ---- readiness


def test_readiness_waits_for_a_frozen_database_on_one_connection_only_and_comes_back(forwarded, monkeypatch):
    forwarder, url = forwarded
    application = Application(GRID, Database(url), SystemClock(), "110112010")
    assert readiness.obstacles(application) == []
    monkeypatch.setattr(readiness, "SECONDS", 0.2)
    forwarder.freeze()
    for _ in range(3):
        (obstacle,) = readiness.obstacles(application)
        assert obstacle.zh == "数据库 0.2 秒内没有应答"
    assert application.database.engine.pool.checkedout() == 1
    monkeypatch.setattr(readiness, "SECONDS", 20)
    forwarder.thaw()
    assert readiness.obstacles(application) == []
    application.database.dispose()


def test_readiness_and_check_say_the_same_of_missing_migrations(postgresql):
    url = postgresql.new_database("unready")
    application = Application(GRID, Database(url), SystemClock(), "110112010")
    (obstacle,) = readiness.obstacles(application)
    findings, _seconds = examined(JIUSHU_DATABASE_URL=url)
    assert obstacle.zh in [finding.zh for finding in findings if finding.level is Level.WRONG]
    application.database.dispose()


def test_readiness_says_that_the_broker_is_away(tmp_path):
    application = Application(GRID, Database(f"sqlite:///{tmp_path}/grid.db"), SystemClock(), "110112010")
    application.migrate()
    assert readiness.obstacles(application) == []
    application.transport_is_up = lambda: False
    (obstacle,) = readiness.obstacles(application)
    assert obstacle.zh == "连不上消息服务器"
    application.database.dispose()


def test_a_running_service_says_that_it_is_not_ready_and_stays_alive(forwarded, tmp_path):
    forwarder, url = forwarded
    process = ServiceProcess(["grid"], {"JIUSHU_DATABASE_URL": url}, tmp_path)
    process.start()
    try:
        process.wait_until_ready()
        forwarder.freeze()
        answer = requests.get(f"{process.url}/grid/v1/readyz", timeout=10)
        assert answer.status_code == 503
        assert "没有应答" in answer.json()["wrong"][0]
        assert requests.get(f"{process.url}/grid/v1/healthz", timeout=10).ok
        forwarder.thaw()
        process.wait_until_ready()
    finally:
        forwarder.thaw()
        process.stop()
