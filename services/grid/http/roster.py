"""值班表 Who is on duty where and when, who stands in for whom, and when nobody is there."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.http.common import api
from services.grid.use_cases.roster import BeAbsent, PutOnDuty, TakeAbsenceBack, TakeShiftBack
from shared.access.roles import COMMUNITY, GRID_WORKER, STAFF, STREET
from shared.web.api import Call
from shared.web.fields import Instant, Paging, Ref, Refs, Sort, Text, several

KEEPERS = (STREET, COMMUNITY)
READERS = (*STAFF, GRID_WORKER)


class ShiftBody(Schema):
    """Who is on duty for which place, from when until when."""

    staff_ref = Ref(required=True)
    place_ref = Ref(required=True)
    begins_at = Instant(required=True)
    ends_at = Instant(required=True)


class ShiftView(Schema):
    """Somebody's duty for a place."""

    id = Ref()
    staff_ref = Ref()
    place_ref = Ref()
    place_name = Text()
    begins_at = Instant()
    ends_at = Instant()
    taken_back_at = Instant(allow_none=True)


class ShiftFilter(Paging):
    """Which shifts."""

    staff_ref = Ref(load_default=None)
    place_ref = Ref(load_default=None)
    sort = Sort("begins_at", default="begins_at")


class AbsenceBody(Schema):
    """Who is not there, who stands in (null: nobody), from when until when. Why is not asked."""

    staff_ref = Ref(required=True)
    substitute_ref = Ref(load_default=None, allow_none=True)
    begins_at = Instant(required=True)
    ends_at = Instant(required=True)


class AbsenceView(Schema):
    """That somebody is not there, and who stands in."""

    id = Ref()
    staff_ref = Ref()
    substitute_ref = Ref(allow_none=True)
    begins_at = Instant()
    ends_at = Instant()
    taken_back_at = Instant(allow_none=True)


class AbsenceFilter(Paging):
    """Which absences."""

    staff_ref = Ref(load_default=None)
    substitute_ref = Ref(load_default=None)
    sort = Sort("begins_at", default="begins_at")


class RosterQuery(Schema):
    """Of which place, from when until when."""

    place_ref = Ref(required=True)
    begins_at = Instant(required=True)
    ends_at = Instant(required=True)


class StretchView(Schema):
    """A part of the time, and who is on duty in it; `remark` says where nobody is, or several are."""

    begins_at = Instant()
    ends_at = Instant()
    staff_refs = Refs()
    remark = Text()


class RosterView(Schema):
    """The whole time, part by part."""

    place_ref = Ref()
    place_name = Text()
    items = several(StretchView)


@api.post(
    "/duty-shifts", roles=KEEPERS, body=ShiftBody, answer=ShiftView, status=201, location="/duty-shifts/{id}"
)
def put_on_duty(call: Call) -> Any:
    """排班"""
    return call.handle(PutOnDuty(**call.body))


@api.get("/duty-shifts", roles=READERS, query=ShiftFilter, answer=ShiftView, personal=True)
def duty_shifts(call: Call) -> Any:
    """值班列表"""
    return call.ask(queries.roster.shifts_in_scope, **call.query)


@api.get("/duty-shifts/{id}", roles=READERS, answer=ShiftView, personal=True)
def duty_shift(call: Call) -> Any:
    """一次值班"""
    return call.ask(queries.roster.shift, call.path["id"])


@api.post("/duty-shifts/{id}/take-back", roles=KEEPERS, answer=ShiftView)
def take_shift_back(call: Call) -> Any:
    """撤销一次值班"""
    return call.handle(TakeShiftBack(call.path["id"]))


@api.get("/duty-roster", roles=READERS, query=RosterQuery, answer=RosterView, personal=True)
def duty_roster(call: Call) -> Any:
    """一处场所的值班表，注明空班和重叠"""
    return call.ask(queries.roster.roster, **call.query)


@api.post(
    "/absences", roles=KEEPERS, body=AbsenceBody, answer=AbsenceView, status=201, location="/absences/{id}"
)
def be_absent(call: Call) -> Any:
    """登记离岗替班"""
    return call.handle(BeAbsent(**call.body))


@api.get("/absences", roles=READERS, query=AbsenceFilter, answer=AbsenceView, personal=True)
def absences(call: Call) -> Any:
    """离岗替班列表"""
    return call.ask(queries.roster.absences_in_scope, **call.query)


@api.get("/absences/{id}", roles=READERS, answer=AbsenceView, personal=True)
def absence(call: Call) -> Any:
    """一次离岗替班"""
    return call.ask(queries.roster.absence, call.path["id"])


@api.post("/absences/{id}/take-back", roles=KEEPERS, answer=AbsenceView)
def take_absence_back(call: Call) -> Any:
    """撤销离岗替班：提前返岗或不再离岗"""
    return call.handle(TakeAbsenceBack(call.path["id"]))
