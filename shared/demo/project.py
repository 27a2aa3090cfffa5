"""云景里综合改造 as a key project: stages with gates, a branch of four sides, a reception point (domain rows 16–25)."""

from __future__ import annotations

from typing import Any

from shared.demo.neighbourhood import Estate
from shared.demo.stage import Stage
from shared.kernel.clock import local_date

PROJECTS = "/consultation/v1/projects"
MEMBERS = (("street", True), ("community", False), ("builder", False), ("residents", False))
SAID = (
    ("楼道里的旧管线会不会一起换？", "answer", {"text": "列入本次改造，8月施工"}),
    ("施工材料挡住了单元门口", "refer", {"case_category": "0302"}),
)


def open(stage: Stage, topic: Any, estate: Estate) -> Any:
    """The project, its branch, its pioneer team, and where people can come."""
    body = {"kind": "key", "title": "云景里综合改造", "place_ref": estate.estate, "topic_refs": [topic["id"]]}
    project = stage.do("街道把云景里综合改造列为重点项目", PROJECTS, body)
    path = f"{PROJECTS}/{project['id']}"
    members = [{"side": side, "ref": f"{side}-1", "is_secretary": leads} for side, leads in MEMBERS]
    branch = stage.do(
        "街道牵头筹建临时党支部",
        f"{path}/branch",
        {"name": "云景里改造项目临时党支部", "members": members[:3]},
        role="party_org",
    )
    chosen = f"/consultation/v1/branches/{branch['id']}"
    stage.do("还缺居民代表就想成立：被拒绝", f"{chosen}/establish", {}, role="party_org", expect=422)
    stage.do("补齐四方成员", f"{chosen}/compose", {"members": members}, role="party_org")
    stage.do("临时党支部成立", f"{chosen}/establish", {}, role="party_org")
    _send_the_team(stage, path, estate)
    return project


def receive(stage: Stage, project: Any, who: str) -> None:
    """What is said at the reception point is answered on the spot, or becomes a case of grid's."""
    path = f"{PROJECTS}/{project['id']}"
    point = {
        "name": "1号楼前群众接待点",
        "hours": "每日9:00—17:00",
        "duty": {"1": "社区居委会", "2": "施工单位"},
    }
    point = stage.do("设置群众接待点", f"{path}/reception-points", point, role="convenor")
    register = f"/consultation/v1/reception-points/{point['id']}/intakes"
    for text, deed, body in SAID:
        intake = stage.do(
            f"接待登记：{text}", register, {"text": text, "proposer_ref": who}, role="community"
        )
        one = f"/consultation/v1/intakes/{intake['id']}"
        stage.do("接待人员当场处理", f"{one}/{deed}", body, role="community")
    stage.until("网格已为转出的诉求立案", lambda: stage.ask(one)["case_ref"])


def advance(stage: Stage, project: Any, times: int, title: str) -> None:
    """So many stages further."""
    for _ in range(times):
        stage.do(title, f"{PROJECTS}/{project['id']}/advance", {"note": ""}, role="convenor")


def stand_still(stage: Stage, project: Any) -> None:
    """Three days are lost to a conflict; how the project stands, anyone may ask."""
    path = f"{PROJECTS}/{project['id']}"
    why = {"cause": "conflict", "reason": "两户对管线走向有异议，先协商"}
    stage.do("因矛盾停工", f"{path}/pause", why, role="convenor")
    stage.days_pass(3)
    stage.do("协商一致后复工", f"{path}/resume", {}, role="convenor")
    figures = stage.ask_publicly(f"{path}/figures").json()
    stage.check("因矛盾停工3天，谁都能查", figures["days_lost_to_conflict"] == 3)
    stage.check("接待点一线解决一半", figures["intakes"]["first_line_permille"] == 500)


def collect_opinions(stage: Stage, project: Any, estate: Estate) -> None:
    """The opinion sheets of three households."""
    sheets = [
        {"household_ref": f"yunjing-{number}", "building_ref": estate.buildings[0], "opinion": opinion}
        for number, opinion in enumerate(("agree", "agree", "disagree"))
    ]
    stage.do("登记各户意见表", f"{PROJECTS}/{project['id']}/opinions", {"sheets": sheets}, role="community")


def _send_the_team(stage: Stage, path: str, estate: Estate) -> None:
    members = [{"kind": "area", "ref": "member-1"}, {"kind": "registered", "ref": "member-2"}]
    team = stage.do(
        "组建党员先锋队", f"{path}/teams", {"name": "先锋队", "members": members}, role="party_org"
    )
    due_on = local_date(stage.days_ahead(7)).isoformat()
    task = {"title": "入户讲解改造政策", "due_on": due_on, "building_refs": list(estate.buildings)}
    one = f"/consultation/v1/teams/{team['id']}"
    team = stage.do("交办入户宣讲", f"{one}/tasks", task, role="party_org")
    done = f"{one}/tasks/{team['tasks'][0]['id']}/finish"
    stage.do("先锋队完成入户宣讲", done, {"result": "两栋楼走访完毕"}, role="party_org")
