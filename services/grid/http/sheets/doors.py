"""导入与导出 Import and export of the catalogue as sheets."""

from __future__ import annotations

from typing import Any

from services.grid.http.common import api
from services.grid.http.sheets.kinds import KINDS, Kind
from shared.access.roles import COMMUNITY, STREET
from shared.kernel.sheets.errors import SheetUnknown
from shared.web.api import Call
from shared.web.fields import Ref
from shared.web.files import CSV, XLSX, File
from shared.web.sheets import rows
from shared.web.sheets.doors import FORMATS, SHEETS, FormatQuery, ImportQuery, ImportView, imported


class ExportQuery(FormatQuery):
    """Which rows: all, or those in a place."""

    place_ref = Ref(load_default=None)


@api.post("/imports/{kind}", roles=(STREET,), takes=SHEETS, query=ImportQuery, answer=ImportView)
def import_sheet(call: Call) -> Any:
    """导入表格：全部正确才导入；dry_run 只检查"""
    kind = _kind(call)
    return imported(call, kind, kind.command)


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
