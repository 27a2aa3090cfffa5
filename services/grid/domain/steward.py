"""施工楼栋管家 Construction stewards (domain row 59): one per building of a lived-in estate under renovation."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.domain.errors import StewardNotAsked
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import NotNow
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

OPEN, ENDED = "open", "ended"
ACTIVE, EXPIRED = "active", "expired"

REQUEST_LIFECYCLE = Lifecycle("steward request", move("end", OPEN, ENDED))
STEWARD_LIFECYCLE = Lifecycle("steward", move("expire", ACTIVE, EXPIRED))


@dataclass(frozen=True)
class StewardRequested(DomainEvent):
    """The contractor must name stewards."""


@dataclass(frozen=True)
class StewardAppointed(DomainEvent):
    """A person answers for a building."""


@dataclass(frozen=True)
class StewardExpired(DomainEvent):
    """The works are over."""

    reason_code: str


@dataclass(frozen=True)
class StewardRequestEnded(DomainEvent):
    """The works are over; nobody is to be named any more. Stays at home."""


class StewardRequest(Aggregate):
    """What works that need stewards ask of their contractor. One per works."""

    def __init__(
        self,
        *,
        works_ref: str,
        topic_ref: str,
        place_ref: str,
        place_path: str,
        building_refs: list[str],
        contractor_ref: str,
        contractor_name: str,
    ) -> None:
        self.id = new_id()
        self.works_ref = works_ref
        self.topic_ref = topic_ref
        self.place_ref = place_ref
        self.place_path = place_path
        self.building_refs = building_refs
        self.contractor_ref = contractor_ref
        self.contractor_name = contractor_name
        self.state = OPEN

    @classmethod
    def open_for_works(
        cls,
        *,
        works_ref: str,
        topic_ref: str,
        place_ref: str,
        place_path: str,
        building_refs: list[str],
        contractor_ref: str,
        contractor_name: str,
    ) -> StewardRequest:
        """Ask the contractor of works that have started."""
        request = cls(
            works_ref=works_ref,
            topic_ref=topic_ref,
            place_ref=place_ref,
            place_path=place_path,
            building_refs=building_refs,
            contractor_ref=contractor_ref,
            contractor_name=contractor_name,
        )
        request.record(StewardRequested())
        return request

    @classmethod
    def ended_unheard(
        cls, *, works_ref: str, topic_ref: str, place_ref: str, place_path: str
    ) -> StewardRequest:
        """The end of works was heard, their start was not (or asked for nobody): nobody is to be asked later."""
        request = cls(
            works_ref=works_ref,
            topic_ref=topic_ref,
            place_ref=place_ref,
            place_path=place_path,
            building_refs=[],
            contractor_ref="",
            contractor_name="",
        )
        request.end()
        return request

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done."""
        return ["appoint"] if self.state == OPEN else []

    def appoint(self, *, building_ref: str, building_name: str, person_ref: str, unit: str) -> Steward:
        """指定管家 Raises StewardNotAsked for a building outside the works, NotNow when the works are over."""
        if self.state != OPEN:
            raise NotNow(what="steward request", action="appoint", state=self.state, allowed_actions=[])
        if building_ref not in self.building_refs:
            raise StewardNotAsked(building_ref=building_ref, field="building_ref")
        steward = Steward(
            self, building_ref=building_ref, building_name=building_name, person_ref=person_ref, unit=unit
        )
        steward.record(StewardAppointed())
        return steward

    def end(self) -> None:
        """The works are accepted or cancelled. Nothing when that is known."""
        if self.state == OPEN:
            self.state = REQUEST_LIFECYCLE.after("end", self.state)
            self.record(StewardRequestEnded())


class Steward(Aggregate):
    """A person of the contractor with the duties of a temporary building captain (临时楼门长)."""

    def __init__(
        self, request: StewardRequest, *, building_ref: str, building_name: str, person_ref: str, unit: str
    ) -> None:
        self.id = new_id()
        self.works_ref = request.works_ref
        self.topic_ref = request.topic_ref
        self.place_ref = request.place_ref
        self.place_path = request.place_path
        self.contractor_name = request.contractor_name
        self.building_ref = building_ref
        self.building_name = building_name
        self.person_ref = person_ref
        self.unit = unit
        self.state = ACTIVE

    def expire(self, reason_code: str) -> None:
        """卸任 Nothing when it is so already."""
        if self.state == ACTIVE:
            self.state = STEWARD_LIFECYCLE.after("expire", self.state)
            self.record(StewardExpired(reason_code))
