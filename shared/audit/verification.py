"""Whether an audit trail is as it was sealed: what was altered, removed, inserted or cut off, by number and id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from shared.audit.chain import BEGINNING, Seal, fingerprint
from shared.settings import LEAST_AUDIT_DAYS

ENTRY_ALTERED, ENTRY_REMOVED, ENTRY_INSERTED = "entry_altered", "entry_removed", "entry_inserted"
SEAL_ALTERED, SEAL_REMOVED, CUT_OFF, EXPIRED_EARLY = (
    "seal_altered",
    "seal_removed",
    "cut_off",
    "expired_early",
)
WORDS = {
    ENTRY_ALTERED: (
        "第 {seal} 号封存中的第 {entry} 条记录被改动",
        "entry {entry} of seal {seal} was altered",
    ),
    ENTRY_REMOVED: (
        "第 {seal} 号封存中的第 {entry} 条记录被删除",
        "entry {entry} of seal {seal} was removed",
    ),
    ENTRY_INSERTED: (
        "第 {seal} 号封存中被插入第 {entry} 条记录",
        "entry {entry} was inserted into seal {seal}",
    ),
    SEAL_ALTERED: ("第 {seal} 号封存被改动", "seal {seal} was altered"),
    SEAL_REMOVED: ("第 {seal} 号封存被删除", "seal {seal} was removed"),
    CUT_OFF: ("末尾被截断：第 {seal} 号封存在其他服务有存底", "cut off: others keep seal {seal}"),
    EXPIRED_EARLY: ("第 {seal} 号封存未到期就被清除", "seal {seal} was emptied before its time"),
}

# seal number -> the hashes that others keep of it
Kept = Mapping[int, set[str]]


@dataclass(frozen=True)
class Wrong:
    """Something that is not as it was sealed."""

    kind: str
    seal: int
    entry: int | None = None

    @property
    def told(self) -> str:
        """In words: Chinese, then English."""
        zh, en = (words.format(seal=self.seal, entry=self.entry) for words in WORDS[self.kind])
        return f"{zh} ({en})"


def examine(
    service: str,
    seals: Iterable[Seal],
    entries_under: Callable[[int], Iterable[Mapping[str, Any]]],
    numbers_on_entries: Iterable[int],
    kept: Kept,
    now: datetime,
    audit_days: int = LEAST_AUDIT_DAYS,
) -> Iterator[Wrong]:
    """All that is wrong with a service's trail: its seals in their order, the entries that are marked with each of
    them, the numbers that stand on entries, and what the other services keep. A seal expires `audit_days` after it was
    made, and not in the future. Of the seals it holds three at a time."""
    age = timedelta(days=max(audit_days, LEAST_AUDIT_DAYS))
    found: set[int] = set()
    last = 0
    for before, seal, after in _with_neighbours(seal for seal in seals if seal.number > 0):
        number = seal.number
        yield from (Wrong(SEAL_REMOVED, missing) for missing in range(last + 1, number))
        if not _is_genuine(service, seal, before, after, kept):
            yield Wrong(SEAL_ALTERED, number)
        else:
            if seal.expired_at is not None and not seal.sealed_at + age <= seal.expired_at <= now:
                yield Wrong(EXPIRED_EARLY, number)
            yield from _compare(seal, entries_under(number))
        found.add(number)
        last = number
    yield from (Wrong(CUT_OFF, number) for number in sorted(kept) if number > last)
    for number in sorted(set(numbers_on_entries) - found - kept.keys()):
        if number > last or number < 1:
            yield from (Wrong(ENTRY_INSERTED, number, entry["id"]) for entry in entries_under(number))


def _with_neighbours(seals: Iterable[Seal]) -> Iterator[tuple[Seal | None, Seal, Seal | None]]:
    """Each seal between the one before and the one after it, where these are there."""
    before: Seal | None = None
    seal: Seal | None = None
    for after in chain(seals, [None]):
        if seal is not None:
            yield _next_to(seal, before, -1), seal, _next_to(seal, after, 1)
        before, seal = seal, after


def _next_to(seal: Seal, other: Seal | None, distance: int) -> Seal | None:
    return other if other is not None and other.number == seal.number + distance else None


def _is_genuine(service: str, seal: Seal, before: Seal | None, after: Seal | None, kept: Kept) -> bool:
    """Whole in itself, and the one that others keep; what nobody keeps, its neighbours vouch for."""
    if not seal.is_whole(service):
        return False
    if seal.number in kept:
        return kept[seal.number] == {seal.hash}
    if seal.number == 1 and seal.previous != BEGINNING:
        return False
    if before is not None and before.number in kept and kept[before.number] != {seal.previous}:
        return False
    return after is None or not after.is_whole(service) or after.previous == seal.hash


def _compare(seal: Seal, entries: Iterable[Mapping[str, Any]]) -> Iterator[Wrong]:
    listed, present = seal.fingerprints, {entry["id"]: fingerprint(entry) for entry in entries}
    for id in sorted(listed.keys() | present.keys()):
        if id not in present:
            yield Wrong(ENTRY_REMOVED, seal.number, id)
        elif id not in listed:
            yield Wrong(ENTRY_INSERTED, seal.number, id)
        elif present[id] != listed[id]:
            yield Wrong(ENTRY_ALTERED, seal.number, id)


def by_number(kept: Sequence[tuple[int, str]]) -> dict[int, set[str]]:
    """What several services keep, together."""
    together: dict[int, set[str]] = {}
    for number, hash in kept:
        together.setdefault(number, set()).add(hash)
    return together
