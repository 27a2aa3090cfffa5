"""云景里: a key project (row 16) asks residents what they need (29); works in a lived-in estate need stewards (59)."""

from __future__ import annotations

from shared.demo import deliberation as acts
from shared.demo import neighbourhood, project, survey
from shared.demo.neighbourhood import Organisations
from shared.demo.stage import Stage

ITEMS = [{"kind": "wall", "title": "外墙保温修复", "location": "1、2号楼", "budget_fen": 30_000_000}]


def play(stage: Stage, street: str, organisations: Organisations) -> None:
    """A project, a survey and its answers; stewards requested, named by the contractor, appointed, expired."""
    stage.teller.chapter("二、云景里：问需与施工楼栋管家")
    estate = neighbourhood.estate(
        stage, street, name="云景里", code="901", owners=216, area_dm2=1_458_000, spot="1号楼外墙"
    )
    residents = [
        neighbourhood.resident(stage, name, number, estate.doors[number % 2])
        for number, name in enumerate(("吴敏", "郑凯", "冯兰"), start=11)
    ]
    worker = neighbourhood.resident(stage, "韩师傅", 14, estate.doors[0], "worker")
    topic = acts.raise_topic(stage, estate, "外墙保温修复", "renovation", [])
    acts.accept_topic(stage, topic)
    renovation = project.open(stage, topic, estate)
    adopted = survey.play(stage, topic, estate, residents)
    project.collect_opinions(stage, renovation, estate)
    project.advance(stage, renovation, 2, "问需已反馈，项目进入下一阶段")
    plan = acts.propose_plan(stage, topic, estate, ITEMS, needs_stewards=True)
    acts.pass_review(stage, topic, plan, residents, organisations.assessors)
    works = acts.resolve(stage, topic)
    project.advance(stage, renovation, 4, "方案、责任、支部、工程齐备，项目进入下一阶段")
    acts.contract_and_start(stage, works, organisations.contractor)

    requests = f"/grid/v1/steward-requests?works_ref={works['id']}"
    request = stage.until(
        "开工后网格自动要求施工单位指定楼栋管家", lambda: next(iter(stage.all_of(requests)), None)
    )
    for building in estate.buildings:
        body = {"building_ref": building, "person_ref": worker, "unit": "示例建设项目部"}
        path = f"/grid/v1/steward-requests/{request['id']}/stewards"
        stage.do(
            "施工单位指定楼栋管家", path, body, role="contractor", scope=f"party:{organisations.contractor}"
        )
    stage.until("楼内居民得知管家到岗", lambda: all(acts.got(stage, ref, ":appointed") for ref in residents))
    project.receive(stage, renovation, residents[0])
    project.stand_still(stage, renovation)
    stage.days_pass(60)
    acts.accept_works(stage, works, estate.company)
    survey.carry_out(stage, adopted)
    active = f"/grid/v1/stewards?works_ref={works['id']}&state=active"
    stage.until("竣工验收后没有在岗的施工楼栋管家", lambda: not stage.all_of(active))
    stage.check(
        "两名管家均已卸任", len(stage.all_of(active.replace("active", "expired"))) == len(estate.buildings)
    )
