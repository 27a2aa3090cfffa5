"""What consultation says of plans."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.consultation.domain import plan as plans
from services.consultation.events.common import placed
from shared.contracts import consultation
from shared.persistence.unit_of_work import Translations


def _plan_proposed(plan: plans.Plan, event: plans.PlanProposed) -> Any:
    version = event.version
    return consultation.PlanProposed, {
        **placed(plan),
        "plan_ref": plan.id,
        "topic_ref": plan.topic_ref,
        "plan_version": version.number,
        "plan_hash": version.hash,
        "budget_fen": version.content.budget_fen,
        "items": [asdict(item) for item in version.content.items],
        "author_org_refs": version.content.author_org_refs,
    }


def _version_passed(plan: plans.Plan, event: plans.VersionPassed) -> Any:
    content = event.version.content
    if not content.owners_decision.required:
        return None
    return consultation.DecisionRequested, {
        **placed(plan),
        "plan_ref": plan.id,
        "topic_ref": plan.topic_ref,
        "plan_hash": event.version.hash,
        "kind": content.owners_decision.kind,
        "area_ref": content.area_ref,
    }


SAYS: Translations = {
    plans.PlanProposed: _plan_proposed,
    plans.VersionPassed: _version_passed,
}
