"""业主共同决定 Owners' decisions (民法典 278): a checker of imported results, never the voting machine (gate G7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.property.domain.area import Area
from services.property.domain.errors import DecisionAskedOtherwise
from services.property.domain.policies import KINDS, Vote, judge
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.clock import local_date
from shared.kernel.errors import Term
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class DecisionExpected(DomainEvent):
    """等待决定 A plan needs the owners. Stays at home."""


@dataclass(frozen=True)
class DecisionRecorded(DomainEvent):
    """录入决定 The result of a vote was imported and checked (民法典 278)."""


class ExpectedDecision(Aggregate):
    """A plan that needs a vote of an area's owners. One per topic and plan hash."""

    term = Term("待作出的业主共同决定", "expected decision")

    def __init__(self, *, topic_ref: str, plan_hash: str, kind: str, area_ref: str, place_path: str) -> None:
        self.id = new_id()
        self.topic_ref = topic_ref
        self.plan_hash = plan_hash
        self.kind = kind
        self.area_ref = area_ref
        self.place_path = place_path
        self.record(DecisionExpected())

    def must_ask_for(self, *, kind: str, area_ref: str) -> None:
        """Raises DecisionAskedOtherwise: whoever imports may not choose the easier threshold, or other owners."""
        if kind != self.kind:
            raise DecisionAskedOtherwise(asked=Term(KINDS[self.kind], self.kind), field="kind")
        if area_ref != self.area_ref:
            asked = Term(f"{Area.term.zh} {self.area_ref}", f"the {Area.term.en} {self.area_ref}")
            raise DecisionAskedOtherwise(asked=asked, field="area_ref")


class OwnersDecision(Aggregate):
    """A vote held outside, as it was imported, and what the law makes of it. A second vote is another one."""

    term = Term("业主共同决定", "owners' decision")

    def __init__(self, *, plan_hash: str, area: Area, vote: Vote, scan: str, now: datetime) -> None:
        """录入表决结果 Raises TallyImpossible, VotedBeforeNotice, PostedBeforeVote, DayInFuture."""
        vote.must_be_possible(today=local_date(now))
        verdict = judge(vote)
        self.id = new_id()
        self.topic_ref = vote.topic_ref
        self.plan_hash = plan_hash
        self.area_ref = area.id
        self.place_path = area.place_path
        self.kind = vote.kind
        self.heads = vote.heads
        self.area_dm2 = vote.area_dm2
        self.noticed_topics = vote.noticed_topics
        self.noticed_on = vote.noticed_on
        self.voted_on = vote.voted_on
        self.posted_on = vote.posted_on
        self.scan = scan
        self.outcome = verdict.outcome
        self.reasons = verdict.reasons
        self.arithmetic = verdict.arithmetic
        self.recorded_at = now
        self.record(DecisionRecorded())
