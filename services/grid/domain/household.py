"""户 Households: a dwelling behind a door. Nobody's name or phone: those are notify's alone.

A household is no place of the catalogue, since its room is nothing that other services need to hear (decision 0019).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.grid.domain.place import DOOR, Place
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class HouseholdRegistered(DomainEvent):
    """入册 A dwelling is known. Stays at home."""


@dataclass(frozen=True)
class HouseholdEnded(DomainEvent):
    """注销 It is no more. Stays at home."""


class Household(Aggregate):
    """户 One dwelling: the `room` as people there call it (`301`), behind the door that it is reached by."""

    term = Term("户", "household")
    leads_journey = False

    def __init__(self, door: Place, room: str, *, today: date) -> None:
        """入册 Raises PlaceKindUnfit where `door` is another kind of place."""
        door.must_be(DOOR, field="door_ref")
        self.id = new_id()
        self.door_ref = door.id
        self.room = room
        self.place_path = door.place_path
        self.valid_from = today
        self.valid_to: date | None = None
        self.record(HouseholdRegistered())

    def end(self, today: date) -> None:
        """注销 Nothing where it has ended."""
        if self.valid_to is None:
            self.valid_to = today
            self.record(HouseholdEnded())
