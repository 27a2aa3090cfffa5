"""Column types: what the domain holds on the left, what both databases keep on the right."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, LargeBinary, String, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import JSON

from shared.access.keyring import Keyring, KeysMissing, key_of

# Ids and refs are UUIDs or codes; as text both databases sort and compare them alike.
Id = String(64)

# Plain JSON values. A changed value must be assigned anew: the mapper does not look inside.
Json = JSON().with_variant(JSONB(), "postgresql")


class Instant(TypeDecorator[datetime]):
    """Aware UTC in the domain; `timestamptz` on PostgreSQL, naive UTC text on SQLite. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What the domain holds."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be stored: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _Kept(TypeDecorator[Any]):
    """Value objects as JSON."""

    impl = JSON
    cache_ok = True  # by what it was made of: so a statement with such a column is compiled once only

    def __init__(self, kind: type[Any], load: Callable[[dict[str, Any]], Any] | None, several: bool) -> None:
        super().__init__()
        self.kind, self.load, self.several = kind, load, several
        self._instants = {f.name for f in dataclasses.fields(kind) if "datetime" in str(f.type)}

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """JSONB on PostgreSQL."""
        kind = JSONB if dialect.name == "postgresql" else JSON
        return dialect.type_descriptor(kind(none_as_null=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """To the database."""
        if value is None:
            return None
        return [self._plain(one) for one in value] if self.several else self._plain(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """From the database."""
        if value is None:
            return None
        return [self._object(one) for one in value] if self.several else self._object(value)

    def _plain(self, value: Any) -> dict[str, Any]:
        plain: dict[str, Any] = _with_times_as_text(dataclasses.asdict(value))
        return plain

    def _object(self, plain: dict[str, Any]) -> Any:
        instants = {name: datetime.fromisoformat(plain[name]) for name in self._instants if plain.get(name)}
        told = {**plain, **instants}
        return self.load(told) if self.load else self.kind(**told)


def _with_times_as_text(item: Any) -> Any:
    if isinstance(item, date):  # an instant too
        return item.isoformat()
    if isinstance(item, dict):
        return {name: _with_times_as_text(inner) for name, inner in item.items()}
    if isinstance(item, list | tuple):
        return [_with_times_as_text(inner) for inner in item]
    return item


def kept(kind: type[Any], load: Callable[[dict[str, Any]], Any] | None = None) -> _Kept:
    """A column for a frozen dataclass, kept as JSON; `load` builds it where `kind(**plain)` would not do. Only its own
    instants are read again as such: those further inside are `load`'s."""
    return _Kept(kind, load, several=False)


def kept_list(kind: type[Any], load: Callable[[dict[str, Any]], Any] | None = None) -> _Kept:
    """A column for a list of frozen dataclasses. A changed list must be assigned anew."""
    return _Kept(kind, load, several=True)


KEYRING = "jiushu_keyring"  # where a database's dialect keeps its keys


def _keyring(dialect: Dialect) -> Keyring:
    keyring: Keyring | None = getattr(dialect, KEYRING, None)
    if keyring is None:
        raise KeysMissing("数据库没有配置数据密钥 (this database was given no data keys)")
    return keyring


class Sealed(TypeDecorator[str]):
    """加密 Text in the domain, sealed at rest; `what` it is: `contacts.phone`. An empty text, and one that was written
    before there were keys, is read as it is."""

    impl = Text
    cache_ok = True

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database."""
        return _keyring(dialect).seal(value.encode(), self.what) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """From the database."""
        return self.opened(value, dialect)

    def opened(self, stored: str | None, dialect: Dialect) -> str | None:
        """What was sealed. Raises KeysMissing."""
        if stored is None or key_of(stored) is None:
            return stored
        return _keyring(dialect).open(stored, self.what).decode()


class SealedBytes(TypeDecorator[bytes]):
    """加密 As `Sealed`, for bytes."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """To the database."""
        return _keyring(dialect).seal(value, self.what).encode() if value else value

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """From the database."""
        return self.opened(value, dialect)

    def opened(self, stored: bytes | None, dialect: Dialect) -> bytes | None:
        """What was sealed. Raises KeysMissing."""
        if stored is None or key_of(bytes(stored)) is None:
            return stored
        return _keyring(dialect).open(bytes(stored).decode(), self.what)


class BlindIndex(TypeDecorator[str]):
    """盲索引 By which a sealed column is found: give it the plain value, to keep or to compare."""

    impl = String(64)
    cache_ok = True

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database."""
        return _keyring(dialect).index(value, self.what) if value else None


class Digest(TypeDecorator[str]):
    """摘要 A secret that nobody can guess, kept as its SHA-256: whoever reads the table cannot use it."""

    impl = String(64)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else hashlib.sha256(value.encode()).hexdigest()
