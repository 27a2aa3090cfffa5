"""事项 Cases, and the categories that they come in."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from services.grid import queries
from services.grid.domain.case import LIFECYCLE, SOURCES, WAITING_FOR
from services.grid.domain.categories import CATEGORIES, RECEIVERS
from services.grid.http.common import READERS, WATCHERS, Degrees, api
from services.grid.use_cases.cases import ReportCase
from shared.access.roles import OUTSIDE_SYSTEM, RESIDENT, STAFF
from shared.web.api import Call
from shared.web.fields import (
    Code,
    Codes,
    Instant,
    Named,
    Paging,
    PublicCode,
    PublicWords,
    Ref,
    Sort,
    Text,
    Whole,
    Words,
    several,
)

LONGEST_TEXT = 4000  # as much as Open311 allows


class CategoryView(Schema):
    """A category of matters: who gets it first, and within how many hours there is an answer."""

    code = Code()
    name = Text()
    group = Text()
    limit_hours = Whole()
    first_receiver = Named(RECEIVERS)


class CategoriesView(Schema):
    """All categories."""

    items = several(CategoryView)


class ExternalRefBody(Schema):
    """The number that another system knows the matter by."""

    system = PublicWords(64, required=True)
    number = PublicCode(64, plain=True, required=True)


class CaseBody(Schema):
    """A matter to be taken up: at a place, or at a point."""

    category = Words(10, required=True)
    place_ref = Ref(load_default=None, allow_none=True)
    longitude = Degrees(load_default=None, allow_none=True)
    latitude = Degrees(load_default=None, allow_none=True)
    text = Words(LONGEST_TEXT, required=True)
    source = Named(SOURCES, load_default="resident")
    reporter_ref = Ref(load_default=None, allow_none=True)
    external_refs = several(ExternalRefBody, most=10, load_default=list)

    @validates_schema(skip_on_field_errors=False)
    def must_say_where(self, data: dict[str, Any], **_: Any) -> None:
        """Where it is, together with whatever else is missing."""
        if all(data.get(name, "") is None for name in ("place_ref", "longitude", "latitude")):
            raise ValidationError("Missing data for required field.", "place_ref")


class CaseView(Schema):
    """A case as staff see it; its text is what somebody wrote, and may name people. `recorded_by` says who put it in,
    where the reporter did not."""

    id = Ref()
    number = Text()
    state = Named(LIFECYCLE.states)
    turn = Whole()
    category = Code()
    category_name = Text()
    text = Text(LONGEST_TEXT)
    place_ref = Ref()
    place_name = Text()
    longitude = Degrees(allow_none=True)
    latitude = Degrees(allow_none=True)
    grid_ref = Ref()
    grid_code = Text()
    estate_ref = Ref(allow_none=True)
    building_ref = Ref(allow_none=True)
    area_ref = Ref(allow_none=True)
    reporter_ref = Ref(allow_none=True)
    recorded_by = Text(allow_none=True)
    source = Named(SOURCES)
    external_refs = several(ExternalRefBody)
    lead_party_ref = Ref(allow_none=True)
    lead_party_name = Text()
    topic_ref = Ref(allow_none=True)
    works_ref = Ref(allow_none=True)
    waiting_for = Named(WAITING_FOR, allow_none=True)
    reported_at = Instant()
    changed_at = Instant()
    answer_due_at = Instant()
    answered_at = Instant(allow_none=True)
    handled_at = Instant(allow_none=True)
    closed_at = Instant(allow_none=True)
    reopen_count = Whole()
    allowed_actions = Codes()


class CaseFilter(Paging):
    """Which cases."""

    state = Code(*LIFECYCLE.states, load_default=None)
    category = Code(load_default=None)
    place_ref = Ref(load_default=None, metadata={"description": "在此场所或其内 there, or anywhere inside"})
    grid_ref = Ref(load_default=None)
    lead_party_ref = Ref(load_default=None)
    reporter_ref = Ref(load_default=None)
    source = Code(*SOURCES, load_default=None)
    topic_ref = Ref(load_default=None)
    sort = Sort("answer_due_at", "reported_at")


@api.get("/categories", roles=None, answer=CategoriesView)
def categories(_call: Call) -> Any:
    """事项类别"""
    return {"items": CATEGORIES.values()}


@api.post(
    "/cases",
    roles=(*STAFF, *WATCHERS, RESIDENT, OUTSIDE_SYSTEM),
    body=CaseBody,
    answer=CaseView,
    status=201,
    location="/cases/{id}",
    subject="reporter_ref",
)
def report_case(call: Call) -> Any:
    """立案"""
    return call.handle(ReportCase(**call.body))


@api.get(
    "/cases",
    roles=READERS,
    query=CaseFilter,
    answer=CaseView,
    personal=True,
    subject="reporter_ref",
)
def cases(call: Call) -> Any:
    """事项列表; to outside systems phones and rooms in the text are masked"""
    return call.ask(queries.cases.cases_in_scope, **call.query)


@api.get("/cases/{id}", roles=(*READERS, RESIDENT), answer=CaseView, personal=True, subject="reporter_ref")
def case(call: Call) -> Any:
    """一个事项（编号或可读出的号码）"""
    return call.ask(queries.cases.case, call.path["id"])
