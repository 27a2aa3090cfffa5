"""What outsiders read, made from the contracts and nothing else: JSON Schema, AsyncAPI, the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Participant:
    """A service as documents show it. `hears` says the kind of each of its subscriptions, by event type."""

    name: str
    title: str
    hears: Mapping[str, Literal["copy", "start", "advance"]]
