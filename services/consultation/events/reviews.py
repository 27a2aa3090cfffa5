"""What consultation says of reviews; of ballots it says nothing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.consultation.domain import ballot as ballots
from services.consultation.domain import review as reviews
from services.consultation.events.common import placed, professionals_wanted
from shared.contracts import consultation
from shared.persistence.unit_of_work import Translations, at_home


def _of_review(review: reviews.Review) -> dict[str, Any]:
    return {
        **placed(review),
        "review_ref": review.id,
        "topic_ref": review.topic_ref,
        "plan_ref": review.plan_ref,
        "plan_version": review.plan_version,
        "plan_hash": review.plan_hash,
    }


def _review_requested(review: reviews.Review, _event: reviews.ReviewRequested) -> Any:
    return consultation.ReviewRequested, {
        **professionals_wanted(review),
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


SAYS: Translations = {
    reviews.ReviewRequested: _review_requested,
    reviews.ReviewPassed: _review_passed,
    reviews.ReviewReturned: _review_returned,
    reviews.ReviewersEngaged: at_home,
    reviews.ReviewersWithdrawn: at_home,
    reviews.DesignersExcluded: at_home,
    reviews.ReviewUnfilled: at_home,
    ballots.BallotCast: at_home,
    ballots.InterestDeclared: at_home,
}
