"""The running stack as its operator and as a client know it."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from shared.access.tokens import Tokens
from shared.demo.stage import Stage
from shared.kernel.clock import SystemClock
from tests.contract.ours import NAMES
from tests.e2e.conftest import SilentTeller

# what takes minutes; `make faults-stack` names the folder
collect_ignore = ["long"]

DEPLOY = Path(__file__).parents[2] / "deploy"
URL = os.environ.get("JIUSHU_URL", "http://127.0.0.1:8080")
NETWORK = "jiushu_inside"
PATIENCE_SECONDS = 120.0  # a broker that was killed needs a good part of a minute


class Stack:
    """What `make up` has started."""

    services = NAMES

    def run(self, *command: str, stdin: str | None = None, check: bool = True, **variables: str) -> str:
        """What a command says, errors included. Raises CalledProcessError with it."""
        done = subprocess.run(
            command,
            input=stdin,
            env=os.environ | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert not check or done.returncode == 0, f"{' '.join(command)}: {done.stdout}"
        return done.stdout

    def compose(self, *arguments: str, **options) -> str:
        """`docker compose …`, as the Makefile says it."""
        return self.run("docker", "compose", "--project-directory", str(DEPLOY), *arguments, **options)

    def inside(self, service: str, *command: str, **options) -> str:
        """A command in the container of a service."""
        return self.compose("exec", "-T", service, *command, **options)

    def rows(self, service: str, query: str) -> list[list[str]]:
        """What a service's database answers, as texts."""
        psql = ["psql", "--username", "postgres", "--dbname", service, "--no-align", "--tuples-only"]
        answer = self.inside("postgres", *psql, "--field-separator", "|", "--command", query)
        return [line.split("|") for line in answer.splitlines()]

    @contextmanager
    def overridden(self, services: dict[str, dict], **more: dict) -> Iterator[None]:
        """The stack with a site's own compose.override.yml, in which these services are otherwise; then as it was."""
        path = DEPLOY / "compose.override.yml"
        assert not path.exists(), f"{path} is the site's own"
        up = ["up", "--detach", "--no-deps", "--no-build", "--wait", "--timeout", "10"]
        ours = [name for name in services if name in self.compose("config", "--services").split()]
        others = [name for name in services if name not in ours]
        try:
            path.write_text(json.dumps({"services": services, **more}), encoding="utf-8")
            self.compose(*up, *services)
            self.wait_until_ready()
            yield
        finally:
            if others:
                self.compose("rm", "--stop", "--force", *others, check=False)
            path.unlink()
            self.compose(
                "up", "--detach", "--no-deps", "--no-build", "--wait", *(set(services) - set(others))
            )
            self.wait_until_ready()

    def stage(self) -> Stage:
        """A client in front of the front door, with the stack's own key."""
        tokens = Tokens.from_file(DEPLOY / "secrets" / "token_key")
        return Stage(dict.fromkeys(NAMES, URL), tokens, SystemClock(), SilentTeller(), PATIENCE_SECONDS)

    def wait_until_ready(self) -> None:
        """Until each service says so, through the front door."""
        until = time.monotonic() + PATIENCE_SECONDS
        while unready := [service for service in NAMES if not self._is_ready(service)]:
            assert time.monotonic() < until, f"not ready: {unready}"
            time.sleep(0.5)

    def _is_ready(self, service: str) -> bool:
        try:
            return requests.get(f"{URL}/{service}/v1/readyz", timeout=40).ok
        except requests.RequestException:
            return False


@pytest.fixture(scope="session")
def stack():
    """The stack, ready."""
    stack = Stack()
    stack.wait_until_ready()
    return stack
