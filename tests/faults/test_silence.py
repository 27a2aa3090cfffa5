"""A server that falls silent without closing its connections is given up after a time, as one that is away."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy.engine import make_url

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
