"""What must not stand in a text that people publish: phones, ID-card numbers, rooms (个保法 25; gate G17)."""

from __future__ import annotations

import re
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
    plain = text.translate(_HALF_WIDTH)
    if not _WORTH_A_LOOK.search(plain):
        return []
    found = [*_id_cards(plain), *_phones(plain), *_rooms(plain)]
    return sorted(found, key=lambda one: one.start)


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


# one character for one, so that places in the text stay the same
_HALF_WIDTH = str.maketrans("０１２３４５６７８９（）－—–‐‑−　＋Ｘｘ：．", "0123456789()------ +Xx:.")
_WORTH_A_LOOK = re.compile(r"\d{3}|\d[ -]\d")
_MEASURES = "元分户人名位平㎡米万亿个盏块棵处年份次件套层吨度"

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
_ID_CARD = re.compile(r"[1-9]\d{16}[\dXx]", re.ASCII)
_ID_CARDS = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}[ -]?\d{4}[ -]?\d{4}[ -]?\d{3}[\dXx](?![0-9A-Za-z])", re.ASCII
)

_BEFORE, _AFTER = r"(?<![0-9A-Za-z.])(?<![0-9]-)", rf"(?![0-9A-Za-z]|\.\d|-\d| ?[{_MEASURES}])"
_PHONES = re.compile(
    _BEFORE
    + r"(?:"
    + r"(?:(?:\+|00)86[ -]?)?1[3-9]\d(?:[ -]?\d{4}[ -]?\d{4}|[ -]\d{3}[ -]\d{5}|[ -]\d{8}|\d{3}[ -]\d{5})"  # mobile
    + r"|\(0\d{2,3}\)[ -]?\d{4}[ -]?\d{3,4}|0\d{2,3}[ -]\d{4}[ -]?\d{3,4}|0(?:10|2\d)\d{8}"  # land line
    + r")"
    + _AFTER
    + r"|(?<=电话|手机|座机|致电|拨打|号码)[:是为 ]{0,2}[2-8]\d{3}[ -]?\d{3,4}"
    + _AFTER,
    re.ASCII,
)

_ROOM = rf"\d{{3,4}}(?:室|号房|房)?(?!\d|[.,]\d| ?[{_MEASURES}])"
_PUBLIC = "".join(
    f"(?<!{word})" for word in ("中心", "委会", "厅", "站", "大厦", "大楼", "学校", "政府", "办事处")
)
_ROOMS = re.compile(
    rf"\d{{1,3}}(?:号楼|栋|幢|座|#楼?|号院\d{{1,3}}号楼) ?(?:[\d一二三四五六七八九十]{{1,2}}单元 ?)?{_ROOM}"
    rf"|[\d一二三四五六七八九十]{{1,2}}(?:单元|门) ?{_ROOM}"  # 2单元501
    rf"|{_PUBLIC}(?<![\d.-])\d{{3,4}}室(?!外|内|温)"  # 501室
    r"|(?<![\w.-])\d{1,3}-\d{1,2}-\d{3,4}(?![\w-]|\.\d)",  # 5-2-501
    re.ASCII,
)
_DAY = re.compile(r"\d\d-\d\d-(?:19|20)\d\d", re.ASCII)


def _id_cards(text: str) -> Iterator[Finding]:
    for match in _ID_CARDS.finditer(text):
        if is_id_card(re.sub("[ -]", "", match[0])):
            yield Finding(ID_CARD, *match.span(), f"{match[0][:3]}{'*' * 15}")


def _phones(text: str) -> Iterator[Finding]:
    for match in _PHONES.finditer(text):
        number = re.sub(r"^(?:\+|00)86", "", match[0].lstrip(":是为 "))
        yield Finding(PHONE, *match.span(), masked_phone(number))


def _rooms(text: str) -> Iterator[Finding]:
    for match in _ROOMS.finditer(text):
        if not _DAY.fullmatch(match[0]):
            yield Finding(ROOM, *match.span(), f"{match[0][:1]}***")
