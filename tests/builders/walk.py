"""A grid to walk in, over HTTP or by commands: buildings, doors and households."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from services.grid.use_cases.places import RegisterHousehold, RegisterPlace


@dataclass
class Walk:
    """Places by what they are called, and the households by door and room."""

    service: Any
    places: dict[str, Any] = field(default_factory=dict)
    households: dict[tuple[str, str], Any] = field(default_factory=dict)

    def place(self, name: str, kind: str, code: str, parent: str | None = None, **more: Any) -> Any:
        """Register one."""
        parent_ref = self.places[parent].id if parent else None
        self.places[name] = self.service.handle(RegisterPlace(kind, name, code, parent_ref, **more))
        return self.places[name]

    def ref(self, name: str) -> str:
        """The id of a place."""
        return str(self.places[name].id)

    def household(self, door: str, room: str) -> Any:
        """Register one."""
        made = self.service.handle(RegisterHousehold(self.ref(door), room))
        self.households[door, room] = made
        return made


def walk(service: Any) -> Walk:
    """Two grids of an estate; in the first two buildings, of which the second is called the tenth, with two doors and
    one, and two households behind each; a pool at no building."""
    made = Walk(service)
    made.place("street", "street", "110112010")
    made.place("community", "community", "110112010904", "street")
    made.place("estate", "estate", "JQ", "community")
    made.place("grid", "grid", "110112010904001", "estate")
    made.place("other grid", "grid", "110112010904002", "estate")
    for building, doors in (("10号楼", ["10号楼1单元"]), ("2号楼", ["2号楼2单元", "2号楼1单元"])):
        made.place(building, "building", f"JQ-{building}", "grid")
        for door in doors:
            made.place(door, "door", f"JQ-{door}", building)
            for room in ("101", "102"):
                made.household(door, room)
    made.place("pool", "spot", "JQ-POOL", "grid")
    made.place("3号楼", "building", "JQ-3", "other grid")
    made.place("3号楼1单元", "door", "JQ-3-1", "3号楼")
    made.household("3号楼1单元", "101")
    return made
