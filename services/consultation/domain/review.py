"""双审 A dual review (domain rows 32–34): residents and professionals judge the same version of a plan (gate G5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from services.consultation.domain.ballot import Ballot, Interest
from services.consultation.domain.errors import (
    AlreadyVoted,
    InterestAlreadyDeclared,
    NoJointSession,
    NotOnRoster,
    OtherChamber,
    OtherVersion,
    TimeIsPast,
    VotingEnded,
)
from services.consultation.domain.plan import Plan
from services.consultation.domain.policies import CHAMBERS, RESIDENTS, DecisionRule, Tally, Thresholds, judge
from services.consultation.domain.topic import Topic
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import NotNow
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

OPEN, PASSED, RETURNED = "open", "passed", "returned"

LIFECYCLE = Lifecycle(
    "review",
    move("pass", OPEN, PASSED),
    move("return", OPEN, RETURNED),
)


@dataclass(frozen=True)
class ReviewRequested(DomainEvent):
    """双审开始"""


@dataclass(frozen=True)
class ReviewPassed(DomainEvent):
    """双审通过"""


@dataclass(frozen=True)
class ReviewReturned(DomainEvent):
    """双审退回"""


@dataclass(frozen=True)
class ReviewersEngaged(DomainEvent):
    """An organisation lends its experts. Stays at home."""


@dataclass(frozen=True)
class ReviewersWithdrawn(DomainEvent):
    """An organisation takes its experts back. Stays at home."""


@dataclass(frozen=True)
class ReviewUnfilled(DomainEvent):
    """Not enough professionals came in time. Stays at home."""


class Review(Aggregate):
    """One version before two chambers.

    Ballots and interests are aggregates of their own, since many people write at once; they are counted at the
    closing, under the lock of this row. The organisations that drew the version are excluded.
    """

    def __init__(
        self,
        topic: Topic,
        plan: Plan,
        *,
        expertise: list[str],
        experts_needed: int,
        answer_by: datetime,
        resident_refs: list[str],
        thresholds: Thresholds,
        closes_at: datetime,
        now: datetime,
    ) -> None:
        self.id = new_id()
        self.topic_ref = topic.id
        self.title = topic.title
        self.place_ref = topic.place_ref
        self.place_path = topic.place_path
        self.plan_ref = plan.id
        self.plan_version = plan.latest.number
        self.plan_hash = plan.latest.hash
        self.excluded_org_refs = list(plan.latest.content.author_org_refs)
        self.expertise = expertise
        self.experts_needed = experts_needed
        self.answer_by = answer_by
        self.resident_refs = resident_refs
        self.engagements: list[dict[str, Any]] = []
        self.withdrawn_refs: list[str] = []
        self.is_unfilled = False
        self.quorum_percent = thresholds.quorum_percent
        self.threshold_percent = thresholds.threshold_percent
        self.closes_at = closes_at
        self.opened_at = now
        self.closed_at: datetime | None = None
        self.verdicts: list[dict[str, Any]] = []
        self.reason_codes: list[str] = []
        self.state = OPEN

    @classmethod
    def open(
        cls,
        topic: Topic,
        plan: Plan,
        *,
        expertise: list[str],
        experts_needed: int,
        answer_by: datetime,
        resident_refs: list[str],
        thresholds: Thresholds,
        closes_at: datetime,
        now: datetime,
    ) -> Review:
        """双审开始 on the latest version. Raises NotNow outside 共议方案, TimeIsPast."""
        topic.must_deliberate("open_review")
        for field, instant in (("answer_by", answer_by), ("closes_at", closes_at)):
            if instant <= now:
                raise TimeIsPast(field=field)
        review = cls(
            topic,
            plan,
            expertise=expertise,
            experts_needed=experts_needed,
            answer_by=answer_by,
            resident_refs=resident_refs,
            thresholds=thresholds,
            closes_at=closes_at,
            now=now,
        )
        review.record(ReviewRequested())
        return review

    @property
    def is_open(self) -> bool:
        """Whether it is being judged."""
        return self.state == OPEN

    @property
    def expert_refs(self) -> list[str]:
        """The experts of the organisations engaged for this review, each once."""
        experts = [expert for engagement in self.engagements for expert in engagement["expert_refs"]]
        return list(dict.fromkeys(experts))

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done next."""
        return ["declare_interest", "cast_ballot", "close"] if self.is_open else []

    def roster(self, chamber: str) -> list[str]:
        """名册 Who may judge in that chamber, before interests are taken off."""
        return self.resident_refs if chamber == RESIDENTS else self.expert_refs

    # ---- professionals come and go

    def engage(self, *, engagement_ref: str, org_ref: str, expert_refs: list[str]) -> None:
        """应征 Nothing for an excluded organisation, a closed review, or what is known or withdrawn already."""
        known = [engagement["engagement_ref"] for engagement in self.engagements]
        if not self._concerns(org_ref) or engagement_ref in (*known, *self.withdrawn_refs):
            return
        new = {"engagement_ref": engagement_ref, "org_ref": org_ref, "expert_refs": expert_refs}
        self.engagements = [*self.engagements, new]
        self.record(ReviewersEngaged())

    def withdraw(self, *, engagement_ref: str, org_ref: str) -> None:
        """退出 Its experts leave the roster, and their ballots no longer count."""
        if not self._concerns(org_ref) or engagement_ref in self.withdrawn_refs:
            return
        self.withdrawn_refs = [*self.withdrawn_refs, engagement_ref]
        self.engagements = [one for one in self.engagements if one["engagement_ref"] != engagement_ref]
        self.record(ReviewersWithdrawn())

    def note_unfilled(self) -> None:
        """无人应征 Noted; the review can still be closed."""
        if self.is_open and not self.is_unfilled:
            self.is_unfilled = True
            self.record(ReviewUnfilled())

    # ---- judging

    def declare_interest(
        self, *, voter_ref: str, chamber: str, text: str, earlier: Interest | None
    ) -> Interest:
        """声明利害关系 takes the voter off the rosters. Raises NotNow, NotOnRoster, InterestAlreadyDeclared."""
        self._must_be_open("declare_interest")
        if earlier is not None:
            raise InterestAlreadyDeclared()
        if voter_ref not in self.roster(chamber):
            raise NotOnRoster(chamber=chamber)
        return Interest.declare(
            review_ref=self.id,
            place_path=self.place_path,
            voter_ref=voter_ref,
            chamber=chamber,
            text=text,
        )

    def cast(
        self,
        *,
        voter_ref: str,
        chamber: str,
        plan_hash: str,
        approve: bool,
        criteria: list[str],
        reasons: str,
        interest: Interest | None,
        earlier: Ballot | None,
        joint_session_held: bool,
        now: datetime,
    ) -> Ballot:
        """投票 Raises NotNow, VotingEnded, OtherChamber, NotOnRoster, AlreadyVoted, OtherVersion, NoJointSession."""
        self._must_be_open("cast_ballot")
        if now >= self.closes_at:
            raise VotingEnded()
        if earlier is not None and earlier.chamber != chamber:
            raise OtherChamber()
        if voter_ref not in self.roster(chamber) or interest is not None:
            raise NotOnRoster(chamber=chamber)
        if earlier is not None:
            raise AlreadyVoted()
        if plan_hash != self.plan_hash:
            raise OtherVersion(version=self.plan_version, plan_hash=self.plan_hash)
        if not joint_session_held:
            raise NoJointSession()
        return Ballot.cast(
            review_ref=self.id,
            place_path=self.place_path,
            voter_ref=voter_ref,
            chamber=chamber,
            approve=approve,
            criteria=criteria,
            reasons=reasons,
        )

    def close(
        self, *, ballots: Sequence[Ballot], interests: Sequence[Interest], rule: DecisionRule, now: datetime
    ) -> None:
        """双审结束 Both chambers must pass. Raises NotNow when it is closed already."""
        self._must_be_open("close")
        barred = {interest.voter_ref for interest in interests}
        counted = {chamber: self._counted(chamber, ballots, barred) for chamber in CHAMBERS}
        self.verdicts = [
            self._verdict(rule, chamber, counted[chamber], len(set(self.roster(chamber)) - barred))
            for chamber in CHAMBERS
        ]
        failed = [verdict["chamber"] for verdict in self.verdicts if not verdict["passed"]]
        rejections = [ballot for chamber in failed for ballot in counted[chamber] if not ballot.approve]
        self.reason_codes = sorted({code for ballot in rejections for code in ballot.criteria})
        self.closed_at = now
        self.state = LIFECYCLE.after("return" if failed else "pass", self.state)
        self.record(ReviewReturned() if failed else ReviewPassed())

    def _counted(self, chamber: str, ballots: Sequence[Ballot], barred: set[str]) -> list[Ballot]:
        """The ballots of those who are on the chamber's roster now."""
        voters = set(self.roster(chamber)) - barred
        return [ballot for ballot in ballots if ballot.chamber == chamber and ballot.voter_ref in voters]

    def _verdict(
        self, rule: DecisionRule, chamber: str, ballots: Sequence[Ballot], on_roster: int
    ) -> dict[str, Any]:
        tally = Tally(on_roster, len(ballots), sum(ballot.approve for ballot in ballots))
        verdict = judge(rule, chamber, tally, Thresholds(self.quorum_percent, self.threshold_percent))
        return {"chamber": chamber, **asdict(tally), **asdict(verdict)}

    def _concerns(self, org_ref: str) -> bool:
        return self.is_open and org_ref not in self.excluded_org_refs

    def _must_be_open(self, action: str) -> None:
        if not self.is_open:
            raise NotNow(what="review", action=action, state=self.state, allowed_actions=self.allowed_actions)
