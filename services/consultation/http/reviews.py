"""双审 Reviews, interests and ballots."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.consultation import queries
from services.consultation.domain.policies import CHAMBER_NAMES, LEAST_PERCENT
from services.consultation.domain.review import LIFECYCLE, NEXT_STEPS
from services.consultation.http.common import LEADERS, api, distinct_refs, plain_codes
from services.consultation.use_cases.reviews import CastBallot, CloseReview, DeclareInterest, OpenReview
from shared.access.roles import CONVENOR, PROFESSIONAL, RESIDENT, REVIEWER, STAFF
from shared.web.api import Call
from shared.web.fields import Code, Codes, Flag, Instant, Named, Ref, Refs, Text, Whole, Words, several

VOTERS = (RESIDENT, REVIEWER, CONVENOR, PROFESSIONAL)  # the last two put in those of others
SEES_BALLOTS = (RESIDENT, REVIEWER, *STAFF)


class ReviewBody(Schema):
    """Who judges the latest version, and by which rule. More than `threshold_percent` of the ballots must approve."""

    expertise = plain_codes(least=1, required=True)
    experts_needed = Whole(least=1, most=100, required=True)
    answer_by = Instant(required=True)
    resident_roster = distinct_refs(least=1, most=2000, required=True)
    quorum_percent = Whole(least=LEAST_PERCENT, most=100, load_default=LEAST_PERCENT)
    threshold_percent = Whole(least=LEAST_PERCENT, most=99, load_default=LEAST_PERCENT)
    closes_at = Instant(required=True)


class VerdictView(Schema):
    """How one chamber judged; `entered_for_others` of its ballots were put in by others than the voters."""

    chamber = Named(CHAMBER_NAMES)
    passed = Flag()
    on_roster = Whole()
    voted = Whole()
    approved = Whole()
    entered_for_others = Whole()
    why = Text()


class ReviewView(Schema):
    """A review; the ballots are secret."""

    id = Ref()
    topic_ref = Ref()
    plan_ref = Ref()
    plan_version = Whole()
    plan_hash = Text()
    round = Whole()
    state = Named(LIFECYCLE.states)
    next_step = Named(NEXT_STEPS, allow_none=True)
    expertise = Codes()
    experts_needed = Whole()
    answer_by = Instant()
    is_unfilled = Flag()
    excluded_org_refs = Refs()
    resident_refs = Refs()
    expert_refs = Refs()
    quorum_percent = Whole()
    threshold_percent = Whole()
    closes_at = Instant()
    opened_at = Instant()
    closed_at = Instant(allow_none=True)
    verdicts = several(VerdictView)
    reason_codes = Codes()
    allowed_actions = Codes()


class InterestBody(Schema):
    """Why somebody stands back."""

    voter_ref = Ref(required=True)
    chamber = Code(*CHAMBER_NAMES, required=True)
    text = Words(500, required=True)


class InterestView(Schema):
    """That somebody stands back."""

    id = Ref()
    review_ref = Ref()
    voter_ref = Ref()
    chamber = Named(CHAMBER_NAMES)


class BallotBody(Schema):
    """One person's verdict on the version with that hash."""

    voter_ref = Ref(required=True)
    chamber = Named(CHAMBER_NAMES, required=True)
    plan_hash = Words(64, required=True)
    approve = Flag(required=True)
    criteria = plain_codes(most=10, longest=32, load_default=list)
    reasons = Text(1000, load_default="")


class BallotView(Schema):
    """That somebody voted, not how; and who put it in."""

    id = Ref()
    review_ref = Ref()
    voter_ref = Ref()
    chamber = Named(CHAMBER_NAMES)
    cast_by = Text()
    entered_for_other = Flag()


@api.post(
    "/plans/{id}/reviews",
    roles=LEADERS,
    body=ReviewBody,
    answer=ReviewView,
    status=201,
    location="/reviews/{id}",
)
def open_review(call: Call) -> Any:
    """双审开始"""
    return call.handle(OpenReview(plan_id=call.path["id"], **call.body))


@api.get("/reviews/{id}", roles=(*STAFF, REVIEWER), answer=ReviewView)
def review(call: Call) -> Any:
    """一次双审"""
    return call.ask(queries.reviews.review, call.path["id"])


@api.post(
    "/reviews/{id}/interests",
    roles=VOTERS,
    body=InterestBody,
    answer=InterestView,
    status=201,
    location="/interests/{id}",
    subject="voter_ref",
)
def declare_interest(call: Call) -> Any:
    """声明利害关系"""
    return call.handle(DeclareInterest(review_id=call.path["id"], **call.body))


@api.post(
    "/reviews/{id}/ballots",
    roles=VOTERS,
    body=BallotBody,
    answer=BallotView,
    status=201,
    location="/ballots/{id}",
    subject="voter_ref",
)
def cast_ballot(call: Call) -> Any:
    """投票"""
    return call.handle(CastBallot(review_id=call.path["id"], **call.body))


@api.get("/interests/{id}", roles=SEES_BALLOTS, answer=InterestView, personal=True, subject="voter_ref")
def interest(call: Call) -> Any:
    """一份利害关系声明"""
    return call.ask(queries.reviews.interest, call.path["id"])


@api.get("/ballots/{id}", roles=SEES_BALLOTS, answer=BallotView, personal=True, subject="voter_ref")
def ballot(call: Call) -> Any:
    """一张选票，不含内容"""
    return call.ask(queries.reviews.ballot, call.path["id"])


@api.post("/reviews/{id}/close", roles=LEADERS, answer=ReviewView)
def close_review(call: Call) -> Any:
    """双审结束"""
    return call.handle(CloseReview(review_id=call.path["id"]))
