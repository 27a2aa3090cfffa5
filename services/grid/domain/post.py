"""楼门岗位 The captains' posts of a door (domain rows 55–56): how many it must have, and how many are there.

One row per door that is kept right in the transaction of whatever changes it: so a vacancy is found the moment
somebody leaves, and the gaps of a whole street are read from an index.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.errors.captains import DoorFull
from services.grid.domain.estates import captains_per_door
from services.grid.domain.place import Place
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term

MOST_CAPTAINS = 2  # 双楼门长 is the most, also where one is enough (row 56)


@dataclass(frozen=True)
class PostOpened(DomainEvent):
    """设岗 A door must have captains. Stays at home: the vacancy is what others hear."""


@dataclass(frozen=True)
class PostChanged(DomainEvent):
    """The door has more or fewer captains than before, and enough of them before and after. Stays at home."""


@dataclass(frozen=True)
class VacancyFound(DomainEvent):
    """缺岗 The door has fewer captains than its type requires (gate G13)."""

    missing: int
    reason_code: str


@dataclass(frozen=True)
class VacancyFilled(DomainEvent):
    """补岗 It has as many as required."""


class Post(Aggregate):
    """楼门岗位 Of one door; its id is the door's."""

    term = Term("楼门岗位", "captains' post")
    leads_journey = False

    def __init__(self, door: Place) -> None:
        """设岗 Nobody is there yet, so that its vacancy is found at once."""
        self.id = door.id
        self.door_name = door.name
        self.place_path = door.place_path
        self.required = captains_per_door(door.estate_type)
        self.serving = 0
        self.missing = self.required
        self.record(PostOpened())
        self.record(VacancyFound(self.missing, "door_registered"))

    def follow(self, door: Place) -> None:
        """The door has changed: its name, what it lies in, or the type of its estate."""
        self.door_name, self.place_path = door.name, door.place_path
        self.required = captains_per_door(door.estate_type)
        self._count("estate_type_changed")

    def close(self) -> None:
        """撤岗 The door is no more: nobody is missing there."""
        self.required = 0
        self._count("door_ended")

    def fill(self) -> None:
        """A captain takes up the duty. Raises DoorFull where two serve."""
        if self.serving == MOST_CAPTAINS:
            raise DoorFull(name=self.door_name, most=MOST_CAPTAINS)
        self.serving += 1
        self._count("appointed")

    def leave(self, reason_code: str) -> None:
        """A captain's duty ends."""
        self.serving -= 1
        self._count(reason_code)

    def _count(self, reason_code: str) -> None:
        before, self.missing = self.missing, max(0, self.required - self.serving)
        if self.missing and self.missing != before:
            self.record(VacancyFound(self.missing, reason_code))
        elif before and not self.missing:
            self.record(VacancyFilled())
        else:
            self.record(PostChanged())
