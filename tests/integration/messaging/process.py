"""The toy listener as a process of its own, which can be killed: `python -m tests.integration.messaging.process URL`.

It works what is in its inbox until its standard input is closed; with `suite` for a lease's length, as a service of a
whole suite (nameko, eventlet, HTTP), until SIGTERM.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

LEASE_OF_ALL = 3.5
LEASE_SECONDS = 0.5  # the tests wait for its end after each death


class Process:
    """The process from outside."""

    def __init__(self, url: str, kind: float | str = LEASE_SECONDS, **environment: str) -> None:
        self._command = [sys.executable, "-W", "ignore", "-m", __name__, url, str(kind)]
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self._environment
        )
        assert self._process.stdout.readline() == b"started\n"

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def send(self, number: int) -> None:
        self._process.send_signal(number)

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self._end()

    def end_code(self) -> int:
        """How it ended by itself."""
        return self._process.wait(timeout=30)

    def stop(self) -> None:
        """In order, if it lives."""
        if self._process is not None:
            self._process.stdin.close()
            self._end()

    def _end(self) -> None:
        self._process.wait(timeout=30)
        self._process.stdout.close()
        if not self._process.stdin.closed:
            self._process.stdin.close()


def main(url: str, seconds: float) -> None:
    """The process from inside."""
    from shared.messaging import caution
    from shared.messaging.embedded import EmbeddedBus
    from shared.messaging.holder import Holder
    from shared.messaging.lease import Lease
    from shared.persistence.database import Database
    from tests.integration.messaging.toy import LISTENER, application

    caution.SPREAD_SECONDS *= seconds / LEASE_OF_ALL
    database = Database(url)
    holder = Holder(application(LISTENER, database), EmbeddedBus(), Lease(database, seconds))
    print("started", flush=True)  # before it is: what it is given may end it at once
    holder.start()
    while os.read(0, 1):
        time.sleep(0.1)
    holder.stop()
    database.dispose()


def as_suite(url: str) -> None:
    """The process from inside, as `jiushu run` runs a service."""
    from shared import suite

    suite.patch()

    from shared.messaging.embedded import EmbeddedBus
    from shared.persistence.database import Database
    from shared.service import Service
    from shared.settings import Settings
    from tests.integration.messaging.toy import LISTENER, application

    class Listener(Service):
        name = "listener"
        definition = LISTENER

    suite.service_class = lambda _name: Listener
    listener, bus = application(LISTENER, Database(url)), EmbeddedBus()
    listener.migrate = lambda: None
    bus.join(listener)
    running = suite.Suite([suite.Running(listener, bus, Settings.load("listener"))])
    print("started", flush=True)
    running.run()


if __name__ == "__main__":
    if sys.argv[2] == "suite":
        as_suite(sys.argv[1])
    else:
        main(sys.argv[1], float(sys.argv[2]))
