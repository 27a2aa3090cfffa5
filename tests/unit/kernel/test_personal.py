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


FOUND = {
    PHONE: """
        电话69551234|电话：6955 1234|手机13800005678|致电：010－69551234|电话（69551234）|座机号69551234
        张三 010-69551234|社区张三电话010-69551234|居委会电话13812345678
        13812345678户主|13812345678分机8|13812345678元旦|13812345678年底前|13812345678次日|13812345678处|13812345678人在
        138.1234.5678|138/1234/5678|138·1234·5678|138,1234,5678|138、1234、5678|138_1234_5678|138  1234  5678
        138\t1234\t5678|138\u00a01234\u00a05678|138\u200b1234\u200b5678|1381234567\u200b8|（138）12345678
        tel13812345678|wx13812345678|13812345678a|0-13812345678|013812345678|8613812345678
        138 00 00 56 78|138-00-00-56-78|1380-000-5678|1380 000 5678|1-3-8-0-0-0-0-5-6-7-8|1 3 8 0 0 0 0 5 6 7 8
        1_3_8_0_0_0_0_5_6_7_8|138*0000*5678|138 0000 5678元|138-0000-5678元
        一三八一二三四五六七八|幺三八一二三四五六七八|①③⑧①②③④⑤⑥⑦⑧|\U0001d7cf\U0001d7d1\U0001d7d612345678
    """,
    ROOM: """
        2单元501户|3号楼501户|A座1203|B栋501|3#2-501|3/2/501|3-2-501|3号楼-2-501|3号楼2门洞501|3号楼2单元5层501
        三号楼二单元五零一室|十二号楼501|501业主张三|住501|住在501的老人|5号院3号楼501|3号楼501漏水|3号楼2单元501张先生
        3号楼东单元402|东单元402|西单元3层301室|402号王阿姨|1203号欧阳先生|3楼402|3楼402室|2单元5楼东户
        3号楼5层西户|二单元五楼中户漏水|2单元5楼东南户|2单元5楼西边户
        3号楼501天花板|3号楼501次卧|3号楼\u200b501
    """,
    ID_CARD: f"""
        A{ID}|{ID}A|110105.1949.1231.002X|110105 19491231 002X|1101 0519 4912 3100 2X|110105\u200b19491231002X
        1、{ID}|１１０１０５１９４９１２３１００２Ｘ
    """,
}
NOT_FOUND = """
    3号楼|3号楼2单元|3号楼300余户|3号楼300多户|3号楼312多户|3号楼100%同意|3号楼300根|3号楼200扇窗|3号楼120台空调
    4号楼150台空调|4号楼150项|4号楼150张表决票|4号楼120张表决票|2单元100余人|2单元120余人|3号楼110千伏|3号楼220V
    5号楼1200公斤|5号楼1201公斤|3号楼120㎡|3号楼120-130米|3号楼2024年改造|3号楼128户居民|1、2号楼外墙
    票数 120-15-300|票数：45-3-112|比例 1-10-100|第3-2-501条|5-2-2024|05/27/2024|DN100-200-300
    社区活动室101室|二层会议室302室|党群服务中心2层201室|居委会201室|党群服务中心305室|社区议事厅|501室外座椅
    居委会电话 010-12345678|居委会电话：69551234|物业值班电话（010）69551234|街道010-69551234|派出所电话是010-69551234
    党群服务中心咨询电话：010-69551234|接待点 010-69551234
    工程编号 2024-12-3456|项目编号 110112-2024-001|京建法〔2013〕13号|91110112MA00DEM017|网格110112010123456
    12345|96116|400-810-8888|13800005678元|13800005678.50元|138,000,056.78元|150、1600、1700平方米|13800005678分|2024-05-27T08:00:00+08:00
    9:00-11:30|20240527153000|110105194912310021|3号楼方案9f2c13812345678ab0d4e5f60718293a4b5c6d7e8f9
    138 1600 1700平方米|150、16、17、18、19平米|1、3、5、6、7、8、9、2、4、3、1号楼|编号1301-001-2024
    编号：1301-001-2024|3号楼东单元门前|13、14、15、16、17、1号楼
    1,380,000,567元|2024 10 27 18 30|19-05-2024|1.5元|1990-2024|1600 170 180|1920*1080
    东单元门前|3号楼东单元|3号楼东门301人|东门105路公交站|3楼会议室|3楼300人|3楼120台空调|3楼302会议室|教学楼3楼402教室
    党群服务中心3楼302|政府3楼302室|办公楼3楼302|2单元5楼东户型|5楼东侧|东户型|201号文件|第402号王先生|402号楼王阿姨
    101号院王大妈|工号402号王师傅|302号线王师傅|3号楼302个|240527-0001-5|110112010904001
    0190f5c4-1234-7abc-8def-a13812345678
"""


def listed(texts):
    return [text.strip(" ") for text in texts.strip().replace("\n", "|").split("|")]


@pytest.mark.parametrize(
    ("text", "kind"), [(text, kind) for kind, texts in FOUND.items() for text in listed(texts)]
)
def test_what_is_personal_is_found_however_people_write_it(text, kind):
    assert kinds(text) == [kind]
    assert kinds(f"请找{text}。") == [kind]


@pytest.mark.parametrize("text", listed(NOT_FOUND))
def test_quantities_codes_dates_and_offices_are_nothing_personal(text):
    assert personal_data_in(text) == []
    assert personal_data_in(f"通知：{text}。") == []


def test_the_place_of_a_finding_is_that_in_the_text_as_it_was_written():
    (found,) = personal_data_in("㎡\u200b①：138\u200b1234\u200b5678。")
    assert (found.start, found.end) == (4, 17)


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


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at_and_places_lie_within_it(text):
    for found in personal_data_in(text):
        assert 0 <= found.start < found.end <= len(text)


def test_a_phone_is_masked():
    assert masked_phone("13800005678") == "138****5678"
    assert masked_phone("010-69551234") == "010-****1234"
