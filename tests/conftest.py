"""What all tests share: the real servers, and a service of one's own on either database."""

from __future__ import annotations

import logging
import os
from functools import cache

import pytest

from shared.application import Definition
from shared.persistence.database import Database
from shared.persistence.migrate import migrate
from shared.suite import service_class
from shared.testing.harness import ServiceUnderTest, empty
from tests.real import RealPostgreSQL, cannot_run, find_postgresql, find_rabbitmq, not_run
from tests.secrets import Watch, forbidden_in_files

# a stranger's: its tests run where it is installed, in tests/plugins/test_six_services.py
collect_ignore = ["dummy_plugin"]
if "JIUSHU_STACK" not in os.environ:  # they need the running stack, and break it: `make stack`
    collect_ignore.append("stack")


@pytest.fixture(scope="session", autouse=True)
def no_secrets_in_logs(tmp_path_factory):
    """At the end of the run: nobody has logged what no log may hold."""
    watch, root = Watch(), logging.getLogger()
    root.addHandler(watch)
    for ours in ("shared", "services"):
        logging.getLogger(ours).setLevel(logging.INFO)
    yield
    root.removeHandler(watch)
    found = watch.found + forbidden_in_files(tmp_path_factory.getbasetemp())
    assert not found, "secrets in logs:\n" + "\n".join(found)


@pytest.fixture(scope="session")
def postgresql():
    """A PostgreSQL server to make databases on."""
    yield from _server("PostgreSQL")


@pytest.fixture(scope="session")
def rabbitmq():
    """A RabbitMQ server to make virtual hosts on."""
    yield from _server("RabbitMQ")


SERVERS = {"PostgreSQL": cache(find_postgresql), "RabbitMQ": cache(find_rabbitmq)}


def _server(name):
    server = SERVERS[name]()
    if server is None:
        not_run.update(other for other, find_other in SERVERS.items() if find_other() is None)
        cannot_run(name)
    yield server
    server.close()


@pytest.fixture(scope="session")
def _migrated(postgresql: RealPostgreSQL):
    """One migrated PostgreSQL database per service, made when first asked for."""
    made: dict[str, Database] = {}

    def database_of(definition: Definition) -> Database:
        if definition.name not in made:
            database = Database(postgresql.new_database(definition.name))
            migrate(database, definition.migrations, definition.name)
            made[definition.name] = database
        empty(made[definition.name], definition)
        return made[definition.name]

    yield database_of
    for database in made.values():
        database.dispose()


@cache
def _definition_of(name: str) -> Definition:
    return service_class(name).definition


@pytest.fixture(params=["sqlite", "postgresql"])
def under_test(request):
    """Makes a service under test by name, on each database in turn: `grid = under_test("grid")`."""

    def make(name: str) -> ServiceUnderTest:
        definition = _definition_of(name)
        if request.param == "sqlite":
            return ServiceUnderTest(definition)
        return ServiceUnderTest(definition, request.getfixturevalue("_migrated")(definition))

    return make


# else everybody waits for them in the end
LONGEST_FIRST = ("tests/faults/", "tests/e2e/", "tests/integration/")


def pytest_collection_modifyitems(items):
    """The files with long tests before those with short ones: a file is one worker's, with what it has made."""
    items.sort(key=lambda item: [not item.nodeid.startswith(begin) for begin in LONGEST_FIRST])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """What a worker could not run, the run as a whole did not."""
    not_run.update(getattr(node, "workeroutput", {}).get("not_run", ()))


def pytest_sessionfinish(session):
    """A worker says what it could not run to whoever writes the last lines."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["not_run"] = sorted(not_run)


def pytest_unconfigure(config):
    """Say loudly, in the very last lines, what was not run."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not not_run:
        return
    for name in sorted(not_run):
        reporter.write_sep(
            "!", f"NOT RUN: no {name} answered, so its tests were skipped", red=True, bold=True
        )
    reporter.write_line(
        "Set JIUSHU_TEST_DATABASE_URL and JIUSHU_TEST_AMQP_URI, or start them on localhost, or start a "
        "container engine. JIUSHU_REQUIRE_REAL=1 makes this a failure."
    )
