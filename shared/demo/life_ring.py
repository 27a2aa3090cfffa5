"""金侨时代家园“生命之环”: a disused pool and flower bed become a space for all ages (domain.md, story e)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared.demo import deliberation as acts
from shared.demo import neighbourhood
from shared.demo.neighbourhood import Organisations
from shared.demo.stage import Stage

TITLE = "水池花坛改造为“生命之环”全龄友好公共空间"
SESSIONS = ("第一次共创会（老人）", "第二次共创会（儿童）", "第三次共创会（家长）")
ITEMS_V1 = [
    {"kind": "ground", "title": "光面石材铺装", "location": "原水池周边", "budget_fen": 9_600_000},
    {"kind": "facility", "title": "戏水池，水深0.45米", "location": "原水池", "budget_fen": 6_800_000},
    {"kind": "facility", "title": "环形步道与座椅", "location": "中心绿地", "budget_fen": 7_200_000},
    {"kind": "green", "title": "花坛补植", "location": "原花坛", "budget_fen": 5_000_000},
]
ITEMS_V2 = [
    {"kind": "ground", "title": "防滑透水铺装", "location": "原水池周边", "budget_fen": 10_400_000},
    {
        "kind": "facility",
        "title": "旱喷浅水景，水深不超过0.15米",
        "location": "原水池",
        "budget_fen": 5_200_000,
    },
    *ITEMS_V1[2:],
]


def play(stage: Stage, street: str, organisations: Organisations, code: str = "904") -> None:
    """The whole story, from two complaints to two closed cases, in a community with that code."""
    stage.teller.chapter("一、金侨时代家园“生命之环”")
    estate = neighbourhood.estate(
        stage,
        street,
        name="金侨时代家园",
        code=code,
        owners=1980,
        area_dm2=19_800_000,
        spot="中心绿地水池花坛",
    )
    wang, li, *others = [
        neighbourhood.resident(stage, name, 10 * int(code) + number, estate.doors[number % 2])
        for number, name in enumerate(("王秀英", "李建国", "赵德明", "孙丽", "周强"), start=1)
    ]
    residents = [wang, li, *others]

    cases = [
        acts.report(stage, "王阿姨", wang, estate.spot, "水池干涸多年，孩子常在池边磕碰"),
        acts.report(stage, "李师傅", li, estate.spot, "花坛破损，砖块松动，晚上看不清"),
    ]
    for case, who in zip(cases, (wang, li), strict=True):
        stage.check(
            f"事项{case['number']}有网格{case['grid_code']}、责任主体“{case['lead_party_name']}”和时限",
            case["answer_due_at"],
        )
        acts.await_message(stage, "报事人收到回执", who, ":reported")

    topic = acts.raise_topic(stage, estate, TITLE, "sprout", [case["id"] for case in cases])
    acts.accept_topic(stage, topic)
    _cases_become(stage, cases, "waiting", "两件事项等待议题，报事人得到阶段答复")
    _design(stage, topic, organisations.planners)

    plan = acts.propose_plan(
        stage, topic, estate, ITEMS_V1, author_org_refs=[organisations.planners], owners_decide=True
    )
    _first_review_returns_it(stage, topic, plan, residents, organisations)
    plan = acts.propose_plan(
        stage,
        topic,
        estate,
        ITEMS_V2,
        author_org_refs=[organisations.planners],
        owners_decide=True,
        base_version=1,
    )
    acts.pass_review(stage, topic, plan, residents, organisations.assessors)
    stage.do(
        "居委会想直接落定方案：被拒绝，须先由业主共同决定",
        f"/consultation/v1/topics/{topic['id']}/resolve",
        {},
        role="convenor",
        expect=409,
    )
    _owners_decide(stage, topic, estate.area, plan["hash"])

    works = acts.resolve(stage, topic)
    stage.check(
        "工程项目与方案逐项一致", [i["title"] for i in works["items"]] == [i["title"] for i in ITEMS_V2]
    )
    _cases_wait_for(stage, cases, "works")
    for ref in residents:
        acts.await_message(stage, "居民得知方案通过，每人一次", ref, ":resolved")
    acts.contract_and_start(stage, works, organisations.contractor)
    stage.days_pass(55)
    acts.accept_works(stage, works, estate.company)
    stage.check(
        "验收本身不办结事项，须成果落地", {acts.case_state(stage, case) for case in cases} == {"waiting"}
    )
    acts.land(stage, topic, estate.company)
    _cases_become(stage, cases, "verified", "成果落地，两件事项办理完成，待回访")
    _residents_answer(stage, topic, cases, residents)


def _design(stage: Stage, topic: Any, planners: str) -> None:
    body = {"expertise": ["planning"], "experts_needed": 2, "answer_by": _in_days(stage, 10)}
    path = f"/consultation/v1/topics/{topic['id']}/design-requests"
    request = stage.do("居委会征集设计机构", path, body, role="convenor")
    acts.engage(stage, planners, "规划团队", ["planner-1", "planner-2"], request["id"])
    for title in SESSIONS:
        acts.hold_session(stage, topic, "co_design", title, "本小区居民", ["全龄可用", "保留水的记忆"])


def _first_review_returns_it(
    stage: Stage, topic: Any, plan: Any, residents: list[str], organisations: Organisations
) -> None:
    review = acts.open_review(stage, plan, residents, experts_needed=2)
    request = stage.until(
        "评审征集已送达同盟",
        lambda: next(
            (r for r in stage.all_of("/alliance/v1/requests?state=open") if r["request_ref"] == review["id"]),
            None,
        ),
    )
    stage.do(
        "规划团队想评审自己画的方案：被拒绝",
        f"/alliance/v1/requests/{request['id']}/accept",
        {"org_ref": organisations.planners, "expert_refs": ["planner-3"], "interests": ""},
        role="professional",
        scope=f"party:{organisations.planners}",
        expect=403,
    )
    experts = ["assessor-1", "assessor-2"]
    acts.engage(stage, organisations.assessors, "评估机构", experts, review["id"])
    points = ["光面石材雨天湿滑", "0.45米水深对幼儿不安全"]
    acts.hold_session(stage, topic, "joint_review", "联合评审会", "居民代表和专业机构", points)
    stage.teller.deed("居民代表和专家分别投票")
    for number, ref in enumerate(residents):
        worried = number == 0
        acts.vote(
            stage,
            review,
            "residents",
            ref,
            approve=not worried,
            criteria=["slip_resistance"] if worried else [],
            why="雨天老人容易滑倒" if worried else "",
        )
    for ref in experts:
        acts.await_roster(stage, review, ref)
        acts.vote(
            stage,
            review,
            "professionals",
            ref,
            approve=False,
            criteria=["slip_resistance", "water_depth"],
            why="防滑系数与水深不符合儿童活动场地要求",
        )
    result = acts.close_review(stage, review)
    stage.check("第1版方案退回，理由：防滑、水深", result["state"] == "returned")


def _owners_decide(stage: Stage, topic: Any, area_ref: str, plan_hash: str) -> None:
    stage.days_pass(23)
    voted_on = acts.today_of(stage) - timedelta(days=1)
    body = {
        "topic_ref": topic["id"],
        "area_ref": area_ref,
        "plan_hash": plan_hash,
        "kind": "common_parts",
        "heads": {"participating": 1420, "approving": 1130},
        "area_dm2": {"participating": 14_300_000, "approving": 11_200_000},
        "noticed_topics": [topic["id"]],
        "noticed_on": str(voted_on - timedelta(days=22)),
        "voted_on": str(voted_on),
        "posted_on": str(acts.today_of(stage)),
        "scan": "业主大会2024-03号表决结果扫描件",
    }
    decision = stage.do("街道导入业主共同决定（表决在系统外依法进行）", "/property/v1/decisions", body)
    stage.check(f"核对结果：{decision['arithmetic']}", decision["outcome"] == "adopted")
    stage.until(
        "协商服务已收到业主共同决定",
        lambda: stage.ask(f"/consultation/v1/topics/{topic['id']}")["decisions"],
    )


def _residents_answer(stage: Stage, topic: Any, cases: list[Any], residents: list[str]) -> None:
    links = [
        acts.answer_link(stage, acts.await_message(stage, "每位居民被询问一次", ref, ":landed"))
        for ref in residents
    ]
    stage.teller.deed("居民用链接答复，不需要登录")
    for link in links:
        answer = stage.answer_publicly(link, {"resolution": "resolved", "grade": 5})
        stage.check("答复已收到", answer.ok)
        stage.teller.follow(stage, None)
    again = stage.answer_publicly(links[0], {"resolution": "unresolved", "grade": 1})
    stage.check("同一链接不能答复两次", not again.ok)
    _cases_become(stage, cases, "closed", "答复由事件送回，两件事项结案")
    stage.until(
        f"满意度已回到议题：{len(residents)}人应答",
        lambda: (
            (stage.ask(f"/consultation/v1/topics/{topic['id']}")["satisfaction"] or {}).get("answered")
            == len(residents)
        ),
    )
    story = stage.ask_publicly(f"/consultation/v1/topics/{topic['id']}/story")
    stage.check("任何人都能看到不含姓名的议事全程", story.ok and "王秀英" not in story.text)


def _cases_become(stage: Stage, cases: list[Any], state: str, claim: str) -> None:
    stage.until(claim, lambda: all(acts.case_state(stage, case) == state for case in cases))


def _cases_wait_for(stage: Stage, cases: list[Any], what: str) -> None:
    stage.until(
        "两件事项转为等待工程",
        lambda: all(stage.ask(f"/grid/v1/cases/{case['id']}")["waiting_for"] == what for case in cases),
    )


def _in_days(stage: Stage, days: int) -> str:
    return (stage.clock.now() + timedelta(days=days)).isoformat()
