"""The reference facts of organisations, staff and pairings feed a second service's copy, from nothing."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import delete

from services.grid.use_cases.organisations import EndOrganisation, RegisterOrganisation
from services.grid.use_cases.pairings import ProposePairing, StartPairing
from services.grid.use_cases.places import RegisterPlace
from services.grid.use_cases.staff import EndDuty, GridRole, PostStaff, RegisterStaff, ReplaceStaff
from shared.contracts import grid, notify
from shared.messaging import replay
from shared.messaging.replay import Replayer
from shared.messaging.subscriptions import copy
from shared.messaging.transport import Incoming, Sent
from shared.persistence.tables import outbox_messages
from shared.testing.harness import Message, ServiceUnderTest
from tests.builders import facts
from tests.integration.messaging.toy import LISTENER

COPIED = (
    grid.OrganisationRegistered,
    grid.OrganisationChanged,
    grid.OrganisationEnded,
    grid.StaffAssigned,
    grid.StaffReleased,
    grid.PairingStarted,
    grid.PairingEnded,
)
TYPES = {event.type for event in COPIED}
KINDS = ("grid.organisation", "grid.staff", "grid.pairing")


@pytest.fixture
def service(under_test):
    """grid with a community of two grids, trees, staff of whom two have left, and a pairing that was handed over."""
    service = under_test("grid")
    street = service.handle(RegisterPlace("street", "街道", "110112010"))
    community = service.handle(RegisterPlace("community", "社区", "110112010904", street.id))
    first, second = (
        service.handle(RegisterPlace("grid", name, f"11011201090400{name}", community.id)) for name in "12"
    )
    top = service.handle(RegisterOrganisation("street_level", "街道", place_ref=street.id))
    below = service.handle(RegisterOrganisation("community_level", "社区", top.id, community.id))
    gone = service.handle(RegisterOrganisation("grid_level", "网格", below.id, first.id))
    service.handle(EndOrganisation(gone.id))
    cadre, successor = (
        service.handle(RegisterStaff(number, number, "community_cadre", [GridRole(first.id)]))
        for number in ("C-1", "C-2")
    )
    service.handle(PostStaff(cadre.id, second.id, "lead"))
    service.hear(notify.ContactRegistered, "wang", facts.contact("wang", place_path=first.place_path))
    pairing = service.handle(ProposePairing(first.id, cadre.id, ["wang"]))
    service.handle(StartPairing(pairing.id))
    service.handle(ProposePairing(first.id, cadre.id, ["wang"]))  # never started: nobody hears of it
    service.handle(ReplaceStaff(cadre.id, successor.id))
    left = service.handle(RegisterStaff("P-1", "P-1", "police", [GridRole(second.id)]))
    service.handle(EndDuty(left.id))
    return service


@pytest.fixture
def listener():
    """Another service, which keeps copies and knows nothing yet."""
    return ServiceUnderTest(dataclasses.replace(LISTENER, subscriptions=tuple(map(copy, COPIED))))


def known(listener):
    return {kind: sorted(map(without_reason, listener.copies(kind)), key=str) for kind in KINDS}


def without_reason(facts):
    """The last grid that an event was about, and why, is not what is true now."""
    last = ("grid_ref", "place_ref", "place_path", "role", "reason_code") if "staff_ref" in facts else ()
    return {name: value for name, value in facts.items() if name not in last}


def incoming(said):
    envelope = said.envelope
    return Message(Incoming(envelope.id, envelope.type, envelope.partition_key, envelope.to_bytes()))


class Straight:
    """A bus that brings what is sent to one service that asked for it, twice."""

    def __init__(self, listener):
        self.listener = listener

    def send(self, messages):
        wanted = [message for message in messages if message.type in TYPES]
        for message in [*wanted, *wanted]:
            self.listener.deliver(
                Message(Incoming(message.event_id, message.type, message.partition_key, message.body))
            )
        return Sent()


def test_a_copy_made_of_what_is_true_now_is_the_one_made_of_all_that_was_told(service, listener, monkeypatch):
    monkeypatch.setattr(replay, "LOOK_SECONDS", 0.0)
    for said in service.said():
        if said.type in TYPES:
            listener.deliver(incoming(said))
    heard = known(listener)
    assert [len(heard[kind]) for kind in KINDS] == [3, 3, 1]

    late = ServiceUnderTest(listener.application.definition)
    with service.database.writing() as session:
        session.execute(delete(outbox_messages))
    answer = service.request("POST", "/replays", {"reason": "新订阅者", "current": True}, role="admin")
    assert answer.status_code == 200, answer.text
    only_these = Straight(late)
    replayer = Replayer(service.application, service.lease, only_these)
    while replayer.run_once():
        pass
    assert known(late) == heard
    assert set(late.heard()) == {"done"}, late.reasons()


def test_in_whatever_order_the_facts_come_the_newest_is_kept(service, listener):
    told = [incoming(said) for said in service.said() if said.type in TYPES]
    backwards = ServiceUnderTest(listener.application.definition)
    listener.deliver(*told)
    backwards.deliver(*reversed(told), *told)
    assert known(backwards) == known(listener)
    states = {facts["state"]: len(facts["postings"]) for facts in listener.copies("grid.staff")}
    assert states == {"replaced": 0, "on_duty": 2, "off_duty": 0}
    (pairing,) = listener.copies("grid.pairing")
    assert pairing["leader_refs"] == ["wang"]
