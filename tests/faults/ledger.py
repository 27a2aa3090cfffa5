"""The ledger, kept apart from the bus: what the writers meant to do, what was committed, and what became of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

BEGUN, COMMITTED, ROLLED_BACK, UNKNOWN = "begun", "committed", "rolled-back", "unknown"


@dataclass(frozen=True)
class Entry:
    """One change, or one effect of it."""

    key: str
    intent: str


@dataclass
class Verdict:
    """What the ledger finds wrong, each with the place where it is."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    ghosts: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.lost or self.doubled or self.out_of_order or self.ghosts)

    def compare(self, where: str, expected: Sequence[Entry], found: Sequence[Entry]) -> None:
        """`found` must be `expected`, each once, in the same order within each key."""
        self.lost += [f"{where}: {entry}" for entry in _without(expected, found)]
        self.ghosts += [f"{where}: {entry}" for entry in _without(found, expected)]
        self.doubled += [
            f"{where}: {entry} x {times}" for entry, times in Counter(found).items() if times > 1
        ]
        wanted = _by_key(expected)
        for key, intents in _by_key(found).items():
            first_ones = list(dict.fromkeys(intents))
            present = [intent for intent in wanted.get(key, []) if intent in set(first_ones)]
            known = [intent for intent in first_ones if intent in set(present)]
            if known != present:
                self.out_of_order.append(f"{where}: {key}")

    def compare_intents(self, outcomes: dict[str, str], committed: Iterable[str]) -> None:
        """What a writer was told is so: committed is there, rolled back is not, and nothing else is."""
        there = set(committed)
        self.lost += [
            f"committed: {name}" for name, end in outcomes.items() if end == COMMITTED and name not in there
        ]
        self.ghosts += [f"rolled back: {name}" for name in there if outcomes.get(name) in (ROLLED_BACK, None)]


def outcomes(path: Path) -> dict[str, str]:
    """How each intent ended, as far as its writer lived to say so."""
    found: dict[str, str] = {}
    for line in path.read_text().splitlines():
        outcome, _, intent = line.partition(" ")
        found[intent] = outcome
    return found


def _without(entries: Iterable[Entry], others: Iterable[Entry]) -> list[Entry]:
    known = set(others)
    return [entry for entry in dict.fromkeys(entries) if entry not in known]


def _by_key(entries: Iterable[Entry]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        grouped[entry.key].append(entry.intent)
    return grouped
