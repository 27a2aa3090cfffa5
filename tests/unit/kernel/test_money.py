"""Money as people read it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.money import yuan


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "0.00元"),
        (1, "0.01元"),
        (100, "1.00元"),
        (99_999, "999.99元"),
        (100_000, "1,000.00元"),
        (28_888_888, "288,888.88元"),
        (-5, "-0.05元"),
        (-100_000, "-1,000.00元"),
    ],
)
def test_an_amount_reads_as_yuan_with_two_decimals(fen, text):
    assert yuan(fen) == text


@given(st.integers())
def test_no_fen_is_lost_in_what_people_read(fen):
    digits = yuan(fen).removesuffix("元").replace(",", "").replace(".", "")
    assert int(digits) == fen
