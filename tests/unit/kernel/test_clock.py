"""Clocks: the business clock can be moved; people read Beijing time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.clock import FileClock, FixedClock, SystemClock, epoch, local, local_date

MONDAY = datetime(2024, 5, 27, 1, tzinfo=UTC)
SLACK = timedelta(seconds=30)


def moved(clock):
    """How far a clock is from the machine's."""
    return clock.now() - datetime.now(UTC)


def test_a_fixed_clock_stands_still_until_it_is_moved():
    clock = FixedClock(MONDAY)
    assert clock.now() == clock.now() == MONDAY
    clock.advance(days=3, hours=1)
    assert clock.now() == datetime(2024, 5, 30, 2, tzinfo=UTC)


def test_the_machines_clock_is_aware_and_in_utc():
    now = SystemClock().now()
    assert now.utcoffset() == timedelta(0)
    assert abs(now.timestamp() - epoch()) < SLACK.total_seconds()


@pytest.mark.parametrize("content", [None, "", "0", "0.0"])
def test_a_file_clock_without_an_offset_is_the_machines_clock(tmp_path, content):
    path = tmp_path / "clock"
    if content is not None:
        path.write_text(content)
    clock = FileClock(path)
    assert abs(moved(clock)) < SLACK
    assert clock.now().utcoffset() == timedelta(0)


def test_all_who_share_the_file_are_moved_together_and_moves_add_up(tmp_path):
    mine, theirs = FileClock(tmp_path / "clock"), FileClock(tmp_path / "clock")
    mine.advance(days=3)
    theirs.advance(hours=-12)
    for clock in (mine, theirs):
        assert abs(moved(clock) - timedelta(days=2, hours=12)) < SLACK


def test_moving_a_file_clock_leaves_nothing_else_behind(tmp_path):
    FileClock(tmp_path / "clock").advance(minutes=5)
    assert [path.name for path in tmp_path.iterdir()] == ["clock"]


def test_a_file_that_says_no_number_is_not_taken_for_the_present(tmp_path):
    (tmp_path / "clock").write_text("tomorrow")
    with pytest.raises(ValueError):
        FileClock(tmp_path / "clock").now()


@given(st.integers(0, 100 * 365 * 24 * 3600).map(lambda seconds: MONDAY + timedelta(seconds=seconds)))
def test_people_read_the_same_instant_eight_hours_later(instant):
    assert local(instant) == instant
    assert local(instant).utcoffset() == timedelta(hours=8)


def test_the_day_begins_at_midnight_in_beijing():
    before = datetime(2024, 5, 26, 15, 59, 59, tzinfo=UTC)
    assert local_date(before) == date(2024, 5, 26)
    assert local_date(before + timedelta(seconds=1)) == date(2024, 5, 27)
