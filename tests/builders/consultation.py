"""What consultation is told: the bodies of its requests and the events that it hears, complete and plausible."""

from __future__ import annotations

from typing import Any

from shared.contracts import grid, notify, property
from shared.testing.harness import ServiceUnderTest
from tests.builders import facts


def topic_body(**changed: Any) -> dict[str, Any]:
    """POST /topics"""
    return {
        "title": "水池花坛改造",
        "text": "水池干涸，花坛破损，老人孩子容易滑倒",
        "category": "0603",
        "theme": "sprout",
        "place_ref": "estate",
        "raised_by": "resident",
        "case_refs": ["case"],
    } | changed


def item(**changed: Any) -> dict[str, Any]:
    """An item of a plan"""
    return facts.plan_item(**changed)


def plan_body(**changed: Any) -> dict[str, Any]:
    """POST /topics/{id}/plans; the funding covers the items"""
    items = changed.get("items", [item()])
    total = sum(one["budget_fen"] for one in items)
    return {
        "items": items,
        "funding": [{"source": "新芽项目资金", "amount_fen": total}],
        "author_org_refs": [],
        "building_refs": [],
        "needs_stewards": False,
        "area_ref": "area",
        "maintainer_ref": "company",
        "owners_decision": {
            "required": False,
            "kind": None,
            "reason": "不改变共有部分用途",
            "judged_by": "街道物业科",
        },
    } | changed


def owners_must_decide(**changed: Any) -> dict[str, Any]:
    """owners_decision of a plan that needs the owners"""
    return {
        "required": True,
        "kind": "common_parts",
        "reason": "改变共有部分用途",
        "judged_by": "街道物业科",
    } | changed


def review_body(**changed: Any) -> dict[str, Any]:
    """POST /plans/{id}/reviews"""
    return {
        "expertise": ["planning", "safety"],
        "experts_needed": 1,
        "answer_by": "2024-06-10T18:00:00+08:00",
        "resident_roster": ["resident-1", "resident-2", "resident-3"],
        "closes_at": "2024-06-20T18:00:00+08:00",
    } | changed


def session_body(**changed: Any) -> dict[str, Any]:
    """POST /topics/{id}/sessions"""
    return {
        "kind": "co_design",
        "venue": "大树下",
        "starts_at": "2024-05-27T09:00:00+08:00",
        "audience": "全体居民",
    } | changed


def minutes_body(**changed: Any) -> dict[str, Any]:
    """POST /sessions/{id}/minutes"""
    return {
        "attendance": {"residents": 12, "professionals": 2, "party": 1},
        "text": "讨论了铺装与座椅",
        "points": ["地面防滑", "增加座椅"],
    } | changed


def engagement(request_ref: str, topic_ref: str, **changed: Any) -> dict[str, Any]:
    """alliance.engagement.accepted; reviewers unless told otherwise"""
    return {
        "engagement_ref": "engagement",
        "request_ref": request_ref,
        "purpose": "review",
        "topic_ref": topic_ref,
        "org_ref": "institute",
        "org_name": "示例规划院",
        "expert_refs": ["expert-1"],
    } | changed


def withdrawal(request_ref: str, topic_ref: str, **changed: Any) -> dict[str, Any]:
    """alliance.engagement.withdrawn"""
    data = engagement(request_ref, topic_ref, reason_text="人员调整", **changed)
    del data["expert_refs"]
    return data


def unfilled(request_ref: str, topic_ref: str, purpose: str) -> dict[str, Any]:
    """alliance.request.unfilled"""
    return {
        "request_ref": request_ref,
        "purpose": purpose,
        "topic_ref": topic_ref,
        "reason_code": "answer_date_passed",
    }


def decision(topic_ref: str, plan_hash: str, **changed: Any) -> dict[str, Any]:
    """property.decision.recorded"""
    return {
        "decision_ref": "decision",
        "topic_ref": topic_ref,
        "area_ref": "area",
        "plan_hash": plan_hash,
        "kind": "common_parts",
        "outcome": "adopted",
        "reasons": [],
        "heads": {"total": 216, "participating": 168, "approving": 131},
        "area_dm2": {"total": 1_458_000, "participating": 1_148_000, "approving": 892_000},
        "arithmetic": "参与168/216≥2/3；同意131/168≥3/4",
    } | changed


def works_created(topic_ref: str, plan_hash: str, **changed: Any) -> dict[str, Any]:
    """property.works.created"""
    return (
        facts.works(topic_ref=topic_ref)
        | {
            "title": "水池花坛改造",
            "plan_hash": plan_hash,
            "items": [{"number": 1, **item()}],
            "budget_fen": 12_000_000,
            "building_refs": [],
            "needs_stewards": False,
            "maintainer_ref": "company",
        }
        | changed
    )


def question_closed(topic_ref: str, **changed: Any) -> dict[str, Any]:
    """notify.question.closed"""
    return {
        "question_ref": "question",
        "about": {"type": "topic", "ref": topic_ref, "turn": 1},
        "asked": 30,
        "answered": 24,
        "resolved": 22,
    } | changed


def hear_the_neighbourhood(service: ServiceUnderTest) -> None:
    """Bring the reference facts that a topic stands on."""
    service.hear(grid.PlaceRegistered, "estate", facts.estate())
    service.hear(grid.PlaceRegistered, "building", facts.building())
    service.hear(property.AreaRegistered, "area", facts.area())
    service.hear(property.PartyRegistered, "company", facts.party())
    for number in (1, 2, 3):
        ref = f"resident-{number}"
        service.hear(notify.ContactRegistered, ref, facts.contact(ref))


def survey_body(**changed: Any) -> dict[str, Any]:
    """POST /surveys"""
    return {
        "title": "金侨时代家园改造问需",
        "text": "请说说您对改造方案的意见和建议",
        "stage": "design",
        "place_ref": "estate",
        "closes_at": "2024-06-10T18:00:00+08:00",
    } | changed


def suggestion_body(**changed: Any) -> dict[str, Any]:
    """POST /surveys/{id}/suggestions"""
    return {"text": "希望增加自行车棚", "channel": "door"} | changed


def case_closed(**changed: Any) -> dict[str, Any]:
    """grid.case.closed.v2"""
    return (
        facts.case()
        | {
            "outcome": "unreported",
            "reason_text": "",
            "resolution": None,
            "grade": None,
            "lead_party_ref": None,
            "contacted_at": None,
            "handled_at": None,
            "on_time": True,
            "reopen_count": 0,
            "modes": [],
        }
        | changed
    )
