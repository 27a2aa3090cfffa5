"""Open311 GeoReport v2: cases as other cities' programs know them. What differs, and why, docs/how-to/open311.md
says; what anyone may read of a case, docs/decisions/0011."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from marshmallow import Schema, fields, pre_load, validate

from services.grid import queries
from services.grid.domain.case import Case
from services.grid.domain.case_lifecycle import CLOSED, LIFECYCLE, WAITING
from services.grid.domain.case_waiting import WAITING_FOR
from services.grid.domain.categories import RECEIVERS, Category
from services.grid.domain.category_table import CategoryTable
from services.grid.domain.errors.categories import CategoryUnknown
from services.grid.domain.errors.places import AddressUnknown
from services.grid.domain.place import GRID, Place
from services.grid.http.cases import LONGEST_TEXT
from services.grid.http.common import Degrees
from services.grid.http.open311_wire import FORMATS, GeoReportWire
from services.grid.use_cases.cases import ReportCase
from shared.access.roles import OUTSIDE_SYSTEM, STAFF
from shared.kernel.clock import local, local_date
from shared.kernel.errors import Invalid, NotFound, Term
from shared.web.api import Api, Call
from shared.web.fields import Code, Instant, Text

open311_api = Api("grid", root="/open311/v2", wire=GeoReportWire(), in_openapi=False)

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
LONGEST_SPAN = timedelta(days=90)
MOST_REQUESTS = 1000
STATUSES = {
    "open": [state for state in LIFECYCLE.states if state != CLOSED],
    "closed": [CLOSED],
}
NOT_KEPT = (
    "email",
    "device_id",
    "account_id",
    "first_name",
    "last_name",
    "phone",
    "media_url",
)

CONTACT = "请联系区划代码 {street} 的街道办事处系统管理员 Ask the operator of the street office"
KEY_SERVICE = (
    "api_key 是访问令牌，由系统管理员签发：jiushu token create --role outside_system "
    "The api_key is an access token that the operator issues"
)
ABOUT_PLACE = (
    "地点请填 address_id（楼、楼门、点位或网格的编码）或 address_string（其名称，可加上所在小区的名称），"
    "或填 lat 和 long（WGS84），按所在网格受理。 Say the place by address_id (the code of a building, door, spot "
    "or grid) or address_string (its name), or by lat and long: then the case is the grid's there."
)


class JurisdictionUnknown(NotFound):
    """One deployment serves one street."""

    code = "jurisdiction_unknown"
    zh = "jurisdiction_id：本系统服务 {street}，不是 {asked}"
    en = "jurisdiction_id: this installation serves {street}, not {asked}"


class PlaceMissing(Invalid):
    """No place was named."""

    code = "place_missing"
    zh = "请用 address_id（地点编码）、address_string（地点名称）或 lat 和 long 说明地点"
    en = "say the place by address_id (its code), address_string (its name), or lat and long"


class SpanWrong(Invalid):
    """The end before the beginning, or too long after it."""

    code = "span_wrong"
    zh = "start_date 不能晚于 end_date，两者相隔最多 {days} 天"
    en = "start_date must not be after end_date, nor more than {days} days before it"


# ---- what is asked


class Several(fields.List[Any]):
    """Values with commas between them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        parts = [part.strip() for part in str(value).split(",")]
        return super()._deserialize([part for part in parts if part], attr, data, **options)


class Moment(Instant):
    """An instant; a `+` that became a blank on its way, as in a URL, is one again."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        return super()._deserialize(str(value).replace(" ", "+"), attr, data, **options)


class Asked(Schema):
    """What every request may say. What is empty is as if it were not there; what is unknown too, since programs send
    the extensions that they know."""

    jurisdiction_id = Text(100, load_default=None)

    @pre_load
    def leave_out(self, data: Mapping[str, str], **_: Any) -> dict[str, Any]:
        """Only what is declared and says something."""
        return {name: value for name, value in data.items() if name in self.fields and value.strip()}


class RequestBody(Asked):
    """A request for service. The reporter's personal data are not kept."""

    service_code = Text(64, required=True)
    address_id = Text(64, load_default=None)
    address_string = Text(200, load_default=None)
    lat = Degrees(load_default=None)
    long = Degrees(load_default=None)
    description = Text(LONGEST_TEXT, load_default="")
    not_kept = fields.List(Text())

    @pre_load
    def leave_out(self, data: Mapping[str, str], **_: Any) -> dict[str, Any]:
        """As everywhere; and note what will not be kept."""
        sent = [name for name in NOT_KEPT if data.get(name, "").strip()]
        return {**super().leave_out(data), "not_kept": sent}


class RequestFilter(Asked):
    """Which requests: those with these numbers, or else those that all the rest allows."""

    service_request_id = Several(Text(30), load_default=None)
    service_code = Several(Text(64), load_default=None)
    start_date = Moment(load_default=None)
    end_date = Moment(load_default=None)
    status = Several(Code(*STATUSES), load_default=tuple(STATUSES))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 1000))
    page_size = fields.Integer(load_default=MOST_REQUESTS, validate=validate.Range(1, MOST_REQUESTS))


# ---- the doors


@open311_api.get("/discovery.{format}", roles=None)
def discovery(call: Call) -> Any:
    """服务发现"""
    changeset = _table(call).revised_on.isoformat()
    endpoint = {
        "specification": SPECIFICATION,
        "url": call.root_url.rstrip("/") + open311_api.prefix,
        "changeset": changeset,
        "type": "production",
        "formats": list(FORMATS.values()),
    }
    return {
        "discovery": {
            "changeset": changeset,
            "contact": CONTACT.format(street=call.application.identity.street),
            "key_service": KEY_SERVICE,
            "endpoints": [endpoint],
        }
    }


@open311_api.get("/services.{format}", roles=None, query=Asked)
def services(call: Call) -> Any:
    """服务事项"""
    _must_be_served(call, call.query)
    return {"services": [_service(category) for category in _table(call).categories]}


@open311_api.get("/services/{code}.{format}", roles=None, query=Asked)
def service_definition(call: Call) -> Any:
    """一个服务事项需要填写的内容"""
    _must_be_served(call, call.query)
    category = _category(call, call.path["code"])
    return {"service_definition": {"service_code": category.code, "attributes": [_about_place()]}}


@open311_api.post("/requests.{format}", roles=(*STAFF, OUTSIDE_SYSTEM), body=RequestBody)
def file_request(call: Call) -> Any:
    """立案"""
    _must_be_served(call, call.body)
    category = _category(call, call.body["service_code"])
    report = ReportCase(
        category=category.code,
        text=call.body["description"].strip() or category.name,
        source="outside_system",
        **_where(call),
    )
    case = call.handle(report)
    notice = _notice(case, call.body["not_kept"])
    return _requests({"service_request_id": case.number, "service_notice": notice, "account_id": None})


@open311_api.get("/tokens/{token}.{format}", roles=None, query=Asked)
def request_of_token(call: Call) -> Any:
    """按凭证查询编号: here a number is given at once, so that a number is its own token"""
    _must_be_served(call, call.query)
    case = call.ask(queries.cases.case_numbered, call.path["token"])
    return _requests({"service_request_id": case.number, "token": call.path["token"]})


@open311_api.get("/requests.{format}", roles=None, query=RequestFilter)
def requests(call: Call) -> Any:
    """事项列表"""
    _must_be_served(call, call.query)
    asked = call.query
    if asked["service_request_id"] is not None:
        return _described(call, call.ask(queries.cases.cases_numbered, asked["service_request_id"]))
    found = call.ask(
        queries.cases.cases_reported,
        *_span(asked["start_date"], asked["end_date"], call.application.clock.now()),
        categories=asked["service_code"],
        states=[state for status in asked["status"] for state in STATUSES[status]],
        skip=(asked["page"] - 1) * asked["page_size"],
        most=asked["page_size"],
    )
    return _described(call, found)


@open311_api.get("/requests/{number}.{format}", roles=None, query=Asked)
def request(call: Call) -> Any:
    """一个事项"""
    _must_be_served(call, call.query)
    return _described(call, [call.ask(queries.cases.case_numbered, call.path["number"])])


# ---- from ours to theirs


def _must_be_served(call: Call, asked: Mapping[str, Any]) -> None:
    street = call.application.identity.street
    if asked["jurisdiction_id"] not in (None, street):
        raise JurisdictionUnknown(street=street, asked=asked["jurisdiction_id"])


def _table(call: Call) -> CategoryTable:
    """The table that holds today."""
    table: CategoryTable = call.ask(queries.categories.table, on=local_date(call.application.clock.now()))
    return table


def _category(call: Call, code: str) -> Category:
    try:
        return _table(call).category(code)
    except CategoryUnknown:
        raise NotFound(what=Term("类别", "service_code"), ref=code) from None


def _where(call: Call) -> dict[str, Any]:
    """The place that is named, which says more than a point; else the point. Programs send a point with an address that
    nobody here calls anything by: then the point does. Raises PlaceMissing, and what the two queries raise."""
    point = {"place_ref": None, "longitude": call.body["long"], "latitude": call.body["lat"]}
    has_point = None not in (call.body["long"], call.body["lat"])
    try:
        place = _named(call)
    except AddressUnknown as unknown:
        if not has_point or unknown.fields == ["address_id"]:
            raise
        place = None
    if place is None and not has_point:
        raise PlaceMissing()
    return point if place is None else {"place_ref": place.id}


def _named(call: Call) -> Place | None:
    for field, query in (
        ("address_id", queries.places.place_with_id),
        ("address_string", queries.places.place_called),
    ):
        if call.body[field] is not None:
            return call.ask(query, call.body[field].strip(), field=field)
    return None


def _span(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """From when to when: 90 days before the end, after the beginning, or before now."""
    end = end or (start + LONGEST_SPAN if start else now)
    start = start or end - LONGEST_SPAN
    if not timedelta(0) <= end - start <= LONGEST_SPAN:
        raise SpanWrong(days=LONGEST_SPAN.days)
    return start, end


def _service(category: Category) -> dict[str, Any]:
    return {
        "service_code": category.code,
        "service_name": category.name,
        "description": f"时限：{category.limit_text}，由{RECEIVERS[category.first_receiver]}首先受理",
        "metadata": True,
        "type": "realtime",
        "keywords": category.group,
        "group": category.group,
    }


def _about_place() -> dict[str, Any]:
    """An attribute that asks for nothing: the standard's way to tell the user something."""
    return {
        "variable": False,
        "code": "PLACE",
        "datatype": "string",
        "required": False,
        "datatype_description": None,
        "order": 1,
        "description": ABOUT_PLACE,
        "values": [],
    }


def _notice(case: Case, not_kept: list[str]) -> str:
    due = local(case.answer_due_at).strftime("%Y-%m-%d %H:%M")
    notice = f"由{case.lead_party_name}受理，{due} 前答复。"
    return notice + (f"未保存：{'、'.join(not_kept)}。" if not_kept else "")


def _described(call: Call, cases: Sequence[Case]) -> Any:
    places = call.ask(queries.places.places_around, cases)
    return _requests(*(_request(case, places[case.id]) for case in cases))


def _requests(*items: Any) -> Any:
    return {"service_requests": list(items)}


def _request(case: Case, places: Sequence[Place]) -> dict[str, Any]:
    """What anyone may read of a case: never the reporter's words, nor who that is. `places`: its own first."""
    return {
        "service_request_id": case.number,
        "status": "closed" if case.state == CLOSED else "open",
        "status_notes": _status_notes(case),
        "service_name": case.category_name,
        "service_code": case.category,
        "description": f"{case.category_name}（{case.place_name}）",
        "agency_responsible": case.lead_party_name,
        "service_notice": None,
        "requested_datetime": _w3c(case.reported_at),
        "updated_datetime": _w3c(case.changed_at),
        "expected_datetime": _w3c(case.answer_due_at),
        "address": _address(places),
        "address_id": places[0].code,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _status_notes(case: Case) -> str:
    notes = LIFECYCLE.states[case.state]
    if case.state == WAITING and case.waiting_for is not None:
        notes += f"：{WAITING_FOR[case.waiting_for]}"
    return notes if case.turn == 1 else f"{notes}（第{case.turn}次办理）"


def _address(places: Sequence[Place]) -> str:
    """The names from the place outwards; grids are in nobody's address."""
    named = [place.name for place in places[1:] if place.kind != GRID]
    return "，".join([places[0].name, *named])


def _w3c(instant: datetime) -> str:
    return local(instant).isoformat(timespec="seconds")
