"""Adopt tables of categories, and find the category of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.grid.domain.case import Case
from services.grid.domain.categories import Category
from services.grid.domain.category_table import AdoptedTable, CategoryTable
from services.grid.domain.limit import Limit, Phase
from services.grid.use_cases.ports import Work
from shared.kernel.clock import local_date
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class PhaseSaid:
    """One phase, as it is sent."""

    amount: int
    unit: str
    name: str = ""


@dataclass(frozen=True)
class CategorySaid:
    """One category, as it is sent."""

    code: str
    name: str
    first_receiver: str
    staff: str
    phases: Sequence[PhaseSaid]
    route: str | None = None
    is_dispute: bool = False


@dataclass(frozen=True)
class AdoptCategoryTable(Command):
    """启用类别表"""

    effective_on: date
    basis: str
    categories: Sequence[CategorySaid]


@use_case
def adopt_category_table(command: AdoptCategoryTable, work: Work) -> AdoptedTable:
    """From that day on. Raises OutsideScope, TableNotAhead, TableNotLast, CategoryTwice, CategoryGroupUnknown."""
    work.actor.must_act_everywhere()
    categories = [_category(said) for said in command.categories]
    table = CategoryTable(command.effective_on, command.basis, categories)
    adopted = AdoptedTable(table, last=work.category_tables.last(), today=local_date(work.now))
    work.category_tables.add(adopted)
    return adopted


def category_of(case: Case, work: Work) -> Category:
    """The category of a case, as it was when the case was reported: what was promised stays promised."""
    return work.category_tables.on(local_date(case.reported_at)).category(case.category)


def _category(said: CategorySaid) -> Category:
    phases = tuple(Phase(phase.name, Limit(phase.amount, phase.unit)) for phase in said.phases)
    return Category(
        said.code, said.name, phases, said.first_receiver, said.staff, said.route, said.is_dispute
    )
