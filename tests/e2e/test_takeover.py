"""Chain 10, its end: another company has taken an area over, and what the old one had in hand there is the new one's;
who reported it hears so. What leads there (trial, negotiation, decision) is property's own part to come: the last event
is put into property's outbox by hand. On both substrates."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from shared.contracts import property
from shared.contracts.envelope import Envelope
from shared.contracts.registry import for_feed, written
from shared.demo import deliberation as acts
from shared.demo import neighbourhood
from shared.kernel.ids import new_id
from shared.persistence.database import Database
from shared.persistence.tables import outbox_messages


@pytest.fixture(params=["embedded", "distributed"])
def deployment(request):
    deployment = request.getfixturevalue(request.param)
    deployment.start()
    return deployment


def property_says(deployment, event, subject, data):
    """Put an event into property's outbox; its relay does the rest."""
    envelope = Envelope(
        id=new_id(),
        source="/jiushu/110112010/property",
        type=event.type,
        subject=subject,
        time=deployment.clock.now(),
        data=written(event, data),
        correlation_id=new_id(),
        aggregate_version=100,
        actor="system:property",
    )
    row = {
        "event_id": envelope.id,
        "type": envelope.type,
        "partition_key": envelope.partition_key,
        "correlation_id": envelope.correlation_id,
        "body": envelope.to_bytes(),
        "feed_body": envelope.for_feed(for_feed(event, envelope.data)).to_bytes(),
        "recorded_at": envelope.time,
    }
    with Database(deployment.database_urls["property"]).writing() as session:
        session.execute(insert(outbox_messages), [row])


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
    property_says(deployment, property.TakeoverCompleted, estate.area, data)

    theirs = {"role": "property", "scope": f"party:{new}"}
    stage.until("事项归新企业", lambda: stage.ask("/grid/v1/cases", **theirs)["items"])
    taken = stage.ask(f"/grid/v1/cases/{case['id']}", **theirs)
    assert (taken["state"], taken["due_at"]) == ("dispatched", case["due_at"])
    assert taken["allowed_actions"][0] == "accept"
    assert stage.ask("/grid/v1/cases", **old)["items"] == []
    message = acts.await_message(stage, "反映人得知", resident, f":taken_over:{new}")
    assert "示例新物业" in message["text"]
