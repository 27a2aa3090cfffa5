"""How staff, residents and other systems reach grid: each endpoint loads, handles or asks, and dumps."""

from services.grid.http import cases, places, stewards, successions
from services.grid.http.common import api
from services.grid.http.open311 import open311_api

__all__ = ["api", "cases", "open311_api", "places", "stewards", "successions"]
