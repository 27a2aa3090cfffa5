"""What grid refuses, and why; a module per noun."""

from services.grid.domain.errors import (
    attendance,
    captains,
    cases,
    co_handlers,
    people,
    places,
    records,
    roster,
    shapes,
    sheets,
    stewards,
    successions,
    visits,
    whistles,
)

__all__ = [
    "attendance",
    "captains",
    "cases",
    "co_handlers",
    "people",
    "places",
    "records",
    "roster",
    "shapes",
    "sheets",
    "stewards",
    "successions",
    "visits",
    "whistles",
]
