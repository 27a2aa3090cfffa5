"""Decisions without I/O that plugins may take over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from services.grid.domain.categories import Category


@dataclass(frozen=True)
class Candidate:
    """A party that might be responsible for a matter at a place."""

    party_ref: str
    kind: str
    name: str


@dataclass(frozen=True)
class Choice:
    """Who gets the matter, and why, in words. `party_ref` None: the street itself."""

    party_ref: str | None
    name: str
    reason: str


@runtime_checkable
class DispatchRule(Protocol):
    """派单规则 Chooses the responsible party. A rule never chooses a community (gate G2)."""

    api: int

    def choose(self, category: Category, candidates: Sequence[Candidate]) -> Choice:
        """The first receiver out of the parties whose areas hold the place."""
