"""Chain 10, its end: another company has taken an area over, and what the old one had in hand there is the new one's;
who reported it hears so. What leads there (trial, negotiation, decision) is property's own part to come: the last event
is put into property's outbox by hand. On both substrates."""

from __future__ import annotations

import pytest

from shared.contracts import property
from shared.demo import deliberation as acts
from shared.demo import neighbourhood
from tests.e2e.by_hand import says


@pytest.fixture(params=["embedded", "distributed"])
def deployment(request):
    deployment = request.getfixturevalue(request.param)
    deployment.start()
    return deployment


def test_what_the_old_company_had_in_hand_goes_to_the_new_one_and_the_reporters_hear_so(deployment):
    stage = deployment.stage
    street = neighbourhood.street(stage)
    estate = neighbourhood.estate(
        stage, street, name="映翠居", code="902", owners=216, area_dm2=1_458_000, spot="中心绿地"
    )
    resident = neighbourhood.resident(stage, "何平", 9021, estate.doors[0])
    old = {"role": "property", "scope": f"party:{estate.company}"}
    stage.until(
        "网格已知道物业企业",
        lambda: acts.report(stage, "何平", resident, estate.spot, "枯枝")["lead_party_ref"] == estate.company,
    )
    *_, case = stage.ask("/grid/v1/cases", **old)["items"]
    stage.post(f"/grid/v1/cases/{case['id']}/accept", {}, **old)
    new = neighbourhood.party(stage, "company", "示例新物业", [])
    data = {
        "area_ref": estate.area,
        "from_party_ref": estate.company,
        "to_party_ref": new,
        "place_path": f"/{street}/{estate.community}/{estate.estate}/",
    }
    says(deployment, property.TakeoverCompleted, estate.area, data)

    theirs = {"role": "property", "scope": f"party:{new}"}
    stage.until("事项归新企业", lambda: stage.ask("/grid/v1/cases", **theirs)["items"])
    taken = stage.ask(f"/grid/v1/cases/{case['id']}", **theirs)
    assert (taken["state"], taken["due_at"]) == ("dispatched", case["due_at"])
    assert taken["allowed_actions"][0] == "accept"
    assert stage.ask("/grid/v1/cases", **old)["items"] == []
    message = acts.await_message(stage, "反映人得知", resident, f":taken_over:{new}")
    assert "示例新物业" in message["text"]
