"""Who comes to design or to review, and who goes."""

from __future__ import annotations

from services.consultation.events.common import DESIGN
from services.consultation.use_cases.design_requests import (
    EngageDesigners,
    NoteDesignUnfilled,
    WithdrawDesigners,
)
from services.consultation.use_cases.reviews import EngageReviewers, NoteReviewUnfilled, WithdrawReviewers
from shared.contracts import alliance
from shared.messaging.subscriptions import Received, Subscription, advance


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


HEARS: list[Subscription] = [
    advance(alliance.EngagementAccepted, on_engagement_accepted),
    advance(alliance.EngagementWithdrawn, on_engagement_withdrawn),
    advance(alliance.RequestUnfilled, on_request_unfilled),
]
