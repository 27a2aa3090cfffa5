"""场地: open or closed, as its table says."""

from __future__ import annotations

import pytest

from services.consultation.domain.topic import Site
from services.consultation.domain.venue import CLOSED, OPEN, Venue
from shared.kernel.errors import NotNow
from tests.builders import facts


@pytest.fixture
def venue():
    site = Site("estate", facts.ESTATE_PATH, "金侨时代家园", "estate")
    return Venue(kind="tree", name="大槐树下", capacity=30, site=site)


def test_nobody_meets_in_a_closed_venue_until_it_is_open_again(venue):
    venue.must_be_open()
    venue.close()
    assert (venue.state, venue.allowed_actions) == (CLOSED, ["reopen"])
    with pytest.raises(NotNow):
        venue.must_be_open()
    venue.reopen()
    venue.must_be_open()
    assert (venue.state, venue.allowed_actions) == (OPEN, ["close"])


def test_what_is_closed_is_not_closed_again_nor_opened_what_is_open(venue):
    with pytest.raises(NotNow):
        venue.reopen()
    venue.close()
    with pytest.raises(NotNow):
        venue.close()
