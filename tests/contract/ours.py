"""The contracts, services and samples of this repository, whatever else is installed."""

from __future__ import annotations

import json
from pathlib import Path

from shared.cli.contracts import all_events, participants

HERE = Path(__file__).parent
SAMPLES = HERE / "samples"
EVENTS = [event for event in all_events() if event.__module__.startswith("shared.contracts.")]
OWNERS = {event.owner() for event in EVENTS}
NAMES = sorted(OWNERS)
PARTICIPANTS = [one for one in participants() if one.name in OWNERS]


def sample(event):
    """The frozen envelope of a type."""
    return json.loads((SAMPLES / f"{event.type}.json").read_text(encoding="utf-8"))
