"""What the doors of grid share."""

from __future__ import annotations

from shared.access.roles import ADMIN, CONTRACTOR, OUTSIDE_SYSTEM, PROPERTY, STAFF
from shared.web.api import Api

api = Api("grid")

READERS = (*STAFF, PROPERTY, CONTRACTOR, OUTSIDE_SYSTEM, ADMIN)
