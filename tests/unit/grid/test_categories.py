"""事项类别: the table that other systems keep a copy of."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.grid.domain.categories import CATEGORIES, RECEIVERS, REVISED
from services.grid.domain.category_table import SHIPPED, SHIPPED_ON, AdoptedTable, CategoryTable
from services.grid.domain.errors.categories import (
    CategoryGroupUnknown,
    CategoryTwice,
    CategoryUnknown,
    TableNotAhead,
    TableNotLast,
)
from services.grid.domain.limit import UNITS
from services.grid.domain.staff_categories import STAFF_CATEGORIES
from tests.unit.grid.case_builder import category

TODAY = date(2024, 5, 27)
ROWS = list(CATEGORIES.values())


def test_whoever_changes_the_table_says_so_in_its_date():
    rows = [
        (row.code, row.name, row.group, row.limit_text, row.first_receiver) for row in CATEGORIES.values()
    ]
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()[:12]
    assert (REVISED.isoformat(), digest) == ("2026-11-27", "482e585a2e0a"), (
        "set REVISED to the day of the change, and the digest here"
    )


@pytest.mark.parametrize("code", CATEGORIES)
def test_every_category_has_a_group_a_limit_a_first_receiver_and_those_who_attend_to_it(code):
    found = category(code)
    assert found.group
    assert all(phase.limit.amount > 0 and phase.limit.unit in UNITS for phase in found.phases)
    assert found.first_receiver in RECEIVERS
    assert found.staff in STAFF_CATEGORIES


def test_there_are_the_thirty_six_of_the_table():
    assert len(CATEGORIES) == 36
    assert category("0301").limit_text == "4工作时"
    assert category("0602").limit_text == "24小时围挡，15天修复"
    assert category("0702").limit_text == "4工作时责令停工，7工作日作出处罚，20工作日拆除"


def adopted(rows=ROWS, *, effective_on=TODAY + timedelta(days=1), last=None):
    return AdoptedTable(CategoryTable(effective_on, "街道办事处决定", rows), last=last, today=TODAY)


def test_the_shipped_table_says_since_when_and_that_it_is_no_norm():
    assert (SHIPPED.effective_on, SHIPPED.revised_on) == (SHIPPED_ON, REVISED)
    assert "非标准原文" in SHIPPED.basis


def test_a_table_holds_from_tomorrow_at_the_earliest_and_after_the_last_one():
    with pytest.raises(TableNotAhead):
        adopted(effective_on=TODAY)
    first = adopted()
    with pytest.raises(TableNotLast):
        adopted(last=first)
    assert adopted(effective_on=TODAY + timedelta(days=2), last=first).table.revised_on == TODAY + timedelta(
        days=2
    )


def test_a_code_stands_in_a_table_once_and_belongs_to_a_group():
    with pytest.raises(CategoryTwice) as refused:
        adopted([*ROWS, ROWS[0]])
    assert refused.value.fields == ["categories.36.code"]
    with pytest.raises(CategoryGroupUnknown):
        adopted([replace(ROWS[0], code="9901")])


def test_an_unknown_category_is_told_the_known_ones_of_the_table():
    table = adopted(ROWS[:2])
    with pytest.raises(CategoryUnknown) as refused:
        table.table.category("0603")
    assert "0101, 0102" in refused.value.text("zh")
