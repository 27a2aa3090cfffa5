"""One database of one service. Every difference between PostgreSQL and SQLite lives in this module."""

from __future__ import annotations

import math
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Float, Table, create_engine, event, func, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, ExceptionContext, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql.elements import ColumnElement

from shared.access.keyring import Keyring, KeysMissing
from shared.persistence.types import KEYRING

_WRITING = "jiushu_writing"
# PostgreSQL's serialization_failure, deadlock_detected, lock_not_available, unique_violation: the same again may well
# succeed, or find what the other one has just written.
_BUSY_SQLSTATES = {"40001", "40P01", "55P03"}
_RETRYABLE_SQLSTATES = _BUSY_SQLSTATES | {"23505"}
_LOCKED_ON_SQLITE = "database is locked"
_RETRYABLE_ON_SQLITE = (_LOCKED_ON_SQLITE, "UNIQUE constraint failed")
# connection and operator errors, disk full and other lacks, a standby that only reads
_AWAY_SQLSTATES = ("08", "57P", "53", "25006")
# out of memory, a configured limit exceeded: by what was asked, not by all
_TOO_MUCH_SQLSTATES = ("53200", "53400")
_AWAY_ON_SQLITE = (
    "database or disk is full",
    "disk I/O error",
    "attempt to write a readonly database",
    "unable to open database file",
)


# A process that is frozen or cut off in mid-transaction must not keep its rows locked, the lease above all: the
# server ends idle transactions and dead connections, the client notices a dead server.
IDLE_SECONDS = 15
_POSTGRESQL_LIMITS = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15000,
    "options": f"-c idle_in_transaction_session_timeout={IDLE_SECONDS}s -c lock_timeout=10s -c tcp_keepalives_idle=10 "
    "-c tcp_keepalives_interval=5 -c tcp_keepalives_count=3",
}
_LOCKED_SECONDS = 10.0


class DatabaseAway(Exception):
    """The database cannot be reached; nothing was changed, and the same may succeed later."""


class CutOff(DatabaseAway):
    """The connection ended over what was asked on it, or that was too much for the server. Once is nobody's fault; one
    over which it happens again and again is to blame."""


class TooLongIdle(Exception):
    """A transaction was lost in which nothing had been asked for so long that the server ends it: the deed's own
    fault, as often as it is done. One that asked and waited for an answer is `CutOff`, though the server may have given
    the same reason: it, too, waits when a network between them stalls."""

    def __init__(self) -> None:
        super().__init__(
            f"超过 {IDLE_SECONDS} 秒没有访问数据库，事务已被终止 (the database was not asked for too long)"
        )


class Database:
    """Engine and sessions of one database.

    On SQLite the writers of one file queue on a lock of this process: a writer that waited for SQLite's own
    lock would block the whole process, the lock's holder included.
    """

    def __init__(self, url: str) -> None:
        self.url: URL = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer = threading.RLock() if self._in_memory else threading.Lock()
        self.engine: Engine = self._sqlite() if self.is_sqlite else self._postgresql()
        weakref.finalize(
            self, self.engine.dispose
        )  # connections are closed with their owner, not left to the collector

    @property
    def keyring(self) -> Keyring:
        """The keys under which its sealed columns lie."""
        keyring: Keyring | None = getattr(self.engine.dialect, KEYRING, None)
        if keyring is None:
            raise KeysMissing("数据库没有配置数据密钥 (this database was given no data keys)")
        return keyring

    @keyring.setter
    def keyring(self, keyring: Keyring) -> None:
        setattr(self.engine.dialect, KEYRING, keyring)

    @property
    def _in_memory(self) -> bool:
        return self.is_sqlite and self.url.database in (None, "", ":memory:")

    def _postgresql(self) -> Engine:
        engine = create_engine(
            self.url,
            pool_size=10,
            max_overflow=20,
            pool_timeout=10,
            pool_pre_ping=True,
            pool_use_lifo=True,
            connect_args=_POSTGRESQL_LIMITS,
            hide_parameters=True,
        )
        event.listen(engine, "begin", _answered)
        event.listen(engine, "before_cursor_execute", _asked)
        event.listen(engine, "commit", _asked)
        event.listen(engine, "after_cursor_execute", _answered)
        event.listen(engine, "handle_error", _blame_the_idle)
        return engine

    def _sqlite(self) -> Engine:
        if self._in_memory:
            engine = create_engine(
                self.url,
                poolclass=StaticPool,
                connect_args={"check_same_thread": False},
                hide_parameters=True,
            )
        else:
            file = Path(str(self.url.database))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)  # phones and homes are in it; SQLite gives its other files the same mode
            engine = create_engine(
                self.url,
                pool_size=10,
                max_overflow=20,
                connect_args={"check_same_thread": False, "timeout": 10},
                hide_parameters=True,  # errors are logged, names and phones are not
            )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that may write; committed at the end, rolled back on any exception."""
        with self._one_writer(), self._session(writing=True) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads; it never waits for a writer (but in memory there is one connection)."""
        with (
            self._one_writer() if self._in_memory else nullcontext(),
            self._session(writing=False) as session,
        ):
            yield session

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        with self._writer:
            yield

    @contextmanager
    def _session(self, *, writing: bool) -> Iterator[Session]:
        bind = self.engine.execution_options(**{_WRITING: writing}) if self.is_sqlite else self.engine
        session = Session(bind, expire_on_commit=False)
        try:
            yield session
        except OperationalError as error:
            if is_away(error):
                raise (CutOff if _is_cut_off(error) else DatabaseAway)(str(error.orig)) from error
            raise
        except InterfaceError as error:
            raise DatabaseAway(str(error.orig)) from error
        except PoolTimeout as error:
            raise DatabaseAway("all connections are in use") from error
        finally:
            try:
                session.close()
            except DBAPIError:
                session.invalidate()

    def insert_new(self, table: Table, key: Sequence[str]) -> Any:
        """An INSERT that leaves out the rows whose `key` exists already; to be executed with a list of rows, so that
        its text is made once, however many they are."""
        dialect: Any = sqlite if self.is_sqlite else postgresql
        return dialect.insert(table).on_conflict_do_nothing(index_elements=list(key))

    def upsert(self, table: Table, row: dict[str, Any], key: Sequence[str], where: Any = None) -> Any:
        """An INSERT that overwrites the row with the same `key`, where `where(table, new)` allows it."""
        dialect: Any = sqlite if self.is_sqlite else postgresql
        statement = dialect.insert(table).values(row)
        new = {name: statement.excluded[name] for name in row if name not in key}
        condition = where(table, statement.excluded) if where else None
        return statement.on_conflict_do_update(index_elements=list(key), set_=new, where=condition)

    def try_lock(self, session: Session, name: str) -> bool:
        """Hold a name until the transaction ends; False where another transaction holds it.

        On SQLite there is one writer at a time, so that a transaction that writes holds every name.
        """
        if self.is_sqlite:
            return True
        lock = func.pg_try_advisory_xact_lock(func.hashtextextended(name, 0))
        return bool(session.execute(select(lock)).scalar_one())

    def system_now(self) -> ColumnElement[float]:
        """The database server's own clock in seconds, so that replicas with different clocks agree on a lease."""
        if self.is_sqlite:
            return literal_column("((julianday('now') - 2440587.5) * 86400.0)", Float)
        return func.extract("epoch", func.clock_timestamp()).cast(Float)

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def is_away(error: BaseException) -> bool:
    """Whether an error says that the database cannot be reached, is shutting down, or takes in nothing just now."""
    if isinstance(error, DatabaseAway):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if "sqlite3" in type(error.orig).__module__:
        return str(error.orig).startswith(_AWAY_ON_SQLITE)
    state = getattr(error.orig, "pgcode", None)
    if state is None:
        return bool(error.connection_invalidated) or isinstance(error, OperationalError)
    return bool(error.connection_invalidated) or str(state).startswith(_AWAY_SQLSTATES)


def _is_cut_off(error: DBAPIError) -> bool:
    return bool(error.connection_invalidated) or getattr(error.orig, "pgcode", None) in _TOO_MUCH_SQLSTATES


def is_busy(error: BaseException) -> bool:
    """Whether an error says that others hold what is needed: nobody's fault, and no attempt at the deed itself."""
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "pgcode", None)
    return state in _BUSY_SQLSTATES or str(error.orig).startswith(_LOCKED_ON_SQLITE)


def is_conflict(error: BaseException) -> bool:
    """Whether an error says that another transaction was in the way, so that the same again may succeed."""
    if isinstance(error, StaleDataError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "pgcode", None)
    return state in _RETRYABLE_SQLSTATES or str(error.orig).startswith(_RETRYABLE_ON_SQLITE)


def _asked(connection: Connection, *_: Any) -> None:
    connection.info["asked"] = time.monotonic()


def _answered(connection: Connection, *_: Any) -> None:
    connection.info["answered"] = time.monotonic()


def _blame_the_idle(context: ExceptionContext) -> None:
    if not context.is_disconnect or context.connection is None or not context.connection.in_transaction():
        return
    info = context.connection.info
    if info.get("asked", 0.0) - info.get("answered", math.inf) > IDLE_SECONDS:
        raise TooLongIdle from context.original_exception


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: BEGIN IMMEDIATE is for writers only, since with it
    # on every transaction reads would fail while a writer is at work.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=0"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if not connection.get_execution_options().get(_WRITING, True):
        connection.exec_driver_sql("BEGIN")
        return
    # Another process may hold the lock. SQLite's own waiting would stop every green thread of this one.
    until = time.monotonic() + _LOCKED_SECONDS
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > until:
                raise
            time.sleep(0.02)
