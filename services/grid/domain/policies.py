"""Decisions without I/O that plugins may take over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from services.grid.domain.categories import RECEIVERS, STREET_ITSELF, Category

BUILT_IN = "first_receiver"
COMMUNITY = "community"


@dataclass(frozen=True)
class Candidate:
    """A party that might be responsible for a matter at a place."""

    party_ref: str
    kind: str
    name: str


@dataclass(frozen=True)
class Choice:
    """Who gets the matter, and why, in words. `party_ref` None: the street itself. `is_provisional`: until it is found
    whose it is."""

    party_ref: str | None
    name: str
    reason: str
    is_provisional: bool = False


class ReceiverRefused(Exception):
    """A rule chose somebody who may not be given a matter."""


def permitted(choice: Choice, candidates: Sequence[Candidate]) -> Choice:
    """The choice, its receiver by its own name: the street itself, or a candidate that is no community (gate G2).

    Raises ReceiverRefused for anybody else.
    """
    if choice.party_ref is None:
        return replace(choice, name=RECEIVERS[STREET_ITSELF])
    for candidate in candidates:
        if candidate.party_ref == choice.party_ref and candidate.kind != COMMUNITY:
            return replace(choice, name=candidate.name)
    raise ReceiverRefused(choice.party_ref)


@runtime_checkable
class DispatchRule(Protocol):
    """派单规则 Chooses the responsible party. A rule never chooses a community (gate G2): one that does is not heeded,
    and the built-in rule chooses instead."""

    api: int

    def choose(self, category: Category, candidates: Sequence[Candidate]) -> Choice:
        """The first receiver out of the parties whose areas hold the place."""
