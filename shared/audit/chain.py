"""The chain of seals (封存链): plain hashes over entries, each seal with that of the one before it.

Whoever changes, removes or adds an entry has to change its seal, and every later one; the other services keep the
seals as they were.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

BEGINNING = "0" * 64
FIELDS = (
    "id",
    "at",
    "actor",
    "role",
    "scope",
    "address",
    "operation",
    "object",
    "subject",
    "status",
    "code",
    "purpose",
    "journey",
)


@dataclass(frozen=True)
class Seal:
    """封存 A batch of entries under one hash. `entries` names each by id and fingerprint, until the seal expires."""

    number: int
    sealed_at: datetime
    previous: str
    count: int
    digest: str
    hash: str
    entries: str | None
    expired_at: datetime | None = None

    @property
    def fingerprints(self) -> dict[int, str]:
        """The fingerprint of each entry, by its id; none once it has expired. Raises ValueError for a broken list."""
        listed = self.entries if self.expired_at is None else None
        pairs = (line.split(" ") for line in (listed or "").splitlines())
        return {int(id): fingerprint for id, fingerprint in pairs}

    def is_whole(self, service: str) -> bool:
        """Whether its parts still have its hash."""
        if self.expired_at is None and not self._lists_its_entries():
            return False
        return self.has_its_hash(service)

    def has_its_hash(self, service: str) -> bool:
        """The same, whatever entries it lists."""
        return self.hash == _hash(
            service, self.number, self.sealed_at, self.previous, self.count, self.digest
        )

    def _lists_its_entries(self) -> bool:
        if self.entries is None or _hashed(self.entries) != self.digest:
            return False
        try:
            return len(self.fingerprints) == self.count
        except ValueError:
            return False


def sealed(
    service: str, number: int, previous: str, sealed_at: datetime, entries: Iterable[Mapping[str, Any]]
) -> Seal:
    """The seal of these entries, after the one whose hash is `previous`."""
    lines = [f"{entry['id']} {fingerprint(entry)}" for entry in entries]
    text = "\n".join(lines)
    digest = _hashed(text)
    hash = _hash(service, number, sealed_at, previous, len(lines), digest)
    return Seal(number, sealed_at, previous, len(lines), digest, hash, text)


def fingerprint(entry: Mapping[str, Any]) -> str:
    """The hash of one entry in its canonical form, alike on both databases."""
    return _hashed(_canonical(*(entry[name] for name in FIELDS)))


def _hash(service: str, number: int, sealed_at: datetime, previous: str, count: int, digest: str) -> str:
    return _hashed(_canonical(service, number, sealed_at, previous, count, digest))


def _canonical(*values: Any) -> str:
    plain = [value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value for value in values]
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
