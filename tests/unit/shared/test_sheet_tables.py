"""Sheets as bytes: what Excel and WPS write is read, what could harm is not, and nothing is lost on the way."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from shared.kernel.sheets.errors import CellUnfit, SheetTooLarge, SheetUnreadable
from shared.web.files import CSV, XLSX
from shared.web.sheets import table

HEADER = ["编码", "名称"]
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=40)


def texts(content, media_type):
    return [[table.plain(cell) for cell in row] for _, row in table.read(content, media_type)]


def workbook(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@given(rows=st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
@pytest.mark.parametrize("media_type", [CSV, XLSX])
def test_whatever_text_is_written_is_read_again_as_it_was(media_type, rows):
    table_ = [HEADER, *([cell.strip() or "x" for cell in row] for row in rows)]
    assert texts(table.written({"表": table_}, media_type), media_type) == table_


@pytest.mark.parametrize("media_type", [CSV, XLSX])
@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "＝", "#", "'=", "''@"])
def test_no_cell_that_is_given_out_is_a_formula(media_type, begin):
    content = table.written({"表": [["名称"], [f"{begin}1+1"]]}, media_type)
    ((_, _), (_, [cell])) = table.read(content, media_type)
    assert cell.startswith("'")
    assert table.plain(cell) == f"{begin}1+1"


@pytest.mark.parametrize("cell", ["=1+1", '=HYPERLINK("http://x")', "＝1", "#REF!", "a\x01b"])
def test_a_cell_that_is_a_formula_or_cannot_be_kept_is_refused(cell):
    with pytest.raises(CellUnfit):
        table.plain(cell)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_as_excel_writes_it_in_china(encoding, separator):
    content = f"编码{separator}名称\r\nA1{separator}云景里\r\n\r\n".encode(encoding)
    assert table.read(content, CSV) == [(1, ["编码", "名称"]), (2, ["A1", "云景里"])]


def test_numbers_and_days_in_a_workbook_look_as_they_do_there():
    row = [110112010901001, 3.0, 3.5, date(2024, 5, 27), None, True, 110112010901001001]
    ((_, read),) = table.read(workbook(row), XLSX)
    assert read == ["110112010901001", "3", "3.5", "2024-05-27", "", "True", "1.10112E+17"]


def test_empty_rows_and_remarks_are_left_out_and_rows_keep_their_numbers():
    rows = table.read(workbook(HEADER, ["# 说明", "x"], [None, " "], ["A1", "一"]), XLSX)
    assert rows == [(1, HEADER), (4, ["A1", "一"])]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html>", b"\x00" * 100])
def test_what_is_no_workbook_is_said_to_be_none(content):
    with pytest.raises(SheetUnreadable):
        table.read(content, XLSX)


@pytest.mark.parametrize("content", [b"\xff", '编码,"名称\r\nA'.encode(), '编码,"名"称\r\n'.encode()])
def test_what_is_no_csv_is_said_to_be_none(content):
    with pytest.raises(SheetUnreadable):
        table.read(content, CSV)


def repacked(content, name, text):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, text if part == name else old.read(part))
    return out.getvalue()


def test_a_few_bytes_that_unpack_to_very_many_are_not_unpacked():
    bomb = repacked(workbook(HEADER), "xl/worksheets/sheet1.xml", b" " * (table.MOST_UNPACKED + 1))
    assert len(bomb) < table.MOST_UNPACKED // 500
    with pytest.raises(SheetTooLarge):
        table.read(bomb, XLSX)


def test_entities_that_multiply_are_refused():
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    xml = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]><worksheet>&a9;</worksheet>'
    with pytest.raises(SheetUnreadable):
        table.read(repacked(workbook(HEADER), "xl/worksheets/sheet1.xml", xml), XLSX)


@pytest.mark.parametrize("media_type", [CSV, XLSX])
def test_more_rows_than_are_taken_at_once_are_refused(media_type):
    rows = [HEADER, *([str(number), "x"] for number in range(table.MOST_ROWS))]
    assert len(table.read(table.written({"表": rows}, media_type), media_type)) == table.MOST_ROWS + 1
    with pytest.raises(SheetTooLarge):
        table.read(table.written({"表": [*rows, ["z", "x"]]}, media_type), media_type)


def test_rows_without_end_are_not_counted_to_their_end():
    endless = b"\r\n" * (table.MOST_LINES + 1)
    with pytest.raises(SheetTooLarge):
        table.read("编码".encode() + endless, CSV)
