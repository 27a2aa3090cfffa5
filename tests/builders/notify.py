"""Residents of the demo's 金侨时代家园 as notify knows them, and the data of the events that only notify hears."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from services.notify.domain.contact import Contact, Person
from services.notify.domain.message import Message
from services.notify.domain.question import TOPIC, About, Question
from services.notify.domain.templates import Wording
from shared.contracts import grid
from tests.builders import facts

NOW = datetime(2024, 5, 27, 1, tzinfo=UTC)


def contact(**changed: Any) -> Contact:
    """A resident of building 1."""
    given = {
        "name": "张小明",
        "phone": "13800005678",
        "channels": ["mailbox"],
        "contact_class": "resident",
        "basis": "本人同意",
    } | changed
    door = given.pop("door", facts.door())
    return Contact(Person(**given), door=door, installed={"mailbox": "phone", "smtp": "email"})


def message(text: str = "文") -> Message:
    """A message to that resident."""
    return Message(
        contact(),
        milestone="topic:topic:v2:resolved",
        about_ref="topic",
        wording=Wording("题", text),
        now=NOW,
    )


def question() -> Question:
    """A question about a landed topic."""
    return Question(About(TOPIC, "topic", 1), text="?", place_path=facts.ESTATE_PATH, now=NOW)


def register(service: Any, phone: str, door: str = "door", **changed: Any) -> str:
    """The ref of a resident registered over HTTP, at a door that is heard of first."""
    if not any(place["place_ref"] == door for place in service.copies("grid.place")):
        service.hear(grid.PlaceRegistered, door, facts.door(door))
    body = {
        "name": "张小明",
        "phone": phone,
        "door_ref": door,
        "contact_class": "resident",
        "basis": "本人同意",
    }
    return str(service.post("/contacts", body | changed)["resident_ref"])


def elsewhere(service: Any, phone: str, **changed: Any) -> str:
    """The ref of a resident of another community."""
    path = "/street/another/estate-2/grid-2/building-2/door-2/"
    door = facts.place("door-2", kind="door", name="2号楼1单元", path=path, building_ref="building-2")
    service.hear(grid.PlaceRegistered, "door-2", door)
    return register(service, phone, "door-2", **changed)


def case_dispatched(**changed: Any) -> dict[str, Any]:
    """grid.case.dispatched"""
    return (
        facts.case()
        | {
            "lead_party_ref": "company",
            "lead_party_name": "示例物业",
            "reason_code": "first_receiver",
            "reason_text": "由该区域物业企业首接",
        }
        | changed
    )


def case_waiting(**changed: Any) -> dict[str, Any]:
    """grid.case.waiting"""
    return (
        facts.case(topic_ref="topic")
        | {"waiting_for": "topic", "reason_text": "正在与居民共议方案", "plan_version": 2}
        | changed
    )


def case_verified(**changed: Any) -> dict[str, Any]:
    """grid.case.verified"""
    return (
        facts.case() | {"outcome_text": "已补种", "finding_text": "现场已恢复", "handled_at": NOW} | changed
    )


def session_announced(**changed: Any) -> dict[str, Any]:
    """consultation.session.announced"""
    return {
        "session_ref": "session",
        "topic_ref": "topic",
        "place_ref": "estate",
        "place_path": facts.ESTATE_PATH,
        "title": "水池花坛改造",
        "kind": "co_design",
        "venue": "社区议事厅",
        "starts_at": datetime(2024, 6, 1, 1, 30, tzinfo=UTC),
        "audience": "全体居民",
    } | changed


def session_rescheduled(**changed: Any) -> dict[str, Any]:
    """consultation.session.rescheduled"""
    return session_cancelled() | {"times_rescheduled": 1} | changed


def session_cancelled(**changed: Any) -> dict[str, Any]:
    """consultation.session.cancelled"""
    data = session_announced(reason_text="场地维修")
    del data["audience"]
    return data | changed


def survey_opened(**changed: Any) -> dict[str, Any]:
    """consultation.survey.opened"""
    return {
        "survey_ref": "survey",
        "topic_ref": None,
        "place_ref": "estate",
        "place_path": facts.ESTATE_PATH,
        "title": "改造问需",
        "place_name": "金侨时代家园",
        "stage": "design",
        "asked_text": "请说说您的意见。",
        "closes_at": datetime(2024, 6, 10, 10, tzinfo=UTC),
    } | changed


def suggestion_answered(**changed: Any) -> dict[str, Any]:
    """consultation.suggestion.answered"""
    return _suggestion() | {"outcome": "partly_adopted", "reason_text": "用地所限"} | changed


def suggestion_implemented(**changed: Any) -> dict[str, Any]:
    """consultation.suggestion.implemented"""
    return _suggestion() | {"evidence_text": "已更换照明"} | changed


def _suggestion() -> dict[str, Any]:
    return {
        "suggestion_ref": "suggestion",
        "survey_ref": "survey",
        "topic_ref": None,
        "place_ref": "estate",
        "place_path": facts.ESTATE_PATH,
        "stage": "design",
        "category": "parking",
        "proposer_ref": None,
    }


def steward_appointed(**changed: Any) -> dict[str, Any]:
    """grid.steward.appointed"""
    return _steward() | {"contractor_name": "示例建设", "person_ref": "worker"} | changed


def steward_expired(**changed: Any) -> dict[str, Any]:
    """grid.steward.expired"""
    return _steward() | {"reason_code": "works_accepted"} | changed


def _steward() -> dict[str, Any]:
    return {
        "works_ref": "works",
        "topic_ref": "topic",
        "place_ref": "estate",
        "place_path": facts.ESTATE_PATH,
        "steward_ref": "steward",
        "building_ref": "building",
        "building_name": "1号楼",
    }


def messages(service: Any, resident_ref: str) -> list[dict[str, Any]]:
    """What a resident has been told and can read, oldest first."""
    listed = service.request("GET", "/messages", role="resident", scope=f"person:{resident_ref}")
    told: list[dict[str, Any]] = listed.json["items"]
    return told


def milestones(service: Any, resident_ref: str) -> list[str]:
    """Of what a resident has been told."""
    return [message["milestone"] for message in messages(service, resident_ref)]


def link(service: Any, resident_ref: str) -> str:
    """The path of the answer link in the resident's last message."""
    found = re.search(r"/notify/v1(/answers/\S+)", messages(service, resident_ref)[-1]["text"])
    assert found is not None
    return found[1]
