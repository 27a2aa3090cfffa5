"""映翠居: works that are cancelled midway give everything back, and residents hear why."""

from __future__ import annotations

from shared.demo import deliberation as acts
from shared.demo import neighbourhood
from shared.demo.neighbourhood import Organisations
from shared.demo.stage import Stage

ITEMS = [
    {"kind": "ground", "title": "破损路面修复", "location": "中心路", "budget_fen": 8_000_000},
    {"kind": "bike_shed", "title": "自行车棚更换", "location": "东侧车棚", "budget_fen": 4_000_000},
]
REASON = "施工单位资质到期，合同终止"


def play(stage: Stage, street: str, organisations: Organisations) -> None:
    """Cancelled: consultation falls back, the case is dispatched again with a fresh clock, the resident hears why."""
    stage.teller.chapter("三、映翠居：工程中途取消")
    estate = neighbourhood.estate(
        stage, street, name="映翠居", code="902", owners=216, area_dm2=1_458_000, spot="中心路"
    )
    residents = [
        neighbourhood.resident(stage, name, number, estate.doors[number % 2])
        for number, name in enumerate(("陈静", "杨洋", "何平"), start=21)
    ]
    case = acts.report(stage, "陈女士", residents[0], estate.spot, "中心路坑洼积水", category="0601")
    topic = acts.raise_topic(stage, estate, "中心路与车棚修复", "small_works", [case["id"]])
    acts.accept_topic(stage, topic)
    plan = acts.propose_plan(stage, topic, estate, ITEMS)
    acts.pass_review(stage, topic, plan, residents, organisations.assessors)
    works = acts.resolve(stage, topic)
    acts.contract_and_start(stage, works, organisations.contractor)
    first = works["items"][0]["number"]
    body = {"accepted_by": "居民代表2人、街道", "evidence": "验收单-1"}
    stage.do("第1项验收通过", f"/property/v1/works/{works['id']}/items/{first}/accept", body)

    stage.do("街道取消剩余工程", f"/property/v1/works/{works['id']}/cancel", {"reason": REASON})
    stage.until("事项重新派单", lambda: acts.case_state(stage, case) == "dispatched")
    again = stage.ask(f"/grid/v1/cases/{case['id']}")
    stage.check("重新派单有新的时限", again["answer_due_at"] > case["answer_due_at"])
    stage.until(
        "议题退回共议方案",
        lambda: stage.ask(f"/consultation/v1/topics/{topic['id']}")["state"] == "deliberating",
    )
    for ref in residents:
        message = acts.await_message(stage, "居民得知取消及原因", ref, ":cancelled")
        stage.check("消息写明原因", REASON in message["text"])
