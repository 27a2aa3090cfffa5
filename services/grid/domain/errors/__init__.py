"""What grid refuses, and why; a module per noun."""

from services.grid.domain.errors import (
    captains,
    cases,
    people,
    places,
    records,
    search,
    shapes,
    sheets,
    shifts,
    stewards,
    successions,
    visits,
)

__all__ = [
    "captains",
    "cases",
    "people",
    "places",
    "records",
    "search",
    "shapes",
    "sheets",
    "shifts",
    "stewards",
    "successions",
    "visits",
]
