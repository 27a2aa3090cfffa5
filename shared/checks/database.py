"""The database of one service: whether it can be used, and whether it is the one that this code needs.

Each check gets a session that only reads, and the service's definition.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from shared.checks.finding import Finding, Mend, fine, warning, wrong
from shared.kernel.clock import epoch
from shared.persistence.tables import kernel

if TYPE_CHECKING:
    from shared.application import Definition

OLDEST_POSTGRESQL = 14
OLDEST_SQLITE = (3, 35)  # UPDATE … RETURNING
CONNECT_SECONDS = 4
# the versions in the file's header; opened as it is here, SQLite itself does not tell its journal mode
_WAL = b"\x02\x02"
CLOCK_SECONDS = 2.0

_START = Mend(
    "启动或解冻数据库服务器，检查防火墙与 JIUSHU_DATABASE_URL 中的地址",
    "start or thaw the database server; look at the firewall and at the address in JIUSHU_DATABASE_URL",
)


# ---- reaching it


def reading_engine(url: str) -> Engine:
    """An engine that cannot write. Its connections are not kept."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": CONNECT_SECONDS})
        return engine.execution_options(postgresql_readonly=True)
    file = sqlite_file(parsed)
    # Without its journal nobody has the file open, and "immutable" keeps SQLite from laying a journal beside it.
    mode = "mode=ro" if Path(f"{file}-wal").exists() else "mode=ro&immutable=1"
    address = f"file:{quote(str(file))}?{mode}"
    return create_engine(
        "sqlite://",
        poolclass=NullPool,
        creator=lambda: sqlite3.connect(address, uri=True, check_same_thread=False),
    )


def sqlite_file(url: str | URL) -> Path | None:
    """The file of a SQLite database; None for any other."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    return Path(parsed.database) if parsed.database not in (None, "", ":memory:") else None


def not_yet(file: Path, definition: Definition) -> Finding:
    """Nothing was ever kept there."""
    return warning(
        f"还没有数据库 {file}",
        f"there is no database {file} yet",
        Mend(
            "首次启动时会建立；若应已存在，请检查 JIUSHU_VAR_DIR 与 JIUSHU_DATABASE_URL",
            "a start makes it; if it should be there, look at JIUSHU_VAR_DIR and JIUSHU_DATABASE_URL",
            f"jiushu migrate {definition.name}",
        ),
    )


def silent(seconds: float) -> Finding:
    """It takes connections, or swallows them, and says nothing."""
    return wrong(
        f"数据库 {seconds:g} 秒内没有应答",
        f"the database did not answer within {seconds:g} s",
        _START,
    )


def refused(error: BaseException) -> Finding:
    """It cannot be used, and says why."""
    said = " ".join(str(getattr(error, "orig", None) or error).split())
    if "timeout expired" in said:
        return silent(CONNECT_SECONDS)
    for fragment, (zh, en, mend) in _REFUSALS.items():
        if fragment in said:
            return wrong(zh, en, mend, said)
    return wrong("无法使用数据库", "the database cannot be used", _START, said)


_REFUSALS = {
    "password authentication failed": (
        "数据库拒绝了用户名或密码",
        "the database refuses the user or the password",
        Mend("更正 JIUSHU_DATABASE_URL 中的用户名与密码", "correct user and password in JIUSHU_DATABASE_URL"),
    ),
    "does not exist": (
        "服务器上没有这个数据库或用户",
        "there is no such database or user on the server",
        Mend(
            "建立数据库与用户，或更正 JIUSHU_DATABASE_URL",
            "make them, or correct JIUSHU_DATABASE_URL",
            "createdb --encoding UTF8 --template template0 --owner <用户 user> <数据库 database>",
        ),
    ),
    "too many clients": (
        "数据库的连接已用完",
        "the database has no connection left",
        Mend("提高 max_connections，或减少实例数", "raise max_connections, or run fewer replicas"),
    ),
    "could not translate host name": (
        "找不到数据库的主机名",
        "the host name of the database cannot be resolved",
        Mend("更正 JIUSHU_DATABASE_URL 中的主机名", "correct the host name in JIUSHU_DATABASE_URL"),
    ),
    "permission denied": (
        "数据库用户没有所需的权限",
        "the database user lacks a permission",
        Mend("授予该用户对这些表的权限", "grant this user the use of the tables"),
    ),
    "file is not a database": (
        "这个文件不是 SQLite 数据库",
        "the file is not a SQLite database",
        Mend(
            "从备份恢复该文件，或更正 JIUSHU_DATABASE_URL", "restore the file, or correct JIUSHU_DATABASE_URL"
        ),
    ),
    "Connection refused": ("数据库服务器没有运行", "the database server does not run", _START),
}


# ---- looking into it


def database(session: Session, _definition: Definition) -> Iterator[Finding]:
    """It answers, and is of a version that is tested."""
    bind = session.connection()
    version = bind.dialect.server_version_info or ()
    shown = ".".join(str(part) for part in version)
    if bind.dialect.name == "sqlite":
        if version < OLDEST_SQLITE:
            yield wrong(
                f"SQLite {shown} 太旧，至少需要 {_dotted(OLDEST_SQLITE)}",
                f"SQLite {shown} is too old, {_dotted(OLDEST_SQLITE)} is needed",
                Mend("使用带有较新 SQLite 的 Python", "use a Python with a newer SQLite"),
            )
        else:
            yield fine(f"数据库应答：SQLite {shown}", f"the database answers: SQLite {shown}")
    elif version < (OLDEST_POSTGRESQL,):
        yield warning(
            f"PostgreSQL {shown} 未经测试，请使用 {OLDEST_POSTGRESQL} 或更新的版本",
            f"PostgreSQL {shown} is not tested, {OLDEST_POSTGRESQL} or newer is",
            Mend("升级数据库服务器", "upgrade the database server"),
        )
    else:
        url = bind.engine.url
        place = f"{url.host or 'localhost'}/{url.database}"
        yield fine(
            f"数据库应答：PostgreSQL {shown}，{place}", f"the database answers: PostgreSQL {shown}, {place}"
        )


def encoding(session: Session, _definition: Definition) -> Iterator[Finding]:
    """It can hold every Chinese character."""
    query = "PRAGMA encoding" if _is_sqlite(session) else "SHOW server_encoding"
    found = str(session.scalar(text(query)))
    if found.replace("-", "").upper() == "UTF8":
        yield fine("编码：UTF8", "encoding: UTF8")
        return
    yield wrong(
        f"数据库的编码是 {found}，应为 UTF8",
        f"the database is encoded in {found}, it must be UTF8",
        Mend(
            "新建 UTF8 编码的数据库，再导入数据",
            "make a database with UTF8, and move the data",
            "createdb --encoding UTF8 --template template0 <数据库 database>",
        ),
    )


def journal(session: Session, _definition: Definition) -> Iterator[Finding]:
    """SQLite: readers do not wait for writers."""
    if not _is_sqlite(session):
        return
    with _file(session).open("rb") as file:
        is_wal = file.read(20)[18:] == _WAL
    if is_wal:
        yield fine("日志方式：WAL", "journal mode: WAL")
        return
    yield warning(
        "SQLite 的日志方式不是 WAL，读写会互相等待",
        "SQLite's journal mode is not WAL: readers and writers wait for each other",
        Mend(
            "服务启动时会改为 WAL；若没有改成，请把文件放在本机磁盘上，不要放在网络磁盘上",
            "a start sets it; where it stays, keep the file on a local disk, not on a network one",
        ),
    )


def writable(session: Session, definition: Definition) -> Iterator[Finding]:
    """The service may write."""
    if _is_sqlite(session):
        yield from _writable_file(session)
        return
    if session.scalar(text("SELECT pg_is_in_recovery()")):
        yield wrong(
            "数据库是只读的备库",
            "the database is a standby that can only be read",
            Mend("把 JIUSHU_DATABASE_URL 指向主库", "let JIUSHU_DATABASE_URL name the primary"),
        )
    elif session.scalar(text("SHOW default_transaction_read_only")) == "on":
        yield wrong(
            "数据库被设为只读",
            "the database is set to read only",
            Mend(
                "取消只读",
                "undo that",
                f'BEGIN READ WRITE; ALTER DATABASE "{_name(session)}" RESET default_transaction_read_only; COMMIT',
            ),
        )
    elif lacking := _tables_not_writable(session, definition):
        tables = "、".join(lacking)
        yield wrong(
            f"数据库用户不能写入：{tables}",
            f"the database user may not write to: {', '.join(lacking)}",
            Mend(
                "授予权限",
                "grant it",
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {_user(session)}",
            ),
        )
    else:
        yield fine("可以写入", "writable")


def _writable_file(session: Session) -> Iterator[Finding]:
    file = _file(session)
    closed = [place for place in (file, file.parent) if not os.access(place, os.W_OK, effective_ids=True)]
    if not closed:
        yield fine("可以写入", "writable")
        return
    yield wrong(
        f"不能写入 {closed[0]}",
        f"{closed[0]} cannot be written",
        Mend(
            "让运行服务的用户拥有它",
            "let the user that runs the service own it",
            f"chown <用户 user> {closed[0]}",
        ),
    )


def _tables_not_writable(session: Session, definition: Definition) -> list[str]:
    """Those of the service's tables that exist and are not its own to write."""
    wanted = {table.name for table in (*kernel.sorted_tables, *definition.metadata.sorted_tables)}
    allowed = text("SELECT has_table_privilege(:name, 'INSERT') AND has_table_privilege(:name, 'UPDATE')")
    there = sorted(wanted & set(inspect(session.connection()).get_table_names()))
    return [name for name in there if not session.scalar(allowed, {"name": f'"{name}"'})]


def time_zone(session: Session, _definition: Definition) -> Iterator[Finding]:
    """PostgreSQL: who looks with psql sees Beijing's hours, or UTC's."""
    if _is_sqlite(session):
        return
    zone = str(session.scalar(text("SHOW TimeZone")))
    offset = int(session.scalar(text("SELECT extract(timezone FROM now())")) or 0)
    if timedelta(seconds=offset) in (timedelta(0), timedelta(hours=8)):
        yield fine(f"时区：{zone}", f"time zone: {zone}")
        return
    yield warning(
        f"数据库的时区是 {zone}，用 psql 看到的时间会与北京时间不同",
        f"the database's time zone is {zone}: in psql the hours are not Beijing's",
        Mend(
            "改为北京时间（已存的数据不受影响）",
            "set Beijing's (what is stored stays right)",
            f"ALTER DATABASE \"{_name(session)}\" SET timezone TO 'Asia/Shanghai'",
        ),
    )


def clock(session: Session, _definition: Definition) -> Iterator[Finding]:
    """PostgreSQL: the server's clock and this machine's agree; leases use the one, retries the other."""
    if _is_sqlite(session):
        return
    before = epoch()
    server = float(session.scalar(text("SELECT extract(epoch FROM clock_timestamp())")) or 0)
    difference = server - (before + epoch()) / 2
    if abs(difference) <= CLOCK_SECONDS:
        yield fine(
            f"时钟与数据库相差 {abs(difference):.1f} 秒",
            f"the clocks of this machine and the database differ by {abs(difference):.1f} s",
        )
        return
    yield wrong(
        f"本机时钟比数据库{'慢' if difference > 0 else '快'} {abs(difference):.0f} 秒",
        f"this machine's clock is {abs(difference):.0f} s {'behind' if difference > 0 else 'ahead of'} the database's",
        Mend(
            "在两台机器上启用时间同步", "let both machines synchronise their time", "timedatectl set-ntp true"
        ),
    )


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _file(session: Session) -> Path:
    return Path(str(session.scalar(text("SELECT file FROM pragma_database_list"))))


def _name(session: Session) -> Any:
    return session.scalar(text("SELECT current_database()"))


def _user(session: Session) -> Any:
    return session.scalar(text("SELECT quote_ident(current_user)"))


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)
