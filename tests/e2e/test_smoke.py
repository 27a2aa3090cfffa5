"""`jiushu smoke`: chain 1 on a suite that is running, with a clock that nobody moves."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from shared.demo.processes import ServiceProcess
from shared.suite import service_names


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    directory = tmp_path_factory.mktemp("smoke")
    process = ServiceProcess(service_names(), {}, directory)
    process.start()
    process.wait_until_ready()
    yield process, directory
    process.stop()


def smoke(directory, url):
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "shared.cli", "smoke", url],
        env=os.environ | {"JIUSHU_VAR_DIR": str(directory)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_chain_holds_in_real_time_and_again_in_another_community(suite):
    process, directory = suite
    for _ in range(2):
        done = smoke(directory, process.url)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "全链贯通" in done.stdout


def test_where_nobody_answers_it_says_so(tmp_path):
    done = smoke(tmp_path, "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "断链" in done.stdout
