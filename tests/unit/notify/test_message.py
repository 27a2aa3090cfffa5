"""Messages: from their making to the receipt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.message import DELIVERY, LIFECYCLE, PERMANENT, TEMPORARY, WAITS
from shared.kernel.errors import NotNow
from tests.builders.notify import NOW, message


def attempt(subject, outcome, system_time=0.0):
    subject.claim("holder")
    subject.note(outcome, provider_ref="p-1", now=NOW, system_time=system_time)


def test_a_delivered_message_has_a_receipt():
    subject = message()
    attempt(subject, DELIVERY)
    (receipt,) = subject.receipts
    assert (subject.state, subject.delivered_at) == ("delivered", NOW)
    assert (receipt.at, receipt.channel, receipt.outcome, receipt.provider_ref) == (
        NOW,
        "mailbox",
        "delivered",
        "p-1",
    )


def test_a_temporary_failure_waits_on_the_system_clock():
    subject = message()
    attempt(subject, TEMPORARY, system_time=1000.0)
    assert (subject.state, subject.not_before) == ("created", 1000.0 + WAITS[0])


def test_a_permanent_failure_is_the_end():
    subject = message()
    attempt(subject, PERMANENT)
    assert (subject.state, subject.delivered_at) == ("failed", None)
    assert subject.allowed_actions == []


def test_the_fifth_temporary_failure_is_the_last():
    subject = message()
    for _ in range(4):
        attempt(subject, TEMPORARY)
        assert subject.state == "created"
    attempt(subject, TEMPORARY)
    assert subject.state == "failed"
    assert len(subject.receipts) == 5


def test_a_claim_takes_over_what_a_dead_one_left_behind():
    subject = message()
    subject.claim("dead")
    subject.claim("alive")
    assert subject.is_claimed_by("alive")
    assert not subject.is_claimed_by("dead")


@given(st.lists(st.sampled_from([DELIVERY, TEMPORARY, PERMANENT]), min_size=6, max_size=8))
def test_a_message_ends_after_at_most_five_attempts_and_then_never_moves(outcomes):
    subject = message()
    for outcome in outcomes:
        if not LIFECYCLE.allows("claim", subject.state):
            break
        attempt(subject, outcome)
    assert subject.state in ("delivered", "failed")
    assert len(subject.receipts) == subject.attempts <= 5
    with pytest.raises(NotNow):
        subject.claim("holder")


def test_only_the_token_of_a_link_is_masked():
    subject = message("请评价：/notify/v1/answers/aZ09_-x\n您的事项编号：240527-0001-5。")
    assert subject.masked_text == "请评价：/notify/v1/answers/…\n您的事项编号：240527-0001-5。"
    assert message("已开工").masked_text == "已开工"
