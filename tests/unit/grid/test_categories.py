"""事项类别: the table that other systems keep a copy of."""

from __future__ import annotations

import hashlib

import pytest

from services.grid.domain.categories import CATEGORIES, RECEIVERS, REVISED, category


def test_whoever_changes_the_table_says_so_in_its_date():
    rows = [
        (row.code, row.name, row.group, row.limit_hours, row.first_receiver) for row in CATEGORIES.values()
    ]
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()[:12]
    assert (REVISED, digest) == ("2026-11-24", "9c7a3a489313"), (
        "set REVISED to the day of the change, and the digest here"
    )


@pytest.mark.parametrize("code", CATEGORIES)
def test_every_category_has_a_group_a_limit_in_whole_hours_and_a_first_receiver(code):
    found = category(code)
    assert found.group
    assert found.limit.total_seconds() == found.limit_hours * 3600
    assert found.first_receiver in RECEIVERS
