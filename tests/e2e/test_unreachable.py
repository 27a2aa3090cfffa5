"""Chain 9 on five services: a message that must reach and cannot → somebody is to go → nobody there → met → delivered
in person; on both substrates. Nobody is in between: each link comes by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.demo.neighbourhood import PHONE
from shared.kernel.clock import local
from shared.kernel.ids import new_id
from tests.e2e.ledger import assert_everybody_heard_everything_once

DEAF = """
from services.notify.use_cases.delivery import PermanentFailure


class Deaf:
    api = 1

    def deliver(self, message):
        raise PermanentFailure("nobody takes it")
"""
PLACES = [
    ("street", "110112010"),
    ("community", "110112010904"),
    ("grid", "110112010904001"),
    ("building", "B1"),
    ("door", "B1-1"),
]


@pytest.fixture(params=["embedded", "distributed"])
def deployment(request, tmp_path, monkeypatch):
    """The five services, and beside the mailbox a channel that reaches nobody, installed as a stranger's would be."""
    strangers = tmp_path / "strangers"
    installed = strangers / "jiushu_deaf-1.0.dist-info"
    installed.mkdir(parents=True)
    (strangers / "jiushu_deaf.py").write_text(DEAF)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: jiushu-deaf\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text("[jiushu.notify.channels]\ndeaf = jiushu_deaf:Deaf\n")
    monkeypatch.setenv("PYTHONPATH", str(strangers))
    deployment = request.getfixturevalue(request.param)
    deployment.start()
    return deployment


@pytest.fixture
def stage(deployment):
    return deployment.stage


@pytest.fixture
def grid(stage):
    """The grid, and the door where the resident lives whom no channel reaches."""
    refs, parent = {}, None
    for kind, code in PLACES:
        body = {"kind": kind, "name": f"{kind} {code}", "code": code, "parent_ref": parent}
        parent = refs[kind] = stage.post("/grid/v1/places", body)["id"]
    return refs


@pytest.fixture
def worker(grid):
    return {"role": "grid_worker", "scope": f"place:{grid['grid']}"}


def unreachable(stage, grid, number):
    """Staff record a resident's consent, of which the resident must hear, and no channel takes it."""
    body = {
        "name": "张小明",
        "phone": PHONE.format(number),
        "door_ref": grid["door"],
        "contact_class": "resident",
        "basis": "本人同意",
        "channels": ["deaf"],
    }
    resident = stage.post("/notify/v1/contacts", body)["resident_ref"]
    consent = {
        "purpose": "repair",
        "recipient_ref": "p",
        "recipient_name": "示例物业",
        "text_version": "1",
        "evidence": "签字表单",
    }
    return resident, stage.do("代为登记同意", f"/notify/v1/contacts/{resident}/consents", consent)["id"]


def message_about(stage, consent):
    (message,) = stage.ask(f"/notify/v1/messages?about_ref={consent}")["items"]
    return message


def visit_that_brings(stage, message, worker):
    def find():
        visits = stage.ask("/grid/v1/visits", **worker)["items"]
        return next((visit for visit in visits if visit["message_ref"] == message["id"]), None)

    return stage.until("网格收到须当面送达的任务", find)


def record(stage, visit, worker, outcome, **more):
    body = {"id": new_id(), "occurred_at": local(stage.clock.now()).isoformat(), "outcome": outcome, **more}
    stage.do(f"入户：{outcome}", f"/grid/v1/visits/{visit['id']}/records", body, **worker)


def ends(stage, message, state):
    def find():
        shown = stage.ask(f"/notify/v1/messages/{message['id']}")
        return shown if shown["state"] == state else None

    return stage.until(f"消息最终为 {state}", find)


def test_chain_9_where_the_digital_way_ends_a_person_goes(stage, grid, worker):
    _resident, consent = unreachable(stage, grid, 1)
    message = message_about(stage, consent)
    visit = visit_that_brings(stage, message, worker)
    assert (visit["purpose"], visit["door_ref"], visit["about_ref"]) == ("delivery", grid["door"], consent)

    day = stage.ask("/grid/v1/my/day", **worker)
    assert [task["id"] for stop in day["stops"] for task in stop["visits"]] == [visit["id"]]
    brought = stage.ask(f"/notify/v1/messages/{message['id']}", **worker)
    assert (brought["state"], "示例物业" in brought["text"]) == ("failed", True)

    record(stage, visit, worker, "absent")
    stage.days_pass(1)
    at = local(stage.clock.now() - timedelta(seconds=5)).isoformat()
    record(stage, visit, worker, "met", answer="signed", occurred_at=at)

    shown = ends(stage, message, "in_person")
    assert shown["delivered_at"] == at
    assert [(each["channel"], each["outcome"]) for each in shown["receipts"]] == [
        ("deaf", "permanent_failure"),
        ("in_person", "delivered"),
    ]
    assert stage.ask("/grid/v1/my/day", **worker)["open_visits"] == 0
    assert_one_journey(stage)
    assert_everybody_heard_everything_once(stage, stage.teller.journeys)


def test_chain_9_absent_twice_ends_on_the_board(stage, grid, worker):
    _resident, consent = unreachable(stage, grid, 2)
    message = message_about(stage, consent)
    visit = visit_that_brings(stage, message, worker)
    for _ in range(2):
        record(stage, visit, worker, "absent")
        stage.days_pass(1)
    assert ends(stage, message, "board")["delivered_at"] is None
    assert stage.ask(f"/grid/v1/visits/{visit['id']}", **worker)["state"] == "board"


def assert_one_journey(stage):
    """From the consent to the visit it is one story, whoever tells a part of it."""
    (journey,) = [one for one in stage.teller.journeys if "notify.message.failed.v1" in told(stage, one)]
    assert [type for type in told(stage, journey) if type.startswith(("notify.message", "grid.visit"))] == [
        "notify.message.failed.v1",
        "grid.visit.requested.v1",
        "grid.visit.recorded.v1",
        "grid.visit.recorded.v1",
    ]


def told(stage, journey):
    steps = [
        step
        for service in ("notify", "grid")
        for step in stage.ask(f"/{service}/v1/journeys/{journey}")["steps"]
        if step["kind"] == "said"
    ]
    return [step["type"] for step in steps]
