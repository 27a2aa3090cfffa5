"""A case as the domain makes it, for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from services.grid.domain.case import Case, Report
from services.grid.domain.category_table import SHIPPED
from services.grid.domain.place import Place
from services.grid.domain.policies import Choice
from shared.calendar import working_calendar
from shared.kernel.clock import local_date

NOW = datetime(2024, 5, 27, 1, tzinfo=UTC)  # Monday, nine in the morning
CALENDAR = working_calendar()
category = SHIPPED.category
COMPANY, STREET = Choice("company", "示例物业", "首接"), Choice(None, "街道办事处", "街道兜底")


def place(kind, parent=None, code="x", street_code="110112010"):
    """A place."""
    return Place(
        kind=kind, name=kind, code=code, parent=parent, street_code=street_code, today=local_date(NOW)
    )


def grid():
    """A grid with all that is around it."""
    community = place("community", place("street", code="110112010"), code="110112010904")
    return place("grid", place("estate", community), code="110112010904001")


def reported(code="0603", *, at=None, choice=COMPANY, reporter_ref="resident-1", now=NOW, **more):
    """A case of a category, in hand of nobody yet."""
    report = Report(
        number="240527-0001-5",
        category=category(code),
        text="水池干涸",
        area_ref="area",
        reporter_ref=reporter_ref,
        recorded_by=None,
        source="resident" if reporter_ref else "patrol",
        external_refs=[],
        **more,
    )
    return Case(report, place=at or grid(), choice=choice, now=now, calendar=CALENDAR)


def facts(case):
    """What has happened since it was last asked."""
    return [fact.event for fact in case.take_recorded()]
