"""What grid refuses, and why; a module per noun."""

from services.grid.domain.errors import (
    captains,
    cases,
    people,
    places,
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
    "shapes",
    "sheets",
    "stewards",
    "successions",
    "visits",
]
