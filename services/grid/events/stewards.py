"""What grid says of construction stewards, and how works set them off."""

from __future__ import annotations

from typing import Any

from services.grid.domain import steward as stewards
from services.grid.use_cases.cases import DispatchCasesAgain
from services.grid.use_cases.stewards import ExpireStewards, RequestStewards
from shared.contracts import grid, property
from shared.messaging.subscriptions import Received, Subscription, advance, start
from shared.persistence.unit_of_work import Translations, at_home


def _of_works(thing: stewards.StewardRequest | stewards.Steward) -> dict[str, Any]:
    return {
        "works_ref": thing.works_ref,
        "topic_ref": thing.topic_ref,
        "place_ref": thing.place_ref,
        "place_path": thing.place_path,
    }


def _steward_requested(request: stewards.StewardRequest, _event: stewards.StewardRequested) -> Any:
    return grid.StewardRequested, {
        **_of_works(request),
        "request_ref": request.id,
        "building_refs": request.building_refs,
        "contractor_ref": request.contractor_ref,
        "contractor_name": request.contractor_name,
    }


def _steward_appointed(steward: stewards.Steward, _event: stewards.StewardAppointed) -> Any:
    return grid.StewardAppointed, {
        **_of_works(steward),
        "steward_ref": steward.id,
        "building_ref": steward.building_ref,
        "building_name": steward.building_name,
        "contractor_name": steward.contractor_name,
        "person_ref": steward.person_ref,
    }


def _steward_expired(steward: stewards.Steward, event: stewards.StewardExpired) -> Any:
    return grid.StewardExpired, {
        **_of_works(steward),
        "steward_ref": steward.id,
        "building_ref": steward.building_ref,
        "building_name": steward.building_name,
        "reason_code": event.reason_code,
        "captain_refs": event.captain_refs,
        "door_refs": event.door_refs,
    }


SAYS: Translations = {
    stewards.StewardRequested: _steward_requested,
    stewards.StewardRequestEnded: at_home,
    stewards.StewardAppointed: _steward_appointed,
    stewards.StewardExpired: _steward_expired,
}


def on_works_started(event: Received) -> RequestStewards | None:
    """Works in a lived-in estate need stewards."""
    return RequestStewards(_works(event)) if event.data["needs_stewards"] else None


def on_works_accepted(event: Received) -> ExpireStewards:
    """Stewards hear works only; linked cases hear the result only."""
    return ExpireStewards(_works(event), reason_code="works_accepted")


def on_works_cancelled(event: Received) -> list[ExpireStewards | DispatchCasesAgain]:
    """The stewards go, and the waiting cases get their responsible party back."""
    return [
        ExpireStewards(_works(event), reason_code="works_cancelled"),
        DispatchCasesAgain(
            topic_ref=event.data["topic_ref"],
            plan_version=event.data["plan_version"],
            works_ref=event.data["works_ref"],
            reason=event.data["reason_text"],
            case_refs=event.data["case_refs"],
            place_path=event.data["place_path"],
        ),
    ]


def _works(event: Received) -> stewards.AskingWorks:
    data = event.data
    return stewards.AskingWorks(
        works_ref=data["works_ref"],
        topic_ref=data["topic_ref"],
        place_ref=data["place_ref"],
        place_path=data["place_path"],
        building_refs=data.get("building_refs", []),
        contractor_ref=data.get("contractor_ref", ""),
        contractor_name=data.get("contractor_name", ""),
    )


HEARS: list[Subscription] = [
    start(property.WorksStarted, on_works_started),
    advance(property.WorksAccepted, on_works_accepted),
    advance(property.WorksCancelled, on_works_cancelled),
]
