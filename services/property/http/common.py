"""What the doors share: the API that they open on, and who comes in."""

from __future__ import annotations

from shared.access.roles import (
    CONTRACTOR,
    CONVENOR,
    DEPARTMENT,
    GRID_WORKER,
    OUTSIDE_SYSTEM,
    OWNER_UNIT,
    OWNERS_BODY,
    PROPERTY,
    STAFF,
    STREET,
)
from shared.web.api import Api
from shared.web.fields import Paging, Ref

api = Api("property")

PARTIES = (PROPERTY, OWNER_UNIT, OWNERS_BODY, DEPARTMENT, CONTRACTOR)
READERS = (*STAFF, GRID_WORKER, *PARTIES, OUTSIDE_SYSTEM)
REGISTRARS = (STREET,)
CLIENTS = (STREET, PROPERTY, OWNER_UNIT)
WITNESSES = (*CLIENTS, CONVENOR)


class OfTopic(Paging):
    """Those of a topic."""

    topic_ref = Ref(load_default=None)
