"""What the how-to pages take for granted: a place with a grid, a service that is up, somebody who runs the broker."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.access.tokens import Tokens
from shared.demo.processes import ServiceProcess
from shared.demo.stage import Stage
from shared.kernel.clock import FileClock
from tests.e2e.conftest import SilentTeller
from tests.how_to import EXAMPLES
from tests.how_to.broker import NoOperator, Operator
from tests.real import cannot_run


@dataclass
class Street:
    """Services that are up, and the places registered with them."""

    process: ServiceProcess
    stage: Stage
    directory: Path

    def start(self) -> None:
        """Up, with a grid and a door."""
        self.process.start()
        self.process.wait_until_ready()
        self.community = self.community_of(self._place("street", "九棵树街道", "110112010", None), "001")
        self.grid = self._place("grid", "示例小区第一网格", "110112010001001", self.community)
        building = self._place("building", "示例小区1号楼", "L1", self.grid)
        self.door = self._place("door", "1号楼1单元", "M11", building)

    def community_of(self, street: str, code: str) -> str:
        """Another community, by its ref."""
        return self._place("community", f"示例社区{code}", f"110112010{code}", street)

    def resident(self) -> str:
        """A resident who can be reached, by its ref."""
        body = {
            "name": "演示居民",
            "phone": "12000000001",
            "door_ref": self.door,
            "contact_class": "resident",
            "basis": "演示数据",
        }
        return str(self.stage.post("/notify/v1/contacts", body)["resident_ref"])

    def report(self, **more: Any) -> dict[str, Any]:
        """A new case."""
        body = {"category": "0203", "place_ref": self.grid, "text": "路灯不亮", "source": "hotline", **more}
        return dict(self.stage.post("/grid/v1/cases", body))

    def _place(self, kind: str, name: str, code: str, parent_ref: str | None) -> str:
        body = {"kind": kind, "name": name, "code": code, "parent_ref": parent_ref}
        return str(self.stage.post("/grid/v1/places", body)["id"])


def street_with(services: Sequence[str], environment: dict[str, str], directory: Path) -> Street:
    """These services, ready to be started in one process."""
    process = ServiceProcess(services, environment, directory)
    urls = dict.fromkeys(services, process.url)
    tokens = Tokens.from_file(directory / "token.key")
    stage = Stage(urls, tokens, FileClock(directory / "clock"), SilentTeller())
    return Street(process, stage, directory)


@pytest.fixture(scope="module")
def operator(rabbitmq):
    """Whoever runs the broker."""
    try:
        return Operator(rabbitmq, rabbitmq.new_vhost())
    except NoOperator:
        return cannot_run("rabbitmqctl")


@pytest.fixture(scope="module")
def street(operator, tmp_path_factory):
    """grid and notify on a real broker."""
    directory, services = tmp_path_factory.mktemp("street"), ["grid", "notify"]
    environment = {"JIUSHU_AMQP_URI": operator.uri}
    command = [sys.executable, "-m", "shared.cli", "migrate", *services]
    own = {"JIUSHU_VAR_DIR": str(directory), **environment}
    subprocess.run(command, env={**os.environ, **own}, check=True, timeout=60)
    street = street_with(services, environment, directory)
    try:
        street.start()
        yield street
    finally:
        street.process.stop()


@pytest.fixture(scope="module")
def outsider(operator):
    """Another system, with the rights that the page gives it."""
    outsider = operator.grant()
    yield outsider
    operator.dismiss(outsider)


@pytest.fixture(params=["python", "node"])
def program(request):
    """The command that runs the example, in each language."""
    if request.param == "python":
        return [sys.executable, str(EXAMPLES / "subscriber.py")]
    node = shutil.which("node")
    if node is None or not (EXAMPLES / "node_modules" / "amqplib").is_dir():
        cannot_run("amqplib (npm ci --prefix docs/how-to/examples)")
    return [node, str(EXAMPLES / "subscriber.mjs")]
