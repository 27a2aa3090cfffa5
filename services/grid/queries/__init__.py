"""What can be asked of grid: plain functions, a session and the caller in, plain rows out; a module per noun."""

from services.grid.queries import (
    captain_posts,
    captains,
    cases,
    duties,
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
    "captain_posts",
    "captains",
    "cases",
    "duties",
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
