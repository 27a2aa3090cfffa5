"""What must not be published is found wherever it stands, and nothing else is taken for it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.ids import new_id, spoken_number
from shared.kernel.personal import ID_CARD, PHONE, ROOM, is_id_card, masked_phone, personal_data_in

ID = "11010519491231002X"  # the example of GB 11643 itself
WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")


def kinds(text):
    return [found.what for found in personal_data_in(text)]


def digits(count):
    return st.text("0123456789", min_size=count, max_size=count)


@st.composite
def mobiles(draw):
    number = f"1{draw(st.sampled_from('3456789'))}{draw(digits(9))}"
    separator = draw(st.sampled_from(["", " ", "-"]))
    written = separator.join((number[:3], number[3:7], number[7:]))
    prefix = draw(st.sampled_from(["", "+86", "+86 ", "0086-"]))
    return prefix + draw(st.sampled_from([written, written.translate(WIDE)]))


@st.composite
def land_lines(draw):
    area = draw(st.sampled_from(["010", "021", "0316", "0755"]))
    number = draw(st.sampled_from("23456789")) + draw(digits(7))
    form = draw(st.sampled_from(["{}-{}", "{} {}", "({}){}", "（{}）{}"]))
    return form.format(area, number)


@st.composite
def id_cards(draw):
    birthday = draw(st.dates(date(1910, 1, 1), date(2025, 12, 31)))
    first = f"{draw(st.sampled_from(['110112', '310101', '440305']))}{birthday:%Y%m%d}{draw(digits(3))}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True))
    return first + "10X98765432"[total % 11]


@st.composite
def rooms(draw):
    building, unit = draw(st.integers(1, 40)), draw(st.integers(1, 9))
    room = f"{draw(st.integers(1, 28))}{draw(st.integers(1, 12)):02}"
    forms = ["{0}号楼{1}单元{2}室", "{0}号楼{1}单元{2}", "{0}栋{2}", "{0}-{1}-{2}", "{1}单元{2}室", "住{2}室"]
    return draw(st.sampled_from(forms)).format(building, unit, room)


@given(
    st.sampled_from(["", "请联系", "王女士，", "Tel: "]),
    mobiles() | land_lines(),
    st.sampled_from(["", "。", "找老李"]),
)
def test_a_phone_is_found_at_its_place_however_it_is_written(before, phone, after):
    (found,) = personal_data_in(before + phone + after)
    assert found.what is PHONE
    assert (before + phone + after)[found.start : found.end] == phone
    assert phone[-8:] not in found.masked


@given(st.sampled_from(["", "身份证号：", "他是"]), id_cards(), st.sampled_from(["", "，已核对", "。"]))
def test_a_number_of_an_identity_card_is_found_by_its_check_digit(before, number, after):
    assert is_id_card(number)
    (found,) = personal_data_in(before + number + after)
    assert (found.what, found.start, found.end) == (ID_CARD, len(before), len(before) + 18)
    assert number[6:14] not in found.masked


@given(id_cards(), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_makes_it_no_number_of_an_identity_card(number, place, by):
    if number[place] == "X":
        return
    other = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert not is_id_card(other)


@given(st.sampled_from(["", "通知", "请到"]), rooms(), st.sampled_from(["", "。", "的张先生"]))
def test_a_room_is_found(before, room, after):
    assert ROOM in kinds(before + room + after)


@pytest.mark.parametrize(
    "text", ["电话69551234", "电话：6955 1234", "手机13800005678", "致电：010－69551234"]
)
def test_a_number_that_is_said_to_be_a_phone_is_one_even_without_its_area_code(text):
    assert kinds(text) == [PHONE]


def test_several_findings_are_told_in_the_order_of_the_text():
    assert kinds(f"3号楼2单元501室的{ID}，13800005678") == [ROOM, ID_CARD, PHONE]


@given(
    st.one_of(
        st.integers(0, 10**13).map(lambda fen: f"预算{fen}分"),
        st.integers(0, 10**9).map(lambda yuan: f"预算{yuan:,}.{yuan % 100:02}元"),
        st.integers(1, 99_999_999_999).map(lambda yuan: f"共{yuan}元"),
        st.integers(0, 10**6).map(lambda number: f"网格110112010{number:06}"),
        st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(
            lambda day: f"{day}、{day:%Y%m%d}、{day:%Y年%m月%d日}"
        ),
        st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(lambda day: f"自{day:%m-%d-%Y}起"),
        st.tuples(st.integers(1, 40), st.integers(1, 9)).map(lambda at: f"{at[0]}号楼{at[1]}单元门前"),
        st.tuples(st.integers(1, 40), st.integers(100, 999)).map(lambda at: f"{at[0]}号楼{at[1]}户居民"),
        st.tuples(st.integers(1, 23), st.integers(0, 59)).map(
            lambda at: f"{at[0]}:{at[1]:02}-{at[0] + 1}:00"
        ),
        st.sampled_from(["12345", "110", "119", "96156", "400-810-8888"]).map(
            lambda line: f"请拨打{line}反映"
        ),
        st.tuples(st.dates(date(2020, 1, 1), date(2049, 1, 1)), st.integers(1, 9999)).map(
            lambda at: f"编号{spoken_number(f'{at[0]:%y%m%d}', at[1])}"
        ),
        st.binary(min_size=32, max_size=32).map(lambda raw: f"方案{raw.hex()}"),
        st.builds(new_id),
    )
)
def test_amounts_codes_dates_buildings_and_hot_lines_are_nothing_personal(text):
    assert personal_data_in(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "社区议事厅",
        "居委会201室",
        "党群服务中心305室",
        "1、2号楼外墙",
        "京建法〔2013〕13号",
        "91110112MA00DEM017",
        "501室外座椅",
    ],
)
def test_rooms_of_offices_and_other_numbers_are_no_homes(text):
    assert personal_data_in(text) == []


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at_and_places_lie_within_it(text):
    for found in personal_data_in(text):
        assert 0 <= found.start < found.end <= len(text)


def test_a_phone_is_masked():
    assert masked_phone("13800005678") == "138****5678"
    assert masked_phone("010-69551234") == "010-****1234"
