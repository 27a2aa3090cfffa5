"""The broker as its operator and as an outsider know it."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from amqp.exceptions import NotFound
from kombu import Connection

from shared.kernel.ids import new_id
from tests.how_to import EXAMPLES
from tests.real import RealRabbitMQ

PASSWORD = "only-for-tests"
GRANT = (EXAMPLES / "grant_feed.sh").read_text(encoding="utf-8")


class NoOperator(Exception):
    """The broker answers, but nobody here may run its rabbitmqctl."""


class Operator:
    """Whoever may run rabbitmqctl: beside the broker, or in its container."""

    def __init__(self, rabbitmq: RealRabbitMQ, uri: str) -> None:
        """`uri` names the virtual host. Raises NoOperator."""
        self._container: Any = rabbitmq._container
        self.uri = uri
        self.vhost = urlsplit(uri).path.removeprefix("/")
        is_here = urlsplit(uri).hostname in ("127.0.0.1", "localhost") and shutil.which("rabbitmqctl")
        if not self._container and not is_here:
            raise NoOperator()

    def run(self, script: str, *arguments: str, stdin: str = "") -> str:
        """What a shell script says. Raises CalledProcessError."""
        command = ["bash", "-c", script, "script", *arguments]
        if self._container:
            command = ["bash", "-c", f"printf %s {shlex.quote(stdin)} | {shlex.join(command)}"]
            done = self._container.exec(command)
            if done.exit_code:
                raise subprocess.CalledProcessError(done.exit_code, command, done.output)
            return str(done.output, "utf-8")
        return subprocess.run(
            command, input=stdin, check=True, capture_output=True, text=True, timeout=60
        ).stdout

    def grant(self, *heard: str) -> Outsider:
        """A new outsider with the documented rights."""
        name = f"city{new_id()[-12:]}"
        self.run(GRANT, name, self.vhost, *heard, stdin=PASSWORD)
        parts = urlsplit(self.uri)
        netloc = f"{name}:{PASSWORD}@{parts.hostname}:{parts.port or 5672}"
        return Outsider(name, urlunsplit(parts._replace(netloc=netloc)))

    def close_connections_of(self, outsider: Outsider) -> None:
        """As when the broker is stopped."""
        self.run("rabbitmqctl close_all_user_connections $1 'closed by a test'", outsider.name)

    def consumers_of(self, queue: str) -> int:
        """How many consume a queue; none where there is no such queue."""
        with Connection(self.uri) as connection:
            try:
                return int(connection.channel().queue_declare(queue, passive=True).consumer_count)
            except NotFound:
                return 0

    def policies_of_queues(self) -> dict[str, str]:
        """Which policy bounds which queue."""
        listed = self.run("rabbitmqctl --quiet list_queues --no-table-headers -p $1 name policy", self.vhost)
        rows = (line.partition("\t") for line in listed.splitlines())
        return {name: policy.strip() for name, _, policy in rows}

    def dismiss(self, outsider: Outsider) -> None:
        """Nobody of that name any more."""
        self.run("rabbitmqctl delete_user $1", outsider.name)


@dataclass(frozen=True)
class Outsider:
    """A user of the broker, and its address for that user."""

    name: str
    uri: str

    def new_queue(self) -> str:
        """A name for a queue that it may have."""
        return f"ext.{self.name}.{new_id()}"

    def through(self, port: int) -> str:
        """The broker's address through a wire on that port of this machine."""
        return self.uri.replace(urlsplit(self.uri).netloc, f"{self.name}:{PASSWORD}@127.0.0.1:{port}")

    def connect(self) -> Connection:
        """A connection with its rights."""
        return Connection(self.uri, connect_timeout=5)
