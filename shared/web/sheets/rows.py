"""Rows of texts ↔ values by the columns of a kind, with everything that is wrong said at once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError

from shared.kernel.errors import JiushuError, Several, Term
from shared.kernel.sheets.errors import (
    ColumnMissing,
    ColumnTwice,
    ColumnUnknown,
    RowRepeated,
    RowTooLong,
    RowWrong,
    SheetUnreadable,
    SheetWrong,
)
from shared.kernel.sheets.rows import Row
from shared.web.files import XLSX, File
from shared.web.personal import refuse_id_cards
from shared.web.problems import terms
from shared.web.sheets import table

AT_A_STRETCH = 200  # rows
EMPTY = Term("没有表头，请用模板填写", "there is no header; use the template")
WHOLE_ROW = Term("整行", "the whole row")


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of sheet. Two rows with the same `key` (columns) would be about the same thing; without one, none are."""

    code: str
    name: str
    columns: Schema
    key: tuple[str, ...] = ()


def read(kind: Kind, file: File) -> tuple[list[Row], list[RowWrong]]:
    """The rows that can be understood, and what is wrong with the others.

    Raises SheetUnreadable, SheetTooLarge, or SheetWrong for a header that is not the kind's.
    """
    lines = table.read(file.content, file.media_type)
    if not lines:
        raise SheetUnreadable(why=EMPTY, field="file")
    (_, header), *data = lines
    keys = _keys(kind, header)
    rows: list[Row] = []
    wrong: list[RowWrong] = []
    first: dict[tuple[Any, ...], int] = {}
    for number, cells in data:
        if number % AT_A_STRETCH == 0:
            time.sleep(0)  # others are served meanwhile
        try:
            row = Row(number, _values(kind, keys, cells))
            key = tuple(row.cells[name] for name in kind.key)
            if key and first.setdefault(key, number) != number:
                raise RowRepeated(first=first[key], field=kind.key[0])
            rows.append(row)
        except (JiushuError, ValidationError) as error:
            wrong += said(kind, number, error)
    return rows, wrong


def _keys(kind: Kind, header: Sequence[str]) -> list[str]:
    """The columns' keys in the order of the sheet; Chinese headers and English keys are the same. Raises SheetWrong."""
    by_header = {field.metadata["title"]: name for name, field in kind.columns.fields.items()}
    by_header |= {name: name for name in kind.columns.fields}
    known = "、".join(titles(kind).values())
    errors: list[JiushuError] = [
        ColumnUnknown(column=title, known=known, field="file") for title in header if title not in by_header
    ]
    keys = [by_header[title] for title in header if title in by_header]
    for name, title in titles(kind).items():
        if keys.count(name) > 1:
            errors.append(ColumnTwice(column=title, field="file"))
        if kind.columns.fields[name].required and name not in keys:
            errors.append(ColumnMissing(column=title, field="file"))
    if errors:
        raise SheetWrong(errors)
    return keys


def _values(kind: Kind, keys: Sequence[str], cells: Sequence[str]) -> Mapping[str, Any]:
    """The values of a row. Raises ValidationError, or what else is wrong with it."""
    if any(cells[len(keys) :]):
        raise RowTooLong()
    texts: dict[str, str] = {}
    unfit: list[JiushuError] = []
    for name, cell in zip(keys, cells, strict=False):
        try:
            texts[name] = table.plain(cell)
        except JiushuError as error:
            unfit.append(type(error)(**error.facts, field=name))
    if unfit:
        raise Several(unfit)
    given = {name: text for name, text in texts.items() if text}
    refuse_id_cards(given)
    values: Mapping[str, Any] = kind.columns.load(given)
    return values


def said(kind: Kind, number: int, error: JiushuError | ValidationError) -> list[RowWrong]:
    """What is wrong with a row, for each column that is to blame."""
    if isinstance(error, Several):
        return [wrong for single in error.errors for wrong in said(kind, number, single)]
    if isinstance(error, ValidationError):
        return [_wrong(kind, number, name, term) for name, term in terms(error)]
    name = _cell_of(kind, next(iter(error.fields), ""))
    column = _column(kind, name)
    error.facts = {**error.facts, "field": column}
    term = Term(
        error.text("zh").removeprefix(f"{column.zh}："), error.text("en").removeprefix(f"{column.en}: ")
    )
    return [_wrong(kind, number, name, term)]


def _cell_of(kind: Kind, field: str) -> str:
    """The column that says what a command's `field` does: what an id names, a sheet names by its code or name."""
    stem = field.removesuffix("_ref")
    return next(
        (each for each in (field, f"{stem}_code", f"{stem}_name") if each in kind.columns.fields), field
    )


def _wrong(kind: Kind, number: int, name: str, term: Term) -> RowWrong:
    return RowWrong(row=number, column=_column(kind, name), said=term, field=f"rows.{number}.{name}")


def _column(kind: Kind, name: str) -> Term:
    title = titles(kind).get(name)
    return Term(title, name) if title else WHOLE_ROW


def titles(kind: Kind) -> dict[str, str]:
    """The Chinese headers of the columns, by their keys."""
    return {name: field.metadata["title"] for name, field in kind.columns.fields.items()}


def written(kind: Kind, rows: Iterable[Mapping[str, Any]], media_type: str) -> bytes:
    """A file of these rows."""
    return table.written({kind.name: [[*titles(kind).values()], *_texts(kind, rows)]}, media_type)


def template(kind: Kind, media_type: str) -> bytes:
    """An empty sheet, and what belongs in each column: on a second sheet, or in a remark."""
    header = [*titles(kind).values()]
    fields = kind.columns.fields.values()
    notes = [_note(field.required, field.metadata.get("said", "")) for field in fields]
    if media_type == XLSX:
        keys = kind.columns.fields.keys()
        explained = [["列", "英文列名", "说明"], *map(list, zip(header, keys, notes, strict=True))]
        return table.written({kind.name: [header], "说明": explained}, media_type)
    return table.written({kind.name: [header]}, media_type) + table.remark(notes)


def _note(is_required: bool, said: str) -> str:
    return "；".join(part for part in ("必填" if is_required else "可不填", said) if part)


def _texts(kind: Kind, rows: Iterable[Mapping[str, Any]]) -> Iterable[list[str]]:
    """The texts of these values, in the order of the columns."""
    for row in rows:
        dumped = kind.columns.dump(row)
        yield ["" if (value := dumped.get(name)) is None else str(value) for name in kind.columns.fields]
