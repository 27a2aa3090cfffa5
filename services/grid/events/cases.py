"""What grid says of cases, and what moves them."""

from __future__ import annotations

from typing import Any

from services.grid.domain import case as cases
from services.grid.use_cases.cases import (
    HandleLinkedCases,
    HearAnswer,
    LetCasesWaitForTopic,
    LetCasesWaitForWorks,
)
from shared.contracts import consultation, grid, notify
from shared.messaging.subscriptions import Received, Subscription, advance
from shared.persistence.unit_of_work import Translations, at_home


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


def _case_reported(case: cases.Case, _event: cases.CaseReported) -> Any:
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


SAYS: Translations = {
    cases.CaseReported: _case_reported,
    cases.CaseDispatched: _case_dispatched,
    cases.CaseWaiting: _case_waiting,
    cases.WorksGivenUp: at_home,
    cases.CaseHandled: _case_handled,
    cases.CaseReopened: _case_reopened,
    cases.CaseClosed: _case_closed,
    cases.CaseMoved: at_home,
}


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


HEARS: list[Subscription] = [
    advance(consultation.TopicAccepted, on_topic_accepted),
    advance(consultation.TopicResolved, on_topic_resolved),
    advance(consultation.ResultLanded, on_result_landed),
    advance(notify.FeedbackReceived, on_feedback_received),
]
