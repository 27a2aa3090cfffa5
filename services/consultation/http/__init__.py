"""How staff and other systems reach consultation: each endpoint loads, handles or asks, and dumps."""

from services.consultation.http import (
    attachments,
    branches,
    calendar,
    plans,
    platforms,
    projects,
    receptions,
    reviews,
    sessions,
    surveys,
    topics,
    venues,
)
from services.consultation.http.common import api

__all__ = [
    "api",
    "attachments",
    "branches",
    "calendar",
    "plans",
    "platforms",
    "projects",
    "receptions",
    "reviews",
    "sessions",
    "surveys",
    "topics",
    "venues",
]
