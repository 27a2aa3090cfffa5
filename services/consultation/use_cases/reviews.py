"""Open dual reviews, hear who judges, take ballots, close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.consultation.domain.ballot import Ballot, Interest, Vote
from services.consultation.domain.errors import ChamberNotYours, ReviewOpen, VersionJudged
from services.consultation.domain.plan import Plan
from services.consultation.domain.policies import OWN_CHAMBER, PROFESSIONALS, Thresholds, chamber_term
from services.consultation.domain.professionals import Engagement
from services.consultation.domain.review import PASSED, VOTE_AGAIN, Convening, Review
from services.consultation.domain.topic import Topic
from services.consultation.use_cases.design_requests import designers_of
from services.consultation.use_cases.ports import Work
from shared.kernel.command import Command, use_case
from shared.plugins import preferred


@dataclass(frozen=True)
class OpenReview(Command):
    """双审开始"""

    plan_id: str
    expertise: list[str]
    experts_needed: int
    answer_by: datetime
    resident_roster: list[str]
    quorum_percent: int
    threshold_percent: int
    closes_at: datetime


@use_case
def open_review(command: OpenReview, work: Work) -> Review:
    """The latest version goes before both chambers; again where too few voted the first time.

    Raises NotNow, ReviewOpen, VersionJudged, TimeIsPast, TooFarAhead, UnknownReference, OutsideEstate.
    """
    plan = work.plans.get(command.plan_id, locked=True)
    round = _next_round(plan, work)
    convening = Convening(
        expertise=command.expertise,
        experts_needed=command.experts_needed,
        answer_by=command.answer_by,
        resident_refs=command.resident_roster,
        thresholds=Thresholds(command.quorum_percent, command.threshold_percent),
        closes_at=command.closes_at,
    )
    topic = work.topics.get(plan.topic_ref)
    designers = designers_of(topic.id, work)
    review = Review(topic, plan, convening, designer_refs=designers, round=round, now=work.now)
    _must_live_there(command.resident_roster, topic, work)
    work.reviews.add(review)
    return review


def _must_live_there(resident_refs: list[str], topic: Topic, work: Work) -> None:
    for ref in resident_refs:
        contact = work.copy_of("notify.contact", ref, field="resident_roster")
        topic.must_hold(ref, contact["place_path"], field="resident_roster")


def _next_round(plan: Plan, work: Work) -> int:
    earlier = work.reviews.of_version(plan.id, plan.latest.number)
    if earlier is None:
        return 1
    if earlier.is_open:
        raise ReviewOpen(version=plan.latest.number)
    if earlier.next_step != VOTE_AGAIN:
        raise VersionJudged(version=plan.latest.number)
    return earlier.round + 1


@dataclass(frozen=True)
class EngageReviewers(Command):
    """An organisation lends its experts for a review."""

    review_ref: str
    engagement_ref: str
    org_ref: str
    expert_refs: list[str]


@use_case
def engage_reviewers(command: EngageReviewers, work: Work) -> None:
    """They are on the professionals' roster, unless their organisation designs for the topic, or they are residents."""
    review = work.reviews.get(command.review_ref, locked=True)
    review.exclude(designers_of(review.topic_ref, work))
    experts = tuple(ref for ref in command.expert_refs if not _is_resident(ref, work))
    review.engage(Engagement(command.engagement_ref, command.org_ref, experts))


def _is_resident(ref: str, work: Work) -> bool:
    contact = work.find_copy("notify.contact", ref)
    return contact is not None and contact["contact_class"] == "resident"


@dataclass(frozen=True)
class WithdrawReviewers(Command):
    """An organisation does not go on reviewing."""

    review_ref: str
    engagement_ref: str
    org_ref: str


@use_case
def withdraw_reviewers(command: WithdrawReviewers, work: Work) -> None:
    """Its experts leave the roster."""
    work.reviews.get(command.review_ref, locked=True).withdraw(command.engagement_ref, command.org_ref)


@dataclass(frozen=True)
class NoteReviewUnfilled(Command):
    """The answer date has passed without enough reviewers."""

    review_ref: str


@use_case
def note_review_unfilled(command: NoteReviewUnfilled, work: Work) -> None:
    """The convenor sees it on the review."""
    work.reviews.get(command.review_ref, locked=True).note_unfilled()


@dataclass(frozen=True)
class DeclareInterest(Command):
    """声明利害关系"""

    review_id: str
    voter_ref: str
    chamber: str
    text: str


@use_case
def declare_interest(command: DeclareInterest, work: Work) -> Interest:
    """The voter stands back. Raises NotNow, NotOnRoster, InterestAlreadyDeclared, Forbidden."""
    review = _judged_by(command, work)
    interest = review.declare_interest(
        voter_ref=command.voter_ref,
        chamber=command.chamber,
        text=command.text,
        earlier=work.interests.by(review.id, command.voter_ref),
    )
    work.interests.add(interest)
    return interest


@dataclass(frozen=True)
class CastBallot(Command):
    """投票"""

    review_id: str
    voter_ref: str
    chamber: str
    plan_hash: str
    approve: bool
    criteria: list[str]
    reasons: str


@use_case
def cast_ballot(command: CastBallot, work: Work) -> Ballot:
    """One person judges. Raises NotNow, Conflict and Forbidden with what stands in the way, RejectionUnexplained."""
    review = _judged_by(command, work)
    vote = Vote(
        voter_ref=command.voter_ref,
        chamber=command.chamber,
        plan_hash=command.plan_hash,
        approve=command.approve,
        criteria=command.criteria,
        reasons=command.reasons,
        cast_by=work.actor.id,
        entered_for_other=work.actor.person_ref != command.voter_ref,
    )
    ballot = review.cast(
        vote,
        interest=work.interests.by(review.id, command.voter_ref),
        earlier=work.ballots.by(review.id, command.voter_ref),
        joint_session_held=work.sessions.joint_session_held(review.id),
        now=work.now,
    )
    work.ballots.add(ballot)
    return ballot


def _judged_by(command: DeclareInterest | CastBallot, work: Work) -> Review:
    """The review, which one judges for oneself and in one's own chamber. What residents said on paper the convenor
    may put in; for experts only the organisation that lends them may."""
    actor = work.actor
    actor.must_speak_for(command.voter_ref)
    if OWN_CHAMBER.get(actor.role) != command.chamber:
        raise ChamberNotYours(chamber=chamber_term(command.chamber))
    review = work.reviews.held_open(command.review_id)
    for_oneself = actor.person_ref is not None
    if command.chamber == PROFESSIONALS and not for_oneself:
        review.must_be_lent(command.voter_ref, actor.party_ref)
    return review


@dataclass(frozen=True)
class CloseReview(Command):
    """双审结束"""

    review_id: str


@use_case
def close_review(command: CloseReview, work: Work) -> Review:
    """Count under the lock, and decide. Raises NotNow when it is closed already, VotingGoesOn."""
    review = work.reviews.get(command.review_id, locked=True)
    rules = work.plugins["decision_rules"]
    review.close(
        ballots=work.ballots.of_review(review.id),
        interests=work.interests.of_review(review.id),
        rule=rules[preferred(rules)],
        now=work.now,
    )
    if review.state == PASSED:
        work.plans.get(review.plan_ref).pass_version(review.plan_version)
    return review
