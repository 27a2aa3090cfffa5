"""全文检索: what a text is found by, and by what it is not."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.search import LONGEST_WORD, phrases, words


def holds(text, asked):
    """As both databases search: each phrase's words follow each other in the text."""
    return all(
        any(_begins(words(text)[place:], phrase) for place in range(len(text))) for phrase in phrases(asked)
    )


def _begins(there, phrase):
    *before, last = phrase.words
    if there[: len(before)] != before or len(there) <= len(before):
        return False
    return there[len(before)].startswith(last) if phrase.is_open else there[len(before)] == last


TEXT = "金侨时代家园3号楼前的花坛漏水，ＬＥＤ灯不亮，请找物业Ｗang"


@pytest.mark.parametrize(
    "asked",
    [
        "花坛",
        "3号楼",
        "3号",
        "坛",
        "亮",
        "花",
        "时代家园3号楼前的花坛漏水",
        "led",
        "LED灯",
        "wang",
        "漏水 花坛",
        "灯　物业",
    ],
)
def test_a_text_is_found_by_what_stands_in_it_full_width_or_half_in_capitals_or_small(asked):
    assert holds(TEXT, asked)


@pytest.mark.parametrize("asked", ["坛花", "水灯", "号楼3", "13号楼", "花坛 路灯", "le", "楼后"])
def test_a_text_is_not_found_by_what_stands_otherwise_in_it(asked):
    assert not holds(TEXT, asked)


def test_a_building_is_not_another_whose_number_ends_alike():
    assert holds("3号楼", "3号楼")
    assert not holds("13号楼", "3号楼")


def test_characters_that_a_stop_parts_are_no_word():
    assert not holds("浇花，坛子", "花坛")


@pytest.mark.parametrize("asked", ["", "  ", "，。！", "%_*\"'()"])
def test_of_blanks_and_stops_nothing_can_be_asked(asked):
    assert phrases(asked) == []


def test_what_has_a_meaning_to_a_database_is_none_in_words():
    assert words("a'b\"c:*|&!<->(d)\\") == ["a", "b", "c", "d"]


def test_a_long_row_of_letters_is_one_word_that_an_index_can_hold():
    assert words("x" * 5000) == ["x" * LONGEST_WORD]
    assert holds("x" * 5000, "x" * 200)


def test_characters_beyond_the_first_plane_are_found_too():
    assert holds("姓𠮷野", "𠮷野")
    assert holds("一〇一室", "〇一")


CHINESE = st.text(st.sampled_from("花坛水池楼"), min_size=1, max_size=8)


@given(text=CHINESE, asked=CHINESE)
def test_of_chinese_alone_exactly_what_stands_in_it_is_found(text, asked):
    assert holds(text, asked) == (asked in text)


@given(text=st.text(max_size=60))
def test_whatever_is_written_becomes_words_without_blanks_or_marks(text):
    for word in words(text):
        assert word
        assert not any(each.isspace() or each in string.punctuation for each in word)
