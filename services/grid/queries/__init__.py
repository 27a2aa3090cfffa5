"""What can be asked of grid: plain functions, a session and the caller in, plain rows out; a module per noun."""

from services.grid.queries import (
    cases,
    households,
    organisations,
    pairings,
    places,
    shapes,
    sheets,
    staff,
    staff_coverage,
    stewards,
)

__all__ = [
    "cases",
    "households",
    "organisations",
    "pairings",
    "places",
    "shapes",
    "sheets",
    "staff",
    "staff_coverage",
    "stewards",
]
