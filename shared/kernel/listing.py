"""A part of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Page:
    """A part of a list, and the id after which the next part begins (None at the end)."""

    items: Sequence[Any]
    next: str | None = None
