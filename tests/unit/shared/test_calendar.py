"""工作日历: what a site says in its file, and what is wrong with it."""

from __future__ import annotations

import re
from datetime import date, time

import pytest

from shared.calendar import CalendarWrong, working_calendar

YEAR_2027 = """
hours = ["08:30-11:30", "13:30-17:30"]
[2027]
free = [2027-01-01, 2027-02-08]
worked = [2027-02-14]
"""


@pytest.fixture
def file(tmp_path):
    def written(text):
        path = tmp_path / "calendar.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_a_file_adds_a_year_and_the_hours(file):
    calendar = working_calendar(file(YEAR_2027))
    assert calendar.knows(date(2026, 12, 31), date(2027, 12, 31))
    assert [calendar.is_working(day) for day in (date(2027, 2, 8), date(2027, 2, 14), date(2027, 5, 3))] == [
        False,
        True,
        True,  # a year is said as a whole: what it does not name is not assumed
    ]
    assert calendar.hours == ((time(8, 30), time(11, 30)), (time(13, 30), time(17, 30)))


def test_a_file_goes_before_what_the_library_knows(file):
    calendar = working_calendar(file("[2024]\nfree = [2024-05-27]\nworked = []\n"))
    assert not calendar.is_working(date(2024, 5, 27))
    assert not calendar.is_working(date(2024, 9, 29))
    assert calendar.is_working(date(2025, 1, 26))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hours", "calendar.toml"),
        ("hours = []", "spans of one day"),
        ('hours = ["9 to 5"]', "spans of one day"),
        ('hours = ["13:00-18:00", "09:00-12:00"]', "in order"),
        ("[next]\nfree = []\nworked = []", "neither a year nor hours"),
        ("[2027]\nfree = []", "both free and worked"),
        ("[2027]\nfree = [2026-01-01]\nworked = []", "no day of that year"),
        ('[2027]\nfree = ["Monday"]\nworked = []', "no day of that year"),
        ("[2027]\nfree = []\nworked = [2027-01-04]", "only weekends"),
        ("[2027]\nfree = [2027-01-02]\nworked = [2027-01-02]", "both free and worked"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(file, text, said):
    with pytest.raises(CalendarWrong, match=re.escape(said)) as wrong:
        working_calendar(file(text))
    assert "calendar.toml" in str(wrong.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CalendarWrong, match="nowhere"):
        working_calendar(tmp_path / "nowhere.toml")
