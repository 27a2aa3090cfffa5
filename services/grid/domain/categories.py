"""事项类别 The categories of matters that are shipped: their limits and who gets them first (domain.md 3.2).

The limits are seen in press reports of DB11/T 2021—2022, not in its text: data, not law, and a street adopts tables of
its own (category_table). The groups' names are our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.grid.domain.limit import DAYS, HOURS, WORKING_DAYS, WORKING_HOURS, Limit, Phase
from services.grid.domain.staff_categories import CHENGGUAN, COMMUNITY_CADRE, GRID_WORKER, PROPERTY_STAFF

REVISED = date(2026, 11, 27)  # the day of the table's last change, for those who keep a copy of it

STREET_ITSELF = "street"
COMPANY = "company"
RECEIVERS = {STREET_ITSELF: "街道办事处", COMPANY: "物业企业"}

URGENT, PROMPT, GENERAL, HARD = Limit(2, HOURS), Limit(24, HOURS), Limit(7, DAYS), Limit(15, DAYS)
HALF_A_DAY = Limit(4, WORKING_HOURS)


@dataclass(frozen=True)
class Category:
    """One category. `first_receiver`: the kind of party that gets it first, never a community (gate G2). `staff`: the
    category of those in the grid who attend to it. `phases`: each has a limit of its own; most categories have one,
    which is called after nothing. `route`: where a cluster of such matters goes, if they cluster. `is_dispute`: between
    neighbours, who may be mediated."""

    code: str
    name: str
    phases: tuple[Phase, ...]
    first_receiver: str
    staff: str
    route: str | None = None
    is_dispute: bool = False

    @property
    def group(self) -> str:
        """The name of its group, which its first two digits stand for."""
        return GROUPS[self.code[:2]]

    @property
    def limit(self) -> Limit:
        """Within what time there is an answer: that of the first phase."""
        return self.phases[0].limit

    @property
    def limit_text(self) -> str:
        """All its limits, as people read them: 24小时围挡，15天修复."""
        return "，".join(f"{phase.limit.name}{phase.name}" for phase in self.phases)


# where clusters go (domain.md 0): which one service acts
TOPIC, CLAIM, UNMANAGED, NEED, ASSOCIATION = "topic", "claim", "unmanaged", "need", "association"
ROUTES = {
    TOPIC: "列入社区协商",
    CLAIM: "赔付整改",
    UNMANAGED: "核查是否失管",
    NEED: "列入需求清单",
    ASSOCIATION: "行业协会自律",
}

GROUPS = {
    "01": "紧急险情",
    "02": "公用设施",
    "03": "环境卫生",
    "04": "房屋与邻里",
    "05": "停车与充电",
    "06": "路面、绿化与管线",
    "07": "违法与违规",
    "08": "物业管理",
    "09": "小区改造",
    "10": "关怀与心理",
}

_FENCED_THEN_REPAIRED = (Phase("围挡", PROMPT), Phase("修复", HARD))
_STOPPED_FINED_TORN_DOWN = (
    Phase("责令停工", HALF_A_DAY),
    Phase("作出处罚", Limit(7, WORKING_DAYS)),
    Phase("拆除", Limit(20, WORKING_DAYS)),
)

_TABLE: tuple[tuple[str, str, Limit | tuple[Phase, ...], str, str], ...] = (
    ("0101", "燃气异味/泄漏", URGENT, STREET_ITSELF, GRID_WORKER),
    ("0102", "电梯困人", URGENT, COMPANY, PROPERTY_STAFF),
    ("0103", "高空抛物/坠物隐患", URGENT, COMPANY, PROPERTY_STAFF),
    ("0104", "井盖缺失、路面塌陷", URGENT, STREET_ITSELF, CHENGGUAN),
    ("0201", "停水/停电/停暖", PROMPT, STREET_ITSELF, GRID_WORKER),
    ("0202", "下水返水、污水外溢", PROMPT, COMPANY, PROPERTY_STAFF),
    ("0203", "公共照明不亮", PROMPT, COMPANY, PROPERTY_STAFF),
    ("0204", "门禁/单元门损坏", PROMPT, COMPANY, PROPERTY_STAFF),
    ("0301", "暴露垃圾、桶站满冒", HALF_A_DAY, COMPANY, PROPERTY_STAFF),
    ("0302", "堆物堆料（楼道）", PROMPT, STREET_ITSELF, GRID_WORKER),
    ("0303", "小广告", PROMPT, STREET_ITSELF, GRID_WORKER),
    ("0304", "垃圾混投", GENERAL, COMPANY, PROPERTY_STAFF),
    ("0401", "房屋滴漏（屋面/外墙/管道）", GENERAL, COMPANY, PROPERTY_STAFF),
    ("0402", "空调外机滴水", GENERAL, STREET_ITSELF, GRID_WORKER),
    ("0403", "阳台/卫生间漏水", GENERAL, STREET_ITSELF, GRID_WORKER),
    ("0404", "噪声扰民（施工）", PROMPT, STREET_ITSELF, CHENGGUAN),
    ("0405", "噪声扰民（生活）", GENERAL, COMPANY, PROPERTY_STAFF),
    ("0406", "养宠不文明", GENERAL, STREET_ITSELF, GRID_WORKER),
    ("0501", "车位不足/乱停", GENERAL, COMPANY, PROPERTY_STAFF),
    ("0502", "充电桩/飞线充电", PROMPT, COMPANY, PROPERTY_STAFF),
    ("0503", "车辆剐蹭（停车场）", GENERAL, COMPANY, PROPERTY_STAFF),
    ("0601", "路面破损", HARD, STREET_ITSELF, CHENGGUAN),
    ("0602", "墙面脱落", _FENCED_THEN_REPAIRED, STREET_ITSELF, GRID_WORKER),
    ("0603", "绿化缺失/枯枝", GENERAL, COMPANY, PROPERTY_STAFF),
    ("0604", "管线老化", HARD, STREET_ITSELF, GRID_WORKER),
    ("0605", "自行车棚破损", HARD, STREET_ITSELF, GRID_WORKER),
    ("0701", "群租房", GENERAL, STREET_ITSELF, GRID_WORKER),
    ("0702", "违法建设", _STOPPED_FINED_TORN_DOWN, STREET_ITSELF, CHENGGUAN),
    ("0801", "物业服务差", GENERAL, STREET_ITSELF, COMMUNITY_CADRE),
    ("0802", "物业费争议", HARD, STREET_ITSELF, COMMUNITY_CADRE),
    ("0803", "公共收益不公开", GENERAL, COMPANY, PROPERTY_STAFF),
    ("0804", "业委会/物管会事项", HARD, STREET_ITSELF, COMMUNITY_CADRE),
    ("0901", "改造工程咨询投诉", PROMPT, STREET_ITSELF, COMMUNITY_CADRE),
    ("0902", "加装电梯意见", HARD, STREET_ITSELF, COMMUNITY_CADRE),
    ("1001", "独居老人关怀", GENERAL, STREET_ITSELF, COMMUNITY_CADRE),
    ("1002", "心理疏导", GENERAL, STREET_ITSELF, COMMUNITY_CADRE),
)


_ROUTES = {
    **dict.fromkeys(("0501", "0601", "0602", "0603", "0604", "0605", "0902"), TOPIC),
    **dict.fromkeys(("0202", "0301"), UNMANAGED),
    **dict.fromkeys(("0302", "0303", "0304", "0406", "1001"), NEED),
    "0503": CLAIM,
    "0701": ASSOCIATION,
}
_DISPUTES = ("0402", "0403", "0405")


def _phases(said: Limit | tuple[Phase, ...]) -> tuple[Phase, ...]:
    return (Phase("", said),) if isinstance(said, Limit) else said


CATEGORIES: dict[str, Category] = {
    code: Category(
        code, name, _phases(limits), receiver, staff, _ROUTES.get(code), is_dispute=code in _DISPUTES
    )
    for code, name, limits, receiver, staff in _TABLE
}
