"""Delivery: claimed, handed over outside any transaction, and what the channel said is kept."""

from __future__ import annotations

import logging

import pytest

from services.notify import delivery
from services.notify.plugins.mailbox import Mailbox
from services.notify.plugins.smtp import Smtp
from services.notify.use_cases.delivery import (
    ClaimMessages,
    PermanentFailure,
    Receipt,
    RecordReceipt,
    TemporaryFailure,
)
from shared.contracts import property
from shared.messaging.lease import Lease, LeaseLost
from tests.builders import facts
from tests.builders import notify as build

FAR_AWAY = 10.0**12


@pytest.fixture
def service(under_test):
    """notify with one resident, on a system clock that can be moved."""
    service = under_test("notify")
    service.resident = build.register(service, "13800005678")
    return service


@pytest.fixture
def system_clock(monkeypatch):
    """The system clock, standing still."""
    clock = {"now": 1000.0}
    monkeypatch.setattr(delivery, "epoch", lambda: clock["now"])
    return clock


def says(monkeypatch, verdict, channel=Mailbox):
    """Let the channel say something else, and note what it was given."""
    given = []

    def deliver(_self, message):
        given.append(message)
        if isinstance(verdict, Exception):
            raise verdict
        return verdict

    monkeypatch.setattr(channel, "deliver", deliver)
    return given


def start_works(service):
    service.hear(property.WorksStarted, "works", facts.works_started())
    (message,) = build.messages(service, service.resident)
    return message


def outcomes(service):
    (message,) = build.messages(service, service.resident)
    return message["state"], [receipt["outcome"] for receipt in message["receipts"]]


def test_a_channel_is_given_the_address_and_its_receipt_is_kept(service, monkeypatch):
    given = says(monkeypatch, Receipt("provider-7"))
    message = start_works(service)
    (outgoing,) = given
    assert (outgoing.address, outgoing.message_ref) == ("13800005678", message["id"])
    assert (outgoing.title, outgoing.text) == (message["title"], message["text"])
    assert [receipt["provider_ref"] for receipt in message["receipts"]] == ["provider-7"]
    assert message["delivered_at"] == "2024-05-27T09:00:00+08:00"


def test_a_channel_that_sends_email_is_given_that_address(service, monkeypatch):
    given = says(monkeypatch, Receipt("provider-7"), Smtp)
    address = {"email": "zhang.san@example.cn", "channels": ["smtp"]}
    service.post(f"/contacts/{service.resident}/correct", address, status=200)
    start_works(service)
    assert [outgoing.address for outgoing in given] == ["zhang.san@example.cn"]


@pytest.mark.parametrize("failure", [TemporaryFailure("busy"), RuntimeError("a plugin's fault")])
def test_a_temporary_failure_is_tried_again_when_its_time_has_come(
    service, monkeypatch, system_clock, failure
):
    given = says(monkeypatch, failure)
    start_works(service)
    service.run()
    assert len(given) == 1
    assert outcomes(service) == ("created", ["temporary_failure"])
    says(monkeypatch, Receipt("p"))
    system_clock["now"] += 5
    service.run()
    assert outcomes(service) == ("delivered", ["temporary_failure", "delivered"])


def test_five_temporary_failures_are_the_end(service, monkeypatch, system_clock):
    says(monkeypatch, TemporaryFailure("busy"))
    start_works(service)
    for _ in range(6):
        system_clock["now"] += 3600
        service.run()
    assert outcomes(service) == ("failed", ["temporary_failure"] * 5)


def test_a_permanent_failure_is_the_end_at_once(service, monkeypatch, system_clock):
    given = says(monkeypatch, PermanentFailure("no such number"))
    start_works(service)
    system_clock["now"] += 3600
    service.run()
    assert len(given) == 1
    assert outcomes(service) == ("failed", ["permanent_failure"])


def test_a_message_whose_channel_is_not_installed_any_more_fails(service, monkeypatch):
    monkeypatch.setattr(service.application, "_plugins", {"channels": {}})
    start_works(service)
    assert outcomes(service) == ("failed", ["permanent_failure"])


def test_no_phone_gets_into_a_log(service, monkeypatch, system_clock, caplog):
    caplog.set_level(logging.DEBUG)
    given = says(monkeypatch, TemporaryFailure("13800005678 is busy"))
    start_works(service)
    assert given[0].address == "13800005678"
    assert "will be tried again" in caplog.text
    assert "13800005678" not in caplog.text + repr(given[0])


def test_a_claim_that_died_is_taken_over_and_its_late_receipt_changes_nothing(
    service, monkeypatch, system_clock
):
    says(monkeypatch, TemporaryFailure("busy"))
    start_works(service)
    (claimed,) = service.handle(ClaimMessages("a holder that dies", FAR_AWAY))
    assert outcomes(service)[0] == "sending"
    says(monkeypatch, Receipt("p"))
    service.run()
    assert outcomes(service) == ("delivered", ["temporary_failure", "delivered"])
    before = service.snapshot()
    late = RecordReceipt(claimed.message.message_ref, "a holder that dies", "permanent_failure", "", FAR_AWAY)
    service.handle(late)
    assert service.snapshot() == before


def test_a_holder_that_lost_the_lease_claims_nothing(service, monkeypatch):
    given = says(monkeypatch, TemporaryFailure("busy"))
    start_works(service)
    monkeypatch.setattr(delivery, "epoch", lambda: FAR_AWAY)
    with pytest.raises(LeaseLost):
        delivery.deliver(service.application, Lease(service.database))
    assert len(given) == 1
    assert outcomes(service)[0] == "created"


def test_nothing_is_written_while_nothing_waits(service):
    start_works(service)
    before = service.snapshot()
    assert delivery.deliver(service.application, service.lease) == 0
    assert service.snapshot() == before
