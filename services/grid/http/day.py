"""一日工作 A worker's day."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.http.common import api
from services.grid.http.visits import VISITORS
from services.grid.queries.day import MOST_TASKS
from shared.web.api import Call
from shared.web.fields import Code, Flag, Instant, Ref, Text, Whole, several


class VisitToMake(Schema):
    """A visit."""

    id = Ref()
    state = Code()
    purpose = Code(attribute="name")
    room = Text(attribute="label")
    due_at = Instant(allow_none=True)


class OpenCase(Schema):
    """A case that is not handled yet."""

    id = Ref()
    state = Code()
    category_name = Text(attribute="name")
    number = Text(attribute="label")
    answer_due_at = Instant(attribute="due_at")


class StopView(Schema):
    """A door, or a building or grid (`door_ref` null) for what is at no door, and what is to be done there."""

    building_ref = Ref(allow_none=True)
    building_name = Text()
    door_ref = Ref(allow_none=True)
    door_name = Text()
    missing_captains = Whole()
    visits = several(VisitToMake, most=MOST_TASKS)
    cases = several(OpenCase, most=MOST_TASKS)


class DayView(Schema):
    """What is to be done, by building and door; `is_cut`: there is more than is shown."""

    place_ref = Ref()
    place_name = Text()
    open_visits = Whole()
    open_cases = Whole()
    missing_captains = Whole()
    is_cut = Flag()
    stops = several(StopView, most=3 * MOST_TASKS)


class WhichPlace(Schema):
    """Another place than the caller's own: one inside it."""

    place_ref = Ref(load_default=None)


@api.get("/my/day", roles=VISITORS, query=WhichPlace, answer=DayView, personal=True)
def my_day(call: Call) -> Any:
    """一日工作：按楼门列出要入户的、未办结的、缺楼门长的"""
    return call.ask(queries.day.day, **call.query)
