"""Whatever one service copies of another can be said anew: `jiushu republish --current` fills a copy that is empty."""

from __future__ import annotations

import pytest

from services.grid.use_cases.cases import ReportCase
from shared.contracts import grid, notify
from shared.messaging.embedded import EmbeddedBus
from shared.messaging.replay import Replayer
from shared.suite import service_class
from tests.builders import facts
from tests.builders.places import a_spot
from tests.contract.ours import EVENTS, NAMES

COPIED = {
    subscription.contract: name
    for name in NAMES
    for subscription in service_class(name).definition.subscriptions
    if subscription.kind == "copy"
}

# promised by a contract, and said by nobody yet
PROMISED = {"property.responsibility": "property keeps no responsibility lists yet"}


def said_as_current(owner):
    """The aggregates whose contracts stand in the functions by which the owner says its facts as they are now."""
    current = service_class(owner).definition.current
    names = {name for translation in current.values() for name in named_in(translation)}
    return {event.aggregate() for event in EVENTS if event.owner() == owner and event.__name__ in names}


def said_at_all(owner):
    """The names in the functions by which the owner says what happens."""
    translations = service_class(owner).definition.translations.values()
    return {name for translation in translations if callable(translation) for name in named_in(translation)}


def named_in(function, known=()):
    """The names in a function, and in the functions beside it that it calls."""
    names = set(function.__code__.co_names) - set(known)
    beside = [function.__globals__.get(name) for name in names]
    own = [
        one
        for one in beside
        if getattr(one, "__module__", None) == function.__module__ and hasattr(one, "__code__")
    ]
    return names.union(*(named_in(one, {*known, *names}) for one in own))


@pytest.mark.parametrize("contract", COPIED, ids=[contract.type for contract in COPIED])
def test_the_owner_of_a_fact_that_is_copied_can_say_it_as_it_is_now(contract):
    if contract.aggregate() in PROMISED:
        assert contract.__name__ not in said_at_all(contract.owner()), "take it out of PROMISED"
        return
    assert contract.aggregate() in said_as_current(contract.owner()), (
        f"{COPIED[contract]} copies it: it wants a line in CURRENT of services/{contract.owner()}/events.py"
    )


def test_a_notify_that_starts_from_nothing_learns_the_cases_and_sends_no_receipts_for_them(under_test):
    owner, copier = under_test("grid"), under_test("notify")
    place = a_spot(owner)
    owner.hear(notify.ContactRegistered, "resident-1", facts.contact())
    case = owner.handle(ReportCase("0603", place.id, "水池干涸", "resident", reporter_ref="resident-1"))
    bus = EmbeddedBus()
    bus.join(copier.application)
    wish = {"current": True, "to": "notify", "reason": "the copies are gone"}
    assert owner.post("/replays", wish, role="admin", status=200)["events"] == 6
    replayer = Replayer(owner.application, owner.lease, bus)
    while replayer.run_once():
        pass
    copier.run()
    assert copier.heard() == {"done": 6}, copier.reasons()
    (report,) = owner.said(grid.CaseReported)
    assert copier.copies("grid.case") == [report.envelope.data]
    assert case.number == report.data["number"]
    assert copier.request("GET", "/messages").json["items"] == []
    assert copier.request("GET", "/alarms").json["items"] == []
