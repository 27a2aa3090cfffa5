"""楼门长 Building captains (domain rows 52–57): chosen, trained, used, encouraged and made known (选育用激宣).

Names and phones are notify's alone: a captain is a `person_ref`, the ref of a contact there. What is written down about
a captain are rows of their own (`captain_record.py`, `duty.py`): they grow without the captain's row being touched.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.grid.domain.errors.captains import (
    CaptainHasRetired,
    CaptainLivesElsewhere,
)
from services.grid.domain.place import DOOR, Place
from services.grid.domain.post import Post
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard, move

RESIDENT, PROPERTY, MERCHANT, BANK, AGENT = "resident", "property", "merchant", "bank", "agent"
ORIGINS = {
    RESIDENT: "居民",
    PROPERTY: "物业",
    MERCHANT: "商户",
    BANK: "银行",
    AGENT: "地产中介",
}

MOVED, PERSON_ERASED = "moved", "erased"
# why people end it; what is only heard is not among them
REASONS = {
    "resigned": "本人辞任",
    "term_ended": "任期届满",
    "replaced": "调整",
    "not_chosen": "落选",
}

CANDIDATE, SERVING, RETIRED = "candidate", "serving", "retired"
LIFECYCLE = Lifecycle(
    Term("楼门长", "captain"),
    {CANDIDATE: "人选", SERVING: "在任", RETIRED: "已卸任"},
    #     action             from                    to
    move("appoint", "聘任", CANDIDATE, SERVING),
    move("retire", "卸任", (CANDIDATE, SERVING), RETIRED),
    heard("depart", "离开", (CANDIDATE, SERVING), RETIRED),
)


@dataclass(frozen=True)
class CaptainProposed(DomainEvent):
    """人选 A person is a candidate. Stays at home."""


@dataclass(frozen=True)
class CaptainAppointed(DomainEvent):
    """到任 The person takes up the duty."""


@dataclass(frozen=True)
class CaptainRetired(DomainEvent):
    """卸任 The duty ends."""

    reason_code: str


@dataclass(frozen=True)
class CandidateDropped(DomainEvent):
    """落选 The candidate was never appointed. Stays at home."""

    reason_code: str


class Captain(Aggregate):
    """楼门长 One person for one door, from being proposed on. It serves from `valid_from` (None: not yet) until
    `valid_to` (None: still), in local days; who serves again later is another captain."""

    term = LIFECYCLE.name

    def __init__(self, door: Place, *, person_ref: str, origin: str, home_path: str) -> None:
        """推选 `home_path`: the places around the person's own door.

        Raises PlaceKindUnfit where `door` is another kind of place, PlaceEnded, and CaptainLivesElsewhere for a
        resident of another building.
        """
        door.must_be(DOOR, field="door_ref")
        door.must_be_there(field="door_ref")
        self.id = new_id()
        self.door_ref = door.id
        self.building_ref = door.building_ref
        self.place_path = door.place_path
        self.person_ref = person_ref
        self.origin = origin
        self.is_neighbour = self._holds(home_path)
        if origin == RESIDENT and not self.is_neighbour:
            raise CaptainLivesElsewhere(name=door.name, field="person_ref")
        self.valid_from: date | None = None
        self.valid_to: date | None = None
        self.reason_code = ""
        self.state = CANDIDATE
        self.record(CaptainProposed())

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done."""
        return LIFECYCLE.actions(self.state)

    @property
    def is_serving(self) -> bool:
        """Whether the duty is held."""
        return self.state == SERVING

    @property
    def building_path(self) -> str:
        """The places around the door, as outsiders may know them: never the door itself."""
        path = self.place_path or ""
        return path[: path.rstrip("/").rfind("/") + 1]

    def appoint(self, post: Post, today: date) -> None:
        """聘任 Fills the door's post. Raises NotNow, DoorFull."""
        self.state = LIFECYCLE.after("appoint", self.state)
        post.fill()
        self.valid_from = today
        self.record(CaptainAppointed())

    def retire(self, post: Post, reason_code: str, today: date) -> None:
        """卸任 Leaves the door's post. Raises NotNow."""
        self._end("retire", post, reason_code, today)

    def depart(self, post: Post, reason_code: str, today: date) -> None:
        """离开 As `retire`, because of what was heard. Nothing where it is so already."""
        if LIFECYCLE.allows("depart", self.state):
            self._end("depart", post, reason_code, today)

    def has_left(self, home_path: str) -> bool:
        """Whether the person lived in the building of the door when proposed, and does so no more."""
        return self.is_neighbour and not self._holds(home_path)

    def must_not_have_retired(self) -> None:
        """Nothing more is written about who has retired. Raises CaptainHasRetired."""
        if self.state == RETIRED and self.valid_to is not None:
            raise CaptainHasRetired(retired_on=self.valid_to.isoformat())

    def served_on(self, day: date) -> bool:
        """Whether the duty was held on that day."""
        if self.valid_from is None or day < self.valid_from:
            return False
        return self.valid_to is None or day <= self.valid_to

    def _end(self, action: str, post: Post, reason_code: str, today: date) -> None:
        was_serving = self.is_serving
        self.state = LIFECYCLE.after(action, self.state)
        self.valid_to, self.reason_code = today, reason_code
        if was_serving:
            post.leave(reason_code)
            self.record(CaptainRetired(reason_code))
        else:
            self.record(CandidateDropped(reason_code))

    def _holds(self, path: str) -> bool:
        return f"/{self.building_ref}/" in path


def advice(serving: Iterable[Captain]) -> str:
    """What the street recommends for a door with these captains (row 57); empty where there is nothing to say."""
    origins = [captain.origin for captain in serving]
    if len(origins) < 2 or len(set(origins)) > 1:
        return ""
    return f"两名楼门长都来自“{ORIGINS[origins[0]]}”；建议来自不同来源：{'、'.join(ORIGINS.values())}"
