"""场地 Where people meet (domain rows 20, 36): a hall, or under the trees; two sessions are never in one at once."""

from __future__ import annotations

from dataclasses import dataclass

from services.consultation.domain.topic import Site
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard, move

KINDS = {"hall": "协商议事厅", "tree": "树下议事点", "reception": "群众接待点", "other": "其他"}
OPEN, CLOSED = "open", "closed"

LIFECYCLE = Lifecycle(
    Term("场地", "venue"),
    {OPEN: "可用", CLOSED: "停用"},
    #    action   中文      from    to
    heard("book", "预订", OPEN, None),
    move("close", "停用", OPEN, CLOSED),
    move("reopen", "恢复使用", CLOSED, OPEN),
)


@dataclass(frozen=True)
class VenueRegistered(DomainEvent):
    """登记场地 Stays at home."""


@dataclass(frozen=True)
class VenueChanged(DomainEvent):
    """停用、恢复使用 Stays at home."""


class Venue(Aggregate):
    """场地 A place to meet, for `capacity` persons."""

    term = LIFECYCLE.name

    def __init__(self, *, kind: str, name: str, capacity: int, site: Site) -> None:
        """登记"""
        self.id = new_id()
        self.kind = kind
        self.name = name
        self.capacity = capacity
        self.place_ref = site.place_ref
        self.place_path = site.path
        self.state = OPEN
        self.record(VenueRegistered())

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done next; it is booked by announcing a session."""
        return LIFECYCLE.actions(self.state)

    def must_be_open(self) -> None:
        """Raises NotNow where nobody meets there."""
        self.state = LIFECYCLE.after("book", self.state)

    def close(self) -> None:
        """停用 What is booked already stays. Raises NotNow."""
        self._become("close")

    def reopen(self) -> None:
        """恢复使用 Raises NotNow."""
        self._become("reopen")

    def _become(self, action: str) -> None:
        self.state = LIFECYCLE.after(action, self.state)
        self.record(VenueChanged())
