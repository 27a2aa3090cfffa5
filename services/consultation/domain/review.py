"""双审 A dual review (domain rows 32–34): residents and professionals judge the same version of a plan (gate G5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from services.consultation.domain.ballot import Ballot, Interest, Vote
from services.consultation.domain.errors import (
    AlreadyVoted,
    ExpertNotYours,
    InterestAlreadyDeclared,
    NoJointSession,
    NotOnRoster,
    OtherChamber,
    OtherVersion,
    TimeIsPast,
    TooFarAhead,
    VotingEnded,
    VotingGoesOn,
)
from services.consultation.domain.plan import Plan
from services.consultation.domain.policies import (
    CHAMBERS,
    RESIDENTS,
    DecisionRule,
    Tally,
    Thresholds,
    chamber_term,
    judge,
)
from services.consultation.domain.professionals import Engagement, Professionals
from services.consultation.domain.topic import Topic
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.clock import local
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard, move

OPEN, PASSED, RETURNED = "open", "passed", "returned"

LONGEST_VOTING = timedelta(days=90)
MOST_REASON_CODES = 100  # the most frequent ones: what is published must fit into an event, whoever votes

# what follows: exactly the threshold is not more than it, so that a tie goes back to be revised
RESOLVE, VOTE_AGAIN, REVISE = "resolve", "vote_again", "revise"
NEXT_STEPS = {
    RESOLVE: "通过方案",
    VOTE_AGAIN: "参与人数不足，同一方案可再表决一次",
    REVISE: "修改方案后重新双审",
}
MOST_ROUNDS = 2  # of one version: a second one where too few voted in the first

# nobody chooses between passing and returning: the count does
LIFECYCLE = Lifecycle(
    Term("双审", "review"),
    {OPEN: "进行中", PASSED: "已通过", RETURNED: "已退回"},
    #    action             中文            from  to
    move("declare_interest", "声明利害关系", OPEN, OPEN),
    move("cast_ballot", "投票", OPEN, OPEN),
    move("close", "清点选票", OPEN, OPEN),
    heard("pass", "通过", OPEN, PASSED),
    heard("return", "退回", OPEN, RETURNED),
)


@dataclass(frozen=True)
class ReviewRequested(DomainEvent):
    """双审开始 Both chambers are asked."""


@dataclass(frozen=True)
class ReviewPassed(DomainEvent):
    """双审通过 Both chambers passed the version."""


@dataclass(frozen=True)
class ReviewReturned(DomainEvent):
    """双审退回 At least one chamber did not."""


@dataclass(frozen=True)
class ReviewersEngaged(DomainEvent):
    """应征 An organisation lends its experts. Stays at home."""


@dataclass(frozen=True)
class DesignersExcluded(DomainEvent):
    """回避 Designers of the topic are kept from its review. Stays at home."""


@dataclass(frozen=True)
class ReviewersWithdrawn(DomainEvent):
    """退出 An organisation takes its experts back. Stays at home."""


@dataclass(frozen=True)
class ReviewUnfilled(DomainEvent):
    """无人应征 Not enough professionals came in time. Stays at home."""


@dataclass(frozen=True)
class Convening:
    """Who is to judge, by which rule, and until when."""

    expertise: list[str]
    experts_needed: int
    answer_by: datetime
    resident_refs: list[str]
    thresholds: Thresholds
    closes_at: datetime

    def check(self, now: datetime) -> None:
        """Raises TimeIsPast, TooFarAhead."""
        for field, instant in (("answer_by", self.answer_by), ("closes_at", self.closes_at)):
            if instant <= now:
                raise TimeIsPast(field=field)
        if self.closes_at > now + LONGEST_VOTING:
            raise TooFarAhead(field="closes_at", days=LONGEST_VOTING.days)


@dataclass(frozen=True)
class ChamberVerdict:
    """How one chamber voted, how many of these ballots others put in for the voters, and what that means."""

    chamber: str
    on_roster: int
    voted: int
    approved: int
    passed: bool
    why: str
    entered_for_others: int = 0

    def lacked_quorum(self, percent: int) -> bool:
        """Whether too few voted to judge at all."""
        return self.on_roster == 0 or self.voted * 100 < percent * self.on_roster


class Review(Aggregate):
    """双审 One version before two chambers.

    Ballots and interests are aggregates of their own, since many people write at once; they are counted at the
    closing, under the lock of this row. The organisations that drew the version, and all that were engaged for the
    topic's design, are excluded.
    """

    term = LIFECYCLE.name

    def __init__(
        self,
        topic: Topic,
        plan: Plan,
        convening: Convening,
        *,
        designer_refs: Iterable[str] = (),
        round: int = 1,
        now: datetime,
    ) -> None:
        """双审开始 on the latest version. Raises NotNow outside 共议方案, TimeIsPast, TooFarAhead."""
        topic.must_allow("open_review")
        convening.check(now)
        self.id = new_id()
        self.topic_ref = topic.id
        self.title = topic.title
        self.place_ref = topic.place_ref
        self.place_path = topic.place_path
        self.plan_ref = plan.id
        self.plan_version = plan.latest.number
        self.plan_hash = plan.latest.hash
        self.round = round
        self.excluded_org_refs = _each_once(*plan.latest.content.author_org_refs, *designer_refs)
        self.expertise = convening.expertise
        self.experts_needed = convening.experts_needed
        self.answer_by = convening.answer_by
        self.resident_refs = convening.resident_refs
        self.professionals = Professionals()
        self.is_unfilled = False
        self.quorum_percent = convening.thresholds.quorum_percent
        self.threshold_percent = convening.thresholds.threshold_percent
        self.closes_at = convening.closes_at
        self.opened_at = now
        self.closed_at: datetime | None = None
        self.verdicts: list[ChamberVerdict] = []
        self.reason_codes: list[str] = []
        self.state = OPEN
        self.record(ReviewRequested())

    @property
    def is_open(self) -> bool:
        """Whether it is being judged."""
        return self.state == OPEN

    @property
    def next_step(self) -> str | None:
        """What follows from the count; None before it. Where nothing is wrong but that too few voted, the same version
        is put to the vote once more."""
        if self.is_open:
            return None
        if self.state == PASSED:
            return RESOLVE
        failed = [verdict for verdict in self.verdicts if not verdict.passed]
        too_few = all(verdict.lacked_quorum(self.quorum_percent) for verdict in failed)
        return VOTE_AGAIN if too_few and self.round < MOST_ROUNDS else REVISE

    @property
    def expert_refs(self) -> list[str]:
        """The experts of the organisations engaged for this review, each once."""
        return self.professionals.expert_refs

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done next."""
        return LIFECYCLE.actions(self.state)

    def roster(self, chamber: str) -> list[str]:
        """名册 Who may judge in that chamber, before interests are taken off."""
        return self.resident_refs if chamber == RESIDENTS else self.expert_refs

    # ---- professionals come and go

    def engage(self, engagement: Engagement) -> None:
        """应征 Nothing for an excluded organisation, a closed review, or what is known or withdrawn already.

        Who judges with the residents is no expert here (gate G5).
        """
        experts = tuple(ref for ref in engagement.expert_refs if ref not in self.resident_refs)
        professionals = self.professionals.joined(replace(engagement, expert_refs=experts))
        if self._concerns(engagement.org_ref) and professionals != self.professionals:
            self.professionals = professionals
            self.record(ReviewersEngaged())

    def exclude(self, designer_refs: Iterable[str]) -> None:
        """回避 Who is heard only now to design for the topic reviews it no longer. Nothing where it is closed."""
        excluded = _each_once(*self.excluded_org_refs, *designer_refs)
        if self.is_open and excluded != self.excluded_org_refs:
            self.excluded_org_refs = excluded
            self.professionals = self.professionals.without(excluded)
            self.record(DesignersExcluded())

    def withdraw(self, engagement_ref: str, org_ref: str) -> None:
        """退出 Its experts leave the roster, and their ballots no longer count."""
        professionals = self.professionals.left(engagement_ref, org_ref)
        if self._concerns(org_ref) and professionals != self.professionals:
            self.professionals = professionals
            self.record(ReviewersWithdrawn())

    def note_unfilled(self) -> None:
        """无人应征 Noted; the review can still be closed."""
        if self.is_open and not self.is_unfilled:
            self.is_unfilled = True
            self.record(ReviewUnfilled())

    # ---- judging

    def must_be_lent(self, expert_ref: str, org_ref: str | None) -> None:
        """Raises ExpertNotYours where that organisation does not lend the expert."""
        if not self.professionals.lends(org_ref, expert_ref):
            raise ExpertNotYours()

    def declare_interest(
        self, *, voter_ref: str, chamber: str, text: str, earlier: Interest | None
    ) -> Interest:
        """声明利害关系 takes the voter off the rosters. Raises NotNow, NotOnRoster, InterestAlreadyDeclared."""
        self.state = LIFECYCLE.after("declare_interest", self.state)
        if earlier is not None:
            raise InterestAlreadyDeclared()
        if voter_ref not in self.roster(chamber):
            raise NotOnRoster(chamber=chamber_term(chamber))
        return Interest(
            review_ref=self.id, place_path=self.place_path, voter_ref=voter_ref, chamber=chamber, text=text
        )

    def cast(
        self,
        vote: Vote,
        *,
        interest: Interest | None,
        earlier: Ballot | None,
        joint_session_held: bool,
        now: datetime,
    ) -> Ballot:
        """投票 Raises NotNow, VotingEnded, OtherChamber, NotOnRoster, AlreadyVoted, OtherVersion, NoJointSession."""
        self.state = LIFECYCLE.after("cast_ballot", self.state)
        if now >= self.closes_at:
            raise VotingEnded()
        if earlier is not None and earlier.chamber != vote.chamber:
            raise OtherChamber()
        if vote.voter_ref not in self.roster(vote.chamber) or interest is not None:
            raise NotOnRoster(chamber=chamber_term(vote.chamber))
        if earlier is not None:
            raise AlreadyVoted()
        if vote.plan_hash != self.plan_hash:
            raise OtherVersion(version=self.plan_version, plan_hash=self.plan_hash)
        if not joint_session_held:
            raise NoJointSession()
        return Ballot(vote, review_ref=self.id, place_path=self.place_path)

    def close(
        self, *, ballots: Sequence[Ballot], interests: Sequence[Interest], rule: DecisionRule, now: datetime
    ) -> None:
        """双审结束 Both chambers must pass. Before `closes_at` only when everybody has voted.

        Raises NotNow when it is closed already, VotingGoesOn.
        """
        self.state = LIFECYCLE.after("close", self.state)
        barred = {interest.voter_ref for interest in interests}
        counted = {chamber: self._counted(chamber, ballots, barred) for chamber in CHAMBERS}
        tallies = {chamber: self._tally(chamber, counted[chamber], barred) for chamber in CHAMBERS}
        self._must_have_ended(tallies, now)
        self.verdicts = [
            self._verdict(rule, chamber, tallies[chamber], counted[chamber]) for chamber in CHAMBERS
        ]
        failed = [verdict.chamber for verdict in self.verdicts if not verdict.passed]
        self.reason_codes = _most_frequent(ballot for chamber in failed for ballot in counted[chamber])
        self.closed_at = now
        self.state = LIFECYCLE.after("return" if failed else "pass", self.state)
        self.record(ReviewReturned() if failed else ReviewPassed())

    def _counted(self, chamber: str, ballots: Sequence[Ballot], barred: set[str]) -> list[Ballot]:
        """The ballots of those who are on the chamber's roster now."""
        voters = set(self.roster(chamber)) - barred
        return [ballot for ballot in ballots if ballot.chamber == chamber and ballot.voter_ref in voters]

    def _tally(self, chamber: str, ballots: Sequence[Ballot], barred: set[str]) -> Tally:
        on_roster = len(set(self.roster(chamber)) - barred)
        return Tally(on_roster, len(ballots), sum(ballot.approve for ballot in ballots))

    def _must_have_ended(self, tallies: Mapping[str, Tally], now: datetime) -> None:
        if now < self.closes_at and not all(tally.is_complete for tally in tallies.values()):
            raise VotingGoesOn(until=f"{local(self.closes_at):%Y-%m-%d %H:%M}")

    def _verdict(
        self, rule: DecisionRule, chamber: str, tally: Tally, ballots: Sequence[Ballot]
    ) -> ChamberVerdict:
        verdict = judge(rule, chamber, tally, Thresholds(self.quorum_percent, self.threshold_percent))
        entered = sum(ballot.entered_for_other for ballot in ballots)
        return ChamberVerdict(chamber, **asdict(tally), **asdict(verdict), entered_for_others=entered)

    def _concerns(self, org_ref: str) -> bool:
        return self.is_open and org_ref not in self.excluded_org_refs


def _each_once(*refs: str) -> list[str]:
    return list(dict.fromkeys(refs))


def _most_frequent(ballots: Iterable[Ballot]) -> list[str]:
    """What the rejections found failed: all codes, or the most frequent ones of very many."""
    found = Counter(code for ballot in ballots if not ballot.approve for code in ballot.criteria)
    ranked = sorted(found, key=lambda code: (-found[code], code))
    return sorted(ranked[:MOST_REASON_CODES])
