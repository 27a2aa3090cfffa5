"""云景里 at its real size (domain.md 3.4 a): 2,160 households in 24 buildings, 24 stewards, 132 + 190 suggestions,
each of them answered; as a key project from the first stage to the last, on both substrates."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.demo import deliberation as acts
from shared.demo import neighbourhood, project
from shared.kernel.clock import local
from tests.e2e.ledger import assert_everybody_heard_everything_once
from tests.integration.consultation.test_surveys import YUNJINGLI

BUILDINGS, HOUSEHOLDS, SUGGESTIONS = 24, 2160, 322
AGREE, DISAGREE = 2000, 60
ITEMS = [{"kind": "wall", "title": "外墙保温修复", "location": "全部楼栋", "budget_fen": 30_000_000}]


@pytest.fixture(params=["embedded", "distributed"])
def stage(request):
    deployment = request.getfixturevalue(request.param)
    deployment.start()
    return deployment.stage


def estate_of_24_buildings(stage):
    street = neighbourhood.street(stage)
    estate = neighbourhood.estate(
        stage, street, name="云景里", code="901", owners=HOUSEHOLDS, area_dm2=14_580_000, spot="小区入口"
    )
    buildings = list(estate.buildings)
    for number in range(len(buildings) + 1, BUILDINGS + 1):
        body = {
            "kind": "building",
            "name": f"{number}号楼",
            "code": f"L901{number}",
            "parent_ref": estate.grid,
        }
        buildings.append(stage.post("/grid/v1/places", body)["id"])
    for ref in buildings:
        stage.post(f"/grid/v1/places/{ref}/change", {"household_count": HOUSEHOLDS // BUILDINGS})
    return replace(estate, buildings=buildings)


def asked_and_answered(stage, topic, estate, stage_of_survey, said, became):
    """A survey whose suggestions come in one sheet; each is answered."""
    body = {
        "title": "云景里问需",
        "text": "请说说您的意见和建议",
        "stage": stage_of_survey,
        "place_ref": estate.estate,
        "closes_at": local(stage.clock.now() + timedelta(days=7)).isoformat(),
        "topic_ref": topic["id"],
    }
    survey = stage.post("/consultation/v1/surveys", body, role="convenor")
    path = f"/consultation/v1/surveys/{survey['id']}"
    stage.post(f"{path}/open", {}, role="convenor")
    rows = [f"{name}{number},{name},入户,{name}" for name, count in said.items() for number in range(count)]
    sheet = "\n".join(["表号,建议内容,渠道,类别", *rows]).encode()
    stage.upload(f"{path}/imports", sheet, "text/csv", role="convenor")
    stage.post(f"{path}/close", {}, role="convenor")
    waiting = [each["id"] for each in stage.all_of(f"{path}/suggestions")]
    for outcome, count in became.items():
        now, waiting = waiting[:count], waiting[count:]
        answer = {"suggestion_refs": now, "outcome": outcome, "reason": "已研究"}
        stage.post(f"{path}/answers", answer, role="convenor")
    stage.post(f"{path}/analyse", {"conclusions": "已归类"}, role="convenor")
    stage.post(f"{path}/feed-back", {}, role="convenor")
    return stage.ask_publicly(f"{path}/figures").json()["tally"]["answered"]


def opinions(stage, path, estate):
    given = ["agree"] * AGREE + ["disagree"] * DISAGREE
    sheets = [
        {
            "household_ref": f"yunjingli-{number}",
            "building_ref": estate.buildings[number % BUILDINGS],
            "opinion": opinion,
        }
        for number, opinion in enumerate(given)
    ]
    for begin in range(0, len(sheets), 500):
        stage.post(f"{path}/opinions", {"sheets": sheets[begin : begin + 500]}, role="community")


def name_stewards(stage, works, estate, worker, contractor):
    asked = f"/grid/v1/steward-requests?works_ref={works['id']}"
    request = stage.until("网格要求指定楼栋管家", lambda: next(iter(stage.all_of(asked)), None))
    for building in estate.buildings:
        body = {"building_ref": building, "person_ref": worker, "unit": "示例建设项目部"}
        path = f"/grid/v1/steward-requests/{request['id']}/stewards"
        stage.post(path, body, role="contractor", scope=f"party:{contractor}")


def test_yunjingli_at_its_real_size_from_the_first_stage_to_the_last(stage):
    organisations = neighbourhood.organisations(stage)
    estate = estate_of_24_buildings(stage)
    residents = [
        neighbourhood.resident(stage, name, number, estate.doors[0])
        for number, name in enumerate(("吴敏", "郑凯", "冯兰"), start=11)
    ]
    worker = neighbourhood.resident(stage, "韩师傅", 14, estate.doors[0], "worker")
    topic = acts.raise_topic(stage, estate, "外墙保温修复", "renovation", [])
    acts.accept_topic(stage, topic)
    renovation = project.open(stage, topic, estate)
    path = f"{project.PROJECTS}/{renovation['id']}"
    (design, *first), (entry, *second) = YUNJINGLI
    answered = asked_and_answered(stage, topic, estate, design, *first)
    opinions(stage, path, estate)
    project.advance(stage, renovation, 2, "双审")
    plan = acts.propose_plan(stage, topic, estate, ITEMS, needs_stewards=True)
    acts.pass_review(stage, topic, plan, residents, organisations.assessors)
    works = acts.resolve(stage, topic)
    topics = f"/consultation/v1/topics/{topic['id']}"
    stage.until("议题得知工程立项", lambda: stage.ask(topics)["works_ref"])
    project.advance(stage, renovation, 4, "入场意见")
    answered += asked_and_answered(stage, topic, estate, entry, *second)
    acts.contract_and_start(stage, works, organisations.contractor)
    name_stewards(stage, works, estate, worker, organisations.contractor)
    stewards = f"/grid/v1/stewards?works_ref={works['id']}"
    assert Counter(each["state"] for each in stage.all_of(stewards)) == {"active": BUILDINGS}
    project.advance(stage, renovation, 1, "施工")
    acts.accept_works(stage, works, estate.company)
    stage.until("议题得知竣工验收", lambda: stage.ask(topics)["works_accepted"])
    project.advance(stage, renovation, 1, "验收")
    acts.land(stage, topic, estate.company)
    project.advance(stage, renovation, 1, "质保")
    stage.post(f"{path}/complete", {"note": "质保期满，移交管护"}, role="party_org")

    stage.until(
        "楼栋管家全部卸任",
        lambda: Counter(each["state"] for each in stage.all_of(stewards)) == {"expired": BUILDINGS},
    )
    assert answered == SUGGESTIONS
    figures = stage.ask_publicly(f"{path}/figures").json()
    assert (figures["state"], len(figures["steps"]), figures["branch_state"]) == (
        "completed",
        10,
        "dissolved",
    )
    assert figures["consensus"] == {
        "households": HOUSEHOLDS,
        "agree": AGREE,
        "disagree": DISAGREE,
        "abstain": 0,
        "unreached": HOUSEHOLDS - AGREE - DISAGREE,
        "agree_permille": AGREE * 1000 // HOUSEHOLDS,
    }
    assert len(figures["buildings"]) == BUILDINGS
    assert_everybody_heard_everything_once(stage, stage.teller.journeys)
