"""吹哨报到 Whistles: blown, answered, reported, confirmed; each action at a door that is called like it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.domain.limit import UNITS
from services.grid.domain.whistle import CLOCK_NAMES, LIFECYCLE, Whistle
from services.grid.http.categories import LONGEST_LIMIT
from services.grid.http.common import CASE_OFFICERS, api
from services.grid.use_cases.whistles import (
    AnswerWhistle,
    BlowWhistle,
    ConfirmResult,
    ReportResult,
    SendWhistleBack,
    WithdrawWhistle,
    Within,
    capacities,
)
from shared.access.roles import CHENGGUAN, DEPARTMENT, POLICE, STAFF, STREET
from shared.kernel.listing import Page
from shared.web.api import Call
from shared.web.fields import (
    Code,
    Codes,
    Flag,
    Instant,
    Named,
    Paging,
    PublicText,
    PublicWords,
    Ref,
    Sort,
    Switch,
    Text,
    Whole,
    nested,
)

DEPARTMENTS = (DEPARTMENT, CHENGGUAN, POLICE)
CALLED = (STREET, *DEPARTMENTS)  # the street enters what a department tells it
READERS = (*STAFF, *DEPARTMENTS)


class WithinBody(Schema):
    """So much time."""

    amount = Whole(1, LONGEST_LIMIT, required=True)
    unit = Named(UNITS, required=True)


class WhistleBody(Schema):
    """To which case whom: a department or an organisation; what is needed; in what time it is to come, and to have it
    solved, both counted from now."""

    case_ref = Ref(required=True)
    party_ref = Ref(load_default=None, allow_none=True)
    organisation_ref = Ref(load_default=None, allow_none=True)
    need = PublicWords(500, required=True)
    answer_within = nested(WithinBody, required=True)
    solve_within = nested(WithinBody, required=True)


class WhistleAnswerBody(Schema):
    """Who comes, or how it goes on."""

    text = PublicText(500, load_default="")


class WhistleResultBody(Schema):
    """What was done."""

    result = PublicWords(500, required=True)


class WhistleReasonBody(Schema):
    """Why."""

    reason = PublicWords(500, required=True)


class WhistleView(Schema):
    """A whistle and both sides' clocks. `due_at` is that of the clock that runs now; `late` names those that ran out;
    `…_in_time` null: not known yet."""

    id = Ref()
    state = Named(LIFECYCLE.states)
    case_ref = Ref()
    number = Text()
    category = Code()
    category_name = Text()
    place_ref = Ref()
    place_name = Text()
    grid_ref = Ref()
    party_ref = Ref(allow_none=True)
    organisation_ref = Ref(allow_none=True)
    called_name = Text()
    need = Text(700)
    blown_by = Text()
    blown_at = Instant()
    due_at = Instant(allow_none=True)
    answer_due_at = Instant()
    answered_at = Instant(allow_none=True)
    answered_in_time = Flag(allow_none=True)
    answer_text = Text(700, allow_none=True)
    solve_due_at = Instant()
    reported_at = Instant(allow_none=True)
    solved_in_time = Flag(allow_none=True)
    result_text = Text(700, allow_none=True)
    confirm_due_at = Instant(allow_none=True)
    confirmed_in_time = Flag(allow_none=True)
    ended_at = Instant(allow_none=True)
    end_text = Text(700, allow_none=True)
    is_overdue = Flag()
    late = Codes(*CLOCK_NAMES)
    allowed_actions = Codes()


class WhistleFilter(Paging):
    """Which whistles."""

    state = Code(*LIFECYCLE.states, load_default=None)
    case_ref = Ref(load_default=None)
    party_ref = Ref(load_default=None)
    is_overdue = Switch(load_default=None)
    sort = Sort("answer_due_at", "solve_due_at")


def whistle_shown(call: Call, whistle: Whistle) -> Whistle:
    """The whistle, with what the caller may do with it now."""
    whistle.allowed_actions = whistle.actions_for(capacities(call.actor, whistle))
    return whistle


@api.post(
    "/whistles",
    roles=CASE_OFFICERS,
    body=WhistleBody,
    answer=WhistleView,
    status=201,
    location="/whistles/{id}",
)
def blow_whistle(call: Call) -> Any:
    """吹哨：请部门到场"""
    limits = {name: Within(**call.body[name]) for name in ("answer_within", "solve_within")}
    return whistle_shown(call, call.handle(BlowWhistle(**{**call.body, **limits})))


@api.get("/whistles", roles=READERS, query=WhistleFilter, answer=WhistleView)
def whistles(call: Call) -> Any:
    """吹哨列表（部门只见吹给自己的）"""
    found = call.ask(queries.whistles.whistles_in_scope, **call.query)
    return Page([whistle_shown(call, each) for each in found.items], found.next)


@api.get("/whistles/{id}", roles=READERS, answer=WhistleView)
def whistle(call: Call) -> Any:
    """一次吹哨"""
    return whistle_shown(call, call.ask(queries.whistles.whistle, call.path["id"]))


@api.post("/whistles/{id}/answer", roles=CALLED, body=WhistleAnswerBody, answer=WhistleView)
def answer_whistle(call: Call) -> Any:
    """报到"""
    return whistle_shown(call, call.handle(AnswerWhistle(call.path["id"], **call.body)))


@api.post("/whistles/{id}/report", roles=CALLED, body=WhistleResultBody, answer=WhistleView)
def report_result(call: Call) -> Any:
    """反馈处理结果"""
    return whistle_shown(call, call.handle(ReportResult(call.path["id"], **call.body)))


@api.post("/whistles/{id}/confirm", roles=CASE_OFFICERS, answer=WhistleView)
def confirm_result(call: Call) -> Any:
    """确认解决"""
    return whistle_shown(call, call.handle(ConfirmResult(call.path["id"])))


@api.post("/whistles/{id}/send-back", roles=CASE_OFFICERS, body=WhistleReasonBody, answer=WhistleView)
def send_whistle_back(call: Call) -> Any:
    """退回：尚未解决"""
    return whistle_shown(call, call.handle(SendWhistleBack(call.path["id"], **call.body)))


@api.post("/whistles/{id}/withdraw", roles=CASE_OFFICERS, body=WhistleReasonBody, answer=WhistleView)
def withdraw_whistle(call: Call) -> Any:
    """撤销吹哨"""
    return whistle_shown(call, call.handle(WithdrawWhistle(call.path["id"], **call.body)))
