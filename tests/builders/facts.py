"""The data of events, complete and plausible; tests name only what they are about.

The place is the demo's 金侨时代家园: ids are words, so that a failing test can be read.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

ESTATE_PATH = "/street/community/estate/"
SPOT_PATH = f"{ESTATE_PATH}grid/spot/"


def place(ref: str = "spot", **changed: Any) -> dict[str, Any]:
    """grid.place.registered"""
    return {
        "place_ref": ref,
        "kind": "spot",
        "parent_ref": "grid",
        "name": "水池花坛",
        "code": f"JQ-{ref}",
        "path": SPOT_PATH,
        "community_ref": "community",
        "estate_ref": "estate",
        "grid_ref": "grid",
        "building_ref": None,
    } | changed


def estate(ref: str = "estate", **changed: Any) -> dict[str, Any]:
    """grid.place.registered of the estate itself"""
    return place(
        ref,
        kind="estate",
        parent_ref="community",
        name="金侨时代家园",
        path=ESTATE_PATH,
        grid_ref=None,
        **changed,
    )


def door(ref: str = "door", **changed: Any) -> dict[str, Any]:
    """grid.place.registered of a door of building 1"""
    return place(
        ref,
        kind="door",
        parent_ref="building",
        name="1号楼1单元",
        path=f"{ESTATE_PATH}grid/building/{ref}/",
        building_ref="building",
        **changed,
    )


def building(ref: str = "building", **changed: Any) -> dict[str, Any]:
    """grid.place.registered of a building"""
    path = f"{ESTATE_PATH}grid/{ref}/"
    return place(
        ref, kind="building", parent_ref="grid", name="1号楼", path=path, building_ref=ref, **changed
    )


def area(**changed: Any) -> dict[str, Any]:
    """property.area.registered"""
    return {
        "area_ref": "area",
        "name": "金侨一区",
        "estate_ref": "estate",
        "building_refs": ["building"],
    } | changed


def party(**changed: Any) -> dict[str, Any]:
    """property.party.registered"""
    return {"party_ref": "company", "kind": "company", "name": "示例物业", "area_refs": ["area"]} | changed


def contact(ref: str = "resident-1", **changed: Any) -> dict[str, Any]:
    """notify.contact.registered"""
    path = f"{ESTATE_PATH}grid/building/door/"
    return {
        "resident_ref": ref,
        "contact_class": "resident",
        "place_ref": "door",
        "place_path": path,
    } | changed


def contact_moved(ref: str = "resident-1", **changed: Any) -> dict[str, Any]:
    """notify.contact.moved, to another building"""
    to = {"place_ref": "door-2", "place_path": f"{ESTATE_PATH}grid/building-2/door-2/"}
    return contact(ref) | to | {"from_door_ref": "door", "to_door_ref": "door-2"} | changed


def contact_erased(ref: str = "resident-1") -> dict[str, Any]:
    """notify.contact.erased"""
    return {"resident_ref": ref}


def vacancy(**changed: Any) -> dict[str, Any]:
    """What both events about a vacancy carry"""
    return {
        "place_ref": "door",
        "place_path": f"{ESTATE_PATH}grid/building/door/",
        "door_ref": "door",
        "door_name": "1号楼1单元",
        "required_captains": 2,
    } | changed


def vacancy_found(**changed: Any) -> dict[str, Any]:
    """grid.vacancy.found"""
    return vacancy() | {"missing": 1, "reason_code": "moved"} | changed


def topic(**changed: Any) -> dict[str, Any]:
    """What every event about a topic carries"""
    return {
        "topic_ref": "topic",
        "title": "水池花坛改造",
        "category": "0603",
        "place_ref": "estate",
        "place_path": ESTATE_PATH,
        "place_name": "金侨时代家园",
        "estate_ref": "estate",
        "case_refs": [],
    } | changed


def plan_item(**changed: Any) -> dict[str, Any]:
    """An item of a plan"""
    return {"kind": "ground", "title": "防滑铺装", "location": "原水池", "budget_fen": 12_000_000} | changed


def topic_resolved(**changed: Any) -> dict[str, Any]:
    """consultation.topic.resolved"""
    return (
        topic()
        | {
            "plan_ref": "plan",
            "plan_version": 2,
            "plan_hash": "hash-2",
            "items": [plan_item()],
            "budget_fen": 12_000_000,
            "funding": [{"source": "新芽项目资金", "amount_fen": 12_000_000}],
            "owners_decision": {"required": True, "reason": "改变共有部分用途", "decision_ref": "decision"},
            "needs_stewards": False,
            "area_ref": "area",
            "building_refs": ["building"],
            "maintainer_ref": "company",
            "maintainer_name": "示例物业",
        }
        | changed
    )


def result_landed(**changed: Any) -> dict[str, Any]:
    """consultation.result.landed"""
    return (
        topic()
        | {
            "works_ref": "works",
            "maintainer_ref": "company",
            "maintainer_name": "示例物业",
            "accepted_by": "居民代表",
        }
        | changed
    )


def topic_turn(**changed: Any) -> dict[str, Any]:
    """What becomes of a topic, which each event tells with facts of its own"""
    return topic() | {"reason_text": "已列入市政计划"} | changed


def project(**changed: Any) -> dict[str, Any]:
    """What every event about a project carries"""
    where = {"place_ref": "estate", "place_path": ESTATE_PATH, "place_name": "金侨时代家园"}
    about = {"project_ref": "project", "kind": "key", "title": "综合改造", "topic_refs": ["topic"]}
    return about | where | {"stage": "construction"} | changed


def project_paused(**changed: Any) -> dict[str, Any]:
    """consultation.project.paused"""
    why = {"cause": "conflict", "reason_text": "两户对管线走向有异议", "paused_on": date(2024, 7, 8)}
    return project() | why | changed


def project_closed(**changed: Any) -> dict[str, Any]:
    """consultation.project.closed"""
    return project() | {"outcome": "completed", "reason_text": "质保期满", "days_lost": 3} | changed


def unmanaged_found(**changed: Any) -> dict[str, Any]:
    """property.area.unmanaged_found"""
    about = {"area_ref": "area", "area_name": "映翠居", "category": "0202"}
    where = {"place_ref": "estate", "place_path": ESTATE_PATH}
    return about | where | {"case_refs": ["case-1", "case-2"]} | changed


def turn_started(**changed: Any) -> dict[str, Any]:
    """property.evaluation.turn_started"""
    about = {"evaluation_ref": "evaluation", "area_ref": "area", "area_name": "金侨时代家园"}
    where = {
        "place_ref": "estate",
        "place_path": ESTATE_PATH,
        "party_ref": "company",
        "party_name": "示例物业",
    }
    return about | where | {"turn": 3, "failed_turns": 2} | changed


def works(**changed: Any) -> dict[str, Any]:
    """What every event about works carries"""
    return {
        "works_ref": "works",
        "topic_ref": "topic",
        "plan_version": 2,
        "case_refs": [],
        "place_ref": "estate",
        "place_path": ESTATE_PATH,
    } | changed


def works_started(**changed: Any) -> dict[str, Any]:
    """property.works.started"""
    return (
        works()
        | {
            "title": "水池花坛改造",
            "contractor_ref": "contractor",
            "contractor_name": "示例建设",
            "building_refs": ["building"],
            "needs_stewards": True,
            "planned_end_on": date(2024, 9, 30),
        }
        | changed
    )


def works_accepted(**changed: Any) -> dict[str, Any]:
    """property.works.accepted"""
    return (
        works()
        | {
            "title": "水池花坛改造",
            "items_total": 1,
            "warranty_until_on": date(2026, 9, 30),
            "maintainer_ref": "company",
            "maintainer_name": "示例物业",
        }
        | changed
    )


def works_cancelled(**changed: Any) -> dict[str, Any]:
    """property.works.cancelled"""
    return (
        works()
        | {
            "title": "水池花坛改造",
            "reason_text": "施工单位退出",
            "items_done": 0,
            "items_total": 1,
        }
        | changed
    )


def case(**changed: Any) -> dict[str, Any]:
    """What every event about a case carries"""
    return {
        "case_ref": "case",
        "number": "240527-0001-5",
        "turn": 1,
        "category": "0603",
        "category_name": "绿化缺失/枯枝",
        "place_ref": "spot",
        "place_path": SPOT_PATH,
        "place_name": "水池花坛",
        "grid_ref": "grid",
        "grid_code": "110112010904001",
        "estate_ref": "estate",
        "area_ref": "area",
        "building_ref": None,
        "source": "resident",
        "reporter_refs": ["resident-1"],
        "topic_ref": None,
        "works_ref": None,
        "answer_due_at": datetime(2024, 6, 3, 1, tzinfo=UTC),
    } | changed


def feedback(**changed: Any) -> dict[str, Any]:
    """notify.feedback.received"""
    return {
        "question_ref": "question",
        "about": {"type": "topic", "ref": "topic", "turn": 1},
        "covers": [{"type": "case", "ref": "case", "turn": 1}],
        "resident_ref": "resident-1",
        "resolution": "resolved",
        "grade": 5,
        "reason_code": "",
    } | changed


def message_failed(**changed: Any) -> dict[str, Any]:
    """notify.message.failed"""
    return {
        "message_ref": "message",
        "must_reach": True,
        "about": {"type": "case", "ref": "case"},
        "door_ref": "door",
        "by": datetime(2024, 6, 10, 1, tzinfo=UTC),
    } | changed


def visit_recorded(**changed: Any) -> dict[str, Any]:
    """grid.visit.recorded"""
    return {
        "place_ref": "building",
        "place_path": f"{ESTATE_PATH}grid/building/",
        "task_ref": "visit",
        "message_ref": "message",
        "campaign_ref": None,
        "purpose": "delivery",
        "door_ref": "door",
        "outcome": "met",
        "answer": "signed",
        "occurred_at": datetime(2024, 5, 28, 2, tzinfo=UTC),
    } | changed


def takeover_completed(**changed: Any) -> dict[str, Any]:
    """property.takeover.completed"""
    return {
        "area_ref": "area",
        "from_party_ref": "company",
        "to_party_ref": "company-2",
        "place_path": ESTATE_PATH,
    } | changed


def responsibility_published(**changed: Any) -> dict[str, Any]:
    """property.responsibility.published"""
    return {
        "area_ref": "area",
        "list_version": 1,
        "effective_on": date(2024, 5, 1),
        "entries": [{"category": "0604", "party_ref": "owner", "duty": "管线更新"}],
    } | changed


def responsibility_found(**changed: Any) -> dict[str, Any]:
    """property.responsibility.found"""
    return {
        "case_ref": "case",
        "area_ref": "area",
        "party_ref": "owner",
        "reason_text": "属于管线更新",
    } | changed


def gray_zone(**changed: Any) -> dict[str, Any]:
    """property.gray_zone.found"""
    return {"gray_zone_ref": "zone", "area_ref": "area", "title": "无主绿地", "case_refs": []} | changed


def gray_zone_decided(**changed: Any) -> dict[str, Any]:
    """property.gray_zone.assigned, and deadlocked"""
    return gray_zone(party_ref="owner", reason_text="三方会商") | changed


def claim(**changed: Any) -> dict[str, Any]:
    """What property says of a claim in all its events."""
    return {"claim_ref": "claim", "area_ref": "area", "case_refs": []} | changed


def mediation(**changed: Any) -> dict[str, Any]:
    """What alliance says of a mediation in all its events."""
    return {"mediation_ref": "mediation", "case_ref": "case"} | changed


def pairing(**changed: Any) -> dict[str, Any]:
    """grid.pairing.started"""
    return {
        "place_ref": "estate",
        "place_path": ESTATE_PATH,
        "pairing_ref": "pairing",
        "place_name": "金侨时代家园",
        "worker_ref": "worker",
        "leader_refs": ["resident-1"],
        "valid_from": date(2024, 5, 1),
        "valid_to": None,
    } | changed


def pairing_ended(**changed: Any) -> dict[str, Any]:
    """grid.pairing.ended"""
    return pairing(worker_ref=None, reason_code="worker_left", **changed)


def cluster_found(**changed: Any) -> dict[str, Any]:
    """grid.cluster.found"""
    return _cluster() | {"rule_version": "1", "window_days": 30} | changed


def case_joined(**changed: Any) -> dict[str, Any]:
    """grid.cluster.case_joined: a sixth"""
    joined = [f"case-{number}" for number in range(6)]
    return _cluster() | {"case_refs": joined, "count": 6, "case_ref": "case-5"} | changed


def _cluster() -> dict[str, Any]:
    return {
        "cluster_ref": "cluster",
        "route": "topic",
        "category": "0601",
        "category_name": "路面破损",
        "place_ref": "estate",
        "place_path": ESTATE_PATH,
        "place_name": "金侨时代家园",
        "case_refs": [f"case-{number}" for number in range(5)],
        "count": 5,
    }
