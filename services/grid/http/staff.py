"""网格力量 Staff, where they are posted, and how many have a grid."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.domain.staff import LIFECYCLE, MEMBER, POSTING_ROLES
from services.grid.domain.staff_categories import CATEGORY_NAMES, NEEDED_IN_EVERY_GRID, STAFF_CATEGORIES
from services.grid.http.common import api
from services.grid.use_cases.staff import (
    EndDuty,
    GridRole,
    PostStaff,
    RegisterStaff,
    ReleaseStaff,
    ReplaceStaff,
    ResumeDuty,
)
from shared.access.roles import COMMUNITY, GRID_WORKER, STAFF, STREET
from shared.web.api import Call
from shared.web.fields import (
    Code,
    Codes,
    Day,
    Flag,
    Named,
    Paging,
    PublicCode,
    Ref,
    Text,
    Whole,
    Words,
    nested,
    several,
)

READERS = (*STAFF, GRID_WORKER)
KEEPERS = (STREET, COMMUNITY)


class StaffCategoryView(Schema):
    """A category of staff; `is_assumed`: the article does not name it."""

    code = Code()
    name = Text()
    every_grid_needs_one = Flag()
    may_pair = Flag()
    is_assumed = Flag()


class StaffCategoriesView(Schema):
    """All eight."""

    items = several(StaffCategoryView)


class GridRoleBody(Schema):
    """A grid, and the role there."""

    grid_ref = Ref(required=True)
    role = Named(POSTING_ROLES, load_default=MEMBER)


class StaffBody(Schema):
    """Somebody who is at work in at least one grid; no phone. `subject` is the id in the tokens of whoever it is."""

    staff_no = PublicCode(30, plain=True, required=True)
    name = Words(50, required=True)
    category = Named(CATEGORY_NAMES, required=True)
    grids = several(GridRoleBody, most=50, load_default=list)
    subject = Words(64, load_default=None, allow_none=True)
    organisation_ref = Ref(load_default=None, allow_none=True)


class GridsBody(Schema):
    """Where somebody is at work from now on."""

    grids = several(GridRoleBody, most=50, load_default=list)


class ReleaseBody(Schema):
    """Which grid."""

    grid_ref = Ref(required=True)


class ReplaceBody(Schema):
    """Who takes over."""

    successor_ref = Ref(required=True)


class PostingView(Schema):
    """Being at work in one grid."""

    grid_ref = Ref()
    grid_code = Text()
    grid_name = Text()
    role = Named(POSTING_ROLES)
    valid_from = Day()
    valid_to = Day(allow_none=True)


class StaffView(Schema):
    """One of the staff, with all postings that there have been."""

    id = Ref()
    staff_no = Text()
    name = Text()
    category = Named(CATEGORY_NAMES)
    category_name = Text()
    subject = Text(allow_none=True)
    organisation_ref = Ref(allow_none=True)
    state = Named(LIFECYCLE.states)
    postings = several(PostingView)
    allowed_actions = Codes()


class OpenView(Schema):
    """Something that a leaver had in hand."""

    kind = Named({"pairing": "结对", "case": "事项"})
    ref = Ref()


class DepartureView(Schema):
    """What became of it: the successor has it, or whoever was chosen anew (`handed_over`); or nobody (`unassigned`)."""

    staff = nested(StaffView)
    successor_ref = Ref(allow_none=True)
    handed_over = several(OpenView)
    unassigned = several(OpenView)


class StaffFilter(Paging):
    """Which staff."""

    category = Code(*CATEGORY_NAMES, load_default=None)
    state = Code(*LIFECYCLE.states, load_default=None)
    grid_ref = Ref(load_default=None)
    staff_no = Text(30, load_default=None)
    subject = Text(64, load_default=None)
    organisation_ref = Ref(load_default=None)


class CategoryCoverageView(Schema):
    """Of one category; `percent` null (“—”): nobody is on duty."""

    category = Named(CATEGORY_NAMES)
    name = Text()
    on_duty = Whole()
    in_grid = Whole()
    percent = Text(10, allow_none=True)


class StaffCoverageView(Schema):
    """入格率, and how many grids have somebody of each category that every grid needs."""

    categories = several(CategoryCoverageView)
    percent = Text(10, allow_none=True)
    needed_in_every_grid = Codes()
    grids = Whole()
    complete_grids = Whole()
    complete_percent = Text(10, allow_none=True)


class GridCoverageView(Schema):
    """A grid, and the categories that it misses."""

    id = Ref()
    code = Text()
    name = Text()
    missing = Codes()


class GridCoverageFilter(Paging):
    """Which grids."""

    show = Code("missing", "all", load_default="missing")


@api.get("/staff-categories", roles=READERS, answer=StaffCategoriesView)
def staff_categories(_call: Call) -> Any:
    """网格力量的八个类别"""
    return {"items": STAFF_CATEGORIES.values()}


@api.post("/staff", roles=KEEPERS, body=StaffBody, answer=StaffView, status=201, location="/staff/{id}")
def register_staff(call: Call) -> Any:
    """登记网格力量，至少编入一个网格"""
    return call.handle(RegisterStaff(**{**call.body, "grids": _grids(call)}))


@api.get("/staff", roles=READERS, query=StaffFilter, answer=StaffView, personal=True)
def staff(call: Call) -> Any:
    """网格力量名单"""
    return call.ask(queries.staff.staff_in_scope, **call.query)


@api.get("/staff/{id}", roles=READERS, answer=StaffView, personal=True)
def staff_member(call: Call) -> Any:
    """一名网格力量"""
    return call.ask(queries.staff.staff_member, call.path["id"])


@api.post("/staff/{id}/post", roles=KEEPERS, body=GridRoleBody, answer=StaffView)
def post_staff(call: Call) -> Any:
    """增派网格"""
    return call.handle(PostStaff(id=call.path["id"], **call.body))


@api.post("/staff/{id}/release", roles=KEEPERS, body=ReleaseBody, answer=StaffView)
def release_staff(call: Call) -> Any:
    """撤出网格；唯一的网格不能撤出"""
    return call.handle(ReleaseStaff(id=call.path["id"], **call.body))


@api.post("/staff/{id}/end-duty", roles=KEEPERS, answer=DepartureView)
def end_duty(call: Call) -> Any:
    """离岗；经办的事项重新派人，无人可派的列为待接替"""
    return call.handle(EndDuty(call.path["id"]))


@api.post("/staff/{id}/replace", roles=KEEPERS, body=ReplaceBody, answer=DepartureView)
def replace_staff(call: Call) -> Any:
    """接替；网格和未了事项一并移交"""
    return call.handle(ReplaceStaff(id=call.path["id"], **call.body))


@api.post("/staff/{id}/resume", roles=KEEPERS, body=GridsBody, answer=StaffView)
def resume_duty(call: Call) -> Any:
    """返岗，工号不变"""
    return call.handle(ResumeDuty(id=call.path["id"], grids=_grids(call)))


@api.get("/coverage/staff", roles=READERS, answer=StaffCoverageView)
def staff_coverage(call: Call) -> Any:
    """入格率"""
    found = call.ask(queries.staff_coverage.staff_coverage)
    return {
        "categories": found.categories,
        "percent": found.percent,
        "needed_in_every_grid": NEEDED_IN_EVERY_GRID,
        "grids": found.grids,
        "complete_grids": found.complete_grids,
        "complete_percent": found.complete_percent,
    }


@api.get("/coverage/staff/grids", roles=READERS, query=GridCoverageFilter, answer=GridCoverageView)
def grid_coverage(call: Call) -> Any:
    """各网格缺少的力量类别"""
    only_missing = call.query.pop("show") == "missing"
    return call.ask(queries.staff_coverage.grid_coverage, only_missing=only_missing, **call.query)


def _grids(call: Call) -> list[GridRole]:
    return [GridRole(**each) for each in call.body["grids"]]
