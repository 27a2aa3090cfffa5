"""What grid says and hears. Everything that it listens to stands in one list, at the end."""

from __future__ import annotations

from typing import Any

from services.grid.domain import case as cases
from services.grid.domain import place as places
from services.grid.domain import steward as stewards
from services.grid.use_cases.cases import (
    DispatchCasesAgain,
    HandleLinkedCases,
    HearAnswer,
    LetCasesWaitForTopic,
    LetCasesWaitForWorks,
)
from services.grid.use_cases.stewards import ExpireStewards, RequestStewards
from shared.contracts import consultation, grid, notify, property
from shared.messaging.subscriptions import Received, Subscription, advance, copy, start
from shared.persistence.unit_of_work import CurrentFacts, Translations, at_home

# ---- says: domain event -> contract


def _place_registered(place: places.Place, _event: places.PlaceRegistered) -> Any:
    return grid.PlaceRegistered, {
        "place_ref": place.id,
        "kind": place.kind,
        "parent_ref": place.parent_ref,
        "name": place.name,
        "code": place.code,
        "path": place.place_path,
        "community_ref": place.community_ref,
        "estate_ref": place.estate_ref,
        "grid_ref": place.grid_ref,
        "building_ref": place.building_ref,
        "estate_type": place.estate_type,
        "household_count": place.household_count,
    }


def _about(case: cases.Case) -> dict[str, Any]:
    return {
        "case_ref": case.id,
        "number": case.number,
        "turn": case.turn,
        "category": case.category,
        "category_name": case.category_name,
        "place_ref": case.place_ref,
        "place_path": case.place_path,
        "place_name": case.place_name,
        "grid_ref": case.grid_ref,
        "grid_code": case.grid_code,
        "estate_ref": case.estate_ref,
        "area_ref": case.area_ref,
        "building_ref": case.building_ref,
        "source": case.source,
        "external_refs": case.external_refs,
        "reporter_refs": [case.reporter_ref] if case.reporter_ref else [],
        "topic_ref": case.topic_ref,
        "works_ref": case.works_ref,
        "answer_due_at": case.answer_due_at,
    }


def _case_reported(case: cases.Case, _event: cases.CaseReported | None) -> Any:
    return grid.CaseReported, _about(case)


def _case_dispatched(case: cases.Case, event: cases.CaseDispatched) -> Any:
    return grid.CaseDispatched, {
        **_about(case),
        "lead_party_ref": case.lead_party_ref,
        "lead_party_name": case.lead_party_name,
        "reason_code": event.reason_code,
        "reason_text": event.reason_text,
    }


def _case_waiting(case: cases.Case, event: cases.CaseWaiting) -> Any:
    return grid.CaseWaiting, {
        **_about(case),
        "waiting_for": event.waiting_for,
        "reason_text": event.reason_text,
        "plan_version": event.plan_version,
    }


def _case_handled(case: cases.Case, event: cases.CaseHandled) -> Any:
    return grid.CaseHandled, {
        **_about(case),
        "outcome_text": event.outcome_text,
        "handled_at": event.handled_at,
    }


def _case_reopened(case: cases.Case, event: cases.CaseReopened) -> Any:
    return grid.CaseReopened, {**_about(case), "reason_code": event.reason_code}


def _case_closed(case: cases.Case, event: cases.CaseClosed) -> Any:
    return grid.CaseClosed, {
        **_about(case),
        "outcome": "revisited",
        "resolution": event.resolution,
        "grade": event.grade,
        "handled_at": case.handled_at,
        "on_time": case.is_on_time,
        "reopen_count": case.reopen_count,
    }


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
    }


TRANSLATIONS: Translations = {
    places.PlaceRegistered: _place_registered,
    cases.CaseReported: _case_reported,
    cases.CaseDispatched: _case_dispatched,
    cases.CaseWaiting: _case_waiting,
    cases.WorksGivenUp: at_home,
    cases.CaseHandled: _case_handled,
    cases.CaseReopened: _case_reopened,
    cases.CaseClosed: _case_closed,
    stewards.StewardRequested: _steward_requested,
    stewards.StewardRequestEnded: at_home,
    stewards.StewardAppointed: _steward_appointed,
    stewards.StewardExpired: _steward_expired,
}

# reference facts that can be said anew, as they are now
CURRENT: CurrentFacts = {
    places.Place: _place_registered,
    cases.Case: _case_reported,
}


# ---- hears: contract -> command


def on_topic_accepted(event: Received) -> LetCasesWaitForTopic:
    """The linked cases wait for the deliberation."""
    return LetCasesWaitForTopic(
        topic_ref=event.data["topic_ref"],
        title=event.data["title"],
        case_refs=event.data["case_refs"],
        place_path=event.data["place_path"],
    )


def on_topic_resolved(event: Received) -> LetCasesWaitForWorks:
    """The linked cases wait for the works."""
    return LetCasesWaitForWorks(
        topic_ref=event.data["topic_ref"],
        plan_version=event.data["plan_version"],
        title=event.data["title"],
        case_refs=event.data["case_refs"],
        place_path=event.data["place_path"],
    )


def on_result_landed(event: Received) -> HandleLinkedCases:
    """The linked cases are handled; works alone would not do, a result needs a maintainer too."""
    return HandleLinkedCases(
        topic_ref=event.data["topic_ref"],
        works_ref=event.data["works_ref"],
        title=event.data["title"],
        maintainer_name=event.data["maintainer_name"],
        case_refs=event.data["case_refs"],
        place_path=event.data["place_path"],
    )


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


def on_feedback_received(event: Received) -> list[HearAnswer]:
    """An answer closes, or opens again, the reporter's own cases that it speaks of."""
    data = event.data
    return [
        HearAnswer(
            case_ref=about["ref"],
            turn=about["turn"],
            resolution=data["resolution"],
            grade=data["grade"],
            reason_code=data["reason_code"],
        )
        for about in (data["about"], *data["covers"])
        if about["type"] == "case"
    ]


SUBSCRIPTIONS: list[Subscription] = [
    copy(property.AreaRegistered),
    copy(property.PartyRegistered),
    copy(notify.ContactRegistered),
    advance(consultation.TopicAccepted, on_topic_accepted),
    advance(consultation.TopicResolved, on_topic_resolved),
    advance(consultation.ResultLanded, on_result_landed),
    start(property.WorksStarted, on_works_started),
    advance(property.WorksAccepted, on_works_accepted),
    advance(property.WorksCancelled, on_works_cancelled),
    advance(notify.FeedbackReceived, on_feedback_received),
]
