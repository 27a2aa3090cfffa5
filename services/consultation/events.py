"""What consultation says and hears. Everything that it listens to stands in one list, at the end."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.consultation.domain import ballot as ballots
from services.consultation.domain import design_request as design_requests
from services.consultation.domain import plan as plans
from services.consultation.domain import review as reviews
from services.consultation.domain import session as sessions
from services.consultation.domain import suggestion as suggestions
from services.consultation.domain import survey as surveys
from services.consultation.domain import topic as topics
from services.consultation.domain import venue as venues
from services.consultation.use_cases.design_requests import (
    EngageDesigners,
    NoteDesignUnfilled,
    WithdrawDesigners,
)
from services.consultation.use_cases.reviews import EngageReviewers, NoteReviewUnfilled, WithdrawReviewers
from services.consultation.use_cases.topics_heard import (
    HearDecision,
    HearSatisfaction,
    HearWorksAccepted,
    HearWorksCancelled,
    HearWorksCreated,
)
from shared.contracts import alliance, consultation, grid, notify, property
from shared.following import PLACES
from shared.messaging.subscriptions import Received, Subscription, advance, copy, forget
from shared.persistence.unit_of_work import Translations, at_home

DESIGN, REVIEW = consultation.PURPOSES

# ---- says: domain event -> contract


def _placed(thing: Any) -> dict[str, Any]:
    return {"place_ref": thing.place_ref, "place_path": thing.place_path}


def _about(topic: topics.Topic) -> dict[str, Any]:
    return {
        **_placed(topic),
        "topic_ref": topic.id,
        "title": topic.title,
        "category": topic.category,
        "place_name": topic.place_name,
        "estate_ref": topic.estate_ref,
        "case_refs": topic.case_refs,
    }


def _topic_raised(topic: topics.Topic, _event: topics.TopicRaised) -> Any:
    return consultation.TopicRaised, {**_about(topic), "raised_by": topic.raised_by}


def _topic_accepted(topic: topics.Topic, _event: topics.TopicAccepted) -> Any:
    return consultation.TopicAccepted, {**_about(topic), "party_org": topic.party_org}


def _topic_declined(topic: topics.Topic, event: topics.TopicDeclined) -> Any:
    return consultation.TopicDeclined, {**_about(topic), "reason_text": event.reason}


def _topic_resolved(topic: topics.Topic, event: topics.TopicResolved) -> Any:
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
    }


def _topic_returned(topic: topics.Topic, event: topics.TopicReturned) -> Any:
    return consultation.TopicReturned, {
        **_about(topic),
        "works_ref": event.works_ref,
        "reason_text": event.reason,
    }


def _result_landed(topic: topics.Topic, event: topics.ResultLanded) -> Any:
    return consultation.ResultLanded, {
        **_about(topic),
        "works_ref": topic.works_ref,
        "maintainer_ref": topic.maintainer_ref,
        "maintainer_name": event.maintainer_name,
        "accepted_by": topic.accepted_by,
    }


def _professionals_wanted(thing: design_requests.DesignRequest | reviews.Review) -> dict[str, Any]:
    return {
        **_placed(thing),
        "topic_ref": thing.topic_ref,
        "title": thing.title,
        "expertise": thing.expertise,
        "experts_needed": thing.experts_needed,
        "answer_by": thing.answer_by,
    }


def _design_requested(request: design_requests.DesignRequest, _event: design_requests.DesignRequested) -> Any:
    return consultation.DesignRequested, {**_professionals_wanted(request), "request_ref": request.id}


def _about_session(session: sessions.Session) -> dict[str, Any]:
    return {
        **_placed(session),
        "session_ref": session.id,
        "topic_ref": session.topic_ref,
        "title": session.title,
        "kind": session.kind,
        "venue": session.venue,
        "starts_at": session.starts_at,
    }


def _session_announced(session: sessions.Session, _event: sessions.SessionAnnounced) -> Any:
    return consultation.SessionAnnounced, {**_about_session(session), "audience": session.audience}


def _session_rescheduled(session: sessions.Session, event: sessions.SessionRescheduled) -> Any:
    return consultation.SessionRescheduled, {
        **_about_session(session),
        "reason_text": event.reason,
        "times_rescheduled": session.times_rescheduled,
    }


def _session_cancelled(session: sessions.Session, event: sessions.SessionCancelled) -> Any:
    return consultation.SessionCancelled, {**_about_session(session), "reason_text": event.reason}


def _session_minuted(session: sessions.Session, _event: sessions.SessionMinuted) -> Any:
    return consultation.SessionMinuted, {
        **_placed(session),
        "session_ref": session.id,
        "topic_ref": session.topic_ref,
        "kind": session.kind,
        "attendance": session.persons,
        "points": len(session.points),
    }


def _plan_proposed(plan: plans.Plan, event: plans.PlanProposed) -> Any:
    version = event.version
    return consultation.PlanProposed, {
        **_placed(plan),
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
        **_placed(plan),
        "plan_ref": plan.id,
        "topic_ref": plan.topic_ref,
        "plan_hash": event.version.hash,
        "kind": content.owners_decision.kind,
        "area_ref": content.area_ref,
    }


def _of_review(review: reviews.Review) -> dict[str, Any]:
    return {
        **_placed(review),
        "review_ref": review.id,
        "topic_ref": review.topic_ref,
        "plan_ref": review.plan_ref,
        "plan_version": review.plan_version,
        "plan_hash": review.plan_hash,
    }


def _review_requested(review: reviews.Review, _event: reviews.ReviewRequested) -> Any:
    return consultation.ReviewRequested, {
        **_professionals_wanted(review),
        **_of_review(review),
        "excluded_org_refs": review.excluded_org_refs,
    }


def _review_passed(review: reviews.Review, _event: reviews.ReviewPassed) -> Any:
    return consultation.ReviewPassed, {
        **_of_review(review),
        "verdicts": [asdict(verdict) for verdict in review.verdicts],
    }


def _review_returned(review: reviews.Review, _event: reviews.ReviewReturned) -> Any:
    return consultation.ReviewReturned, {
        **_of_review(review),
        "verdicts": [asdict(verdict) for verdict in review.verdicts],
        "reason_codes": review.reason_codes,
    }


def _about_survey(survey: surveys.Survey) -> dict[str, Any]:
    return {
        **_placed(survey),
        "survey_ref": survey.id,
        "topic_ref": survey.topic_ref,
        "title": survey.title,
        "place_name": survey.place_name,
        "stage": survey.stage,
    }


def _survey_opened(survey: surveys.Survey, _event: surveys.SurveyOpened) -> Any:
    asked = {"asked_text": survey.text, "closes_at": survey.closes_at}
    return consultation.SurveyOpened, {**_about_survey(survey), **asked}


def _survey_closed(survey: surveys.Survey, event: surveys.SurveyClosed) -> Any:
    return consultation.SurveyClosed, {**_about_survey(survey), "received": event.received}


def _survey_fed_back(survey: surveys.Survey, event: surveys.SurveyFedBack) -> Any:
    return consultation.SurveyFedBack, {
        **_about_survey(survey),
        "received": event.tally.received,
        "adopted": event.tally.adopted,
        "partly_adopted": event.tally.partly_adopted,
        "not_adopted": event.tally.not_adopted,
    }


def _about_suggestion(suggestion: suggestions.Suggestion) -> dict[str, Any]:
    return {
        **_placed(suggestion),
        "suggestion_ref": suggestion.id,
        "survey_ref": suggestion.survey_ref,
        "topic_ref": suggestion.topic_ref,
        "stage": suggestion.stage,
        "category": suggestion.category,
        "proposer_ref": suggestion.proposer_ref,
    }


def _suggestion_received(suggestion: suggestions.Suggestion, _event: suggestions.SuggestionReceived) -> Any:
    return consultation.SuggestionReceived, {
        **_about_suggestion(suggestion),
        "channel": suggestion.channel,
    }


def _suggestion_answered(suggestion: suggestions.Suggestion, _event: suggestions.SuggestionAnswered) -> Any:
    return consultation.SuggestionAnswered, {
        **_about_suggestion(suggestion),
        "outcome": suggestion.outcome,
        "reason_text": suggestion.reason,
    }


def _suggestion_implemented(
    suggestion: suggestions.Suggestion, _event: suggestions.SuggestionImplemented
) -> Any:
    return consultation.SuggestionImplemented, {
        **_about_suggestion(suggestion),
        "evidence_text": suggestion.evidence,
    }


TRANSLATIONS: Translations = {
    topics.TopicRaised: _topic_raised,
    topics.TopicAccepted: _topic_accepted,
    topics.TopicDeclined: _topic_declined,
    topics.TopicResolved: _topic_resolved,
    topics.TopicReturned: _topic_returned,
    topics.ResultLanded: _result_landed,
    topics.DecisionHeard: at_home,
    topics.WorksHeard: at_home,
    topics.SatisfactionHeard: at_home,
    design_requests.DesignRequested: _design_requested,
    design_requests.DesignersEngaged: at_home,
    design_requests.DesignersWithdrawn: at_home,
    design_requests.DesignUnfilled: at_home,
    sessions.SessionAnnounced: _session_announced,
    sessions.SessionRescheduled: _session_rescheduled,
    sessions.SessionCancelled: _session_cancelled,
    sessions.SessionMinuted: _session_minuted,
    sessions.SessionPublished: at_home,
    venues.VenueRegistered: at_home,
    venues.VenueChanged: at_home,
    plans.PlanProposed: _plan_proposed,
    plans.VersionPassed: _version_passed,
    reviews.ReviewRequested: _review_requested,
    reviews.ReviewPassed: _review_passed,
    reviews.ReviewReturned: _review_returned,
    reviews.ReviewersEngaged: at_home,
    reviews.ReviewersWithdrawn: at_home,
    reviews.DesignersExcluded: at_home,
    reviews.ReviewUnfilled: at_home,
    surveys.SurveyPlanned: at_home,
    surveys.SurveyOpened: _survey_opened,
    surveys.SurveyClosed: _survey_closed,
    surveys.SurveyAnalysed: at_home,
    surveys.SurveyFedBack: _survey_fed_back,
    surveys.SurveyCalledOff: at_home,
    suggestions.SuggestionReceived: _suggestion_received,
    suggestions.SuggestionClassified: at_home,
    suggestions.SuggestionAnswered: _suggestion_answered,
    suggestions.SuggestionImplemented: _suggestion_implemented,
    ballots.BallotCast: at_home,
    ballots.InterestDeclared: at_home,
}


# ---- hears: contract -> command


def on_engagement_accepted(event: Received) -> EngageDesigners | EngageReviewers:
    """Designers may author plans, and review none of the topic's; reviewers are on the professionals' roster."""
    data = event.data
    if data["purpose"] == DESIGN:
        return EngageDesigners(
            request_ref=data["request_ref"], engagement_ref=data["engagement_ref"], org_ref=data["org_ref"]
        )
    return EngageReviewers(
        review_ref=data["request_ref"],
        engagement_ref=data["engagement_ref"],
        org_ref=data["org_ref"],
        expert_refs=data["expert_refs"],
    )


def on_engagement_withdrawn(event: Received) -> WithdrawDesigners | WithdrawReviewers:
    """They do not go on."""
    data = event.data
    if data["purpose"] == DESIGN:
        return WithdrawDesigners(
            request_ref=data["request_ref"], engagement_ref=data["engagement_ref"], org_ref=data["org_ref"]
        )
    return WithdrawReviewers(
        review_ref=data["request_ref"], engagement_ref=data["engagement_ref"], org_ref=data["org_ref"]
    )


def on_request_unfilled(event: Received) -> NoteDesignUnfilled | NoteReviewUnfilled:
    """Noted where the convenor looks."""
    if event.data["purpose"] == DESIGN:
        return NoteDesignUnfilled(request_ref=event.data["request_ref"])
    return NoteReviewUnfilled(review_ref=event.data["request_ref"])


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
        question_ref=data["question_ref"],
        asked=data["asked"],
        answered=data["answered"],
        resolved=data["resolved"],
    )


SUBSCRIPTIONS: list[Subscription] = [
    *PLACES,
    copy(grid.PairingStarted),
    forget(grid.PairingEnded),
    copy(property.PartyRegistered),
    copy(property.AreaRegistered),
    copy(notify.ContactRegistered),
    copy(notify.ContactMoved),
    forget(notify.ContactErased),
    advance(alliance.EngagementAccepted, on_engagement_accepted),
    advance(alliance.EngagementWithdrawn, on_engagement_withdrawn),
    advance(alliance.RequestUnfilled, on_request_unfilled),
    advance(property.DecisionRecorded, on_decision_recorded),
    advance(property.WorksCreated, on_works_created),
    advance(property.WorksAccepted, on_works_accepted),
    advance(property.WorksCancelled, on_works_cancelled),
    advance(notify.QuestionClosed, on_question_closed),
]
