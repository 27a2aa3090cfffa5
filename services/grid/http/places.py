"""场所 Places."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.domain.estates import ESTATE_TYPE_NAMES
from services.grid.domain.place import KINDS
from services.grid.http.common import READERS, Degrees, api
from services.grid.use_cases.places import ChangePlace, RegisterPlace
from shared.access.roles import CAPTAIN, STEWARD, STREET
from shared.web.api import Call
from shared.web.fields import Code, Day, Named, Paging, PublicCode, PublicWords, Ref, Refs, Text, Whole

FINDERS = (*READERS, CAPTAIN, STEWARD)


class PlaceBody(Schema):
    """A new place."""

    kind = Named(KINDS, required=True)
    name = PublicWords(100, required=True)
    code = PublicCode(30, required=True)
    parent_ref = Ref(load_default=None, allow_none=True)
    estate_type = Named(ESTATE_TYPE_NAMES)
    household_count = Whole(load_default=0, most=1_000_000)
    longitude = Degrees(load_default=None, allow_none=True)
    latitude = Degrees(load_default=None, allow_none=True)


class PlaceChangeBody(Schema):
    """What is to be changed; what is left out stays."""

    name = PublicWords(100)
    estate_type = Named(ESTATE_TYPE_NAMES)
    household_count = Whole(most=1_000_000)
    longitude = Degrees()
    latitude = Degrees()


class PlaceView(Schema):
    """A place with what lies around it."""

    id = Ref()
    kind = Named(KINDS)
    name = Text()
    code = Text()
    parent_ref = Ref(allow_none=True)
    community_ref = Ref(allow_none=True)
    estate_ref = Ref(allow_none=True)
    grid_ref = Ref(allow_none=True)
    grid_code = Text(allow_none=True)
    building_ref = Ref(allow_none=True)
    estate_type = Text()
    household_count = Whole()
    required_captains = Whole()
    longitude = Degrees(allow_none=True)
    latitude = Degrees(allow_none=True)
    valid_from = Day()
    valid_to = Day(allow_none=True)
    superseded_by = Refs()


class PlaceFilter(Paging):
    """Which places."""

    kind = Code(*KINDS, load_default=None)
    code = Text(30, load_default=None)


@api.post("/places", roles=(STREET,), body=PlaceBody, answer=PlaceView, status=201, location="/places/{id}")
def register_place(call: Call) -> Any:
    """登记场所"""
    return call.handle(RegisterPlace(**call.body))


@api.get("/places", roles=FINDERS, query=PlaceFilter, answer=PlaceView)
def places(call: Call) -> Any:
    """场所列表"""
    return call.ask(queries.places.places_in_scope, **call.query)


@api.get("/places/{id}", roles=FINDERS, answer=PlaceView)
def place(call: Call) -> Any:
    """一个场所"""
    return call.ask(queries.places.place, call.path["id"])


@api.post("/places/{id}/change", roles=(STREET,), body=PlaceChangeBody, answer=PlaceView)
def change_place(call: Call) -> Any:
    """变更场所"""
    return call.handle(ChangePlace(call.path["id"], **call.body))
