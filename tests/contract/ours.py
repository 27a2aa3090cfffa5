"""The contracts, services and samples of this repository, whatever else is installed."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path

from shared.cli.contracts import all_events, participants

HERE = Path(__file__).parent
SAMPLES = HERE / "samples"
NAMES = sorted(
    entry.name for entry in entry_points(group="jiushu.services") if entry.value.startswith("services.")
)
EVENTS = [event for event in all_events() if event.owner() in NAMES]
_TYPES = {event.type for event in EVENTS}
PARTICIPANTS = [
    replace(one, hears={heard: kind for heard, kind in one.hears.items() if heard in _TYPES})
    for one in participants()
    if one.name in NAMES
]


def sample(event):
    """The frozen envelope of a type."""
    return json.loads((SAMPLES / f"{event.type}.json").read_text(encoding="utf-8"))
