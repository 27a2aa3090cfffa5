"""兜底网格 Which grid takes what nobody can place."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.http.common import api
from services.grid.use_cases.catch_all import NameCatchAll
from shared.access.roles import OUTSIDE_SYSTEM, STAFF, STREET
from shared.web.api import Call
from shared.web.fields import Flag, Ref, Text


class CatchAllBody(Schema):
    """A grid."""

    grid_ref = Ref(required=True)


class CatchAllView(Schema):
    """The grid, null where there is none yet; `is_named` false: nobody has chosen one, so that it is the first by its
    code."""

    grid_ref = Ref(attribute="grid.id", allow_none=True, dump_default=None)
    grid_name = Text(attribute="grid.name", allow_none=True, dump_default=None)
    grid_code = Text(attribute="grid.code", allow_none=True, dump_default=None)
    is_named = Flag()


@api.get("/catch-all-grid", roles=(*STAFF, OUTSIDE_SYSTEM), answer=CatchAllView)
def catch_all(call: Call) -> Any:
    """兜底网格（地点不明的事项先归入）"""
    return call.ask(queries.hotline.catch_all)


@api.post("/catch-all-grid", roles=(STREET,), body=CatchAllBody, answer=CatchAllView)
def name_catch_all(call: Call) -> Any:
    """指定兜底网格"""
    call.handle(NameCatchAll(**call.body))
    return call.ask(queries.hotline.catch_all)
