"""交接班 The change of shifts."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.domain.shift import APPLICATIONS, LIFECYCLE, MOST_MATTERS
from services.grid.http.case_counts import TallyView
from services.grid.http.common import CASE_OFFICERS, api
from services.grid.use_cases.shifts import HandShiftOver, TakeShift
from shared.access.roles import STAFF
from shared.web.api import Call
from shared.web.fields import Code, Codes, Flag, Instant, Named, Paging, Ref, Sort, Text, nested, several

LONGEST_REMARKS = 2000


class ShiftHandoverBody(Schema):
    """At which place, to whose account, and what is to be said; staff only read it."""

    place_ref = Ref(required=True)
    to_subject = Ref(required=True, metadata={"description": "接班人的账号 the account of who takes over"})
    remarks = Text(LONGEST_REMARKS, load_default="")


class ShiftHandoverView(Schema):
    """Who has handed over to whom, and how much was open then; `taken_at` null: not taken yet."""

    id = Ref()
    state = Named(LIFECYCLE.states)
    place_ref = Ref()
    place_name = Text()
    handed_by = Text()
    handed_at = Instant()
    to_subject = Ref()
    remarks = Text(LONGEST_REMARKS)
    tally = nested(TallyView)
    taken_at = Instant(allow_none=True)
    allowed_actions = Codes()


class MatterView(Schema):
    """A case that was overdue then, or of which something waited for a decision."""

    case_ref = Ref()
    number = Text()
    category_name = Text()
    place_name = Text()
    state = Code()
    due_at = Instant()
    is_overdue = Flag()
    to_decide = Codes(*APPLICATIONS)


class ShiftMattersView(ShiftHandoverView):
    """With those cases, by what was due first; `is_cut`: there were more than are listed."""

    matters = several(MatterView, most=MOST_MATTERS)
    is_cut = Flag()


class ShiftHandoverFilter(Paging):
    """Which hand-overs."""

    place_ref = Ref(load_default=None, metadata={"description": "在此场所或其内 there, or anywhere inside"})
    to_subject = Ref(load_default=None)
    state = Code(*LIFECYCLE.states, load_default=None)
    sort = Sort("handed_at")


@api.post(
    "/shift-handovers",
    roles=CASE_OFFICERS,
    body=ShiftHandoverBody,
    answer=ShiftMattersView,
    status=201,
    location="/shift-handovers/{id}",
)
def hand_shift_over(call: Call) -> Any:
    """交班：连同此刻未办结的事项交给接班人"""
    return call.handle(HandShiftOver(**call.body))


@api.get("/shift-handovers", roles=STAFF, query=ShiftHandoverFilter, answer=ShiftHandoverView, personal=True)
def shift_handovers(call: Call) -> Any:
    """交接班列表"""
    return call.ask(queries.shifts.shift_handovers_in_scope, **call.query)


@api.get("/shift-handovers/{id}", roles=STAFF, answer=ShiftMattersView, personal=True)
def shift_handover(call: Call) -> Any:
    """一次交接班，连同当时的事项"""
    return call.ask(queries.shifts.shift_handover, call.path["id"])


@api.post("/shift-handovers/{id}/take", roles=CASE_OFFICERS, answer=ShiftMattersView)
def take_shift(call: Call) -> Any:
    """接班（由接班人本人）"""
    return call.handle(TakeShift(call.path["id"]))
