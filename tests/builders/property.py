"""What property is told, complete and plausible; tests name only what they are about.

The numbers are those of the demo's 映翠居: 216 owners, 14,580 ㎡.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from services.property.domain.party import Party
from services.property.domain.policies import COMMON_PARTS, Tally, Vote
from services.property.domain.works import AdoptedPlan, Item
from tests.builders.facts import ESTATE_PATH

CREDIT_CODE = "91350100M000100Y43"  # the example of GB 32100


def decision_requested(**changed: Any) -> dict[str, Any]:
    """consultation.decision.requested"""
    return {
        "plan_ref": "plan",
        "topic_ref": "topic",
        "plan_hash": "hash-2",
        "kind": COMMON_PARTS,
        "area_ref": "area",
        "place_ref": "estate",
        "place_path": ESTATE_PATH,
    } | changed


def vote(**changed: Any) -> Vote:
    """A vote that adopts: announced in time, enough owners, posted in time"""
    facts: dict[str, Any] = {
        "topic_ref": "topic",
        "kind": COMMON_PARTS,
        "heads": Tally(216, 168, 131),
        "area_dm2": Tally(1_458_000, 1_148_000, 892_000),
        "noticed_topics": ["topic"],
        "noticed_on": date(2024, 5, 1),
        "voted_on": date(2024, 5, 20),
        "posted_on": date(2024, 5, 22),
    }
    return Vote(**(facts | changed))


def decision_body(area_ref: str, **changed: Any) -> dict[str, Any]:
    """POST /decisions of a vote that adopts"""
    return {
        "topic_ref": "topic",
        "area_ref": area_ref,
        "plan_hash": "hash-2",
        "kind": COMMON_PARTS,
        "heads": {"participating": 168, "approving": 131},
        "area_dm2": {"participating": 1_148_000, "approving": 892_000},
        "noticed_topics": ["topic"],
        "noticed_on": "2024-05-01",
        "voted_on": "2024-05-20",
        "posted_on": "2024-05-22",
        "scan": "档-2024-017",
    } | changed


def area_body(**changed: Any) -> dict[str, Any]:
    """POST /areas"""
    return {
        "name": "金侨一区",
        "estate_ref": "estate",
        "building_refs": ["building"],
        "owners_total": 216,
        "area_total_dm2": 1_458_000,
    } | changed


def contract_body(contractor_ref: str, **changed: Any) -> dict[str, Any]:
    """POST /works/{id}/contract"""
    return {
        "contractor_ref": contractor_ref,
        "amount_fen": 11_800_000,
        "planned_start_on": "2024-07-01",
        "planned_end_on": "2024-09-30",
    } | changed


def acceptance_body(maintainer_ref: str, **changed: Any) -> dict[str, Any]:
    """POST /works/{id}/accept"""
    return {
        "representatives": "居民代表3名、楼门长2名",
        "defects": "",
        "warranty_until_on": "2026-09-30",
        "maintainer_ref": maintainer_ref,
    } | changed


def party(ref: str = "party", **changed: Any) -> Party:
    """A company that answers for the area"""
    facts: dict[str, Any] = {
        "kind": "company",
        "name": "示例物业",
        "credit_code": None,
        "area_refs": ["area"],
    }
    made = Party(**(facts | changed))
    made.id = ref
    return made


def adopted_plan(**changed: Any) -> AdoptedPlan:
    """A plan of two items"""
    facts: dict[str, Any] = {
        "topic_ref": "topic",
        "plan_version": 2,
        "plan_hash": "hash-2",
        "title": "水池花坛改造",
        "place_ref": "estate",
        "place_path": ESTATE_PATH,
        "case_refs": ["case"],
        "area_ref": "area",
        "building_refs": ["building"],
        "items": [
            Item(1, "ground", "防滑铺装", "原水池", 8_000_000),
            Item(2, "greening", "花坛补植", "原水池", 4_000_000),
        ],
        "budget_fen": 12_000_000,
        "needs_owners_decision": True,
        "needs_stewards": False,
        "maintainer_ref": "company",
        "maintainer_name": "示例物业",
    }
    return AdoptedPlan(**(facts | changed))
