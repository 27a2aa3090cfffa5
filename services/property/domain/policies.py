"""业主共同决定的算术 An owners' vote, measured exactly (民法典 278, 1259; 北京市物业管理条例 35, 37; gate G8).

Whole numbers only: at the edge a rounded share would say the opposite of the law.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.property.domain.errors import DayInFuture, PostedBeforeVote, TallyImpossible, VotedBeforeNotice

COMMON_PARTS, ORDINARY = "common_parts", "ordinary"
KINDS = {COMMON_PARTS: "涉及共有部分的重大事项", ORDINARY: "一般事项"}
ADOPTED, REJECTED = "adopted", "rejected"
OUTCOMES = {ADOPTED: "通过", REJECTED: "未通过"}

NOTICE_DAYS = 15  # 条例 35: the topics are posted 15 days before the meeting
POSTING_DAYS = 3  # 条例 37: a decision is posted within 3 days; late posting does not undo it


@dataclass(frozen=True)
class Share:
    """A share that must be reached; with `edge_counts` the share itself is enough ("以上"含本数, 民法典 1259)."""

    numerator: int
    denominator: int
    edge_counts: bool

    def is_reached(self, part: int, whole: int) -> bool:
        """Whether `part` of `whole` is enough."""
        ours, needed = part * self.denominator, whole * self.numerator
        return ours >= needed if self.edge_counts else ours > needed

    def compared(self, part: int, whole: int) -> str:
        """How `part` of `whole` stands to it, as in `≥ 2/3`."""
        above, below = ("≥", "<") if self.edge_counts else (">", "≤")
        return f"{above if self.is_reached(part, whole) else below} {self.numerator}/{self.denominator}"


PARTICIPATION = Share(2, 3, edge_counts=True)
APPROVAL = {COMMON_PARTS: Share(3, 4, edge_counts=True), ORDINARY: Share(1, 2, edge_counts=False)}


@dataclass(frozen=True)
class Tally:
    """One of the two counts of a vote: heads, or area in dm² (0.01 ㎡)."""

    total: int
    participating: int
    approving: int

    def must_be_possible(self, field: str) -> None:
        """Raises TallyImpossible naming the number that is too large."""
        for name, part, whole in (
            ("participating", self.participating, self.total),
            ("approving", self.approving, self.participating),
        ):
            if part > whole:
                raise TallyImpossible(part=part, whole=whole, field=f"{field}.{name}")


@dataclass(frozen=True)
class Check:
    """One thing that the law asks of a vote: its code, whether it is met, how, in words, and whether it decides.

    What does not decide is a duty about the decision: found wrong and said, without a change of the outcome.
    """

    code: str
    is_met: bool
    words: str
    decides: bool = True


@dataclass(frozen=True)
class Vote:
    """An owners' vote as it was held outside: what was announced, counted and posted, and when."""

    topic_ref: str
    kind: str
    heads: Tally
    area_dm2: Tally
    noticed_topics: list[str]
    noticed_on: date
    voted_on: date
    posted_on: date

    def must_be_possible(self, *, today: date) -> None:
        """Raises TallyImpossible, VotedBeforeNotice, PostedBeforeVote, DayInFuture."""
        self.heads.must_be_possible("heads")
        self.area_dm2.must_be_possible("area_dm2")
        if self.voted_on < self.noticed_on:
            raise VotedBeforeNotice(voted_on=self.voted_on, noticed_on=self.noticed_on, field="voted_on")
        if self.posted_on < self.voted_on:
            raise PostedBeforeVote(posted_on=self.posted_on, voted_on=self.voted_on, field="posted_on")
        for field in ("noticed_on", "voted_on", "posted_on"):
            day = getattr(self, field)
            if day > today:
                raise DayInFuture(day=day, today=today, field=field)

    def checks(self) -> Iterator[Check]:
        """Everything that the law asks of it, one by one."""
        heads, area, approval = self.heads, self.area_dm2, APPROVAL[self.kind]
        yield _share("participation_heads", "参与业主", PARTICIPATION, heads.participating, heads.total)
        yield _share("participation_area", "参与面积", PARTICIPATION, area.participating, area.total)
        yield _share("approval_heads", "同意业主", approval, heads.approving, heads.participating)
        yield _share("approval_area", "同意面积", approval, area.approving, area.participating)
        yield self._notice()
        noticed = self.topic_ref in self.noticed_topics
        yield Check("not_noticed", noticed, f"会前公示的议题中{'有' if noticed else '没有'}本议题")
        yield self._posting()

    def _notice(self) -> Check:
        days = (self.voted_on - self.noticed_on).days
        enough = days >= NOTICE_DAYS
        words = f"会前{days}日公示 {'≥' if enough else '<'} {NOTICE_DAYS}日"
        return Check("notice_too_short", enough, words)

    def _posting(self) -> Check:
        days = (self.posted_on - self.voted_on).days
        if days <= POSTING_DAYS:
            return Check("posted_late", True, f"决定后{days}日公示 ≤ {POSTING_DAYS}日")
        words = f"决定后{days}日公示 > {POSTING_DAYS}日（公示逾期，不改变表决结果）"
        return Check("posted_late", False, words, decides=False)


@dataclass(frozen=True)
class Verdict:
    """What a vote comes to, with the codes of what was found wrong and the arithmetic in words."""

    outcome: str
    reasons: list[str]
    arithmetic: str


def judge(vote: Vote) -> Verdict:
    """Adopted only if nothing that decides fails."""
    checks = list(vote.checks())
    failed = [check for check in checks if not check.is_met]
    outcome = REJECTED if any(check.decides for check in failed) else ADOPTED
    return Verdict(outcome, [check.code for check in failed], "；".join(check.words for check in checks))


def _share(code: str, what: str, share: Share, part: int, whole: int) -> Check:
    ratio = f"{_square_metres(part)}/{_square_metres(whole)}" if code.endswith("_area") else f"{part}/{whole}"
    return Check(code, share.is_reached(part, whole), f"{what} {ratio} {share.compared(part, whole)}")


def _square_metres(dm2: int) -> str:
    return f"{dm2 // 100}.{dm2 % 100:02d}㎡"
