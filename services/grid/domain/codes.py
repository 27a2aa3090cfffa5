"""编码 The official codes of places: district 6, street 3, community 3, grid 3 digits (DB11/T 2157—2023).

So a street's code has 9 digits, a community's 12, a grid's 15, each beginning with that of what it lies in. Estates,
buildings, doors and spots have codes of the street's own making.
"""

from __future__ import annotations

from services.grid.domain.errors.places import (
    CommunityCodeWrong,
    GridCodeWrong,
    StreetCodeWrong,
)

STREET_DIGITS, COMMUNITY_DIGITS, GRID_DIGITS = 9, 12, 15


def must_be_street(code: str, street_code: str) -> None:
    """Raises StreetCodeWrong for another street than the one that this installation serves."""
    if code != street_code:
        raise StreetCodeWrong(place_code=code, street=street_code, field="code")


def must_be_community(code: str, street_code: str) -> None:
    """Raises CommunityCodeWrong unless it is the street's code and 3 digits."""
    if not _continues(code, street_code, COMMUNITY_DIGITS):
        raise CommunityCodeWrong(place_code=code, street=street_code, field="code")


def must_be_grid(code: str, community_code: str) -> None:
    """Raises GridCodeWrong unless it is its community's code and 3 digits."""
    if not _continues(code, community_code, GRID_DIGITS):
        raise GridCodeWrong(place_code=code, community=community_code, field="code")


def _continues(code: str, beginning: str, digits: int) -> bool:
    return len(code) == digits and code.isascii() and code.isdecimal() and code.startswith(beginning)
