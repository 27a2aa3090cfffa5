"""怡乐北街: every grid has its people, and a matter goes up and down the tree (domain rows 6–12, 28)."""

from __future__ import annotations

from typing import Any

from shared.demo import neighbourhood
from shared.demo.closed_loop import Loop
from shared.demo.neighbourhood import Estate
from shared.demo.stage import Stage

# row 10 counts five and names none: these names are assumed, and registered as such
INDUSTRY_PARTY_ORGS = ("物业行业", "地产中介行业", "商圈餐饮零售", "金融网点", "教育培训")
ORGANISATIONS = "/grid/v1/organisations"


def play(stage: Stage, street: str) -> None:
    """Trees, staff, a pairing, a successor, and a case that is passed up and settled."""
    stage.teller.chapter("四、怡乐北街：每个网格都有人")
    estate = neighbourhood.estate(
        stage, street, name="怡乐北街", code="903", owners=742, area_dm2=4_450_000, spot="北侧通道"
    )
    community_level = _trees(stage, street, estate)
    cadre, successor = _staff(stage, estate)
    leader = neighbourhood.resident(stage, "卫红", 31, estate.doors[0])
    pairing = _pair(stage, estate, cadre, leader)
    departure = stage.do(
        "社区干部调离，由另一人接替", f"/grid/v1/staff/{cadre}/replace", {"successor_ref": successor}
    )
    stage.check("结对随之移交接替人", departure["handed_over"] == [{"kind": "pairing", "ref": pairing}])
    coverage = stage.ask("/grid/v1/coverage/staff", scope=f"place:{estate.community}")
    stage.check(
        "社区在岗人员全部入格，各网格力量齐备", coverage["percent"] == coverage["complete_percent"] == "100.0"
    )
    _pass_up(stage, estate, leader, community_level)


def _trees(stage: Stage, street: str, estate: Estate) -> str:
    """The street's trees, found where an earlier run has registered them, and the community's branches of them; the
    ref of the community's level."""
    stage.teller.deed("街道登记三棵组织树：党工委一线、支部一线、街道—社区—网格")
    committee = _root(stage, "party_work_committee", "九棵树街道党工委", street)
    building = _under(stage, "party_building_committee", "党建协调委员会", committee)
    for name in INDUSTRY_PARTY_ORGS:
        _under(stage, "industry_party_org", f"{name}党委", building, is_assumed=True)
    party = _root(stage, "street_party_org", "街道党组织", street)
    level = _root(stage, "street_level", "九棵树街道", street)
    branch = _under(stage, "community_party_branch", "怡乐北街党支部", party, place_ref=estate.community)
    member = neighbourhood.resident(stage, "许志强", 32, estate.doors[1])
    body = {"person_ref": member, "grid_ref": estate.grid}
    stage.do("支部的党员骨干到网格", f"{ORGANISATIONS}/{branch}/backbones", body)
    community = _under(stage, "community_level", "怡乐北街社区", level, place_ref=estate.community)
    _under(stage, "grid_level", "怡乐北街第一网格", community, place_ref=estate.grid)
    return community


def _staff(stage: Stage, estate: Estate) -> tuple[str, str]:
    """A grid worker and two community cadres; the refs of the latter."""
    stage.teller.deed("街道登记网格力量：网格员和社区干部")
    _member(stage, estate, "903-01", "孔令辉", "grid_worker", "lead")
    return (
        _member(stage, estate, "903-02", "曹静", "community_cadre"),
        _member(stage, estate, "903-03", "严明", "community_cadre"),
    )


def _pair(stage: Stage, estate: Estate, cadre: str, leader: str) -> str:
    body = {"place_ref": estate.community, "worker_ref": cadre, "leader_refs": [leader]}
    pairing = stage.do("社区干部与居民骨干结对问需", "/grid/v1/pairings", body)
    stage.do("结对开始", f"/grid/v1/pairings/{pairing['id']}/start", {})
    return str(pairing["id"])


def _pass_up(stage: Stage, estate: Estate, leader: str, community_level: str) -> None:
    body = {
        "category": "0302",
        "place_ref": estate.spot,
        "text": "通道堆物，无人认领",
        "reporter_ref": leader,
    }
    role, scope = "grid_worker", f"place:{estate.grid}"
    case = stage.do("网格员代居民骨干立案", "/grid/v1/cases", body, role=role, scope=scope)
    upwards = {"to_organisation_ref": community_level, "reason": "涉及多家产权单位，网格内无法解决"}
    path = f"/grid/v1/cases/{case['id']}/pass"
    passed = stage.do("网格上报社区", path, upwards, role=role, scope=scope)
    stage.check("事项现由社区承办", passed["organisation_ref"] == community_level)
    Loop(stage, estate, case["id"], leader).play()


def _root(stage: Stage, kind: str, name: str, street: str) -> str:
    for known in stage.all_of(f"{ORGANISATIONS}?kind={kind}"):
        return str(known["id"])
    return _organisation(stage, kind=kind, name=name, place_ref=street)


def _under(stage: Stage, kind: str, name: str, parent_ref: str, **more: Any) -> str:
    for known in stage.all_of(f"{ORGANISATIONS}?kind={kind}&parent_ref={parent_ref}"):
        if known["name"] == name:
            return str(known["id"])
    return _organisation(stage, kind=kind, name=name, parent_ref=parent_ref, **more)


def _organisation(stage: Stage, **body: Any) -> str:
    return str(stage.post(ORGANISATIONS, body)["id"])


def _member(
    stage: Stage, estate: Estate, staff_no: str, name: str, category: str, role: str = "member"
) -> str:
    grids = [{"grid_ref": estate.grid, "role": role}]
    body = {"staff_no": staff_no, "name": name, "category": category, "grids": grids}
    return str(stage.post("/grid/v1/staff", body)["id"])
