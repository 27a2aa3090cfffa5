"""Pairings: who with whom, where, and what becomes of them when somebody leaves."""

from __future__ import annotations

import pytest

from services.grid.domain.errors.people import (
    LeaderElsewhere,
    PairingNeedsLeader,
    WorkerElsewhere,
    WorkerMayNotPair,
)
from services.grid.domain.pairing import Leader, Pairing, PairingEnded, PairingStarted
from shared.kernel.errors import NotNow
from tests.unit.grid.test_organisation import COMMUNITIES, GRIDS, TODAY
from tests.unit.grid.test_staff import member

HERE = f"{GRIDS[0].place_path}door/"


def cadre(*grids, name="曹静"):
    return member(*grids, category="community_cadre", name=name)


def pairing(worker=None, leaders=("wang", "li")):
    worker = worker or cadre(0)
    return Pairing(COMMUNITIES[0], worker, [Leader(ref, HERE) for ref in leaders], today=TODAY)


def told(thing):
    events = [recorded.event for recorded in thing.take_recorded()]
    return [event for event in events if isinstance(event, PairingStarted | PairingEnded)]


def test_a_pairing_is_of_a_community_worker_there_and_residents_leaders_who_live_there():
    with pytest.raises(PairingNeedsLeader):
        pairing(leaders=())
    with pytest.raises(WorkerMayNotPair):
        pairing(worker=member(0))
    with pytest.raises(WorkerElsewhere):
        pairing(worker=cadre(2))
    with pytest.raises(LeaderElsewhere):
        Pairing(COMMUNITIES[0], cadre(0), [Leader("wang", GRIDS[2].place_path)], today=TODAY)


def test_a_pairing_is_proposed_active_and_ended_and_told_only_while_active():
    pair = pairing()
    assert (pair.state, told(pair)) == ("proposed", [])
    pair.start()
    pair.end(TODAY)
    assert told(pair) == [PairingStarted(), PairingEnded("ended")]
    with pytest.raises(NotNow):
        pair.start()
    proposal = pairing()
    proposal.end(TODAY)
    assert (proposal.state, told(proposal)) == ("ended", [])


def test_a_pairing_follows_the_successor():
    pair, successor = pairing(), cadre(0, name="严明")
    pair.start()
    pair.lose_worker(successor)
    assert (pair.state, pair.worker_ref) == ("active", successor.id)
    assert told(pair) == [PairingStarted(), PairingStarted()]


def test_without_a_successor_a_pairing_waits_until_somebody_takes_over():
    pair, other = pairing(), cadre(1, name="严明")
    pair.start()
    pair.lose_worker(None)
    assert (pair.state, pair.worker_ref, pair.allowed_actions) == ("unassigned", None, ["take_over", "end"])
    gone = cadre(0)
    gone.end_duty(today=TODAY)
    with pytest.raises(WorkerMayNotPair):
        pair.take_over(gone)
    assert pair.state == "unassigned"
    waiting = pairing()
    waiting.lose_worker(None)
    waiting.take_over(other)
    assert (waiting.state, waiting.worker_ref) == ("active", other.id)


def test_a_leader_who_moves_inside_the_pairing_s_place_stays_and_one_who_leaves_it_does_not():
    pair = pairing()
    pair.leader_lives("wang", f"{HERE}another/", today=TODAY)
    assert len(pair.open_leaders) == 2
    pair.leader_lives("wang", "/street/elsewhere/", today=TODAY)
    assert [leader.person_ref for leader in pair.open_leaders] == ["li"]


def test_a_pairing_goes_on_without_one_leader_and_ends_without_any():
    pair = pairing()
    pair.start()
    pair.lose_leader("wang", today=TODAY)
    assert [leader.person_ref for leader in pair.open_leaders] == ["li"]
    pair.lose_leader("li", today=TODAY)
    assert (pair.state, pair.valid_to) == ("ended", TODAY)
    assert told(pair)[-1] == PairingEnded("leaders_left")
