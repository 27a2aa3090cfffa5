"""What property says and hears. Everything that it listens to stands in one list, at the end."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.property.domain import area as areas
from services.property.domain import decision as decisions
from services.property.domain import party as parties
from services.property.domain import works
from services.property.domain.works import AdoptedPlan, Item
from services.property.use_cases.decisions import ExpectDecision
from services.property.use_cases.works import CreateWorks
from shared.contracts import consultation, property
from shared.following import PLACES
from shared.messaging.subscriptions import Received, Subscription, start
from shared.persistence.unit_of_work import CurrentFacts, Translations, at_home

# ---- says: domain event -> contract


def _area_registered(area: areas.Area, _event: areas.AreaRegistered) -> Any:
    return property.AreaRegistered, {
        "area_ref": area.id,
        "name": area.name,
        "estate_ref": area.estate_ref,
        "building_refs": area.building_refs,
    }


def _party_registered(party: parties.Party, _event: parties.PartyRegistered) -> Any:
    return property.PartyRegistered, {
        "party_ref": party.id,
        "kind": party.kind,
        "name": party.name,
        "area_refs": party.area_refs,
    }


def _decision_recorded(decision: decisions.OwnersDecision, _event: decisions.DecisionRecorded) -> Any:
    return property.DecisionRecorded, {
        "decision_ref": decision.id,
        "topic_ref": decision.topic_ref,
        "area_ref": decision.area_ref,
        "plan_hash": decision.plan_hash,
        "kind": decision.kind,
        "outcome": decision.outcome,
        "reasons": decision.reasons,
        "heads": asdict(decision.heads),
        "area_dm2": asdict(decision.area_dm2),
        "arithmetic": decision.arithmetic,
    }


def _about(of: works.Works) -> dict[str, Any]:
    return {
        "works_ref": of.id,
        "topic_ref": of.topic_ref,
        "plan_version": of.plan_version,
        "case_refs": of.case_refs,
        "place_ref": of.place_ref,
        "place_path": of.place_path,
    }


def _works_created(of: works.Works, _event: works.WorksCreated) -> Any:
    return property.WorksCreated, {
        **_about(of),
        "title": of.title,
        "plan_hash": of.plan_hash,
        "items": [_item(item) for item in of.items],
        "budget_fen": of.budget_fen,
        "building_refs": of.building_refs,
        "needs_stewards": of.needs_stewards,
        "maintainer_ref": of.maintainer_ref,
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "number": item.number,
        "kind": item.kind,
        "title": item.title,
        "location": item.location,
        "budget_fen": item.budget_fen,
    }


def _works_contracted(of: works.Works, _event: works.WorksContracted) -> Any:
    return property.WorksContracted, {
        **_about(of),
        "contractor_ref": of.contractor_ref,
        "contractor_name": of.contractor_name,
        "amount_fen": of.amount_fen,
        "planned_start_on": of.planned_start_on,
        "planned_end_on": of.planned_end_on,
    }


def _works_started(of: works.Works, _event: works.WorksStarted) -> Any:
    return property.WorksStarted, {
        **_about(of),
        "title": of.title,
        "contractor_ref": of.contractor_ref,
        "contractor_name": of.contractor_name,
        "building_refs": of.building_refs,
        "needs_stewards": of.needs_stewards,
        "planned_end_on": of.planned_end_on,
    }


def _item_accepted(of: works.Works, event: works.ItemAccepted) -> Any:
    return property.WorksItemAccepted, {
        **_about(of),
        "item_number": event.item.number,
        "item_title": event.item.title,
        "items_accepted": of.items_accepted,
        "items_total": len(of.items),
    }


def _item_rejected(of: works.Works, event: works.ItemRejected) -> Any:
    return property.WorksItemRejected, {
        **_about(of),
        "item_number": event.item.number,
        "item_title": event.item.title,
        "reason_text": event.item.reason,
    }


def _works_accepted(of: works.Works, _event: works.WorksAccepted) -> Any:
    return property.WorksAccepted, {
        **_about(of),
        "title": of.title,
        "items_total": len(of.items),
        "warranty_until_on": of.warranty_until_on,
        "maintainer_ref": of.maintainer_ref,
        "maintainer_name": of.maintainer_name,
    }


def _works_cancelled(of: works.Works, _event: works.WorksCancelled) -> Any:
    return property.WorksCancelled, {
        **_about(of),
        "title": of.title,
        "reason_text": of.cancelled_because,
        "items_done": of.items_accepted,
        "items_total": len(of.items),
    }


TRANSLATIONS: Translations = {
    areas.AreaRegistered: _area_registered,
    parties.PartyRegistered: _party_registered,
    decisions.DecisionExpected: at_home,
    decisions.DecisionRecorded: _decision_recorded,
    works.WorksCreated: _works_created,
    works.WorksContracted: _works_contracted,
    works.WorksStarted: _works_started,
    works.ItemAccepted: _item_accepted,
    works.ItemRejected: _item_rejected,
    works.WorksAccepted: _works_accepted,
    works.WorksCancelled: _works_cancelled,
}

# reference facts that can be said anew, as they are now
CURRENT: CurrentFacts = {
    areas.Area: _area_registered,
    parties.Party: _party_registered,
}


# ---- hears: contract -> command


def on_decision_requested(event: Received) -> ExpectDecision:
    """The owners are to vote on a plan; their result will be imported here."""
    data = event.data
    return ExpectDecision(
        topic_ref=data["topic_ref"],
        plan_hash=data["plan_hash"],
        kind=data["kind"],
        area_ref=data["area_ref"],
        place_path=data["place_path"],
    )


def on_topic_resolved(event: Received) -> CreateWorks:
    """The adopted plan is to be built."""
    data = event.data
    return CreateWorks(
        AdoptedPlan(
            topic_ref=data["topic_ref"],
            plan_version=data["plan_version"],
            plan_hash=data["plan_hash"],
            title=data["title"],
            place_ref=data["place_ref"],
            place_path=data["place_path"],
            case_refs=data["case_refs"],
            area_ref=data["area_ref"],
            building_refs=data["building_refs"],
            items=[Item(number, **item) for number, item in enumerate(data["items"], start=1)],
            budget_fen=data["budget_fen"],
            needs_owners_decision=data["owners_decision"]["required"],
            needs_stewards=data["needs_stewards"],
            maintainer_ref=data["maintainer_ref"],
            maintainer_name=data["maintainer_name"],
        )
    )


SUBSCRIPTIONS: list[Subscription] = [
    *PLACES,
    start(consultation.DecisionRequested, on_decision_requested),
    start(consultation.TopicResolved, on_topic_resolved),
]
