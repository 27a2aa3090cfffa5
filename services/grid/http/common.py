"""What the doors of grid share."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from shared.access.roles import (
    CAPTAIN,
    CHENGGUAN,
    COMMUNITY,
    CONTRACTOR,
    DEPARTMENT,
    GRID_WORKER,
    OUTSIDE_SYSTEM,
    OWNER_UNIT,
    POLICE,
    PROPERTY,
    STAFF,
    STEWARD,
    STREET,
)
from shared.web.api import Api

api = Api("grid")

WATCHERS = (GRID_WORKER, CAPTAIN, STEWARD, CHENGGUAN, POLICE)  # those who are out and about
HANDLERS = (
    DEPARTMENT,
    CHENGGUAN,
    POLICE,
    PROPERTY,
    OWNER_UNIT,
    CONTRACTOR,
)  # who may be responsible for a case
LEADS = (STREET, GRID_WORKER, *HANDLERS)  # who handles cases; the street enters what the others tell it
CASE_OFFICERS = (STREET, COMMUNITY)
LEADS_AND_OFFICERS = (*CASE_OFFICERS, GRID_WORKER, *HANDLERS)
READERS = (*STAFF, GRID_WORKER, *HANDLERS, OUTSIDE_SYSTEM)


class Degrees(fields.Float):
    """Degrees of WGS84; whether they make a point of Beijing, the domain says."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"description": "WGS84，度 degrees"}, **options)
