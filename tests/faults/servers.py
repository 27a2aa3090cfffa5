"""Servers of the suite's own, which may be restarted and killed: never the machine's, which others use.

Both run as a user who may not do much, on ports and in a directory of their own.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

from kombu import Connection
from sqlalchemy import create_engine, text

from shared.demo.processes import free_port

PATIENCE_SECONDS = 90
_POSTGRESQL_FOLDERS = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
_RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


class DidNotAnswer(Exception):
    """A server that was started and cannot be used."""


def can_be_started() -> bool:
    """Whether PostgreSQL and RabbitMQ are installed, so that servers of one's own can be started."""
    return _postgresql("initdb") is not None and _RABBITMQ.exists()


class PrivatePostgreSQL:
    """A PostgreSQL server with its own data directory."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self._data = directory / "postgresql"
        self._user = _somebody_else("postgres")
        _give(directory, self._data, self._user)
        self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=300"
        self._run("pg_ctl", "-D", self._data, "-w", "-o", options, "-l", self._data / "log", "start")

    def restart(self) -> None:
        """As after a crash: nobody is waited for, and what was committed is recovered from the log."""
        self.end()
        self.start()

    def end(self) -> None:
        """Stop it as a crash would."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")

    def new_database(self, name: str) -> str:
        """Make an empty database; its URL."""
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        engine.dispose()
        return self.url(name)

    def url(self, name: str, port: int | None = None) -> str:
        """The URL of a database, through another port where one is given."""
        return f"postgresql+psycopg2://postgres@127.0.0.1:{port or self.port}/{name}"

    def _run(self, tool: str, *arguments: object) -> None:
        program = _postgresql(tool)
        if program is None:
            raise DidNotAnswer("PostgreSQL is not installed")
        command = [str(program), *map(str, arguments)]
        # with its output on a pipe, pg_ctl would be waited for as long as the server lives
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", check=False, **self._user
        )
        if done.returncode:
            log = self._data / "log"
            raise DidNotAnswer(f"{tool}: {log.read_text()[-2000:] if log.exists() else done.returncode}")


class PrivateRabbitMQ:
    """A broker with its own node name, ports and data directory."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self._directory = directory / "rabbitmq"
        self._user = _somebody_else("rabbitmq")
        _give(directory, self._directory, self._user)
        (self._directory / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{self.port}\n")
        (self._directory / "enabled_plugins").write_text("[].\n")
        cookie = self._directory / ".erlang.cookie"
        cookie.write_text("OFTHESUITESOWN")
        cookie.chmod(0o400)
        if "user" in self._user:
            shutil.chown(cookie, self._user["user"])
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def uri(self) -> str:
        """Where it is reached directly."""
        return self.uri_through(self.port)

    def uri_through(self, port: int) -> str:
        """Where it is reached through another port."""
        return f"amqp://guest:guest@127.0.0.1:{port}//"

    def start(self) -> None:
        """Start it and wait until it answers."""
        node, here = f"jiushu-faults-{self.port}@localhost", str(self._directory)
        environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": here,
            "RABBITMQ_NODENAME": node,
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": f"{here}/mnesia",
            "RABBITMQ_LOG_BASE": f"{here}/log",
            "RABBITMQ_CONFIG_FILE": f"{here}/rabbitmq",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{here}/enabled_plugins",
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }
        with (self._directory / "output").open("ab") as output:
            # a group of its own: the server is several processes, of which SIGKILL must reach each
            self._process = subprocess.Popen(
                [str(_RABBITMQ)],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=here,
                start_new_session=True,
                **self._user,
            )
        self._wait()

    def restart(self) -> None:
        """Stop it as an operator does, and start it."""
        self._end(signal.SIGTERM)
        self.start()

    def kill(self) -> None:
        """SIGKILL, and start it again."""
        self._end(signal.SIGKILL)
        self.start()

    def end(self) -> None:
        """End it for good."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        os.killpg(self._process.pid, number)
        self._process.wait(timeout=PATIENCE_SECONDS)
        self._process = None

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with Connection(self.uri, connect_timeout=2) as connection:
                    connection.connect()
                return
            except Exception as error:
                if time.monotonic() > until:
                    output = (self._directory / "output").read_text()[-2000:]
                    raise DidNotAnswer(f"RabbitMQ: {output}") from error
                time.sleep(0.2)


def _postgresql(tool: str) -> Path | None:
    found = [folder / tool for folder in _POSTGRESQL_FOLDERS if (folder / tool).exists()]
    named = shutil.which(tool)
    return found[0] if found else Path(named) if named else None


def _somebody_else(name: str) -> dict[str, object]:
    """Neither server runs as root; whoever else runs the tests owns the servers, too."""
    if os.getuid() != 0:
        return {}
    user = pwd.getpwnam(name)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _give(directory: Path, inner: Path, user: dict[str, object]) -> None:
    inner.mkdir(mode=0o700)
    if user:
        directory.chmod(0o711)  # to be passed through, not to be read
        shutil.chown(inner, user["user"], user["group"])
