"""What consultation says of topics, and what decides how they go on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.consultation.domain import topic as topics
from services.consultation.domain import topic_events as happened
from services.consultation.events.common import placed
from services.consultation.use_cases.findings import TakeUpCluster, TakeUpFailedTurns, TakeUpUnmanagedArea
from services.consultation.use_cases.topics_heard import (
    HearDecision,
    HearSatisfaction,
    HearWorksAccepted,
    HearWorksCancelled,
    HearWorksCreated,
)
from shared.contracts import consultation, grid, notify, property
from shared.messaging.subscriptions import Received, Subscription, advance, start
from shared.persistence.unit_of_work import Translations, at_home

CLUSTERS_OF_OURS = "topic"  # their route


def _about(topic: topics.Topic) -> dict[str, Any]:
    return {
        **placed(topic),
        "topic_ref": topic.id,
        "title": topic.title,
        "category": topic.category,
        "place_name": topic.place_name,
        "estate_ref": topic.estate_ref,
        "case_refs": topic.case_refs,
        "proposer_refs": topic.proposer_refs,
    }


def _topic_raised(topic: topics.Topic, _event: happened.TopicRaised) -> Any:
    return consultation.TopicRaised, {**_about(topic), "raised_by": topic.raised_by}


def _topic_accepted(topic: topics.Topic, _event: happened.TopicAccepted) -> Any:
    return consultation.TopicAccepted, {**_about(topic), "party_org": topic.party_org}


def _cases_linked(topic: topics.Topic, event: happened.CasesLinked) -> Any:
    """Of a topic that is only raised nothing is said: its acceptance speaks of all its cases."""
    if topic.state == topics.RAISED:
        return None
    return consultation.TopicCasesLinked, {
        **_about(topic),
        "linked_case_refs": event.case_refs,
        "plan_version": topic.plan_version if topic.state == topics.DELIVERING else None,
    }


def _topic_declined(topic: topics.Topic, event: happened.TopicDeclined) -> Any:
    return consultation.TopicDeclined, {**_about(topic), "reason_text": event.reason}


def _topic_merged(topic: topics.Topic, event: happened.TopicMerged) -> Any:
    into = {"into_topic_ref": event.into_ref, "into_title": event.into_title}
    return consultation.TopicMerged, {**_about(topic), **into}


def _topic_referred(topic: topics.Topic, event: happened.TopicReferred) -> Any:
    return consultation.TopicReferred, {
        **_about(topic),
        "asked_text": topic.text,
        "case_category": event.case_category,
        "reason_text": event.reason,
    }


def _topic_suspended(topic: topics.Topic, event: happened.TopicSuspended) -> Any:
    return consultation.TopicSuspended, {**_about(topic), "reason_text": event.reason}


def _topic_resumed(topic: topics.Topic, _event: happened.TopicResumed) -> Any:
    return consultation.TopicResumed, _about(topic)


def _topic_resolved(topic: topics.Topic, event: happened.TopicResolved) -> Any:
    content = event.version.content
    return consultation.TopicResolved, {
        **_about(topic),
        "plan_ref": topic.plan_ref,
        "plan_version": event.version.number,
        "plan_hash": event.version.hash,
        "items": [asdict(item) for item in content.items],
        "budget_fen": content.budget_fen,
        "funding": [asdict(part) for part in content.funding],
        "owners_decision": {
            "required": content.owners_decision.required,
            "reason": content.owners_decision.reason,
            "decision_ref": event.decision_ref,
        },
        "needs_stewards": content.needs_stewards,
        "area_ref": content.area_ref,
        "building_refs": content.building_refs,
        "maintainer_ref": content.maintainer_ref,
        "maintainer_name": event.maintainer_name,
        "suggestions_adopted": event.suggestions_adopted,
    }


def _topic_returned(topic: topics.Topic, event: happened.TopicReturned) -> Any:
    return consultation.TopicReturned, {
        **_about(topic),
        "works_ref": event.works_ref,
        "reason_text": event.reason,
    }


def _result_landed(topic: topics.Topic, event: happened.ResultLanded) -> Any:
    return consultation.ResultLanded, {
        **_about(topic),
        "works_ref": topic.works_ref,
        "maintainer_ref": topic.maintainer_ref,
        "maintainer_name": event.maintainer_name,
        "accepted_by": topic.accepted_by,
        "turn": topic.turn,
    }


def _result_reopened(topic: topics.Topic, event: happened.ResultReopened) -> Any:
    return consultation.ResultReopened, {
        **_about(topic),
        "works_ref": event.works_ref,
        "reason_text": event.reason,
        "turn": topic.turn,
    }


def on_cluster(event: Received) -> TakeUpCluster | None:
    """Found, or joined by one more case, where its kind is one for deliberation; others are another service's."""
    data = event.data
    if data["route"] != CLUSTERS_OF_OURS:
        return None
    return TakeUpCluster(
        cluster_ref=data["cluster_ref"],
        place_ref=data["place_ref"],
        category=data["category"],
        category_name=data["category_name"],
        case_refs=data["case_refs"],
    )


def on_unmanaged_found(event: Received) -> TakeUpUnmanagedArea:
    """Who is to manage it, is deliberated."""
    data = event.data
    return TakeUpUnmanagedArea(
        area_ref=data["area_ref"],
        area_name=data["area_name"],
        place_ref=data["place_ref"],
        category=data["category"],
        case_refs=data["case_refs"],
    )


def on_turn_started(event: Received) -> TakeUpFailedTurns:
    """What evaluation and rectification alone do not mend, is deliberated."""
    data = event.data
    return TakeUpFailedTurns(
        evaluation_ref=data["evaluation_ref"],
        area_ref=data["area_ref"],
        area_name=data["area_name"],
        party_name=data["party_name"],
        place_ref=data["place_ref"],
        failed_turns=data["failed_turns"],
    )


def on_decision_recorded(event: Received) -> HearDecision:
    """What the owners decided counts for one version."""
    data = event.data
    return HearDecision(
        topic_ref=data["topic_ref"],
        decision_ref=data["decision_ref"],
        plan_hash=data["plan_hash"],
        kind=data["kind"],
        area_ref=data["area_ref"],
        outcome=data["outcome"],
    )


def on_works_created(event: Received) -> HearWorksCreated:
    """The topic learns which works build its plan."""
    data = event.data
    return HearWorksCreated(
        topic_ref=data["topic_ref"], works_ref=data["works_ref"], plan_hash=data["plan_hash"]
    )


def on_works_accepted(event: Received) -> HearWorksAccepted:
    """The result can land."""
    return HearWorksAccepted(topic_ref=event.data["topic_ref"], works_ref=event.data["works_ref"])


def on_works_cancelled(event: Received) -> HearWorksCancelled:
    """The topic is deliberated again."""
    data = event.data
    return HearWorksCancelled(
        topic_ref=data["topic_ref"], works_ref=data["works_ref"], reason=data["reason_text"]
    )


def on_question_closed(event: Received) -> HearSatisfaction | None:
    """The residents said whether the result is good."""
    data = event.data
    if data["about"]["type"] != "topic":
        return None
    return HearSatisfaction(
        topic_ref=data["about"]["ref"],
        turn=data["about"]["turn"],
        question_ref=data["question_ref"],
        asked=data["asked"],
        answered=data["answered"],
        resolved=data["resolved"],
    )


SAYS: Translations = {
    happened.TopicRaised: _topic_raised,
    happened.TopicAccepted: _topic_accepted,
    happened.CasesLinked: _cases_linked,
    happened.TopicDeclined: _topic_declined,
    happened.TopicMerged: _topic_merged,
    happened.TopicTookIn: at_home,
    happened.TopicReferred: _topic_referred,
    happened.TopicSuspended: _topic_suspended,
    happened.TopicResumed: _topic_resumed,
    happened.TopicResolved: _topic_resolved,
    happened.TopicReturned: _topic_returned,
    happened.ResultLanded: _result_landed,
    happened.ResultReopened: _result_reopened,
    happened.DecisionHeard: at_home,
    happened.WorksHeard: at_home,
    happened.SatisfactionHeard: at_home,
}

HEARS: list[Subscription] = [
    start(grid.ClusterFound, on_cluster),
    start(grid.ClusterCaseJoined, on_cluster),
    start(property.UnmanagedAreaFound, on_unmanaged_found),
    start(property.EvaluationTurnStarted, on_turn_started),
    advance(property.DecisionRecorded, on_decision_recorded),
    advance(property.WorksCreated, on_works_created),
    advance(property.WorksAccepted, on_works_accepted),
    advance(property.WorksCancelled, on_works_cancelled),
    advance(notify.QuestionClosed, on_question_closed),
]
