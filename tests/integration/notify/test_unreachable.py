"""Chain 9 in notify: a message that must reach tries every channel of the person; then somebody goes, and what came of
it is known here, whatever order it is heard in."""

from __future__ import annotations

from itertools import permutations

import pytest

from services.notify import delivery
from services.notify.plugins.mailbox import Mailbox
from services.notify.use_cases.delivery import PermanentFailure, Receipt, TemporaryFailure
from shared.contracts import grid, notify
from tests.builders import facts
from tests.builders import notify as build


class Deaf(Mailbox):
    """A second channel; what it says is the test's."""

    says: object = PermanentFailure("no such number")

    def deliver(self, message):
        if isinstance(self.says, Exception):
            raise self.says
        return Receipt("by-deaf")


@pytest.fixture
def service(under_test, monkeypatch):
    """notify whose first channel reaches nobody."""
    service = under_test("notify")
    monkeypatch.setattr(service.application, "_plugins", {"channels": {"mailbox": Mailbox(), "deaf": Deaf()}})
    monkeypatch.setattr(Mailbox, "deliver", fails(PermanentFailure("no such number")))
    return service


def fails(failure):
    def deliver(_self, _message):
        raise failure

    return deliver


def tell_the_reporter(service, channels=("mailbox",)):
    """A case is handled: what became of it must reach who reported it."""
    reporter = build.register(service, "13800005678", channels=list(channels))
    service.hear(grid.CaseVerified, "case", build.case_verified(reporter_refs=[reporter]))
    (message,) = build.messages(service, reporter)
    return message


def message(service, id, **who):
    return service.request("GET", f"/messages/{id}", **who)


def test_a_message_that_must_reach_and_cannot_is_told_with_its_door_and_its_time(service):
    told = tell_the_reporter(service)
    assert (told["state"], told["must_reach"]) == ("failed", True)
    (failed,) = service.said(notify.MessageFailed)
    assert failed.subject == told["id"]
    assert failed.data == {
        "message_ref": told["id"],
        "must_reach": True,
        "about": {"type": "case", "ref": "case"},
        "door_ref": "door",
        "by": failed.data["by"],
    }
    (question,) = service.request("GET", "/questions?about_ref=case").json["items"]
    assert told["reach_by"] == question["closes_at"]
    assert not notify.MessageFailed.on_feed
    service.run()
    assert len(service.said(notify.MessageFailed)) == 1


def test_a_message_that_need_not_reach_fails_in_silence(service):
    reporter = build.register(service, "13800005678")
    service.hear(grid.CaseReported, "case", facts.case(reporter_refs=[reporter]))
    (told,) = build.messages(service, reporter)
    assert (told["state"], told["must_reach"]) == ("failed", False)
    assert service.said(notify.MessageFailed) == []


def test_it_is_told_only_once_every_channel_of_the_person_has_failed(service, monkeypatch):
    clock = {"now": 1000.0}
    monkeypatch.setattr(delivery, "epoch", lambda: clock["now"])
    monkeypatch.setattr(Mailbox, "deliver", fails(TemporaryFailure("busy")))
    told = tell_the_reporter(service, ["mailbox", "deaf"])
    while told["channel"] == "mailbox":
        assert service.said(notify.MessageFailed) == []
        clock["now"] += 3600
        service.run()
        told = message(service, told["id"]).json
    assert [(each["channel"], each["outcome"]) for each in told["receipts"]] == [
        *[("mailbox", "temporary_failure")] * 5,
        ("deaf", "permanent_failure"),
    ]
    assert told["state"] == "failed"
    assert len(service.said(notify.MessageFailed)) == 1


def test_the_second_channel_that_reaches_is_enough(service, monkeypatch):
    monkeypatch.setattr(Deaf, "says", None)
    told = tell_the_reporter(service, ["mailbox", "deaf"])
    assert (told["state"], told["channel"]) == ("delivered", "deaf")
    assert service.said(notify.MessageFailed) == []


def visited(told, outcome):
    return facts.visit_recorded(message_ref=told["id"], outcome=outcome)


@pytest.mark.parametrize(
    ("outcome", "state", "receipt"),
    [("met", "in_person", "delivered"), ("refused", "refused", "refused"), ("board", "board", "board")],
)
def test_what_came_of_the_visit_is_kept_once(service, outcome, state, receipt):
    told = tell_the_reporter(service)
    service.hear_twice(grid.VisitRecorded, "visit", visited(told, outcome))
    shown = message(service, told["id"]).json
    at = "2024-05-28T10:00:00+08:00"
    assert shown["state"] == state
    assert shown["delivered_at"] == (at if outcome == "met" else None)
    assert shown["receipts"][-1] == {
        "at": at,
        "channel": "in_person",
        "outcome": receipt,
        "provider_ref": "visit",
    }


def test_nobody_at_home_once_leaves_the_message_to_be_brought(service):
    told = tell_the_reporter(service)
    service.hear_twice(grid.VisitRecorded, "visit", visited(told, "absent"))
    assert message(service, told["id"]).json["state"] == "failed"


@pytest.mark.parametrize("order", list(permutations(["absent", "board", "refused", "met"])))
def test_who_was_met_was_met_in_whatever_order_it_is_heard(service, order):
    told = tell_the_reporter(service)
    versions = {"absent": 2, "board": 3, "refused": 4, "met": 5}
    for outcome in order:
        service.hear(grid.VisitRecorded, "visit", visited(told, outcome), version=versions[outcome])
    assert message(service, told["id"]).json["state"] == "in_person"


def test_the_board_heard_before_the_first_absence_is_the_end(service):
    told = tell_the_reporter(service)
    service.hear(grid.VisitRecorded, "visit", visited(told, "board"), version=3)
    before = service.snapshot()
    service.hear(grid.VisitRecorded, "visit", visited(told, "absent"), version=2)
    assert service.snapshot() == before


def test_a_visit_that_brings_no_message_is_none_of_notifys(service):
    before = service.snapshot()
    service.hear(grid.VisitRecorded, "visit", facts.visit_recorded(message_ref=None))
    assert service.heard() == {"done": 1}
    assert service.snapshot() == before


def test_the_grid_worker_reads_what_is_to_be_brought_and_nothing_else(service, monkeypatch):
    told = tell_the_reporter(service)
    worker = {"role": "grid_worker", "scope": "place:grid"}
    shown = message(service, told["id"], **worker)
    assert shown.status_code == 200
    assert "…" in shown.json["text"]  # the link to answer by is the resident's alone
    assert message(service, told["id"], role="grid_worker", scope="place:elsewhere").status_code == 403
    other = {"role": "resident", "scope": "person:somebody"}
    assert message(service, told["id"], **other).status_code == 403
    monkeypatch.setattr(Mailbox, "deliver", lambda _self, _message: Receipt("p"))
    neighbour = build.register(service, "13900001111", name="李四")
    service.hear(
        grid.CaseVerified, "case-2", build.case_verified(case_ref="case-2", reporter_refs=[neighbour])
    )
    (delivered,) = build.messages(service, neighbour)
    assert message(service, delivered["id"], **worker).json["code"] == "outside_scope"
