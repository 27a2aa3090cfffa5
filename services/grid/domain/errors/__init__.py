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
    search,
    shapes,
    sheets,
    shifts,
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
    "search",
    "roster",
    "shapes",
    "sheets",
    "shifts",
    "stewards",
    "successions",
    "visits",
    "whistles",
]
