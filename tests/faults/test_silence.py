"""A server that falls silent without closing its connections is given up after a time, as one that is away."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from shared.persistence import database as database_module
from shared.persistence.database import CutOff, Database, TooLongIdle
from tests.faults.proxy import Proxy

PROGRAM = """
from shared.suite import patch
patch(longest_answer=1.0)
import sys
from sqlalchemy import text
from shared.persistence.database import Database, DatabaseAway, is_away
database = Database(sys.argv[1])
try:
    with database.reading() as session:
        session.execute(text("SELECT 1"))
        print("in a transaction", flush=True)
        sys.stdin.readline()
        session.execute(text("SELECT 1"))
except DatabaseAway as away:
    print(away, flush=True)
sys.stdin.readline()
try:
    with database.reading() as session:
        print(session.execute(text("SELECT 'answered'")).scalar_one(), flush=True)
except DatabaseAway as away:
    print(away, flush=True)
"""
SILENT = "PostgreSQL did not answer within 1 s"


@pytest.fixture
def url(postgresql):
    return make_url(postgresql.new_database("silence"))


@pytest.fixture
def proxy(url):
    proxied = Proxy(url.port or 5432, url.host or "127.0.0.1")
    yield proxied
    proxied.close()


@pytest.fixture
def impatient(url, proxy, monkeypatch):
    """The database by way of the proxy, which ends a transaction in which nothing is asked for 0.3 s."""
    monkeypatch.setattr(database_module, "IDLE_SECONDS", 0.3)
    options = "-c idle_in_transaction_session_timeout=300ms"
    monkeypatch.setitem(database_module._POSTGRESQL_LIMITS, "options", options)
    through = url.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
    database = Database(through)
    yield database
    database.dispose()


@pytest.fixture
def process(url, proxy):
    """Says what comes of two transactions, each when it is told to go on."""
    through = url.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
    command = [sys.executable, "-c", PROGRAM, through]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout.readline() == "in a transaction\n"
        yield running
        running.kill()


def said_then(process):
    process.stdin.write("\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def test_a_connection_that_only_one_side_still_knows_is_given_up_and_the_next_one_works(process, proxy):
    proxy.strand()
    assert said_then(process) == SILENT
    assert said_then(process) == "answered"


def test_a_server_that_is_frozen_is_away_until_it_thaws(process, proxy):
    proxy.freeze()
    assert said_then(process) == SILENT
    proxy.thaw()
    assert said_then(process) == "answered"


def test_a_server_that_stays_frozen_keeps_nobody_waiting_for_a_connection(process, proxy):
    proxy.freeze()
    assert said_then(process) == SILENT
    assert SILENT in said_then(process)


def test_who_waits_longer_than_the_server_because_the_network_stalls_is_not_to_blame(impatient, proxy):
    def wait():
        with impatient.writing() as session:
            session.execute(text("SELECT 1"))
            proxy.freeze()
            threading.Timer(0.9, proxy.thaw).start()
            session.execute(text("SELECT 1"))

    with pytest.raises(CutOff):
        wait()


@pytest.mark.parametrize("statements", [2, 1], ids=["and then asks", "and then commits"])
def test_who_asks_nothing_for_longer_than_the_server_waits_is_to_blame(impatient, statements):
    def idle():
        with impatient.writing() as session:
            for _ in range(statements):
                session.execute(text("SELECT 1"))
                time.sleep(0.9)

    with pytest.raises(TooLongIdle):
        idle()


def test_a_connection_that_lay_in_the_pool_for_long_is_not_taken_for_one_that_asked_nothing(impatient):
    with impatient.writing() as session:
        session.execute(text("SELECT 1"))
    time.sleep(0.9)
    with pytest.raises(CutOff), impatient.writing() as session:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
