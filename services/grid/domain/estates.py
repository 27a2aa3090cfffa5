"""小区类型 The types of estates (domain rows 4, 56), and how many captains a door has there. Data: the street's choice.

The first six are the article's; the last two are what else the demonstration street has.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EstateType:
    """One type. `captains_per_door`: 2 where 双楼门长 is the rule (row 56)."""

    code: str
    name: str
    captains_per_door: int


ESTATE_TYPES: dict[str, EstateType] = {
    kind.code: kind
    for kind in (
        EstateType("old", "老旧小区", 1),
        EstateType("small_old", "小体量老旧小区", 1),
        EstateType("scattered_ownership", "产权分散", 1),
        EstateType("tower", "塔楼商品房", 2),
        EstateType("mixed_use", "商住混合", 2),
        EstateType("business_district", "商圈", 1),
        EstateType("mixed_storeys", "混合多层", 1),
        EstateType("low_rise", "商品房多层", 1),
    )
}
ESTATE_TYPE_NAMES = {kind.code: kind.name for kind in ESTATE_TYPES.values()}


def captains_per_door(estate_type: str) -> int:
    """How many captains a door must have in an estate of that type; 1 where the type is not said."""
    kind = ESTATE_TYPES.get(estate_type)
    return kind.captains_per_door if kind else 1
