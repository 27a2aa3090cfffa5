"""`jiushu demo-street`: the whole demonstration street into a suite that is running; it says how long that took."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import requests

from shared.access.tokens import Tokens


def load(directory, url):
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "shared.cli", "demo-street", url],
        env=os.environ | {"JIUSHU_VAR_DIR": str(directory)},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.timeout(600)  # a whole street, twice
def test_the_street_is_loaded_through_the_doors_and_again_changes_nothing(embedded):
    embedded.start()
    (process,) = embedded.processes
    done = load(embedded.directory, process.url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "户 15220 行：新建 15220" in done.stdout
    assert "物业管理区域：新建 40" in done.stdout
    assert "组织 72 行：新建 72" in done.stdout
    assert "网格力量 446 行：新建 446" in done.stdout
    assert "楼门长 622 行：新建 622" in done.stdout
    again = load(embedded.directory, process.url)
    assert "场所 784 行：新建 0，更改 0，未变 784" in again.stdout
    assert "户 15220 行：新建 0，更改 0，未变 15220" in again.stdout
    assert "物业管理区域：新建 0" in again.stdout
    assert "组织 72 行：新建 0，更改 0，未变 72" in again.stdout
    assert "网格力量 446 行：新建 0，更改 0，未变 446" in again.stdout
    assert "楼门长 622 行：新建 0，更改 0，未变 622" in again.stdout
    token = Tokens.from_file(embedded.directory / "token.key").issue("x", "street")
    located = requests.get(
        f"{process.url}/grid/v1/locate?longitude=116.661&latitude=39.891",
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )
    assert located.json()["grid"]["code"] == "110112010901001"


def test_where_nobody_answers_it_says_so(tmp_path):
    done = load(tmp_path, "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "未能载入" in done.stdout
