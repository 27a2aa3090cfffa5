"""What grid says of cases, and what moves them."""

from __future__ import annotations

from typing import Any

from services.grid.domain import case_events as cases
from services.grid.domain.case import REVISITED, Answer, Case
from services.grid.use_cases.case_answers import HearAnswer
from services.grid.use_cases.cases import (
    HandleLinkedCases,
    LetCasesWaitForTopic,
    LetCasesWaitForWorks,
)
from shared.contracts import consultation, grid, notify
from shared.messaging.subscriptions import Received, Subscription, advance
from shared.persistence.unit_of_work import CurrentFacts, Translations, at_home


def _about(case: Case) -> dict[str, Any]:
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
        "reporter_refs": case.reporter_refs,
        "topic_ref": case.topic_ref,
        "works_ref": case.works_ref,
        "answer_due_at": case.answer_due_at,
        "due_at": case.due_at,
        "phase": case.phase,
        "cluster_ref": case.cluster_ref,
    }


def _lead(case: Case) -> dict[str, Any]:
    return {"lead_party_ref": case.lead_party_ref, "lead_party_name": case.lead_party_name}


def _case_reported(case: Case, _event: cases.CaseReported | None) -> Any:
    return grid.CaseReported, {**_about(case), "reporter_sealed": case.reporter_sealed}


def _case_placed(case: Case, _event: cases.CasePlaced) -> Any:
    return grid.CasePlaced, {**_about(case), "reporter_sealed": case.reporter_sealed}


def _case_dispatched(case: Case, event: cases.CaseDispatched) -> Any:
    return grid.CaseDispatched, {
        **_about(case),
        **_lead(case),
        "reason_code": event.reason_code,
        "reason_text": event.reason_text,
    }


def _responsibility_asked(case: Case, _event: cases.ResponsibilityAsked) -> Any:
    return grid.CaseResponsibilityAsked, _about(case)


def _dispute_found(case: Case, event: cases.DisputeFound) -> Any:
    return grid.DisputeFound, {
        **_about(case),
        "respondent_door_ref": case.respondent_door_ref,
        "hazard": event.is_hazardous,
    }


def _dispute_withdrawn(case: Case, event: cases.DisputeWithdrawn) -> Any:
    return grid.DisputeWithdrawn, {**_about(case), "outcome": event.outcome}


def _case_merged(case: Case, event: cases.CaseMerged) -> Any:
    return grid.CaseMerged, {
        **_about(case),
        "into_case_ref": event.into_ref,
        "into_number": event.into_number,
    }


def _case_accepted(case: Case, _event: cases.CaseAccepted) -> Any:
    return grid.CaseAccepted, {**_about(case), **_lead(case)}


def _case_objected(case: Case, event: cases.CaseObjected) -> Any:
    return grid.CaseObjected, {
        **_about(case),
        "lead_party_ref": case.lead_party_ref,
        "reason_text": event.reason_text,
    }


def _objection_ruled(case: Case, event: cases.ObjectionRuled) -> Any:
    return grid.CaseObjectionRuled, {
        **_about(case),
        "upheld": event.is_upheld,
        "reason_text": event.reason_text,
    }


def _case_contacted(case: Case, event: cases.CaseContacted) -> Any:
    return grid.CaseContacted, {**_about(case), "contacted_at": event.contacted_at}


def _case_paused(case: Case, event: cases.ClockPaused) -> Any:
    return grid.CasePaused, {
        **_about(case),
        "reason_code": event.reason_code,
        "reason_text": event.reason_text,
    }


def _case_resumed(case: Case, _event: cases.ClockResumed) -> Any:
    return grid.CaseResumed, _about(case)


def _case_extended(case: Case, event: cases.CaseExtended) -> Any:
    return grid.CaseExtended, {
        **_about(case),
        "amount": event.amount,
        "unit": event.unit,
        "reason_text": event.reason_text,
    }


def _phase_finished(case: Case, event: cases.PhaseFinished) -> Any:
    return grid.CasePhaseFinished, {
        **_about(case),
        "phase_name": event.phase_name,
        "next_phase_name": event.next_phase_name,
    }


def _deadline_warned(case: Case, _event: cases.DeadlineWarned) -> Any:
    return grid.CaseDeadlineWarned, _about(case)


def _deadline_missed(case: Case, _event: cases.DeadlineMissed) -> Any:
    return grid.CaseDeadlineMissed, _about(case)


def _case_escalated(case: Case, event: cases.CaseEscalated) -> Any:
    return grid.CaseEscalated, {
        **_about(case),
        "from_organisation_ref": event.from_ref,
        "organisation_ref": case.organisation_ref,
        "organisation_name": event.to_name,
    }


def _case_waiting(case: Case, event: cases.CaseWaiting) -> Any:
    return grid.CaseWaiting, {
        **_about(case),
        "waiting_for": event.waiting_for,
        "reason_text": event.reason_text,
        "plan_version": event.plan_version,
        "next_on": case.next_on,
    }


def _case_passed(case: Case, event: cases.CasePassed) -> Any:
    return grid.CasePassed, {
        **_about(case),
        "from_organisation_ref": event.from_ref,
        "organisation_ref": case.organisation_ref,
        "organisation_name": event.to_name,
        "direction": event.direction,
        "reason_text": event.reason_text,
    }


def _case_handled(case: Case, event: cases.CaseHandled) -> Any:
    return grid.CaseHandled, {
        **_about(case),
        "outcome_text": event.outcome_text,
        "handled_at": event.handled_at,
    }


def _case_verified(case: Case, event: cases.CaseVerified) -> Any:
    return grid.CaseVerified, {
        **_about(case),
        "outcome_text": case.result_text,
        "finding_text": event.finding_text,
        "handled_at": case.handled_at,
    }


def _case_sent_back(case: Case, event: cases.CaseSentBack) -> Any:
    return grid.CaseSentBack, {**_about(case), "reason_text": event.reason_text}


def _case_reopened(case: Case, event: cases.CaseReopened) -> Any:
    return grid.CaseReopened, {**_about(case), "reason_code": event.reason_code}


def _case_closed(case: Case, event: cases.CaseClosed) -> Any:
    """Every end in the second version; those after an answer in the first too, for those who still read it."""
    end = {
        **_about(case),
        "outcome": event.outcome,
        "resolution": event.resolution,
        "grade": event.grade,
        "handled_at": case.handled_at,
        "on_time": case.is_on_time,
        "reopen_count": case.reopen_count,
    }
    more = {
        "reason_text": event.reason_text,
        "lead_party_ref": case.lead_party_ref,
        "co_party_refs": case.co_party_refs,
        "contacted_at": case.contacted_at,
        "modes": case.modes,
    }
    told = [(grid.CaseClosedV2, end | more)]
    return [(grid.CaseClosed, end), *told] if event.outcome == REVISITED else told


SAYS: Translations = {
    cases.CaseReported: _case_reported,
    cases.CaseDispatched: _case_dispatched,
    cases.ResponsibilityAsked: _responsibility_asked,
    cases.DisputeFound: _dispute_found,
    cases.DisputeWithdrawn: _dispute_withdrawn,
    cases.CaseMerged: _case_merged,
    cases.CaseTookIn: at_home,
    cases.CaseAccepted: _case_accepted,
    cases.CaseObjected: _case_objected,
    cases.ObjectionRuled: _objection_ruled,
    cases.CasePassed: _case_passed,
    cases.CaseAttended: at_home,
    cases.CoHandlersChanged: at_home,
    cases.CaseContacted: _case_contacted,
    cases.ClockPaused: _case_paused,
    cases.ClockResumed: _case_resumed,
    cases.ExtensionAsked: at_home,
    cases.ExtensionRefused: at_home,
    cases.CaseExtended: _case_extended,
    cases.PhaseFinished: _phase_finished,
    cases.DeadlineWarned: _deadline_warned,
    cases.DeadlineMissed: _deadline_missed,
    cases.CaseEscalated: _case_escalated,
    cases.ClockRecounted: at_home,
    cases.CaseWaiting: _case_waiting,
    cases.WorksGivenUp: at_home,
    cases.CaseHandled: _case_handled,
    cases.CaseVerified: _case_verified,
    cases.CaseSentBack: _case_sent_back,
    cases.RevisitTried: at_home,
    cases.EndAsked: at_home,
    cases.EndRefused: at_home,
    cases.CaseClosed: _case_closed,
    cases.CaseReopened: _case_reopened,
    cases.CaseMoved: at_home,
    cases.CasePlaced: _case_placed,
    cases.CaseAmended: at_home,
}

CURRENT: CurrentFacts = {
    Case: _case_reported,
}


def on_topic_accepted(event: Received) -> LetCasesWaitForTopic:
    """The linked cases wait for the deliberation."""
    return LetCasesWaitForTopic(
        topic_ref=event.data["topic_ref"],
        title=event.data["title"],
        case_refs=event.data["case_refs"],
        place_path=event.data["place_path"],
    )


def on_cases_linked(event: Received) -> LetCasesWaitForTopic | LetCasesWaitForWorks:
    """Cases that a topic takes up later wait for what the others wait for."""
    data = event.data
    about = {name: data[name] for name in ("topic_ref", "title", "place_path")}
    linked, version = data["linked_case_refs"], data["plan_version"]
    if version is None:
        return LetCasesWaitForTopic(**about, case_refs=linked)
    return LetCasesWaitForWorks(**about, case_refs=linked, plan_version=version)


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
            about["ref"], Answer(about["turn"], data["resolution"], data["grade"], data["reason_code"])
        )
        for about in (data["about"], *data["covers"])
        if about["type"] == "case"
    ]


HEARS: list[Subscription] = [
    advance(consultation.TopicAccepted, on_topic_accepted),
    advance(consultation.TopicCasesLinked, on_cases_linked),
    advance(consultation.TopicResolved, on_topic_resolved),
    advance(consultation.ResultLanded, on_result_landed),
    advance(notify.FeedbackReceived, on_feedback_received),
]
