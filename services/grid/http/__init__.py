"""How staff, residents and other systems reach grid: each endpoint loads, handles or asks, and dumps."""

from services.grid.http import attachments, cases, day, patrols, places, stewards, visits
from services.grid.http.common import api
from services.grid.http.open311 import open311_api

__all__ = [
    "api",
    "attachments",
    "cases",
    "day",
    "open311_api",
    "patrols",
    "places",
    "stewards",
    "visits",
]
