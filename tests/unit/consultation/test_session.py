"""Minutes become public by another than who wrote them; alone only in an emergency (四眼原则)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.consultation.domain.errors import OwnWork
from services.consultation.domain.session import AWAITING_APPROVAL, CO_DESIGN, PUBLISHED, Session
from shared.kernel.errors import NotNow
from tests.unit.consultation.test_topic import NOW, deliberating

LATER = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
def minuted():
    session = Session(
        deliberating(), kind=CO_DESIGN, venue="大树下", starts_at=NOW, audience="居民", open_review_ref=None
    )
    session.minute(attendance={"residents": 12}, text="防滑", points=["防滑"], by="zhang", now=NOW)
    return session


def test_who_wrote_the_minutes_does_not_publish_them(minuted):
    with pytest.raises(OwnWork):
        minuted.publish(by="zhang", now=LATER)
    assert minuted.published_at is None
    minuted.publish(by="li", now=LATER)
    assert (minuted.state, minuted.published_at, minuted.published_by) == (PUBLISHED, LATER, "li")


@pytest.mark.parametrize("officer", ["zhang", "li"])
def test_in_an_emergency_one_publishes_alone_and_another_approves(minuted, officer):
    minuted.publish_in_emergency(because="今夜停水", by=officer, now=LATER)
    assert (minuted.state, minuted.published_at, minuted.emergency) == (AWAITING_APPROVAL, LATER, "今夜停水")
    with pytest.raises(OwnWork):
        minuted.approve(by=officer)
    minuted.approve(by="wang")
    assert minuted.state == PUBLISHED


def test_nothing_is_published_or_approved_twice(minuted):
    minuted.publish(by="li", now=LATER)
    for again in (
        lambda: minuted.publish(by="wang", now=LATER + timedelta(days=1)),
        lambda: minuted.publish_in_emergency(because="?", by="wang", now=LATER),
        lambda: minuted.approve(by="wang"),
    ):
        with pytest.raises(NotNow):
            again()
    assert minuted.published_at == LATER
