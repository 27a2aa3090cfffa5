"""The demonstration street's table (domain 3.1): how many there are of everything, by community."""

from __future__ import annotations

from dataclasses import dataclass

STREET, STREET_NAME = "110112010", "九棵树街道"


@dataclass(frozen=True)
class Community:
    """社区 One row: its estate, the estate's type, and how many there are of everything in it."""

    number: str
    name: str
    estate_type: str
    areas: int
    grids: int
    buildings: int
    doors: int
    households: int
    captains_per_door: int = 1

    @property
    def code(self) -> str:
        """Its official code."""
        return STREET + self.number

    @property
    def estate_code(self) -> str:
        """That of its one estate."""
        return f"JK{self.number}"


COMMUNITIES = (
    Community("901", "云景里", "老旧小区", 3, 6, 24, 96, 2160),
    Community("902", "映翠居", "小体量老旧小区", 1, 1, 4, 12, 216),
    Community("903", "怡乐北街", "产权分散", 3, 3, 11, 38, 742),
    Community("904", "金侨时代家园", "塔楼商品房", 2, 5, 14, 28, 1980, captains_per_door=2),
    Community("905", "领展商圈", "商住混合", 2, 2, 3, 6, 320, captains_per_door=2),
    Community("906", "示例东里", "老旧小区", 5, 4, 20, 78, 1590),
    Community("907", "示例西里", "老旧小区", 5, 4, 19, 74, 1520),
    Community("908", "示例南里", "混合多层", 5, 4, 18, 66, 1610),
    Community("909", "示例北里", "老旧小区", 5, 4, 17, 70, 1440),
    Community("910", "示例新苑", "塔楼商品房", 4, 5, 15, 30, 2130, captains_per_door=2),
    Community("911", "示例家园", "商品房多层", 5, 4, 16, 60, 1512),
)

# how many serve in each community and in each grid; of property's people one an area
PER_COMMUNITY = {"社区干部": 8, "城管": 2, "民警": 2, "安全巡查员": 2}
PER_GRID = {"网格员": 1, "党员志愿者": 5}
OF_PROPERTY = "物业人员"
ABBREVIATED = {
    "社区干部": "SQ",
    "网格员": "WG",
    "城管": "CG",
    "民警": "MJ",
    OF_PROPERTY: "WY",
    "安全巡查员": "AQ",
    "党员志愿者": "DY",
}
INDUSTRIES = ("物业行业", "地产中介行业", "商圈餐饮零售", "金融网点", "教育培训")
