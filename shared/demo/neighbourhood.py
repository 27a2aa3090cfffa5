"""Who and what there is before a story begins. All data is synthetic (演示数据): no real person or company."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.demo.stage import BrokenLink, Stage

# no subscriber has numbers that begin so
PHONE = "120{:08d}"


@dataclass(frozen=True)
class Estate:
    """An estate with what the stories need of it: refs by name."""

    community: str
    estate: str
    grid: str
    buildings: list[str]
    doors: list[str]
    spot: str
    area: str
    company: str


@dataclass(frozen=True)
class Organisations:
    """Who draws, who judges, who builds."""

    planners: str
    assessors: str
    contractor: str


def street(stage: Stage) -> str:
    """The street itself; found where an earlier run has registered it."""
    for place in stage.all_of("/grid/v1/places?kind=street"):
        return str(place["id"])
    return _place(stage, "street", "九棵树街道", "110112010", None)


def free_code(stage: Stage) -> str:
    """A community's three digits that no earlier run has taken. Raises BrokenLink."""
    taken = {place["code"][-3:] for place in stage.all_of("/grid/v1/places?kind=community")}
    for number in range(999, 0, -1):
        if f"{number:03}" not in taken:
            return f"{number:03}"
    raise BrokenLink("社区编码已全部用完 (all codes of communities are taken)")


def estate(
    stage: Stage, street_ref: str, *, name: str, code: str, owners: int, area_dm2: int, spot: str
) -> Estate:
    """An estate of one community, one grid and two buildings, with its area and its property company."""
    stage.teller.deed(f"街道登记“{name}”的社区、小区、网格、楼栋、楼门和点位，以及物业管理区域和物业企业")
    community = _place(stage, "community", f"{name}社区", f"110112010{code}", street_ref)
    estate_ref = _place(stage, "estate", name, f"XQ{code}", community, estate_type="tower")
    grid = _place(stage, "grid", f"{name}第一网格", f"110112010{code}001", estate_ref)
    buildings = [_place(stage, "building", f"{name}{n}号楼", f"L{code}{n}", grid) for n in (1, 2)]
    doors = [
        _place(stage, "door", f"{n}号楼1单元", f"M{code}{n}1", ref)
        for n, ref in enumerate(buildings, start=1)
    ]
    spot_ref = _place(stage, "spot", spot, f"D{code}1", grid)
    area = stage.post(
        "/property/v1/areas",
        {
            "name": f"{name}物业管理区域",
            "estate_ref": estate_ref,
            "building_refs": buildings,
            "owners_total": owners,
            "area_total_dm2": area_dm2,
        },
    )["id"]
    company = party(stage, "company", f"{name}示例物业", [area])
    return Estate(community, estate_ref, grid, buildings, doors, spot_ref, area, company)


def organisations(stage: Stage) -> Organisations:
    """A planning team, an assessor of safety, a contractor."""
    stage.teller.deed("街道登记规划团队、安全评估机构和施工单位")
    return Organisations(
        planners=_organisation(stage, "示例城市规划团队", ["planning"]),
        assessors=_organisation(stage, "示例安全与无障碍评估中心", ["safety", "planning"]),
        contractor=party(stage, "contractor", "示例建设工程公司", []),
    )


def party(stage: Stage, kind: str, name: str, area_refs: list[str]) -> str:
    """A party at property."""
    body = {"kind": kind, "name": name, "area_refs": area_refs}
    return str(stage.post("/property/v1/parties", body)["id"])


def resident(stage: Stage, name: str, number: int, door_ref: str, contact_class: str = "resident") -> str:
    """A person at notify; only the ref goes further."""
    body = {
        "name": name,
        "phone": PHONE.format(number),
        "door_ref": door_ref,
        "contact_class": contact_class,
        "basis": "本人同意接收本小区公共事务通知",
    }
    return str(stage.post("/notify/v1/contacts", body)["id"])


def _place(stage: Stage, kind: str, name: str, code: str, parent_ref: str | None, **more: Any) -> str:
    body = {"kind": kind, "name": name, "code": code, "parent_ref": parent_ref, **more}
    return str(stage.post("/grid/v1/places", body)["id"])


def _organisation(stage: Stage, name: str, expertise: list[str]) -> str:
    body = {"name": name, "kind": "professional", "expertise": expertise}
    return str(stage.post("/alliance/v1/organisations", body)["id"])
