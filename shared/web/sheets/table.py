"""Bytes ↔ rows of texts: CSV (UTF-8 with or without BOM, UTF-16, GB18030, as Excel writes it in China) and XLSX.

A cell that a program would take for a formula (`=`, `+`, `-`, `@` at its beginning) or we for a remark (`#`) is given
out behind an apostrophe, which is taken away again when it comes back (OWASP, CSV injection).
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ERROR_CODES

from shared.kernel.errors import JiushuError, Term
from shared.kernel.sheets.errors import CellUnfit, SheetTooLarge, SheetUnreadable
from shared.web.files import MIB, XLSX

MOST_ROWS = 20_000
MOST_LINES = 10 * MOST_ROWS  # with empty ones
MOST_COLUMNS = 50
MOST_UNPACKED = 64 * MIB  # of an XLSX, which is a ZIP
DIGITS_KEPT = 15  # by Excel, of a number

REMARK = "# "
_FORMULA = re.compile(r"'*[=+\-@#\t\r＝＋－＠＃]")
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML cannot hold
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}

NOT_TEXT = Term(
    "编码无法识别，请另存为“CSV UTF-8”或 XLSX", "neither UTF-8 nor GB18030; save it as CSV UTF-8, or as XLSX"
)
NOT_XLSX = Term("不是有效的 XLSX 文件，请用 Excel 或 WPS 另存为 XLSX", "no valid XLSX; save it anew as XLSX")

Table = Iterable[Sequence[str]]


def read(content: bytes, media_type: str) -> list[tuple[int, list[str]]]:
    """The rows of the (first) sheet with their numbers, from 1; each cell as the text that stands there. Empty rows and
    remarks are left out.

    Raises SheetUnreadable, and SheetTooLarge for more than MOST_ROWS, or what unpacks to more than MOST_UNPACKED.
    """
    rows: list[tuple[int, list[str]]] = []
    lines = _of_xlsx(content) if media_type == XLSX else _of_csv(content)
    for number, line in enumerate(lines, start=1):
        row = [cell.strip() for cell in line]
        while row and not row[-1]:
            row.pop()
        if row and not row[0].startswith(REMARK):
            rows.append((number, row))
        if len(rows) > MOST_ROWS + 1 or number > MOST_LINES:
            raise SheetTooLarge(most=MOST_ROWS, field="file")
    return rows


def plain(cell: str) -> str:
    """What a cell says, once the apostrophe is gone that it was given out with.

    Raises CellUnfit for a formula, for what one has left (`#REF!`), and for characters that no sheet can hold.
    """
    if cell.startswith(("=", "＝")) or cell in ERROR_CODES or _UNFIT.search(cell):
        raise CellUnfit()
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def written(tables: Mapping[str, Table], media_type: str) -> bytes:
    """A file of these sheets, by their names. A CSV has but one."""
    return _as_xlsx(tables) if media_type == XLSX else _as_csv(next(iter(tables.values())))


# ---- CSV


def _of_csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from lines
    except csv.Error as error:
        line = lines.line_num
        why = Term(f"第{line}行的引号有误或内容过长，请用 Excel 或 WPS 另存", f"line {line}: {error}")
        raise SheetUnreadable(why=why, field="file") from None


def _decoded(content: bytes) -> str:
    named = next((name for bom, name in _BOMS.items() if content.startswith(bom)), None)
    for encoding in [named] if named else ["utf-8", "gb18030"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetUnreadable(why=NOT_TEXT, field="file")


def _as_csv(table: Table) -> bytes:
    """With a BOM: without one, Excel takes UTF-8 for GBK."""
    return codecs.BOM_UTF8 + _lines([_quoted(cell) for cell in row] for row in table)


def remark(cells: Sequence[str]) -> bytes:
    """A row at the end of a CSV that is read by people only."""
    return _lines([[REMARK + cells[0], *cells[1:]]])


def _lines(table: Table) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(table)
    return out.getvalue().encode()


# ---- XLSX


def _of_xlsx(content: bytes) -> Iterator[list[str]]:
    _must_unpack_small(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of them is often wrong
        for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
            yield [_text(cell) for cell in row]
    except JiushuError:
        raise
    except Exception as error:  # a broken file makes openpyxl raise whatever its parsers raise
        raise SheetUnreadable(why=NOT_XLSX, field="file") from error


def _must_unpack_small(content: bytes) -> None:
    """A few bytes may unpack to any number (zip bomb); a ZIP says how many, and is unpacked no further."""
    try:
        with ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except (BadZipFile, OSError, ValueError):
        raise SheetUnreadable(why=NOT_XLSX, field="file") from None
    if unpacked > MOST_UNPACKED:
        raise SheetTooLarge(most=MOST_ROWS, field="file")


def _text(value: Any) -> str:
    """A cell as it looks. A number with more digits than Excel keeps looks as Excel shows it: `1.10112E+17`."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and len(str(abs(value))) > DIGITS_KEPT:
        return f"{value:.5E}"
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    return value.isoformat() if isinstance(value, date) else str(value)


def _as_xlsx(tables: Mapping[str, Table]) -> bytes:
    """Every cell a text, so that codes keep their zeros."""
    book = Workbook(write_only=True)
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for row in table:
            sheet.append([_quoted(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _quoted(text: str) -> str:
    text = _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)
    return f"'{text}" if _FORMULA.match(text) else text
