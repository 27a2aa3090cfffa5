"""How staff, residents and other systems reach grid: each endpoint loads, handles or asks, and dumps."""

from services.grid.http import (
    attachments,
    captain_posts,
    captains,
    case_moves,
    cases,
    categories,
    day,
    duties,
    households,
    organisations,
    pairings,
    patrols,
    places,
    shapes,
    sheets,
    staff,
    stewards,
    successions,
    visits,
)
from services.grid.http.common import api
from services.grid.http.open311 import open311_api

__all__ = [
    "api",
    "attachments",
    "captain_posts",
    "captains",
    "case_moves",
    "cases",
    "categories",
    "day",
    "duties",
    "households",
    "open311_api",
    "organisations",
    "pairings",
    "patrols",
    "places",
    "shapes",
    "sheets",
    "staff",
    "stewards",
    "successions",
    "visits",
]
