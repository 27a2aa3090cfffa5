"""What the doors share: the API that they open on, and who comes in."""

from __future__ import annotations

from shared.access.roles import COMMUNITY, CONVENOR, GRID_WORKER, OUTSIDE_SYSTEM, RESIDENT, STREET
from shared.web.api import Api

api = Api("notify")

REGISTRARS = (STREET, COMMUNITY, CONVENOR, GRID_WORKER, OUTSIDE_SYSTEM)
# who carries out what a person has a right to: the person, or staff at the person's wish (个保法 44 to 50)
ATTENDANTS = (RESIDENT, STREET, COMMUNITY, CONVENOR)
