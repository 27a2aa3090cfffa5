"""Where the real PostgreSQL and RabbitMQ are: named by a variable, on localhost, or in a container."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import warnings
from urllib.parse import quote, urlsplit, urlunsplit

import pytest
import requests
from kombu import Connection
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from shared.kernel.ids import new_id

# what tests were skipped for; the last lines of the run say so
not_run: set[str] = set()


def real_is_required() -> bool:
    """Whether a missing server is a failure."""
    return os.environ.get("JIUSHU_REQUIRE_REAL") == "1"


def cannot_run(what: str) -> None:
    """End a test for which there is no such thing here: a failure where real ones are required, else skipped, and the
    last lines of the run say so."""
    not_run.add(what)
    (pytest.fail if real_is_required() else pytest.skip)(f"there is no {what} to test with")


class RealPostgreSQL:
    """A server on which tests make, and remove, databases of their own."""

    def __init__(self, url: URL, container=None) -> None:
        self._url = url
        self._container = container
        self._made: list[str] = []

    def new_database(self, purpose: str) -> str:
        """The URL of a new, empty database."""
        name = f"jiushu_test_{purpose}_{new_id()[-12:]}"
        self._execute(f'CREATE DATABASE "{name}"')
        # what a crash of the server would lose is no matter here; tests/faults has servers of its own
        self._execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        self._made.append(name)
        return self._url.set(database=name).render_as_string(hide_password=False)

    def close(self) -> None:
        """Remove the databases made."""
        for name in self._made:
            self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        if self._container:
            self._container.stop()

    def answers(self) -> bool:
        """Whether the server can be used."""
        try:
            self._execute("SELECT 1")
        except Exception:
            return False
        return True

    def _execute(self, statement: str) -> None:
        engine = create_engine(self._url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
        try:
            with engine.connect() as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()


class RealRabbitMQ:
    """A broker on which tests make, and remove, virtual hosts of their own."""

    def __init__(self, uri: str, management: str | None = None, container=None) -> None:
        self._uri = uri
        self._management = management
        self._container = container
        self._made: list[str] = []

    def new_vhost(self) -> str:
        """The URI of a new, empty virtual host."""
        name = f"jiushu-test-{new_id()[-12:]}"
        user = urlsplit(self._uri).username or "guest"
        if self._management:
            self._call("PUT", f"/api/vhosts/{name}")
            permissions = {"configure": ".*", "write": ".*", "read": ".*"}
            self._call("PUT", f"/api/permissions/{name}/{quote(user)}", permissions)
        else:
            _rabbitmqctl("add_vhost", name)
            _rabbitmqctl("set_permissions", "-p", name, user, ".*", ".*", ".*")
        self._made.append(name)
        return urlunsplit(urlsplit(self._uri)._replace(path=f"/{name}"))

    def close(self) -> None:
        """Remove the virtual hosts made."""
        for name in self._made:
            if self._management:
                self._call("DELETE", f"/api/vhosts/{name}")
            else:
                _rabbitmqctl("delete_vhost", name)
        if self._container:
            self._container.stop()

    def answers(self) -> bool:
        """Whether the broker can be used, and virtual hosts made."""
        try:
            with Connection(self._uri, connect_timeout=3) as connection:
                connection.connect()
            if self._management is None:
                return shutil.which("rabbitmqctl") is not None
            self._call("GET", "/api/overview")
        except Exception:
            return False
        return True

    def _call(self, method: str, path: str, body=None) -> None:
        response = requests.request(method, f"{self._management}{path}", json=body, timeout=10)
        response.raise_for_status()


def find_postgresql() -> RealPostgreSQL | None:
    """The server that the variable names, one on localhost, one in a container, or None."""
    named = os.environ.get("JIUSHU_TEST_DATABASE_URL")
    server = RealPostgreSQL(make_url(named or "postgresql+psycopg2://postgres@127.0.0.1:5432/postgres"))
    if server.answers():
        return server
    if named:
        raise RuntimeError("JIUSHU_TEST_DATABASE_URL is set, but nothing answers there")
    return _contained_postgresql()


def find_rabbitmq() -> RealRabbitMQ | None:
    """The broker that the variable names, one on localhost, one in a container, or None."""
    named = os.environ.get("JIUSHU_TEST_AMQP_URI")
    uri = named or "amqp://guest:guest@127.0.0.1:5672/"
    parts = urlsplit(uri)
    host = f"{parts.username or 'guest'}:{parts.password or 'guest'}@{parts.hostname}"
    for management in (f"http://{host}:15672", None):
        broker = RealRabbitMQ(uri, management)
        if broker.answers():
            return broker
    if named:
        raise RuntimeError(
            "JIUSHU_TEST_AMQP_URI is set, but no broker on which virtual hosts can be made answers there"
        )
    return _contained_rabbitmq()


def _engine_answers() -> bool:
    import docker

    with warnings.catch_warnings():
        # the client leaves the socket on which nobody answered to the collector
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            client = docker.from_env(timeout=3)
            client.ping()
            client.close()
        except Exception:
            answers = False
        else:
            answers = True
        gc.collect()
    return answers


def _contained_postgresql() -> RealPostgreSQL | None:
    if not _engine_answers():
        return None
    from testcontainers.postgres import PostgresContainer

    container = PostgresContainer("postgres:17", driver="psycopg2")
    container.start()
    return RealPostgreSQL(make_url(container.get_connection_url()), container)


def _contained_rabbitmq() -> RealRabbitMQ | None:
    if not _engine_answers():
        return None
    from testcontainers.rabbitmq import RabbitMqContainer

    container = RabbitMqContainer("rabbitmq:4.0-management").with_exposed_ports(5672, 15672)
    container.start()
    host = container.get_container_host_ip()
    uri = f"amqp://guest:guest@{host}:{container.get_exposed_port(5672)}/"
    return RealRabbitMQ(uri, f"http://guest:guest@{host}:{container.get_exposed_port(15672)}", container)


def _rabbitmqctl(*arguments: str) -> None:
    subprocess.run(["rabbitmqctl", "--quiet", *arguments], check=True, capture_output=True, timeout=60)
