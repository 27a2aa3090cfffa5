"""网格力量类别 The eight categories of those who are at work in the grids (domain row 12). Data: the street's choice.

The article names five of the eight; the other three are assumed and marked so.
"""

from __future__ import annotations

from dataclasses import dataclass

COMMUNITY_CADRE, GRID_WORKER, CAPTAIN = "community_cadre", "grid_worker", "captain"
CHENGGUAN, PROPERTY_STAFF = "chengguan", "property_staff"


@dataclass(frozen=True)
class StaffCategory:
    """One category. `every_grid_needs_one`: a grid without any has a gap; `may_pair`: they pair with residents' leaders
    (row 28); `is_assumed`: the article does not name it."""

    code: str
    name: str
    every_grid_needs_one: bool = False
    may_pair: bool = False
    is_assumed: bool = False


STAFF_CATEGORIES: dict[str, StaffCategory] = {
    category.code: category
    for category in (
        StaffCategory(COMMUNITY_CADRE, "社区干部", every_grid_needs_one=True, may_pair=True),
        StaffCategory(GRID_WORKER, "网格员", every_grid_needs_one=True),
        StaffCategory(CAPTAIN, "楼门长"),
        StaffCategory(CHENGGUAN, "城管"),
        StaffCategory("police", "民警"),
        StaffCategory(PROPERTY_STAFF, "物业人员", is_assumed=True),
        StaffCategory("safety_inspector", "安全巡查员", is_assumed=True),
        StaffCategory("party_volunteer", "党员志愿者", is_assumed=True),
    )
}
CATEGORY_NAMES = {category.code: category.name for category in STAFF_CATEGORIES.values()}
NEEDED_IN_EVERY_GRID = tuple(each.code for each in STAFF_CATEGORIES.values() if each.every_grid_needs_one)
