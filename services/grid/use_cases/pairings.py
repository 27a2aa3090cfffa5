"""Pair community workers with residents' leaders; hand pairings over, let leaders go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.grid.domain.pairing import Leader, Pairing
from services.grid.domain.staff import Staff
from services.grid.use_cases.ports import Work
from shared.kernel.clock import local_date
from shared.kernel.command import Command, use_case
from shared.kernel.errors import Unknown


@dataclass(frozen=True)
class ProposePairing(Command):
    """拟结对"""

    place_ref: str
    worker_ref: str
    leader_refs: Sequence[str]


@use_case
def propose_pairing(command: ProposePairing, work: Work) -> Pairing:
    """Raises PairingNeedsLeader, LeaderElsewhere, WorkerMayNotPair, WorkerElsewhere, PlaceEnded, Unknown,
    UnknownReference, OutsideScope."""
    place = work.places.named(command.place_ref, field="place_ref")
    contacts = [work.copy_of("notify.contact", ref, field="leader_refs") for ref in command.leader_refs]
    leaders = [Leader(contact["resident_ref"], contact["place_path"]) for contact in contacts]
    pairing = Pairing(place, _worker(command.worker_ref, work), leaders, today=local_date(work.now))
    work.pairings.add(pairing)
    return pairing


@dataclass(frozen=True)
class StartPairing(Command):
    """开始结对"""

    id: str


@use_case
def start_pairing(command: StartPairing, work: Work) -> Pairing:
    """Raises NotNow."""
    pairing = work.pairings.get(command.id)
    pairing.start()
    return pairing


@dataclass(frozen=True)
class TakeOverPairing(Command):
    """接替结对"""

    id: str
    worker_ref: str


@use_case
def take_over_pairing(command: TakeOverPairing, work: Work) -> Pairing:
    """Another worker goes on where one has left. Raises WorkerMayNotPair, WorkerElsewhere, NotNow, Unknown."""
    pairing = work.pairings.get(command.id)
    pairing.take_over(_worker(command.worker_ref, work))
    return pairing


@dataclass(frozen=True)
class EndPairing(Command):
    """结束结对"""

    id: str


@use_case
def end_pairing(command: EndPairing, work: Work) -> Pairing:
    """Raises NotNow."""
    pairing = work.pairings.get(command.id)
    pairing.end(local_date(work.now))
    return pairing


@dataclass(frozen=True)
class FollowLeader(Command):
    """A resident lives at this place."""

    person_ref: str
    home_path: str


@use_case
def follow_leader(command: FollowLeader, work: Work) -> None:
    """Who has moved away from where a pairing is leads there no more."""
    for pairing in work.pairings.of_leader(command.person_ref):
        pairing.leader_lives(command.person_ref, command.home_path, today=local_date(work.now))


@dataclass(frozen=True)
class LetLeaderGo(Command):
    """A resident is erased: no pairing has them any more."""

    person_ref: str


@use_case
def let_leader_go(command: LetLeaderGo, work: Work) -> None:
    """Nothing where they lead nowhere."""
    for pairing in work.pairings.of_leader(command.person_ref):
        pairing.lose_leader(command.person_ref, today=local_date(work.now))


def hand_over(leaver: Staff, successor: Staff | None, work: Work) -> dict[str, str | None]:
    """The leaver's pairings go to the successor, or wait for somebody; who has each."""
    found = work.pairings.of_worker(leaver.id)
    for pairing in found:
        pairing.lose_worker(successor)
    return {pairing.id: pairing.worker_ref for pairing in found}


def _worker(ref: str, work: Work) -> Staff:
    """Held: they do not leave meanwhile."""
    worker = work.staffs.find(ref, locked=True)
    if worker is None:
        raise Unknown(what=Staff.term, ref=ref, field="worker_ref")
    return worker
