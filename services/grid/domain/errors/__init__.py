"""What grid refuses, and why; a module per noun."""

from services.grid.domain.errors import (
    captains,
    cases,
    people,
    places,
    records,
    shapes,
    sheets,
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
    "shapes",
    "sheets",
    "stewards",
    "successions",
    "visits",
]
