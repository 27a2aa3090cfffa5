"""热线 The 12345 hotline as a neighbour system: its orders, what it says of them, and the numbers of a day.

Everything may be sent twice, and in any order. What belongs to an order stands under the hotline's own number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import Schema, validate

from services.grid import queries
from services.grid.domain.case import OUTCOMES, RESOLUTIONS
from services.grid.domain.case_lifecycle import LIFECYCLE
from services.grid.domain.hotline_order import EFFECTS, KINDS, TRIAGE, WORDS
from services.grid.http.cases import LONGEST_TEXT
from services.grid.http.common import Degrees, api
from services.grid.http.whereabouts import LONGEST_ADDRESS, where_said
from services.grid.use_cases.hotline import (
    HearExtensionDecided,
    HearObjectionRuled,
    HearRevisit,
    PutHotlineOrder,
    ReconcileDay,
)
from shared.access.roles import OUTSIDE_SYSTEM, STREET
from shared.kernel.errors import NotFound, Term
from shared.web.api import Answer, Call
from shared.web.fields import (
    PLAIN,
    Code,
    Codes,
    Day,
    Flag,
    Instant,
    Named,
    Paging,
    PublicCode,
    PublicText,
    PublicWords,
    Ref,
    Sort,
    Text,
    Whole,
    Words,
    distinct,
    nested,
    no_mobile,
    several,
)

NEIGHBOURS = (OUTSIDE_SYSTEM, STREET)
NUMBER = Term("热线工单", "hotline order")
MOST_NUMBERS = 5000


class CallerBody(Schema):
    """Who called. Sealed to notify as it comes in: nobody can read it here."""

    name = Text(50, load_default="")
    phone = Words(30, required=True)


class HotlineOrderBody(Schema):
    """An order, as the hotline has it now. What is not dispatched says what was answered; what is dispatched says its
    category. Where it is: a place, a point or an address; what nobody can place goes to the catch-all grid."""

    received_at = Instant(required=True)
    revised_at = Instant(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "这份内容何时写定；早于已收到的不生效 an older one than is known changes nothing"
        },
    )
    kind = Named(KINDS, required=True)
    content = Words(LONGEST_TEXT, required=True)
    triage = Named(TRIAGE, required=True)
    answer = Text(LONGEST_TEXT, load_default="")
    category = Words(10, load_default=None, allow_none=True)
    place_ref = Ref(load_default=None, allow_none=True)
    longitude = Degrees(load_default=None, allow_none=True)
    latitude = Degrees(load_default=None, allow_none=True)
    address = Words(LONGEST_ADDRESS, required=True)
    due_at = Instant(
        load_default=None,
        allow_none=True,
        metadata={"description": "热线规定的办理时限；不填则按类别 the hotline's limit; else the category's"},
    )
    contact = nested(CallerBody, load_default=None, allow_none=True)


class HotlineWordBody(Schema):
    """Under a number of the hotline's own, so that it may be sent twice."""

    id = PublicCode(64, plain=True, required=True)
    said_at = Instant(required=True)


class HotlineRulingBody(HotlineWordBody):
    """A ruling. Upheld without `party_ref`, the order leaves the street."""

    upheld = Flag(required=True)
    reason = PublicWords(500, required=True)
    party_ref = Ref(load_default=None, allow_none=True)


class HotlineExtensionBody(HotlineWordBody):
    """More time, or not."""

    granted = Flag(required=True)
    until = Instant(load_default=None, allow_none=True)
    reason = PublicText(500, load_default="")


class HotlineRevisitBody(HotlineWordBody):
    """What the caller said when asked."""

    resolution = Named(RESOLUTIONS, required=True)
    grade = Whole(1, 5, required=True)
    reason_code = Code(load_default=None, allow_none=True)


class HotlineWordView(Schema):
    """What the hotline has said, and what has come of it."""

    id = Text()
    kind = Named(WORDS)
    outcome = Text()
    reason = Text(500)
    grade = Whole()
    until = Instant(allow_none=True)
    said_at = Instant()
    effect = Named(EFFECTS)


class HotlineCaseView(Schema):
    """How far its case is."""

    case_ref = Ref(attribute="id")
    number = Text()
    state = Named(LIFECYCLE.states)
    turn = Whole()
    place_is_unknown = Flag()
    grid_code = Text()
    lead_party_name = Text()
    answer_due_at = Instant()
    due_at = Instant()
    contacted_at = Instant(allow_none=True)
    answered_at = Instant(allow_none=True)
    handled_at = Instant(allow_none=True)
    closed_at = Instant(allow_none=True)
    outcome = Named(OUTCOMES, allow_none=True)


class HotlineOrderView(Schema):
    """An order, and how far its case is; null where none was made. The contact is not told, only whether there is
    one."""

    number = Text(attribute="order.id")
    received_at = Instant(attribute="order.received_at")
    revised_at = Instant(attribute="order.revised_at")
    recorded_at = Instant(attribute="order.recorded_at")
    kind = Named(KINDS, attribute="order.kind")
    content = Text(LONGEST_TEXT)
    address = Text(LONGEST_ADDRESS)
    triage = Named(TRIAGE, attribute="order.triage")
    answer = Text(LONGEST_TEXT, attribute="order.answer")
    category = Text(attribute="order.category", allow_none=True)
    due_at = Instant(attribute="order.due_at", allow_none=True)
    has_contact = Flag(attribute="order.has_contact")
    words = several(HotlineWordView, attribute="order.words")
    case = nested(HotlineCaseView, allow_none=True)


class OrderFilter(Paging):
    """Which orders."""

    received_on = Day(load_default=None)
    triage = Code(*TRIAGE, load_default=None)
    kind = Code(*KINDS, load_default=None)
    sort = Sort("received_at", default="-received_at")


class NumbersBody(Schema):
    """All numbers of the day."""

    numbers = Codes(required=True, validate=[validate.Length(max=MOST_NUMBERS), distinct])


class HotlineCaseInBriefView(Schema):
    """How far its case is, in short."""

    case_ref = Ref(attribute="id")
    number = Text()
    state = Named(LIFECYCLE.states)
    due_at = Instant()
    closed_at = Instant(allow_none=True)


class HotlineOrderInBriefView(Schema):
    """An order in a reconciliation."""

    number = Text(attribute="order.id")
    received_at = Instant(attribute="order.received_at")
    triage = Named(TRIAGE, attribute="order.triage")
    case = nested(HotlineCaseInBriefView, allow_none=True)


class ReconciliationView(Schema):
    """日对账 `missing_here`: send them again; `unknown_there`: received that day, and not among the numbers."""

    on = Day()
    sent_by = Text()
    sent_at = Instant()
    agrees = Flag()
    known = several(HotlineOrderInBriefView)
    missing_here = Codes()
    unknown_there = several(HotlineOrderInBriefView)


@api.put(
    "/hotline-orders/{number}",
    roles=NEIGHBOURS,
    body=HotlineOrderBody,
    answer=HotlineOrderView,
    also={201: HotlineOrderView},
)
def put_hotline_order(call: Call) -> Any:
    """热线来单（按热线的编号，可重发；201 首次，200 已有）"""
    number = _number(call)
    body = dict(call.body)
    fingerprint = _fingerprint(call, body)
    contact = body.pop("contact")
    sealed = None if contact is None else call.application.contact_seal.seal(contact, field="contact")
    body |= where_said(call, body)
    kept = call.handle(
        PutHotlineOrder(number=number, fingerprint=fingerprint, reporter_sealed=sealed, **body)
    )
    return Answer(call.ask(queries.hotline.hotline_order, number), 201 if kept.is_new else 200)


@api.get("/hotline-orders/{number}", roles=NEIGHBOURS, answer=HotlineOrderView, personal=True)
def hotline_order(call: Call) -> Any:
    """一个热线工单及其办理情况"""
    return call.ask(queries.hotline.hotline_order, call.path["number"])


@api.get("/hotline-orders", roles=NEIGHBOURS, query=OrderFilter, answer=HotlineOrderView, personal=True)
def hotline_orders(call: Call) -> Any:
    """热线工单列表"""
    return call.ask(queries.hotline.hotline_orders_in_scope, **call.query)


@api.post(
    "/hotline-orders/{number}/objections", roles=NEIGHBOURS, body=HotlineRulingBody, answer=HotlineOrderView
)
def hear_objection_ruled(call: Call) -> Any:
    """导入派单异议裁定"""
    return _told(call, HearObjectionRuled(number=call.path["number"], **call.body))


@api.post(
    "/hotline-orders/{number}/extensions",
    roles=NEIGHBOURS,
    body=HotlineExtensionBody,
    answer=HotlineOrderView,
)
def hear_extension_decided(call: Call) -> Any:
    """导入延期审批"""
    return _told(call, HearExtensionDecided(number=call.path["number"], **call.body))


@api.post(
    "/hotline-orders/{number}/revisits", roles=NEIGHBOURS, body=HotlineRevisitBody, answer=HotlineOrderView
)
def hear_revisit(call: Call) -> Any:
    """导入回访结果"""
    return _told(call, HearRevisit(number=call.path["number"], **call.body))


@api.post("/hotline-reconciliations/{date}", roles=NEIGHBOURS, body=NumbersBody, answer=ReconciliationView)
def reconcile_day(call: Call) -> Any:
    """日对账：热线送来当日全部编号"""
    call.actor.must_act_everywhere()
    on = _day(call)
    call.handle(ReconcileDay(on, **call.body))
    return call.ask(queries.hotline.day_compared, on)


@api.get("/hotline-reconciliations/{date}", roles=NEIGHBOURS, answer=ReconciliationView)
def reconciliation(call: Call) -> Any:
    """日对账结果（以现在的情况比对）"""
    call.actor.must_act_everywhere()
    return call.ask(queries.hotline.day_compared, _day(call))


def _told(call: Call, command: Any) -> Any:
    call.handle(command)
    return call.ask(queries.hotline.hotline_order, command.number)


def _number(call: Call) -> str:
    """The hotline's number in the path. Raises ValidationError for one that could be nobody's."""
    number = call.path["number"]
    for rule in (validate.Length(1, 64), validate.Regexp(PLAIN), no_mobile):
        rule(number)
    return number


def _day(call: Call) -> date:
    try:
        return date.fromisoformat(call.path["date"])
    except ValueError:
        raise NotFound(what=Term("日期", "day"), ref=call.path["date"]) from None


def _fingerprint(call: Call, body: Mapping[str, Any]) -> str:
    """Equal for equal bodies; keyed, since a phone can be found by trying them all."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, default=_plain)
    return call.application.database.keyring.index(text, "hotline_orders.fingerprint")


def _plain(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
