"""Whether an audit trail is as it was sealed: what was altered, removed, inserted or cut off, by number and id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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
    """All that is wrong with a service's trail: its seals, the entries that are marked with each of them, the numbers
    that stand on entries, and what the other services keep. A seal expires `audit_days` after it was made, and not in
    the future."""
    age = timedelta(days=max(audit_days, LEAST_AUDIT_DAYS))
    found = {seal.number: seal for seal in seals}
    last = max(found, default=0)
    yield from (Wrong(CUT_OFF, number) for number in sorted(kept) if number > last)
    for number in range(1, last + 1):
        seal = found.get(number)
        if seal is None:
            yield Wrong(SEAL_REMOVED, number)
        elif not _is_genuine(service, seal, found, kept):
            yield Wrong(SEAL_ALTERED, number)
        else:
            if seal.expired_at is not None and not seal.sealed_at + age <= seal.expired_at <= now:
                yield Wrong(EXPIRED_EARLY, number)
            yield from _compare(seal, entries_under(number))
    for number in sorted(set(numbers_on_entries) - found.keys() - kept.keys()):
        if number > last or number < 1:
            yield from (Wrong(ENTRY_INSERTED, number, entry["id"]) for entry in entries_under(number))


def _is_genuine(service: str, seal: Seal, found: Mapping[int, Seal], kept: Kept) -> bool:
    """Whole in itself, and the one that others keep; what nobody keeps, its neighbours vouch for."""
    if not seal.is_whole(service):
        return False
    if seal.number in kept:
        return kept[seal.number] == {seal.hash}
    before, after = found.get(seal.number - 1), found.get(seal.number + 1)
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
