"""What the doors share: the API that they open on, and who comes in."""

from __future__ import annotations

from shared.access.roles import ADMIN, CONTRACTOR, CONVENOR, OUTSIDE_SYSTEM, PROPERTY, STAFF, STREET
from shared.web.api import Api
from shared.web.fields import Paging, Ref

api = Api("property")

READERS = (*STAFF, PROPERTY, CONTRACTOR, OUTSIDE_SYSTEM, ADMIN)
REGISTRARS = (STREET, ADMIN)
CLIENTS = (STREET, PROPERTY)
WITNESSES = (*CLIENTS, CONVENOR)


class OfTopic(Paging):
    """Those of a topic."""

    topic_ref = Ref(load_default=None)
