"""兜底网格 The grid that takes matters of which nobody knows where they are (属地兜底, DB11/T 2157): no case without a
grid (gate G1), and none refused for it."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.place import GRID, Place
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term


@dataclass(frozen=True)
class CatchAllNamed(DomainEvent):
    """指定兜底网格 Stays at home: each case says its grid."""


class CatchAll(Aggregate):
    """兜底网格 The street's choice; its id is the street's code. It follows the grid where that merges or splits."""

    term = Term("兜底网格", "catch-all grid")
    leads_journey = False

    def __init__(self, street: str, grid: Place) -> None:
        """Raises PlaceKindUnfit, PlaceEnded."""
        self.id = street
        self.name(grid)

    def name(self, grid: Place) -> None:
        """指定 It is that grid. Raises PlaceKindUnfit, PlaceEnded."""
        grid.must_be(GRID, field="grid_ref")
        grid.must_be_there(field="grid_ref")
        self.grid_ref = grid.id
        self.grid_name = grid.name
        self.place_path = grid.place_path
        self.record(CatchAllNamed())
