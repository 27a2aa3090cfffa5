"""户 Households behind doors, and what is around one."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.domain.captain import ORIGINS
from services.grid.domain.staff import POSTING_ROLES
from services.grid.domain.staff_categories import CATEGORY_NAMES
from services.grid.http.common import api
from services.grid.http.shapes import PlaceBrief
from services.grid.use_cases.places import EndHousehold, RegisterHousehold
from shared.access.roles import COMMUNITY, GRID_WORKER, STAFF, STREET
from shared.web.api import Call
from shared.web.fields import Day, Named, Paging, Ref, Text, Words, nested, several

RECORDERS = (STREET, COMMUNITY, GRID_WORKER)
READERS = (*STAFF, GRID_WORKER)


class HouseholdBody(Schema):
    """A dwelling behind a door: the room as people there call it."""

    door_ref = Ref(required=True)
    room = Words(30, required=True)


class HouseholdView(Schema):
    """A dwelling; who lives there, notify alone knows."""

    id = Ref()
    door_ref = Ref()
    room = Text()
    valid_from = Day()
    valid_to = Day(allow_none=True)


class HouseholdFilter(Paging):
    """Which of those that are there now."""

    door_ref = Ref(load_default=None)


class CaptainBrief(Schema):
    """A captain of the door; who that is, the captain's own view says."""

    captain_ref = Ref()
    origin = Named(ORIGINS)


class StaffBrief(Schema):
    """Who is at work in the grid."""

    staff_ref = Ref()
    staff_name = Text()
    category = Named(CATEGORY_NAMES)
    role = Named(POSTING_ROLES)


class SurroundingsView(Schema):
    """What lies around a household, and who serves there."""

    household_ref = Ref()
    room = Text()
    door = nested(PlaceBrief)
    building = nested(PlaceBrief, allow_none=True)
    grid = nested(PlaceBrief, allow_none=True)
    estate = nested(PlaceBrief, allow_none=True)
    community = nested(PlaceBrief, allow_none=True)
    captains = several(CaptainBrief)
    staff = several(StaffBrief)


@api.post(
    "/households",
    roles=RECORDERS,
    body=HouseholdBody,
    answer=HouseholdView,
    status=201,
    location="/households/{id}",
)
def register_household(call: Call) -> Any:
    """登记户"""
    return call.handle(RegisterHousehold(**call.body))


@api.get("/households", roles=READERS, query=HouseholdFilter, answer=HouseholdView)
def households(call: Call) -> Any:
    """户列表"""
    return call.ask(queries.households.households_in_scope, **call.query)


@api.get("/households/{id}", roles=READERS, answer=HouseholdView)
def household(call: Call) -> Any:
    """一户"""
    return call.ask(queries.households.household, call.path["id"])


@api.get("/households/{id}/surroundings", roles=READERS, answer=SurroundingsView)
def surroundings(call: Call) -> Any:
    """一户的楼门、楼门长、楼、网格、网格力量、小区、社区"""
    return call.ask(queries.households.surroundings, call.path["id"])


@api.post("/households/{id}/end", roles=RECORDERS, answer=HouseholdView)
def end_household(call: Call) -> Any:
    """注销户"""
    return call.handle(EndHousehold(call.path["id"]))
