"""The keys under which personal data lie in the databases (数据密钥): several, one of them current, in one file.

A sealed value says under which key it is: `k1:…`. It is AES-256-GCM, bound to what it is (`contacts.phone`), so that
it cannot be put into another column. Decision 0017.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES, NONCE_BYTES = 32, 12
# longer than any transaction: what was begun under the old key has ended by then
SETTLED = timedelta(minutes=1)
_SEALED = re.compile(r"(k[1-9][0-9]*):([A-Za-z0-9_-]{38,}={0,2})")


class KeysMissing(Exception):
    """The keys that sealed data need are not there; the text says which, and the way out."""


class KeyRefused(Exception):
    """A key that cannot be retired; the text says why."""


@dataclass(frozen=True)
class DataKey:
    """One key, and when it was made."""

    id: str
    secret: bytes
    made_at: datetime


@dataclass(frozen=True)
class _Ring:
    keys: Mapping[str, DataKey]
    current: str
    index: bytes

    @classmethod
    def fresh(cls) -> _Ring:
        return cls({"k1": _new_key("k1")}, "k1", secrets.token_bytes(KEY_BYTES))

    @classmethod
    def read(cls, text: str) -> _Ring:
        plain = json.loads(text)
        keys = {
            id: DataKey(id, base64.b64decode(key["secret"]), datetime.fromisoformat(key["made_at"]))
            for id, key in plain["keys"].items()
        }
        ring = cls(keys, plain["current"], base64.b64decode(plain["index"]))
        if ring.current not in keys or any(len(key.secret) != KEY_BYTES for key in keys.values()):
            raise ValueError("no data keys")
        return ring

    def written(self) -> str:
        keys = {
            key.id: {"secret": base64.b64encode(key.secret).decode(), "made_at": key.made_at.isoformat()}
            for key in self.keys.values()
        }
        plain = {"current": self.current, "keys": keys, "index": base64.b64encode(self.index).decode()}
        return json.dumps(plain, indent=1)


class Keyring:
    """Seals and opens with the keys of a file; a key that another process has added to it is noticed at once.

    Without a file (in tests) the keys are fresh and end with the process.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._ring: _Ring | None = None if path else _Ring.fresh()
        self._stamp: Any = None

    def make(self) -> None:
        """Make the file with a first key where there is none: whole or not at all, its owner's alone."""
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = _draft(self.path, _Ring.fresh())
        try:
            os.link(draft, self.path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()

    @property
    def current(self) -> str:
        """The id of the key under which new values are sealed."""
        return self._now().current

    @property
    def keys(self) -> list[DataKey]:
        """All keys, the oldest first."""
        return sorted(self._now().keys.values(), key=lambda key: key.made_at)

    def seal(self, value: bytes, what: str) -> str:
        """The value under the current key, bound to `what` it is."""
        ring = self._now()
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + AESGCM(ring.keys[ring.current].secret).encrypt(nonce, value, what.encode())
        return f"{ring.current}:{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, sealed: str, what: str) -> bytes:
        """What was sealed. Raises KeysMissing where its key is not here, or it is not what was sealed as `what`."""
        match = _SEALED.fullmatch(sealed)
        if match is None:
            raise KeysMissing(f"{what}：不是加密的值 (not a sealed value)")
        key = self._now().keys.get(match[1])
        if key is None:
            raise KeysMissing(
                f"{what} 用密钥 {match[1]} 加密，{self.path} 中没有这个密钥，请恢复原密钥文件 "
                f"(sealed under {match[1]}, which is not in the key file: restore the right one)"
            )
        raw = base64.urlsafe_b64decode(match[2])
        try:
            return AESGCM(key.secret).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], what.encode())
        except InvalidTag:
            raise KeysMissing(
                f"{what}：密钥 {match[1]} 与数据不符，或数据被改动 "
                f"(the key {match[1]} does not fit, or the value was altered)"
            ) from None

    def index(self, value: str, what: str) -> str:
        """盲索引 By which a sealed value is found: equal for equal values, and not to be guessed without the key."""
        return hmac.new(self._now().index, f"{what}\0{value}".encode(), hashlib.sha256).hexdigest()

    def rotate(self) -> str:
        """轮换 A new current key; its id. What was sealed before stays readable."""
        with self._alone():
            ring = self._now()
            id = f"k{max(int(known[1:]) for known in ring.keys) + 1}"
            self._write(replace(ring, keys={**ring.keys, id: _new_key(id)}, current=id))
        return id

    def retire(self, id: str) -> None:
        """停用 Forget a key under which nothing is sealed any more. Raises KeyRefused."""
        with self._alone():
            ring = self._now()
            if id not in ring.keys:
                raise KeyRefused(f"没有密钥 {id} (there is no key {id})")
            if id == ring.current:
                raise KeyRefused(f"{id} 是当前密钥，请先轮换 (it is the current key: rotate first)")
            if datetime.now(UTC) - ring.keys[ring.current].made_at < SETTLED:
                raise KeyRefused("刚刚轮换过，请一分钟后再停用 (just rotated: retire it in a minute)")
            self._write(replace(ring, keys={known: key for known, key in ring.keys.items() if known != id}))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While nobody else changes the file. The lock is its folder's: the file itself is replaced by each change."""
        if self.path is None:
            yield
            return
        self._now()  # which says what is missing
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _now(self) -> _Ring:
        if self.path is None:
            assert self._ring is not None
            return self._ring
        try:
            found = self.path.stat()
            stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
            if self._ring is None or stamp != self._stamp:
                self._ring = _Ring.read(self.path.read_text(encoding="ascii"))
                self._stamp = stamp
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise KeysMissing(
                f"无法读取数据密钥文件 {self.path}，请恢复备份；JIUSHU_DATA_KEY_FILE 指定其位置 "
                f"(the data keys cannot be read: restore the file; JIUSHU_DATA_KEY_FILE says where it is)"
            ) from error
        return self._ring

    def _write(self, ring: _Ring) -> None:
        if self.path is None:
            self._ring = ring
            return
        os.replace(_draft(self.path, ring), self.path)


def key_of(value: str | bytes | None) -> str | None:
    """The id of the key under which a stored value is sealed; None where it is not."""
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else value or ""
    match = _SEALED.fullmatch(text)
    return match[1] if match else None


def _new_key(id: str) -> DataKey:
    return DataKey(id, secrets.token_bytes(KEY_BYTES), datetime.now(UTC))


def _draft(path: Path, ring: _Ring) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(ring.written())
        file.flush()
        os.fsync(file.fileno())
    return draft
