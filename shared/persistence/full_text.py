"""全文检索 Texts that are found by their words (shared/kernel/search.py), in the service's own database and in the
transaction that writes them: a `tsvector` with a GIN index on PostgreSQL, FTS5 on SQLite. Neither is asked to know
where a word ends: both get words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    cast,
    column,
    delete,
    event,
    insert,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from shared.kernel.search import Phrase, words
from shared.persistence.types import Id

_GAP = "¶"  # between two texts: a phrase does not reach from one into the next
# the tokeniser `ascii` splits at blanks alone where all else is a letter, a digit, or beyond ASCII
_FTS5 = (
    "CREATE VIRTUAL TABLE {name}_index USING fts5(words, content='{name}', content_rowid='id', tokenize='ascii')",
    "CREATE TRIGGER {name}_insert AFTER INSERT ON {name} BEGIN "
    "INSERT INTO {name}_index(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER {name}_delete AFTER DELETE ON {name} BEGIN "
    "INSERT INTO {name}_index({name}_index, rowid, words) VALUES ('delete', old.id, old.words); END",
)


class WordsOf(TypeDecorator[list[str]]):
    """检索词 The texts' words: give it the texts."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """`tsvector` on PostgreSQL."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str | None:
        """To the database."""
        if value is None:
            return None
        found = [word for text in value for word in (*words(text), _GAP)]
        if dialect.name != "postgresql":
            return " ".join(found)
        return " ".join(f"'{word}':{place}" for place, word in enumerate(found, 1) if word != _GAP)


def search_table(name: str, metadata: MetaData) -> Table:
    """A table of words: `text_ref` is whose texts they are, `found_ref` what is found by them."""
    made = Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("found_ref", Id, nullable=False),
        Column("text_ref", Id, nullable=False),
        Column("words", WordsOf, nullable=False),
    )
    Index(f"ix_{name}_refs", made.c.found_ref, made.c.text_ref)
    # there on SQLite too, so that both have the same tables, but of no row
    Index(f"ix_{name}_words", made.c.words, postgresql_using="gin", sqlite_where=text("0"))
    event.listen(made, "after_create", _add_fts5)
    return made


def _add_fts5(made: Table, connection: Connection, **_: Any) -> None:
    if connection.dialect.name == "sqlite":
        for statement in fts5(made.name):
            connection.exec_driver_sql(statement)


def fts5(name: str) -> list[str]:
    """What makes SQLite's index beside a table of words."""
    return [statement.format(name=name) for statement in _FTS5]


def keep_words(
    connection: Connection | Session, made: Table, found_ref: str, text_ref: str, texts: Iterable[str]
) -> None:
    """From now on `found_ref` is found by these texts of `text_ref`, and no more by its former ones."""
    former = delete(made).where(made.c.found_ref == found_ref, made.c.text_ref == text_ref)
    connection.execute(former)
    row = {"found_ref": found_ref, "text_ref": text_ref, "words": list(texts)}
    connection.execute(insert(made), row)


def found_by(session: Session, made: Table, phrase: Phrase) -> Any:
    """The `found_ref`s of the texts that hold a phrase, as a subquery."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return select(made.c.found_ref).where((_in_fts5 if is_sqlite else _in_tsvector)(made, phrase))


def _in_tsvector(made: Table, phrase: Phrase) -> ColumnElement[bool]:
    *before, last = (f"'{word}'" for word in phrase.words)
    asked = " <-> ".join([*before, f"{last}:*" if phrase.is_open else last])
    return made.c.words.op("@@", is_comparison=True)(cast(asked, TSQUERY))


def _in_fts5(made: Table, phrase: Phrase) -> ColumnElement[bool]:
    asked = f'"{" ".join(phrase.words)}"' + (" *" if phrase.is_open else "")
    index = table(f"{made.name}_index", column("rowid"))
    matches = literal_column(index.name).op("MATCH", is_comparison=True)(asked)
    return made.c.id.in_(select(index.c.rowid).where(matches))
