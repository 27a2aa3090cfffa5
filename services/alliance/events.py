"""What alliance says and hears. Everything that it listens to stands in one list, at the end."""

from __future__ import annotations

from typing import Any

from services.alliance.domain import engagement as engagements
from services.alliance.domain import landed_topic as landed_topics
from services.alliance.domain import organisation as organisations
from services.alliance.domain import request as requests
from services.alliance.use_cases.requests import EndDesigns, EndReview, OpenRequest
from shared.contracts import alliance, consultation
from shared.following import PLACES
from shared.messaging.subscriptions import Received, Subscription, advance, start
from shared.persistence.unit_of_work import CurrentFacts, Translations, at_home

# ---- says: domain event -> contract


def _organisation_registered(
    organisation: organisations.Organisation, _event: organisations.OrganisationRegistered
) -> Any:
    return alliance.OrganisationRegistered, {
        "org_ref": organisation.id,
        "kind": organisation.kind,
        "name": organisation.name,
        "expertise": organisation.expertise,
    }


def _of_request(thing: requests.ProfessionalRequest | engagements.Engagement) -> dict[str, Any]:
    return {
        "request_ref": thing.request_ref,
        "purpose": thing.purpose,
        "topic_ref": thing.topic_ref,
    }


def _request_unfilled(request: requests.ProfessionalRequest, event: requests.RequestUnfilled) -> Any:
    return alliance.RequestUnfilled, {**_of_request(request), "reason_code": event.reason_code}


def _about(engagement: engagements.Engagement) -> dict[str, Any]:
    return {
        **_of_request(engagement),
        "engagement_ref": engagement.id,
        "org_ref": engagement.org_ref,
        "org_name": engagement.org_name,
    }


def _engagement_accepted(engagement: engagements.Engagement, _event: engagements.EngagementAccepted) -> Any:
    return alliance.EngagementAccepted, {
        **_about(engagement),
        "expert_refs": engagement.expert_refs,
        "interests": engagement.interests,
    }


def _engagement_withdrawn(engagement: engagements.Engagement, event: engagements.EngagementWithdrawn) -> Any:
    return alliance.EngagementWithdrawn, {**_about(engagement), "reason_text": event.reason_text}


def _engagement_finished(engagement: engagements.Engagement, _event: engagements.EngagementFinished) -> Any:
    return alliance.EngagementFinished, _about(engagement)


TRANSLATIONS: Translations = {
    organisations.OrganisationRegistered: _organisation_registered,
    requests.RequestOpened: at_home,
    requests.RequestFilled: at_home,
    requests.RequestReopened: at_home,
    requests.RequestUnfilled: _request_unfilled,
    requests.RequestClosed: at_home,
    requests.RequestDeclined: at_home,
    engagements.EngagementAccepted: _engagement_accepted,
    engagements.EngagementWithdrawn: _engagement_withdrawn,
    engagements.EngagementFinished: _engagement_finished,
    landed_topics.TopicLanded: at_home,
}

# reference facts that can be said anew, as they are now
CURRENT: CurrentFacts = {
    organisations.Organisation: _organisation_registered,
}


# ---- hears: contract -> command


def on_design_requested(event: Received) -> OpenRequest:
    """Designers are asked for."""
    return OpenRequest(wanted=_wanted(event, event.data["request_ref"], requests.DESIGN))


def on_review_requested(event: Received) -> OpenRequest:
    """Reviewers are asked for."""
    return OpenRequest(wanted=_wanted(event, event.data["review_ref"], requests.REVIEW))


def _wanted(event: Received, request_ref: str, purpose: str) -> requests.Wanted:
    data = event.data
    return requests.Wanted(
        request_ref=request_ref,
        purpose=purpose,
        topic_ref=data["topic_ref"],
        place_ref=data["place_ref"],
        place_path=data["place_path"],
        title=data["title"],
        expertise=data["expertise"],
        experts_needed=data["experts_needed"],
        answer_by=data["answer_by"],
        excluded_org_refs=data["excluded_org_refs"],
    )


def on_review_passed(event: Received) -> EndReview:
    """The reviewers' work is done."""
    return _end_review(event)


def on_review_returned(event: Received) -> EndReview:
    """The reviewers' work is done; the next version has a review of its own."""
    return _end_review(event)


def _end_review(event: Received) -> EndReview:
    return EndReview(
        request_ref=event.data["review_ref"],
        topic_ref=event.data["topic_ref"],
        place_ref=event.data["place_ref"],
        place_path=event.data["place_path"],
    )


def on_result_landed(event: Received) -> EndDesigns:
    """The designers' work is done when the result is there."""
    return EndDesigns(topic_ref=event.data["topic_ref"], place_path=event.data["place_path"])


SUBSCRIPTIONS: list[Subscription] = [
    *PLACES,
    start(consultation.DesignRequested, on_design_requested),
    start(consultation.ReviewRequested, on_review_requested),
    advance(consultation.ReviewPassed, on_review_passed),
    advance(consultation.ReviewReturned, on_review_returned),
    advance(consultation.ResultLanded, on_result_landed),
]
