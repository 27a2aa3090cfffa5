"""How staff, residents and other systems reach grid: each endpoint loads, handles or asks, and dumps."""

from services.grid.http import (
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
    stewards,
)
from services.grid.http.common import api
from services.grid.http.open311 import open311_api

__all__ = [
    "api",
    "captain_posts",
    "captains",
    "cases",
    "duties",
    "households",
    "open311_api",
    "organisations",
    "pairings",
    "places",
    "shapes",
    "sheets",
    "staff",
    "stewards",
]
