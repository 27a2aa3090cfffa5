"""docs/reliability.md speaks of all sixty cases, and what it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared.messaging import failpoints
from tests.faults import plan

ROOT = Path(__file__).parents[2]
ROWS = re.findall(
    r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|$", (ROOT / "docs/reliability.md").read_text(), re.MULTILINE
)
TESTS = {
    name
    for file in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE)
}
STEPS = {
    step.act
    for steps in (
        plan.service_steps(1, "second", plan.POINTS["second"], plan.LONG, 2),
        plan.network_steps(1, plan.LONG),
        plan.server_steps(1, plan.LONG),
        plan.message_steps(1, plan.LONG),
    )
    for step in steps
}


def test_each_of_the_sixty_cases_has_its_line():
    assert [int(number) for number, _, _ in ROWS] == list(range(1, 61))


@pytest.mark.parametrize(("number", "proof"), [(row[0], row[2]) for row in ROWS])
def test_what_a_line_names_exists(number, proof):
    named = re.findall(r"`([^`]+)`", proof)
    assert named, f"case {number} names no proof"
    for name in named:
        assert exists(name), f"case {number}: there is no {name}"


def exists(name):
    if name.startswith("plan: "):
        return name.removeprefix("plan: ") in STEPS
    if name.startswith("test_"):
        return name in TESTS
    return name in failpoints.POINTS or (ROOT / name).exists()
