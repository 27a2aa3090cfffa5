"""导入 What every door that takes a sheet has in common: all rows are right, or none is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from marshmallow import Schema

from shared.kernel.command import Command
from shared.kernel.sheets.errors import MOST_TOLD, RowWrong, SheetWrong
from shared.kernel.sheets.rows import Report, Row
from shared.web.api import Call
from shared.web.fields import Code, Switch, Text, Whole, several
from shared.web.files import CSV, MIB, XLSX, Upload
from shared.web.sheets import rows
from shared.web.sheets.rows import Kind

FORMATS = {"csv": CSV, "xlsx": XLSX}
SHEETS = Upload((CSV, XLSX), 8 * MIB)


class ImportQuery(Schema):
    """Whether it is only to be tried."""

    dry_run = Switch(load_default=False, metadata={"description": "只检查，不导入 only say what it would do"})


class FormatQuery(Schema):
    """As which kind of file."""

    format = Code(*FORMATS, load_default="xlsx")


class RowWrongView(Schema):
    """What is wrong with a row, and the way out."""

    row = Whole()
    column = Text()
    field = Text()
    message = Text()


class ImportView(Schema):
    """What became of the rows, or would: as many as there are, each counted once."""

    dry_run = Switch()
    rows = Whole()
    created = Whole()
    changed = Whole()
    unchanged = Whole()
    error_count = Whole()
    errors = several(RowWrongView, most=MOST_TOLD)


def imported(call: Call, kind: Kind, command: Callable[[Sequence[Row]], Command]) -> dict[str, Any]:
    """What became of the rows of the file that was sent; of a trial, what would. Raises SheetUnreadable, SheetTooLarge,
    SheetWrong."""
    dry_run = call.query["dry_run"]
    understood, wrong = rows.read(kind, call.file)
    trial = call.transaction.begin_nested()
    report: Report = call.handle(command(understood))
    wrong += [each for number, error in report.wrong for each in rows.said(kind, number, error)]
    wrong.sort(key=lambda each: each.facts["row"])
    if wrong and not dry_run:
        raise SheetWrong(wrong)
    trial.rollback() if dry_run else trial.commit()
    carried_out = report.created + report.changed + report.unchanged
    return {
        "dry_run": dry_run,
        "rows": len({each.facts["row"] for each in wrong}) + carried_out,
        "created": report.created,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "error_count": len(wrong),
        "errors": [_told(each, call.language) for each in wrong[:MOST_TOLD]],
    }


def _told(wrong: RowWrong, language: str) -> dict[str, Any]:
    row, column, said = (wrong.facts[name] for name in ("row", "column", "said"))
    english = language == "en"
    return {
        "row": row,
        "column": column.en if english else column.zh,
        "field": wrong.fields[0].removeprefix(f"rows.{row}."),
        "message": said.en if english else said.zh,
    }
