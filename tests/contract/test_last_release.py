"""What the last release has promised is kept: its samples can be read, its schemas have only grown."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from shared.cli.main import app
from shared.contracts.compatibility import compare
from shared.contracts.envelope import Envelope
from shared.contracts.fields import schema_inside
from shared.contracts.registry import contract
from tests.contract.ours import EVENTS, SAMPLES

OURS = {event.type: event for event in EVENTS}
FROZEN = sorted(path.name.removesuffix(".json") for path in SAMPLES.glob("*.json"))


def test_no_promise_of_the_last_release_is_broken():
    assert compare(SAMPLES, OURS).broken == []


def test_every_type_has_a_sample():
    new = compare(SAMPLES, OURS).new
    assert not new, f"add tests/contract/samples/<type>.json, an envelope with every field filled, for {new}"


@pytest.mark.parametrize("event_type", FROZEN)
def test_a_sample_has_every_field_filled_so_that_none_can_go_unnoticed(event_type):
    data = Envelope.from_bytes((SAMPLES / f"{event_type}.json").read_bytes()).data
    assert list(empty(contract(event_type)(), data)) == []


def empty(schema, data):
    """The fields without a value, here and inside."""
    for name, field in schema.fields.items():
        value = data.get(name)
        if value in (None, "", []):
            yield name
        elif (inside := schema_inside(field)) is not None:
            for item in value if isinstance(value, list) else [value]:
                yield from empty(inside, item)


def test_the_command_finds_everything_kept_and_exits_0():
    answer = CliRunner().invoke(app, ["contracts", "check", str(SAMPLES)])
    assert answer.exit_code == 0, answer.output
    assert "兼容" in answer.output


@pytest.mark.parametrize("command", ["check", "freeze"])
def test_the_command_asks_for_a_folder_that_exists(command, tmp_path):
    answer = CliRunner().invoke(app, ["contracts", command, str(tmp_path / "nowhere")])
    assert answer.exit_code == 2
    assert "没有目录" in answer.output
