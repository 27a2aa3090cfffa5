"""物业管理区域 Areas."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, validate

from services.property import queries
from services.property.http.common import READERS, REGISTRARS, api
from services.property.use_cases.areas import RegisterArea
from shared.web.api import Call
from shared.web.fields import Paging, PublicWords, Ref, Refs, Whole, distinct


class AreaBody(Schema):
    """A new area; its totals are what owners' votes are measured against."""

    name = PublicWords(100, required=True)
    estate_ref = Ref(required=True)
    building_refs = Refs(required=True, validate=[validate.Length(1, 500), distinct])
    owners_total = Whole(required=True, least=1, most=1_000_000)
    area_total_dm2 = Whole(required=True, least=1, most=100_000_000_000)


class AreaView(AreaBody):
    """An area."""

    id = Ref()


@api.post("/areas", roles=REGISTRARS, body=AreaBody, answer=AreaView, status=201, location="/areas/{id}")
def register_area(call: Call) -> Any:
    """登记物业管理区域"""
    return call.handle(RegisterArea(**call.body))


@api.get("/areas", roles=READERS, query=Paging, answer=AreaView)
def areas(call: Call) -> Any:
    """物业管理区域列表"""
    return call.ask(queries.areas_in_scope, **call.query)


@api.get("/areas/{id}", roles=READERS, answer=AreaView)
def area(call: Call) -> Any:
    """一个物业管理区域"""
    return call.ask(queries.area, call.path["id"])
