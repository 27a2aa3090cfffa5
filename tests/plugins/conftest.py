"""Distributions of strangers: the example, and small ones that are wrong in one way each."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[1] / "dummy_plugin"


@pytest.fixture(scope="session")
def example(tmp_path_factory):
    """A copy of the example's sources, as a stranger would have them."""
    return Path(shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("stranger") / "example"))


@pytest.fixture(scope="session")
def installed_example(example):
    """A folder with the example installed, for PYTHONPATH; without the internet."""
    target = example.parent / "installed"
    offline = ("--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check")
    command = [sys.executable, "-m", "pip", "install", *offline, "--target", str(target), str(example)]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    return target


@pytest.fixture
def install(tmp_path):
    """Installs a distribution of one module: `install("x", {"jiushu.services": "a = x:A"}, "source")`."""

    def installed(name: str, groups: dict[str, str], source: str = "") -> str:
        metadata = tmp_path / f"{name}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        entries = "".join(f"[{group}]\n{entry}\n" for group, entry in groups.items())
        (metadata / "entry_points.txt").write_text(entries)
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
        return str(tmp_path)

    return installed


@pytest.fixture
def jiushu():
    """Runs the command line with folders of strangers' distributions and settings."""

    def run(*arguments: str, path: str | Path = "", **environment: str) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("JIUSHU_")}
        return subprocess.run(
            [sys.executable, "-m", "shared.cli", *arguments],
            env={**inherited, "NO_COLOR": "1", "COLUMNS": "300", "PYTHONPATH": str(path), **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
