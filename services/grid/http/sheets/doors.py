"""导入与导出 Import and export of the catalogue as sheets."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid.domain.errors.sheets import (
    MOST_TOLD,
    RowWrong,
    SheetUnknown,
    SheetWrong,
)
from services.grid.http.common import api
from services.grid.http.sheets import rows
from services.grid.http.sheets.kinds import KINDS, Kind
from services.grid.use_cases.sheets.rows import Report
from shared.access.roles import COMMUNITY, STREET
from shared.web.api import Call
from shared.web.fields import Code, Ref, Switch, Text, Whole, several
from shared.web.files import CSV, MIB, XLSX, File, Upload

FORMATS = {"csv": CSV, "xlsx": XLSX}
SHEETS = Upload((CSV, XLSX), 8 * MIB)


class ImportQuery(Schema):
    """Whether it is only to be tried."""

    dry_run = Switch(load_default=False, metadata={"description": "只检查，不导入 only say what it would do"})


class FormatQuery(Schema):
    """As which kind of file."""

    format = Code(*FORMATS, load_default="xlsx")


class ExportQuery(FormatQuery):
    """Which rows: all, or those in a place."""

    place_ref = Ref(load_default=None)


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


@api.post("/imports/{kind}", roles=(STREET,), takes=SHEETS, query=ImportQuery, answer=ImportView)
def import_sheet(call: Call) -> Any:
    """导入表格：全部正确才导入；dry_run 只检查"""
    kind, dry_run = _kind(call), call.query["dry_run"]
    understood, wrong = rows.read(kind, call.file)
    trial = call.transaction.begin_nested()
    report: Report = call.handle(kind.command(understood))
    wrong += [each for number, error in report.wrong for each in rows.said(kind, number, error)]
    wrong.sort(key=lambda each: each.facts["row"])
    if wrong and not dry_run:
        raise SheetWrong(wrong)
    trial.rollback() if dry_run else trial.commit()
    return {
        "dry_run": dry_run,
        "rows": len({each.facts["row"] for each in wrong})
        + report.created
        + report.changed
        + report.unchanged,
        "created": report.created,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "error_count": len(wrong),
        "errors": [_told(each, call.language) for each in wrong[:MOST_TOLD]],
    }


@api.get("/imports/{kind}/template", roles=(STREET, COMMUNITY), query=FormatQuery, gives=(CSV, XLSX))
def import_template(call: Call) -> Any:
    """导入用的空白模板"""
    kind, format = _kind(call), call.query["format"]
    return File(rows.template(kind, FORMATS[format]), FORMATS[format], f"{kind.name}模板.{format}")


@api.get("/exports/{kind}", roles=(STREET, COMMUNITY), query=ExportQuery, gives=(CSV, XLSX), personal=True)
def export_sheet(call: Call) -> Any:
    """导出表格：改好后可再导入"""
    kind, format = _kind(call), call.query["format"]
    found = call.ask(lambda *asked: [*kind.rows(*asked)], call.query["place_ref"])
    return File(rows.written(kind, found, FORMATS[format]), FORMATS[format], f"{kind.name}.{format}")


def _kind(call: Call) -> Kind:
    """The kind that the path names. Raises SheetUnknown."""
    kind = KINDS.get(call.path["kind"])
    if kind is None:
        known = "、".join(f"{each.code} {each.name}" for each in KINDS.values())
        raise SheetUnknown(ref=call.path["kind"], known=known)
    return kind


def _told(wrong: RowWrong, language: str) -> dict[str, Any]:
    row, column, said = (wrong.facts[name] for name in ("row", "column", "said"))
    english = language == "en"
    return {
        "row": row,
        "column": column.en if english else column.zh,
        "field": wrong.fields[0].removeprefix(f"rows.{row}."),
        "message": said.en if english else said.zh,
    }
