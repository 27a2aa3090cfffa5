"""施工楼栋管家 Construction stewards (domain row 59): one per building of a lived-in estate under renovation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.grid.domain.captain import Captain
from services.grid.domain.errors.stewards import StewardNotAsked
from services.grid.domain.place import Place
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard, move

OPEN, ENDED = "open", "ended"
ACTIVE, EXPIRED = "active", "expired"

REQUEST_LIFECYCLE = Lifecycle(
    Term("管家需求", "steward request"),
    {OPEN: "征集中", ENDED: "已结束"},
    #     action                   from  to
    move("appoint", "指定管家", OPEN, OPEN),
    heard("end", "结束", OPEN, ENDED),
)

STEWARD_LIFECYCLE = Lifecycle(
    Term("施工楼栋管家", "steward"),
    {ACTIVE: "在岗", EXPIRED: "已卸任"},
    #     action           from    to
    move("log", "记录履职", ACTIVE, ACTIVE),
    heard("expire", "卸任", ACTIVE, EXPIRED),
)


@dataclass(frozen=True)
class AskingWorks:
    """The works that ask for stewards, and their contractor."""

    works_ref: str
    topic_ref: str
    place_ref: str
    place_path: str
    building_refs: list[str]
    contractor_ref: str
    contractor_name: str


@dataclass(frozen=True)
class StewardRequested(DomainEvent):
    """管家需求 The contractor must name stewards."""


@dataclass(frozen=True)
class StewardAppointed(DomainEvent):
    """管家到岗 A person answers for a building."""


@dataclass(frozen=True)
class StewardExpired(DomainEvent):
    """管家卸任 The works are over; the building's duty goes back to these captains, at these doors."""

    reason_code: str
    captain_refs: Sequence[str]
    door_refs: Sequence[str]


@dataclass(frozen=True)
class StewardRequestEnded(DomainEvent):
    """需求结束 The works are over; nobody is to be named any more. Stays at home."""


class StewardRequest(Aggregate):
    """管家需求 What works that need stewards ask of their contractor. One per works."""

    term = REQUEST_LIFECYCLE.name

    def __init__(self, works: AskingWorks, *, is_over: bool = False) -> None:
        """Ask the contractor of works that have started.

        `is_over`: the end of the works was heard first (or they ask for nobody): nobody is to be asked later.
        """
        self.id = new_id()
        self.works_ref = works.works_ref
        self.topic_ref = works.topic_ref
        self.place_ref = works.place_ref
        self.place_path = works.place_path
        self.building_refs = works.building_refs
        self.contractor_ref = works.contractor_ref
        self.contractor_name = works.contractor_name
        self.state = OPEN
        if is_over:
            self.end()
        else:
            self.record(StewardRequested())

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done."""
        return REQUEST_LIFECYCLE.actions(self.state)

    def appoint(self, *, building_ref: str, building: Place | None, person_ref: str, unit: str) -> Steward:
        """指定管家 Raises StewardNotAsked for a building outside the works, NotNow when the works are over."""
        self.state = REQUEST_LIFECYCLE.after("appoint", self.state)
        if building_ref not in self.building_refs:
            raise StewardNotAsked(building_ref=building_ref, field="building_ref")
        return Steward(self, building_ref=building_ref, building=building, person_ref=person_ref, unit=unit)

    def end(self) -> None:
        """The works are accepted or cancelled. Nothing when that is known."""
        if REQUEST_LIFECYCLE.allows("end", self.state):
            self.state = REQUEST_LIFECYCLE.after("end", self.state)
            self.record(StewardRequestEnded())


class Steward(Aggregate):
    """施工楼栋管家 A person of the contractor with the duties of a temporary building captain (临时楼门长)."""

    term = STEWARD_LIFECYCLE.name

    def __init__(
        self,
        request: StewardRequest,
        *,
        building_ref: str,
        building: Place | None,
        person_ref: str,
        unit: str,
    ) -> None:
        """Lies where the building does, so that the steward may act there; else, where the works do."""
        self.id = new_id()
        self.works_ref = request.works_ref
        self.topic_ref = request.topic_ref
        self.place_ref = building.id if building else request.place_ref
        self.place_path = building.place_path if building else request.place_path
        self.contractor_ref = request.contractor_ref
        self.contractor_name = request.contractor_name
        self.building_ref = building_ref
        self.building_name = building.name if building else ""
        self.person_ref = person_ref
        self.unit = unit
        self.state = ACTIVE
        self.record(StewardAppointed())

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done; a steward goes with the works."""
        return STEWARD_LIFECYCLE.actions(self.state)

    def must_be_active(self) -> None:
        """A duty is done by who is there. Raises NotNow."""
        self.state = STEWARD_LIFECYCLE.after("log", self.state)

    def expire(self, reason_code: str, back_to: Sequence[Captain]) -> None:
        """卸任 The duty goes `back_to` the captains of the building's doors. Nothing when it is so already."""
        if STEWARD_LIFECYCLE.allows("expire", self.state):
            self.state = STEWARD_LIFECYCLE.after("expire", self.state)
            captains = [captain.id for captain in back_to]
            doors = sorted({captain.door_ref for captain in back_to})
            self.record(StewardExpired(reason_code, captains, doors))
