"""事项类别表 Which categories hold from which day. Tables are only added: what was promised by one stays promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.grid.domain.categories import CATEGORIES, GROUPS, REVISED, Category
from services.grid.domain.errors.categories import (
    CategoryGroupUnknown,
    CategoryTwice,
    CategoryUnknown,
    TableNotAhead,
    TableNotLast,
)
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id

SHIPPED_ON = date(2023, 1, 1)  # when DB11/T 2021—2022 came into force


@dataclass(frozen=True)
class CategoryTable:
    """事项类别表 The categories from `effective_on` on, until the next table's day; `basis`: where they come from."""

    effective_on: date
    basis: str
    categories: Sequence[Category]

    def category(self, code: str) -> Category:
        """The category with that code. Raises CategoryUnknown with those that exist."""
        for category in self.categories:
            if category.code == code:
                return category
        known = ", ".join(category.code for category in self.categories)
        raise CategoryUnknown(category=code, known=known, field="category")

    @property
    def revised_on(self) -> date:
        """The day of its last change, for those who keep a copy of it; what was adopted never changes."""
        return REVISED if self.effective_on == SHIPPED_ON else self.effective_on


SHIPPED = CategoryTable(
    SHIPPED_ON,
    "随软件提供，时限据 DB11/T 2021—2022 的新闻报道，非标准原文",
    tuple(CATEGORIES.values()),
)


@dataclass(frozen=True)
class CategoryTableAdopted(DomainEvent):
    """启用类别表 From a day on other limits and receivers hold. Stays at home: each case says its own."""


class AdoptedTable(Aggregate):
    """启用的类别表 A table that the street has adopted in place of the shipped one."""

    term = Term("事项类别表", "category table")
    leads_journey = False

    effective_on: date
    basis: str
    categories: list[Category]

    def __init__(self, table: CategoryTable, *, last: AdoptedTable | None, today: date) -> None:
        """启用 From tomorrow at the earliest, after the last table's day. Raises TableNotAhead, TableNotLast,
        CategoryTwice, CategoryGroupUnknown."""
        if table.effective_on <= today:
            raise TableNotAhead(today=today.isoformat(), field="effective_on")
        if last is not None and table.effective_on <= last.effective_on:
            raise TableNotLast(last=last.effective_on.isoformat(), field="effective_on")
        _must_be_distinct(table.categories)
        self.id = new_id()
        self.effective_on = table.effective_on
        self.basis = table.basis
        self.categories = list(table.categories)
        self.record(CategoryTableAdopted())

    @property
    def table(self) -> CategoryTable:
        """What it says."""
        return CategoryTable(self.effective_on, self.basis, self.categories)


def _must_be_distinct(categories: Sequence[Category]) -> None:
    codes: set[str] = set()
    for number, category in enumerate(categories):
        field = f"categories.{number}.code"
        if category.code[:2] not in GROUPS:
            raise CategoryGroupUnknown(code=category.code, groups=", ".join(GROUPS), field=field)
        if category.code in codes:
            raise CategoryTwice(code=category.code, field=field)
        codes.add(category.code)
