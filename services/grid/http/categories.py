"""事项类别 The categories that cases come in, and the tables that say so."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.domain.categories import RECEIVERS, ROUTES
from services.grid.domain.limit import UNITS
from services.grid.domain.staff_categories import CATEGORY_NAMES
from services.grid.http.common import api
from services.grid.use_cases.categories import AdoptCategoryTable, CategorySaid, PhaseSaid
from shared.access.roles import STAFF, STREET
from shared.kernel.clock import local_date
from shared.web.api import Call
from shared.web.fields import (
    Code,
    Day,
    Flag,
    Named,
    Paging,
    PublicCode,
    PublicText,
    PublicWords,
    Sort,
    Text,
    Whole,
    several,
)

LONGEST_LIMIT = 1000
MOST_PHASES, MOST_CATEGORIES = 10, 500


class PhaseView(Schema):
    """A part of the handling, with its limit; most categories have one, without a name."""

    name = Text()
    amount = Whole(attribute="limit.amount")
    unit = Named(UNITS, attribute="limit.unit")


class CategoryView(Schema):
    """A category of matters: who gets it first, who in the grid attends to it, and how much time there is."""

    code = Code()
    name = Text()
    group = Text()
    limit_text = Text()
    phases = several(PhaseView)
    first_receiver = Named(RECEIVERS)
    staff = Named(CATEGORY_NAMES)
    route = Named(ROUTES, allow_none=True)
    is_dispute = Flag()


class CategoriesView(Schema):
    """All categories that hold on a day, since when, and where they come from."""

    effective_on = Day()
    basis = Text()
    items = several(CategoryView, attribute="categories")


class CategoriesOn(Schema):
    """On which day; without it today."""

    on = Day(load_default=None)


class PhaseBody(Schema):
    """A part of the handling, with its limit."""

    name = PublicText(20, load_default="")
    amount = Whole(1, LONGEST_LIMIT, required=True)
    unit = Named(UNITS, required=True)


class CategoryBody(Schema):
    """A category; the first two digits of its code are its group's. `route`: which service looks at the cause where
    many such matters come from one place; null: none."""

    code = PublicCode(10, plain=True, required=True)
    name = PublicWords(50, required=True)
    first_receiver = Named(RECEIVERS, required=True)
    staff = Named(CATEGORY_NAMES, required=True)
    phases = several(PhaseBody, least=1, most=MOST_PHASES, required=True)
    route = Named(ROUTES, load_default=None, allow_none=True)
    is_dispute = Flag(load_default=False)


class CategoryTableBody(Schema):
    """A whole table, from which day it holds, and where it comes from (a standard, a decision)."""

    effective_on = Day(required=True)
    basis = PublicWords(200, required=True)
    categories = several(CategoryBody, least=1, most=MOST_CATEGORIES, required=True)


class CategoryTableFilter(Paging):
    """Which tables."""

    sort = Sort("effective_on", default="effective_on")


@api.get("/categories", roles=None, query=CategoriesOn, answer=CategoriesView)
def categories(call: Call) -> Any:
    """事项类别"""
    return call.ask(queries.categories.table, on=call.query["on"] or local_date(call.application.clock.now()))


@api.post("/category-tables", roles=(STREET,), body=CategoryTableBody, answer=CategoriesView, status=201)
def adopt_category_table(call: Call) -> Any:
    """启用新的类别表（最早次日生效；已立案的按立案时的类别表）"""
    said = [
        CategorySaid(**{**each, "phases": [PhaseSaid(**phase) for phase in each["phases"]]})
        for each in call.body["categories"]
    ]
    return call.handle(AdoptCategoryTable(call.body["effective_on"], call.body["basis"], said))


@api.get("/category-tables", roles=STAFF, query=CategoryTableFilter, answer=CategoriesView)
def category_tables(call: Call) -> Any:
    """本街道启用过的类别表"""
    return call.ask(queries.categories.tables, **call.query)
