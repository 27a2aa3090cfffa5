"""Identities for machines and numbers for people."""

from __future__ import annotations

import time
import uuid

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.kernel.ids import check_digit, is_credit_code, is_spoken_number, new_id, spoken_number

DIGITS = st.text("0123456789", min_size=1, max_size=30)
NUMBERS = st.builds(spoken_number, st.dates().map(lambda day: day.strftime("%y%m%d")), st.integers(1, 99_999))


def checked(digits):
    return digits + check_digit(digits)


def is_right(digits):
    return check_digit(digits[:-1]) == digits[-1]


def test_an_id_is_a_uuid_of_version_seven():
    made = uuid.UUID(new_id())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_no_two_ids_are_alike():
    assert len({new_id() for _ in range(10_000)}) == 10_000


def test_ids_sort_by_the_time_they_were_made(monkeypatch):
    instants = [0, 1_000_000, 1_717_000_000_000_000_000, 1_717_000_000_001_000_000, 4_000_000_000_000_000_000]
    made = []
    for instant in instants:
        monkeypatch.setattr(time, "time_ns", lambda instant=instant: instant)
        made.append(new_id())
    assert made == sorted(made)
    assert [uuid.UUID(each).int >> 80 for each in made] == [instant // 1_000_000 for instant in instants]


@given(DIGITS, st.data())
def test_the_check_digit_finds_every_single_wrong_digit(digits, data):
    right = checked(digits)
    at = data.draw(st.integers(0, len(right) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != right[at]]))
    assert is_right(right)
    assert not is_right(right[:at] + other + right[at + 1 :])


@given(st.text("0123456789", min_size=1, max_size=30), st.data())
def test_the_check_digit_finds_every_swap_of_neighbours(digits, data):
    right = checked(digits)
    at = data.draw(st.integers(0, len(right) - 2))
    assume(right[at] != right[at + 1])
    assert not is_right(right[:at] + right[at + 1] + right[at] + right[at + 2 :])


def test_the_check_digit_is_damms():
    assert check_digit("572") == "4"
    assert check_digit("") == "0"


@given(NUMBERS)
def test_a_spoken_number_is_right_however_it_is_written(number):
    assert is_spoken_number(number)
    assert is_spoken_number(number.replace("-", ""))
    assert is_spoken_number(number.replace("-", " "))


@given(NUMBERS, st.data())
def test_a_misheard_spoken_number_is_found_out(number, data):
    at = data.draw(st.sampled_from([at for at, sign in enumerate(number) if sign != "-"]))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[at]]))
    assert not is_spoken_number(number[:at] + other + number[at + 1 :])


def test_numbers_of_a_day_have_four_digits_and_grow_beyond():
    assert spoken_number("240527", 1) == "240527-0001-5"
    assert spoken_number("240527", 12_345).startswith("240527-12345-")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "0000",
        "240527-0001",
        "240527-0001-x",
        "240527-0001-½",
        "01a219b4-c441-7fd8-a421-63bc0df2e997",
    ],
)
def test_what_is_no_spoken_number_is_not_taken_for_one(text):
    assert not is_spoken_number(text)


CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_STARTS = st.text(CREDIT_SIGNS, min_size=17, max_size=17)


def credit_code(start):
    """The start with its check character: the one of all that is right."""
    (code,) = [start + sign for sign in CREDIT_SIGNS if is_credit_code(start + sign)]
    return code


@pytest.mark.parametrize("code", ["91110112MA00DEM017", "91350100M000100Y43"])
def test_a_published_credit_code_is_right(code):
    assert is_credit_code(code)


@given(CREDIT_STARTS, st.integers(0, 17), st.characters(codec="ascii"))
def test_any_single_wrong_character_of_a_credit_code_is_found(start, at, wrong):
    right = credit_code(start)
    assume(wrong != right[at])
    assert not is_credit_code(right[:at] + wrong + right[at + 1 :])


@given(CREDIT_STARTS, st.integers(0, 16))
def test_any_swap_of_neighbours_in_a_credit_code_is_found(start, at):
    right = credit_code(start)
    assume(right[at] != right[at + 1])
    assert not is_credit_code(right[:at] + right[at + 1] + right[at] + right[at + 2 :])


@pytest.mark.parametrize("text", ["", "0", "91110112MA00DEM01", "91110112MA00DEM0177", "91110112ma00dem017"])
def test_what_is_no_credit_code_is_not_taken_for_one(text):
    assert not is_credit_code(text)
