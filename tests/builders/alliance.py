"""What alliance is asked and told, complete and plausible; tests name only what they are about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.builders.facts import ESTATE_PATH

ANSWER_BY = datetime(2024, 6, 10, 9, tzinfo=UTC)


def _wanted(**changed: Any) -> dict[str, Any]:
    return {
        "topic_ref": "topic",
        "title": "水池花坛改造",
        "expertise": ["planning", "safety"],
        "experts_needed": 2,
        "answer_by": ANSWER_BY,
        "place_ref": "estate",
        "place_path": ESTATE_PATH,
    } | changed


def design_requested(**changed: Any) -> dict[str, Any]:
    """consultation.design.requested"""
    return _wanted(request_ref="design", experts_needed=1) | changed


def review_requested(**changed: Any) -> dict[str, Any]:
    """consultation.review.requested"""
    return (
        _wanted(review_ref="review", plan_ref="plan", plan_version=1, plan_hash="hash-1")
        | {"excluded_org_refs": []}
        | changed
    )


def review_ended(**changed: Any) -> dict[str, Any]:
    """consultation.review.passed, and what review.returned has in common with it"""
    return {
        "review_ref": "review",
        "topic_ref": "topic",
        "plan_ref": "plan",
        "plan_version": 1,
        "plan_hash": "hash-1",
        "verdicts": [],
        "place_ref": "estate",
        "place_path": ESTATE_PATH,
    } | changed


def review_returned(**changed: Any) -> dict[str, Any]:
    """consultation.review.returned"""
    return review_ended(reason_codes=["safety"]) | changed


def organisation_body(**changed: Any) -> dict[str, Any]:
    """POST /organisations"""
    return {
        "name": "示例规划设计院",
        "kind": "professional",
        "credit_code": None,
        "expertise": ["planning", "accessibility"],
    } | changed
