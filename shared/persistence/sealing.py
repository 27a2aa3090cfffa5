"""Sealed columns (加密列) as a whole: under which keys they lie, and how they come under the current one."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, MetaData, Row, Table, select, type_coerce, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from shared.access.keyring import KeysMissing, key_of
from shared.persistence.database import Database, DatabaseAway
from shared.persistence.tables import kernel
from shared.persistence.types import BlindIndex, Sealed, SealedBytes

WINDOW = 200
PAUSE_SECONDS = 0.02  # between two windows: others write too
PLAIN = "plain"


def sealed_tables(metadata: MetaData) -> list[Table]:
    """The tables of a service, the kernel's among them, that have sealed columns."""
    return [table for table in (*metadata.sorted_tables, *kernel.sorted_tables) if _columns(table)]


def census(database: Database, tables: Iterable[Table]) -> Counter[str]:
    """How many values lie under which key; those that are not sealed yet under `plain`."""
    found: Counter[str] = Counter()
    for table in tables:
        for rows in _windows(database, table):
            found.update(key_of(value) or PLAIN for row in rows for value in tuple(row)[1:] if value)
    return found


def reseal(database: Database, tables: Iterable[Table]) -> int:
    """Bring all values under the current key, in small transactions; how many. Safe beside everything else: a value
    that somebody writes meanwhile is left to them, who seal it anew themselves."""
    current = database.keyring.current
    written = 0
    for table in tables:
        for rows in _windows(database, table):
            old = [
                (row, column) for row in rows for column in _columns(table) if _is_old(row, column, current)
            ]
            if old:
                with database.writing() as session:
                    written += sum(_seal(session, table, row, column) for row, column in old)
                time.sleep(PAUSE_SECONDS)
    return written


def samples(session: Session, tables: Iterable[Table]) -> Iterator[tuple[Column[Any], str | bytes]]:
    """A few stored values of each sealed column, as they lie there."""
    for table in tables:
        for row in session.execute(select(*_raw(table)).order_by(table.c.id.desc()).limit(20)):
            for column in _columns(table):
                if row._mapping[column.name]:
                    yield column, row._mapping[column.name]


def ready_keyrings(databases: Mapping[Database, Sequence[Table]]) -> None:
    """Make the key file at the first start; later it must be there and fit. Raises KeysMissing.

    Without the file nobody makes another one unless all the databases answer that nothing in them is sealed.
    """
    for database, tables in databases.items():
        _must_fit(database, tables)
    for database in databases:
        database.keyring.make()


def _must_fit(database: Database, tables: Sequence[Table]) -> None:
    path = database.keyring.path
    is_there = path is not None and path.exists()
    try:
        with database.reading() as session:
            stored = list(samples(session, tables))
            for column, value in stored if is_there else ():
                column.type.opened(value, session.get_bind().dialect)  # type: ignore[attr-defined]
    except DatabaseAway:
        if is_there:
            return
        raise KeysMissing(
            f"没有数据密钥文件 {path}，数据库又没有应答，不能断定可以新建；请恢复密钥文件，或待数据库可用后再启动 "
            "(there is no key file, and the database does not answer whether it needs one)"
        ) from None
    except ProgrammingError:  # not migrated yet: readiness says so
        return
    if not is_there and any(key_of(value) for _, value in stored):
        raise KeysMissing(
            f"数据库 {_name(database)} 中有加密的数据，但没有数据密钥文件 {path}：请从备份恢复；"
            "JIUSHU_DATA_KEY_FILE 指定其位置 (there are sealed data, but no key file: restore it)"
        )


def _name(database: Database) -> str:
    """Which database, without its address or password."""
    return str(database.url.database).rpartition("/")[2]


def _windows(database: Database, table: Table) -> Iterator[Sequence[Row[Any]]]:
    reached: Any = ""
    while True:
        with database.reading() as session:
            query = select(*_raw(table)).where(table.c.id > reached).order_by(table.c.id).limit(WINDOW)
            rows = session.execute(query).all()
        if not rows:
            return
        yield rows
        reached = rows[-1].id


def _seal(session: Session, table: Table, row: Row[Any], column: Column[Any]) -> int:
    stored = row._mapping[column.name]
    value = column.type.opened(stored, session.get_bind().dialect)  # type: ignore[attr-defined]
    unchanged = type_coerce(column, column.type.impl_instance) == stored  # type: ignore[attr-defined]
    found = update(table).where(table.c.id == row.id, unchanged).values(dict.fromkeys(_same(column), value))
    return int(session.execute(found).rowcount)  # type: ignore[attr-defined]


def _same(column: Column[Any]) -> list[str]:
    """The sealed column, and the blind index by which it is found."""
    what = column.type.what  # type: ignore[attr-defined]
    indexes = [
        other.name
        for other in column.table.c
        if isinstance(other.type, BlindIndex) and other.type.what == what
    ]
    return [column.name, *indexes]


def _is_old(row: Row[Any], column: Column[Any], current: str) -> bool:
    stored = row._mapping[column.name]
    return bool(stored) and key_of(stored) != current


def _columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if isinstance(column.type, (Sealed, SealedBytes))]


def _raw(table: Table) -> list[Any]:
    return [
        table.c.id,
        *(type_coerce(column, column.type.impl_instance).label(column.name) for column in _columns(table)),  # type: ignore[attr-defined]
    ]
