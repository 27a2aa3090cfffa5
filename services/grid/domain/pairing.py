"""结对 Pairings of a community worker with residents' leaders, who ask what residents need together (row 28)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.grid.domain.errors.people import (
    LeaderElsewhere,
    PairingNeedsLeader,
    WorkerElsewhere,
    WorkerMayNotPair,
)
from services.grid.domain.place import Place
from services.grid.domain.staff import ON_DUTY, Staff
from services.grid.domain.staff_categories import STAFF_CATEGORIES
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard, move

PROPOSED, ACTIVE, UNASSIGNED, ENDED = "proposed", "active", "unassigned", "ended"

LIFECYCLE = Lifecycle(
    Term("结对", "pairing"),
    {PROPOSED: "拟结对", ACTIVE: "结对中", UNASSIGNED: "待接替", ENDED: "已结束"},
    #     action                   from                            to
    move("start", "开始结对", PROPOSED, ACTIVE),
    move("take_over", "接替", UNASSIGNED, ACTIVE),
    move("end", "结束", (PROPOSED, ACTIVE, UNASSIGNED), ENDED),
    heard("lose_worker", "工作者离岗", (PROPOSED, ACTIVE), UNASSIGNED),
)


@dataclass(frozen=True)
class Leader:
    """居民骨干 A resident of whom neighbours take notice: a resident_ref of notify, and where it lives."""

    person_ref: str
    place_path: str


@dataclass(frozen=True)
class PairingProposed(DomainEvent):
    """拟结对 Stays at home."""


@dataclass(frozen=True)
class PairingStarted(DomainEvent):
    """结对 It is active, with this worker and these leaders."""


@dataclass(frozen=True)
class PairingEnded(DomainEvent):
    """结束 It is not active any more; or its worker has left, and nobody has taken over yet."""

    reason_code: str


@dataclass(frozen=True)
class PairingChanged(DomainEvent):
    """What is not active has another worker, leaders or place. Stays at home."""


class PairedLeader:
    """One of a pairing's leaders, until `valid_to` (None: still), in local days."""

    def __init__(self, person_ref: str, *, today: date) -> None:
        self.id = new_id()
        self.person_ref = person_ref
        self.valid_from = today
        self.valid_to: date | None = None


class Pairing(Aggregate):
    """结对 A worker and one or more leaders, at a place, from `valid_from` until `valid_to` (None: still).

    `worker_ref` None: the worker has left, and nobody has taken over.
    """

    term = LIFECYCLE.name

    def __init__(self, place: Place, worker: Staff, leaders: Sequence[Leader], *, today: date) -> None:
        """拟结对 Raises PairingNeedsLeader, LeaderElsewhere, WorkerMayNotPair, WorkerElsewhere, PlaceEnded."""
        place.must_be_there(field="place_ref")
        if not leaders:
            raise PairingNeedsLeader(field="leader_refs")
        for leader in leaders:
            if not leader.place_path.startswith(place.place_path):
                raise LeaderElsewhere(ref=leader.person_ref, place=place.name, field="leader_refs")
        self.id = new_id()
        self.place_ref = place.id
        self.place_name = place.name
        self.place_path: str = place.place_path
        self.leaders = [PairedLeader(leader.person_ref, today=today) for leader in leaders]
        self.valid_from = today
        self.valid_to: date | None = None
        self.state = PROPOSED
        self.worker_ref: str | None = self._fit(worker)
        self.record(PairingProposed())

    @property
    def open_leaders(self) -> list[PairedLeader]:
        """Those who are in it still."""
        return [leader for leader in self.leaders if leader.valid_to is None]

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done."""
        return LIFECYCLE.actions(self.state)

    def start(self) -> None:
        """开始结对 Raises NotNow."""
        self.state = LIFECYCLE.after("start", self.state)
        self.record(PairingStarted())

    def take_over(self, worker: Staff) -> None:
        """接替 Another worker goes on where one has left. Raises WorkerMayNotPair, WorkerElsewhere, NotNow."""
        state, self.worker_ref = LIFECYCLE.after("take_over", self.state), self._fit(worker)
        self.state = state
        self.record(PairingStarted())

    def end(self, today: date) -> None:
        """结束 Raises NotNow."""
        was_told = self.state == ACTIVE
        self.state = LIFECYCLE.after("end", self.state)
        self._close(today)
        self.record(PairingEnded("ended") if was_told else PairingChanged())

    def lose_worker(self, successor: Staff | None) -> None:
        """移交 The worker has left: the successor goes on, or the pairing waits for somebody."""
        was_active = self.state == ACTIVE
        if successor is not None:
            self.worker_ref = successor.id
            self.record(PairingStarted() if was_active else PairingChanged())
            return
        self.worker_ref = None
        self.state = LIFECYCLE.after("lose_worker", self.state)
        self.record(PairingEnded("worker_left") if was_active else PairingChanged())

    def lose_leader(self, person_ref: str, *, today: date) -> None:
        """A leader has moved away or is erased. Without any, the pairing is over."""
        was_active = self.state == ACTIVE
        for leader in self.open_leaders:
            if leader.person_ref == person_ref:
                leader.valid_to = today
        if self.open_leaders:
            self.record(PairingStarted() if was_active else PairingChanged())
            return
        self.state = LIFECYCLE.after("end", self.state)
        self._close(today)
        self.record(PairingEnded("leaders_left") if was_active else PairingChanged())

    def leader_lives(self, person_ref: str, home_path: str, *, today: date) -> None:
        """A leader lives at this place: whoever has left that of the pairing is in it no more."""
        if not home_path.startswith(self.place_path):
            self.lose_leader(person_ref, today=today)

    def follow(self, place: Place) -> None:
        """Its place has become another one, or lies elsewhere now."""
        self.place_ref, self.place_name, self.place_path = place.id, place.name, place.place_path
        self.record(PairingStarted() if self.state == ACTIVE else PairingChanged())

    def _fit(self, worker: Staff) -> str:
        if not STAFF_CATEGORIES[worker.category].may_pair or worker.state != ON_DUTY:
            possible = "、".join(each.name for each in STAFF_CATEGORIES.values() if each.may_pair)
            raise WorkerMayNotPair(name=worker.name, possible=possible, field="worker_ref")
        if not worker.works_in(self.place_path):
            raise WorkerElsewhere(name=worker.name, place=self.place_name, field="worker_ref")
        return worker.id

    def _close(self, today: date) -> None:
        self.valid_to = today
        for leader in self.open_leaders:
            leader.valid_to = today
