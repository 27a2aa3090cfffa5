"""Services as processes of one's own: started, waited for, stopped, killed, started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import requests

START_SECONDS = 40.0


class DidNotStart(Exception):
    """A process that ended, or was not ready in time; the text holds the end of its log."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ServiceProcess:
    """`jiushu run` with some services, its log in a file."""

    def __init__(self, services: Sequence[str], environment: Mapping[str, str], directory: Path) -> None:
        self.services = list(services)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = directory / f"{'-'.join(services)}.log"
        own = {
            "JIUSHU_HTTP_PORT": str(self.port),
            "JIUSHU_VAR_DIR": str(directory),
            "JIUSHU_LOG_FORMAT": "text",
            "JIUSHU_RATE_PER_MINUTE": "0",  # few identities do in minutes here what takes a year
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("JIUSHU_")}
        self._environment = {**inherited, **own, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; `wait_until_ready` says when it can be used."""
        command = [sys.executable, "-m", "shared.cli", "run", *self.services]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)

    def wait_until_ready(self) -> None:
        """Until every service says that it is. Raises DidNotStart."""
        until = time.monotonic() + START_SECONDS
        while not all(self._is_ready(service) for service in self.services):
            if self._process is None or self._process.poll() is not None or time.monotonic() > until:
                raise DidNotStart(f"{self.services}: {self.end_of_log()}")
            time.sleep(0.1)

    def stop(self) -> None:
        """SIGTERM, and wait for its end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL: it gets no chance to do anything more."""
        self._signal(signal.SIGKILL)

    def end_of_log(self) -> str:
        """The last lines that it wrote."""
        lines = (
            self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []
        )
        return "\n".join(lines[-20:])

    def _is_ready(self, service: str) -> bool:
        try:
            return requests.get(f"{self.url}/{service}/v1/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(timeout=40)
        self._process = None
