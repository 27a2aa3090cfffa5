"""Identities: UUIDv7 for machines, numbers with a check digit for people."""

from __future__ import annotations

import os
import time
import uuid

# H. M. Damm's quasigroup of order 10: finds every single wrong digit and every swap of two neighbours,
# the two mistakes people make when a number is read out.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


# what a journey's id may be, whoever names it
JOURNEY_ID = "[A-Za-z0-9_.:-]{1,64}"


def new_id() -> str:
    """A UUIDv7 (RFC 9562): unique without asking anybody, and sorted by the time it was made."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=value))


def made_at(id: str) -> float:
    """The second of the epoch at which a UUIDv7 was made, by the system clock."""
    return (uuid.UUID(id).int >> 80) / 1000


def check_digit(digits: str) -> str:
    """The Damm check digit of a string of decimal digits.

    >>> check_digit("572")
    '4'
    """
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)


def spoken_number(day: str, serial: int) -> str:
    """A number that can be read out on the phone: day (yymmdd), serial of that day, check digit.

    >>> spoken_number("240527", 1)
    '240527-0001-5'
    """
    digits = f"{day}{serial:04d}"
    return f"{day}-{serial:04d}-{check_digit(digits)}"


def is_spoken_number(number: str) -> bool:
    """Whether the check digit of a spoken number is right; dashes and spaces do not matter."""
    digits = number.replace("-", "").replace(" ", "")
    return digits.isdecimal() and len(digits) >= 11 and check_digit(digits[:-1]) == digits[-1]


_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def is_credit_code(code: str) -> bool:
    """Whether a unified social credit code (统一社会信用代码, GB 32100) is well formed and its check character right.

    >>> is_credit_code("91110112MA00DEM017"), is_credit_code("91110112MA00DEM018")
    (True, False)
    """
    if len(code) != 18 or any(character not in _CREDIT_ALPHABET for character in code):
        return False
    weighted = sum(_CREDIT_ALPHABET.index(code[place]) * pow(3, place, 31) for place in range(17))
    return _CREDIT_ALPHABET[-weighted % 31] == code[17]
