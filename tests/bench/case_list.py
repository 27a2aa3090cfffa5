"""The duty officer's list at a size that no street reaches soon: filtered pages, searches and late pages of a million
cases, each beside the bare statements that it comes down to."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from io import StringIO
from typing import Any

import psycopg2
from psycopg2 import extensions
from sqlalchemy import Table
from sqlalchemy.engine import make_url

from services.grid import migrations
from services.grid.queries.case_filters import Asked
from services.grid.queries.cases import cases_in_scope
from services.grid.store.case_search import case_words
from services.grid.store.cases import cases
from shared.kernel.command import Actor
from shared.persistence.database import Database
from shared.persistence.migrate import migrate
from tests.builders.many_cases import case_rows, listening, questions, street, word_rows

PART = 20_000  # rows in one COPY
PAGE, LATE_PAGE = 50, 10_000
ASKED = 40
OFFICER = Actor("bench", "street")


class Bench:
    """So many cases in one database, filled by COPY."""

    def __init__(self, url: str, many: int) -> None:
        self.database, self._many = Database(url), many
        migrate(self.database, migrations, "grid")
        self._bare = _connected(url)
        made = street()
        with self.database.writing() as session:
            session.add_all(made.places)
        self._questions = questions(made)
        for rows in _parts(case_rows(made, many)):
            self._copy(cases, rows)
            self._copy(case_words, [word_rows(row) for row in rows])
        self._bare.autocommit = True
        self._bare.cursor().execute("VACUUM ANALYZE")
        gc.collect()
        gc.freeze()  # the million rows that were made here are no matter of the questions

    def close(self) -> None:
        """Let go of it."""
        self._bare.close()
        self.database.dispose()

    def pages(self) -> Iterator[tuple[str, list[float], list[float]]]:
        """Of each question the milliseconds of its first page, by turns: as the door asks for it, and the bare
        statements, their rows fetched by psycopg2."""
        for title, question in self._questions.items():
            ours, bare = self._by_turns(question)
            yield title, ours, bare

    def late(self) -> tuple[int, list[float], list[float]]:
        """Which page, and the milliseconds of the first and of that one, by turns; all cases, by what is due."""
        number = min(LATE_PAGE, self._many // PAGE // 2)
        last = "SELECT due_at, id FROM cases ORDER BY due_at, id OFFSET %s LIMIT 1"
        with self._bare.cursor() as cursor:
            cursor.execute(last, [(number - 1) * PAGE - 1])
            due_at, id = cursor.fetchone()
        after = f"{due_at.isoformat().replace('+00:00', 'Z')}~{id}"
        asked = {"sort": "due_at"}
        first, late = [], []
        for _ in range(ASKED):
            first.append(self._milliseconds(asked))
            late.append(self._milliseconds(asked, after))
        return number, first, late

    def _by_turns(self, question: Mapping[str, Any]) -> tuple[list[float], list[float]]:
        with self.database.reading() as session, listening(session) as heard:
            _ask(session, question)
        ours, bare = [], []
        for _ in range(ASKED):
            ours.append(self._milliseconds(question))
            bare.append(_timed(lambda: self._fetched(heard)))
        return ours, bare

    def _milliseconds(self, question: Mapping[str, Any], after: str | None = None) -> float:
        with self.database.reading() as session:
            session.connection()
            return _timed(lambda: _ask(session, question, after))

    def _fetched(self, statements: Iterable[tuple[str, Any]]) -> None:
        with self._bare.cursor() as cursor:
            for statement, parameters in statements:
                cursor.execute(statement, parameters)
                cursor.fetchall()

    def _copy(self, table: Table, rows: list[dict[str, Any]]) -> None:
        columns = [table.c[name] for name in rows[0]]
        dialect = self.database.engine.dialect
        written = [
            column.type.dialect_impl(dialect).bind_processor(dialect) or (lambda value: value)
            for column in columns
        ]
        lines = (
            "\t".join(_said(write(row[c.name])) for write, c in zip(written, columns, strict=True))
            for row in rows
        )
        names = ", ".join(column.name for column in columns)
        with self._bare, self._bare.cursor() as cursor:
            cursor.copy_expert(f"COPY {table.name} ({names}) FROM STDIN", StringIO("\n".join(lines)))


def _ask(session: Any, question: Mapping[str, Any], after: str | None = None) -> Any:
    return cases_in_scope(session, OFFICER, **{"asked": Asked(), "limit": PAGE, "after": after, **question})


def _timed(deed: Callable[[], object]) -> float:
    begun = time.perf_counter()
    deed()
    return (time.perf_counter() - begun) * 1000


def _parts(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    part = []
    for row in rows:
        part.append(row)
        if len(part) == PART:
            yield part
            part = []
    if part:
        yield part


def _said(value: Any) -> str:
    """A value as COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(value, datetime):
        return value.isoformat()
    text = json.dumps(value) if isinstance(value, list | dict) else str(value)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def _connected(url: str) -> extensions.connection:
    where = make_url(url)
    return psycopg2.connect(
        host=where.host,
        port=where.port,
        user=where.username,
        password=where.password,
        dbname=where.database,
    )
