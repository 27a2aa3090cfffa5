"""What must not stand in a text that people publish: phones, ID-card numbers, rooms (个保法 25; gate G17).

Not found: 15-digit ID-card numbers (grid codes have 15 digits too), rooms with a letter in them (501A), numbers in
capital Chinese figures (壹叁捌) or with words between their digits, a room alone without any word beside it (501).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shared.kernel.errors import Term

PHONE = Term("电话号码", "phone number")
ID_CARD = Term("身份证号", "ID-card number")
ROOM = Term("门牌房号", "room number")


@dataclass(frozen=True)
class Finding:
    """Something personal in a text: what, where (characters from `start` to before `end`), and masked."""

    what: Term
    start: int
    end: int
    masked: str


def personal_data_in(text: str) -> list[Finding]:
    """What of a text is personal, in the order in which it stands there.

    >>> [(found.what.en, found.start, found.masked) for found in personal_data_in("请联系 138 1234 5678")]
    [('phone number', 4, '138****5678')]
    >>> personal_data_in("3号楼2单元的156户居民请拨打12345，预算13800005678分")
    []
    """
    plain, places = _plain(text)
    if not _WORTH_A_LOOK.search(plain):
        return []
    cards = list(_id_cards(plain))
    for card in cards:  # part of one may look like a phone
        plain = plain[: card.start] + "x" * (card.end - card.start) + plain[card.end :]
    found = [*cards, *_phones(plain), *_rooms(plain)]
    in_text = [Finding(one.what, places[one.start], places[one.end - 1] + 1, one.masked) for one in found]
    return sorted(in_text, key=lambda one: one.start)


def masked(text: str) -> str:
    """The text with what is personal in it masked, as far as it is found.

    >>> masked("请联系 138 1234 5678，编号 240527-0001-5")
    '请联系 138****5678，编号 240527-0001-5'
    """
    end, parts = 0, []
    for found in personal_data_in(text):
        parts += [text[end : found.start], found.masked]
        end = max(end, found.end)
    return "".join([*parts, text[end:]])


def holds_mobile(text: str) -> bool:
    """Whether a mobile phone's number stands in it.

    >>> holds_mobile("JQ-13812345678"), holds_mobile("110112010904001")
    (True, False)
    """
    return _MOBILES.search(_plain(text)[0]) is not None


def is_id_card(number: str) -> bool:
    """Whether it is a number of a resident's identity card (GB 11643): region, birthday, check digit.

    >>> is_id_card("11010519491231002X"), is_id_card("110105194912310021")
    (True, False)
    """
    if not _ID_CARD.fullmatch(number) or int(number[:2]) not in _PROVINCES:
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    weighted = sum(int(number[place]) * pow(2, 17 - place, 11) for place in range(17))
    return "10X98765432"[weighted % 11] == number[17].upper()


def masked_phone(phone: str) -> str:
    """138****5678, or 010-****5678"""
    digits = re.sub(r"\D", "", phone)
    return f"{'010-' if phone.startswith('010-') else digits[:3]}****{digits[-4:]}"


def masked_email(email: str) -> str:
    """
    >>> masked_email("zhang.san@example.cn"), masked_email("")
    ('z***@example.cn', '')
    """
    return f"{email[0]}***{email[email.rindex('@') :]}" if email else ""


# ---- the text made plain: one way to write a figure, a dash, a blank


def _plain(text: str) -> tuple[str, list[int]]:
    """The text in plain characters (NFKC) without those that have no width; and where each stood in the text."""
    pairs = [
        (plain, place)
        for place, character in enumerate(text)
        if unicodedata.category(character) != "Cf"
        for plain in unicodedata.normalize("NFKC", character)[:_LONGEST]
    ]
    plain = "".join(character for character, _ in pairs).translate(_DASHES)
    plain = _OPAQUE.sub(lambda match: "x" * len(match[0]), plain)
    plain = _CHINESE_NUMBER.sub(lambda match: match[0].translate(_CHINESE_DIGITS), plain)
    return plain, [place for _, place in pairs]


_LONGEST = 3  # characters that one becomes: ㎡ is m2; what becomes more has no meaning here
_DASHES = str.maketrans("—–‐‑−", "-----")
_CHINESE_DIGITS = str.maketrans("〇零一幺二三四五六七八九", "001123456789")
_CHINESE_NUMBER = re.compile("[〇零一幺二三四五六七八九]{3,}")  # 五零一, digit by digit
_OPAQUE = re.compile(  # ids and hashes: their digits mean nothing
    r"\b(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?=\d*[a-f])[0-9a-f]{32,})\b", re.ASCII
)
_WORTH_A_LOOK = re.compile(r"\d{3}|\d[\W_]{1,2}\d|[东西南北中左右][边侧]?户", re.ASCII)

_GAP = r"[\s\-./·•・,、_()*]{0,2}"  # what people put between groups of digits


# ---- 身份证号


_PROVINCES = {
    11,
    12,
    13,
    14,
    15,
    21,
    22,
    23,
    31,
    32,
    33,
    34,
    35,
    36,
    37,
    41,
    42,
    43,
    44,
    45,
    46,
    50,
    51,
    52,
    53,
    54,
}
_PROVINCES |= {61, 62, 63, 64, 65, 71, 81, 82, 83}
_ID_CARD = re.compile(r"[1-9]\d{5}(?:19|20)\d{9}[\dXx]", re.ASCII)
_YEAR = rf"(?:1{_GAP}9|2{_GAP}0){_GAP}\d{_GAP}\d"
_ID_CARDS = re.compile(  # within a lookahead: one may begin inside of what is none
    rf"(?<!\d)(?=([1-9](?:{_GAP}\d){{5}}{_GAP}{_YEAR}(?:{_GAP}\d){{7}}{_GAP}[\dXx])(?!\d))", re.ASCII
)


def _id_cards(text: str) -> Iterator[Finding]:
    for match in _ID_CARDS.finditer(text):
        number = re.sub("[^0-9Xx]", "", match[1])
        if is_id_card(number):
            yield Finding(ID_CARD, *match.span(1), f"{number[:3]}{'*' * 15}")


# ---- 电话号码


_NO_AMOUNT = (
    r"(?!\d|(?:\.\d+)? ?[万亿]?(?:元(?![旦月宵])|分(?![机别])|平[方米]))"  # but 元旦 and 分机 are none
)
_MOBILES = re.compile(
    r"(?<!\d)(?:(?:\+|00)?86" + _GAP + r")?(?:0-?)?"  # +86, 0
    rf"(?P<number>1[3-9]\d{_GAP}(?:\d{{4}}{_GAP}\d{{4}}|\d{{3}}{_GAP}\d{{5}}))" + _NO_AMOUNT,
    re.ASCII,
)
_SPREAD = re.compile(  # in other groups, with the same between all: 138 00 00 56 78, 1380-000-5678, 1-3-8-0-0-…
    r"(?<!\d)(?<!编号)(?<!编号[: ])(?=1\d{0,3}(?P<gap>[\s\-./·•・_*]{1,2}))"
    r"(?P<number>1[3-9]\d(?:(?P=gap)\d\d){4}|1[3-9]\d(?:(?P=gap)\d{4}){2}|1[3-9]\d\d(?P=gap)\d{3}(?P=gap)\d{4}"
    r"|1(?P=gap)[3-9](?:(?P=gap)\d){9})(?!\d| ?平[方米])",
    re.ASCII,
)
_LOCAL = r"[2-9]\d{3}[ -]?\d{3,4}"
_LAND_LINES = re.compile(
    r"(?<!\d)(?<!\d[-.])(?P<area>\(0\d{2,3}\)[ -]?|0\d{2,3}[\s\-./]{1,2}|0(?:10|2\d)(?=\d{8}))"
    + _LOCAL
    + _NO_AMOUNT
    + r"|(?:电话|手机|座机|致电|拨打|号码)[:是为号(\s]{0,3}"  # said to be a phone: without its area code
    rf"(?P<local>{_LOCAL}){_NO_AMOUNT}(?![-.]\d)",
    re.ASCII,
)
_OFFICE = (
    r"(?:居委会|村委会|业委会|管委会|物管会|社区|街道|政府|物业|物业公司|派出所|中心|接待点|接待站|服务站|工作站"
    r"|办公室|办事处|值班室?|议事厅|窗口|项目部|指挥部|学校|医院)"
)
_OFFICE_PHONE = re.compile(  # 居委会值班电话：
    _OFFICE + r"(?:联系|咨询|服务|值班|监督|投诉|报修)?(?:(?:电话|座机|热线)(?:号码?)?)?[:是为(\s]*$"
)


def _phones(text: str) -> Iterator[Finding]:
    plain = list(_MOBILES.finditer(text))
    known = {match.end() for match in plain}
    for match in [*plain, *(spread for spread in _SPREAD.finditer(text) if spread.end() not in known)]:
        yield Finding(PHONE, *match.span(), masked_phone(match["number"]))
    for match in _LAND_LINES.finditer(text):
        part = "local" if match["local"] else 0
        start, end = match.span(part)
        if not _OFFICE_PHONE.search(text, max(0, start - 30), start):
            yield Finding(PHONE, start, end, masked_phone(match[part]))


# ---- 门牌房号


_N = r"[\d一二三四五六七八九十]{1,3}"
_BUILDING = rf"(?:{_N}(?:号楼|栋|幢|座|#楼?)|[A-Za-z](?:号楼|座|栋|幢|楼))"  # 3号楼, 3#, A座
_SIDE = r"[东西南北中左右]"
_UNIT = rf"(?:{_N}(?:单元|门洞?)|{_SIDE}单元)"  # 2单元, 东单元
_FLOOR = rf"(?:{_N}[层楼])?"  # 5层
_TO = r"[\s\-/]?"
_DOOR = r"(?:[1-9]|[0-5]\d)(?:0[1-9]|[1-3]\d)(?!\d|[.,]\d)"  # floor and door: 501, 1203; not 300, 150
_QUANTITY = (  # 120台, 220V, 120-130米; but 501张先生, 501次卧
    r"(?:[-~至到]\d+)? ?(?:"
    r"[余多几元分户人名位平米万亿千百个盏块棵株处年份件套层吨度扇台项根伏瓦升克条辆只支片票桶袋组A-Za-z%‰°]"
    r"|公[斤里分顷]|立方|小时|次(?![卧日])|天(?!花)|本(?!人)|面(?!积)|张(?=[表选票桌床椅纸图]))"
)
_HOUSEHOLD = r"户(?!居民|家庭|人家|同意|参|投|签|已|均|都|共)"  # 501户漏水; not 120户居民
_DAY = r"\d\d[-/]\d\d[-/](?:19|20)\d\d|\d+[-/]\d+[-/]20(?:1[5-9]|[23]\d)"  # 05-27-2004, 5-2-2024
_ROOM = rf"{_DOOR}(?:室|号?房|号(?![线令文])|{_HOUSEHOLD}|(?!{_QUANTITY}))"
_SOMEBODY = r"[\u4e00-\u9fff]{1,2}(?:阿姨|大[爷妈姐哥娘]|叔叔?|奶奶|爷爷|先生|女士|师傅|老师)"
_COMMON_ROOM = r"[\u4e00-\u9fff]{0,3}(?:教室|会议室|活动室|办公室|阅览室|诊室|窗口)"
_ROOMS = re.compile(
    rf"{_BUILDING}{_TO}(?:(?:{_UNIT}|\d{{1,2}}(?=[-/])){_TO})?{_FLOOR}{_TO}{_ROOM}"  # 3号楼2单元501, 3#2-501
    rf"|{_UNIT}{_TO}{_FLOOR}{_ROOM}"  # 2单元501
    rf"|(?:{_BUILDING}|{_UNIT}){_TO}{_N}[层楼]{_TO}{_SIDE}{{1,2}}[边侧]?户(?![型数])"  # 2单元5楼东户
    rf"|(?<!\d)(?P<floor>{_N}楼){_TO}(?!{_DOOR}{_COMMON_ROOM}){_ROOM}"  # 3楼402
    rf"|(?<![\d.,第-])(?<!工号){_DOOR}号(?![楼院线令文])(?={_SOMEBODY})"  # 402号王阿姨
    rf"|住(?:在|于)?\s?{_ROOM}"  # 住501
    rf"|(?<![\d.,共计约有-]){_DOOR}(?=业主|住户|户主|租户|租客|房东)"  # 501业主
    r"|(?<![\d.-])(?P<room>\d{3,4})室(?!外|内|温)"  # 501室
    rf"|(?<![\w./第-])(?<!票数|比例|比分|编号)(?<!(?:票数|比例|比分|编号)[ :])"
    rf"(?!{_DAY})\d{{1,2}}[-/]\d{{1,2}}[-/]{_DOOR}(?![\w/-]|条|款|{_QUANTITY})",  # 5-2-501
    re.ASCII,
)
_OFFICE_ROOM = re.compile(rf"(?:{_OFFICE}|委会|厅|站|室|大厦|大楼|办公楼){_FLOOR}$")  # 服务中心2层


def _rooms(text: str) -> Iterator[Finding]:
    for match in _ROOMS.finditer(text):
        start = match.start()
        if not ((match["room"] or match["floor"]) and _OFFICE_ROOM.search(text, max(0, start - 20), start)):
            yield Finding(ROOM, *match.span(), f"{match[0][:1]}***")
