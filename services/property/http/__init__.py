"""How staff and other systems reach property: each endpoint loads, handles or asks, and dumps."""

from services.property.http import areas, decisions, parties, works
from services.property.http.common import api

__all__ = ["api", "areas", "decisions", "parties", "works"]
