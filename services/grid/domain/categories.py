"""事项类别 The categories of matters: limit and first receiver (domain.md 3.2).

Only those whose limit is one stretch of natural time; limits in working hours and in phases come with the working
calendar. The limits are seen in press reports of DB11/T 2021—2022, not in its text: data, not law. The groups' names
are our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.grid.domain.errors.cases import CategoryUnknown

REVISED = "2026-11-24"  # the day of the table's last change, for those who keep a copy of it

STREET_ITSELF = "street"
COMPANY = "company"
RECEIVERS = {STREET_ITSELF: "街道办事处", COMPANY: "物业企业"}

URGENT, PROMPT, GENERAL, HARD = timedelta(hours=2), timedelta(hours=24), timedelta(days=7), timedelta(days=15)


@dataclass(frozen=True)
class Category:
    """One category. `first_receiver`: the kind of party that gets it first, never a community (gate G2)."""

    code: str
    name: str
    limit: timedelta
    first_receiver: str

    @property
    def group(self) -> str:
        """The name of its group, which its first two digits stand for."""
        return GROUPS[self.code[:2]]

    @property
    def limit_hours(self) -> int:
        """Within how many hours there is an answer."""
        return self.limit // timedelta(hours=1)


GROUPS = {
    "01": "紧急险情",
    "02": "公用设施",
    "03": "环境卫生",
    "04": "房屋与邻里",
    "05": "停车与充电",
    "06": "路面、绿化与管线",
    "08": "物业管理",
    "09": "小区改造",
}

_TABLE: tuple[tuple[str, str, timedelta, str], ...] = (
    ("0102", "电梯困人", URGENT, COMPANY),
    ("0103", "高空抛物/坠物隐患", URGENT, COMPANY),
    ("0104", "井盖缺失、路面塌陷", URGENT, STREET_ITSELF),
    ("0202", "下水返水、污水外溢", PROMPT, COMPANY),
    ("0203", "公共照明不亮", PROMPT, COMPANY),
    ("0204", "门禁/单元门损坏", PROMPT, COMPANY),
    ("0302", "堆物堆料（楼道）", PROMPT, STREET_ITSELF),
    ("0303", "小广告", PROMPT, STREET_ITSELF),
    ("0304", "垃圾混投", GENERAL, COMPANY),
    ("0401", "房屋滴漏（屋面/外墙/管道）", GENERAL, COMPANY),
    ("0402", "空调外机滴水", GENERAL, STREET_ITSELF),
    ("0403", "阳台/卫生间漏水", GENERAL, STREET_ITSELF),
    ("0404", "噪声扰民（施工）", PROMPT, STREET_ITSELF),
    ("0405", "噪声扰民（生活）", GENERAL, COMPANY),
    ("0501", "车位不足/乱停", GENERAL, COMPANY),
    ("0502", "充电桩/飞线充电", PROMPT, COMPANY),
    ("0601", "路面破损", HARD, STREET_ITSELF),
    ("0603", "绿化缺失/枯枝", GENERAL, COMPANY),
    ("0604", "管线老化", HARD, STREET_ITSELF),
    ("0605", "自行车棚破损", HARD, STREET_ITSELF),
    ("0801", "物业服务差", GENERAL, STREET_ITSELF),
    ("0802", "物业费争议", HARD, STREET_ITSELF),
    ("0901", "改造工程咨询投诉", PROMPT, STREET_ITSELF),
    ("0902", "加装电梯意见", HARD, STREET_ITSELF),
)

CATEGORIES: dict[str, Category] = {
    code: Category(code, name, limit, receiver) for code, name, limit, receiver in _TABLE
}


def category(code: str) -> Category:
    """The category with that code. Raises CategoryUnknown with those that exist."""
    if code not in CATEGORIES:
        raise CategoryUnknown(category=code, known=", ".join(CATEGORIES), field="category")
    return CATEGORIES[code]
