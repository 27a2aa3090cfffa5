"""Chain 12, first part: two communities merge while things are open; they follow in all five services, what is closed
stays. On both substrates."""

from __future__ import annotations

import pytest

from shared.demo import deliberation as acts
from shared.demo import life_ring, neighbourhood
from shared.demo.stage import BrokenLink

PREFIX = "110112010"
MERGED = f"{PREFIX}906"
TITLE = "楼前照明改造"


@pytest.fixture(params=["embedded", "distributed"])
def stage(request):
    deployment = request.getfixturevalue(request.param)
    deployment.start()
    return deployment.stage


def merger():
    """Communities 904 and 905 become 906, their grids get its code; estates, buildings and doors keep theirs."""
    grids = {f"{PREFIX}904001": (f"{MERGED}001", "XQ904"), f"{PREFIX}905001": (f"{MERGED}002", "XQ905")}
    communities = [{"code": f"{PREFIX}{code}", "into": [MERGED]} for code in ("904", "905")]
    return {
        "register": [
            {"kind": "community", "name": "合并社区", "code": MERGED, "parent": PREFIX},
            *(
                {"kind": "grid", "name": f"第{code[-1]}网格", "code": code, "parent": estate}
                for code, estate in grids.values()
            ),
        ],
        "supersede": [*communities, *({"code": old, "into": [new]} for old, (new, _) in grids.items())],
    }


def test_a_case_a_topic_and_its_audience_follow_when_communities_merge_and_a_closed_case_stays(stage):
    street = neighbourhood.street(stage)
    organisations = neighbourhood.organisations(stage)
    life_ring.play(stage, street, organisations)
    estate = neighbourhood.estate(
        stage, street, name="映翠居", code="905", owners=216, area_dm2=1_458_000, spot="楼前路灯"
    )
    resident = neighbourhood.resident(stage, "何平", 9051, estate.doors[0])
    case = acts.report(stage, "何平", resident, estate.spot, "夜间照明不足")
    topic = acts.raise_topic(stage, estate, TITLE, "sprout", [case["id"]])
    acts.accept_topic(stage, topic)
    stage.until("等待议题", lambda: acts.case_state(stage, case) == "waiting")
    body = {"expertise": ["planning"], "experts_needed": 1, "answer_by": "2025-01-10T18:00:00+08:00"}
    stage.post(f"/consultation/v1/topics/{topic['id']}/design-requests", body, role="convenor")
    closed = stage.ask("/grid/v1/cases?state=closed")["items"]
    assert len(closed) == 2

    would = stage.post("/grid/v1/places/supersede", merger() | {"dry_run": True})
    did = stage.do("两个社区合并", "/grid/v1/places/supersede", merger())
    assert would["case_numbers"] == did["case_numbers"] == [case["number"]]

    assert stage.ask(f"/grid/v1/cases/{case['id']}")["grid_code"] == f"{MERGED}002"
    assert stage.ask("/grid/v1/cases?state=closed")["items"] == closed
    (community,) = stage.ask(f"/grid/v1/places?code={MERGED}")["items"]
    of_the_new = {"role": "community", "scope": f"place:{community['id']}"}
    of_the_old = {"role": "community", "scope": f"place:{estate.community}"}

    def seen(path, **who):
        return [thing["id"] for thing in stage.ask(path, **who)["items"]]

    def known(**who):
        try:
            return stage.ask(f"/notify/v1/contacts/{resident}", **who)
        except BrokenLink:
            return None

    for who in (of_the_new, of_the_old):
        stage.until("议题随迁", lambda who=who: topic["id"] in seen("/consultation/v1/topics", **who))
        stage.until("区域随迁", lambda who=who: estate.area in seen("/property/v1/areas", **who))
        stage.until("征集随迁", lambda who=who: len(seen("/alliance/v1/requests?state=open", **who)) == 1)
        stage.until("联系人随迁", lambda who=who: known(**who))

    acts.hold_session(stage, topic, "co_design", "共创会", "本小区居民", ["加装路灯"])
    acts.await_message(stage, "居民仍然得知", resident, ":announced")
    again = acts.report(stage, "何平", resident, estate.spot, "路灯又坏了")
    assert again["grid_code"] == f"{MERGED}002"
