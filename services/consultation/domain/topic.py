"""议题 A topic: 提出问题 → 共议方案 → 落实成果 (domain row 37); no phase can be skipped (gate G6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from services.consultation.domain import topic_events as events
from services.consultation.domain.errors import (
    DecisionMissing,
    LatestNotPassed,
    MergedWithItself,
    NotBuilding,
    NotMaintainer,
    NotYourVoice,
    NoVersionPassed,
    OutsideEstate,
    TooManyCases,
    TooManyProposers,
    VersionGivenUp,
    WorksOpen,
)
from services.consultation.domain.plan import Plan, Version
from shared.kernel.aggregate import Aggregate
from shared.kernel.errors import NotYet, Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, heard, move, stay
from shared.kernel.money import yuan

RAISED, DECLINED, REFERRED, MERGED, DELIBERATING, SUSPENDED, DELIVERING, LANDED = (
    "raised",
    "declined",
    "referred",
    "merged",
    "deliberating",
    "suspended",
    "delivering",
    "landed",
)
ENDED = (DECLINED, REFERRED, MERGED, LANDED)
THEMES = {"small_works": "小微工程", "renovation": "老旧小区改造", "sprout": "新芽项目"}  # domain row 39
PROPOSERS = {
    "resident": "居民",
    "community": "社区",
    "owners_body": "业主组织",
    "property": "物业企业",
    "unit": "辖区单位",
    "street": "街道",
    "social_org": "社会组织",
}
# role -> as whom alone it raises a topic; staff, who are not here, say on whose behalf
SPEAKS_AS = {
    "resident": "resident",
    "captain": "resident",
    "owners_body": "owners_body",
    "property": "property",
    "member_unit": "unit",
    "social_org": "social_org",
}
MAINTAINERS = ("company", "owner_unit", "department")  # kinds of parties; a contractor goes when it has built
ADOPTED = "adopted"
LONGEST_TITLE = 100
MOST_CASES = MOST_PROPOSERS = 500  # of one topic: all of them stand in each of its events

LIFECYCLE = Lifecycle(
    Term("议题", "topic"),
    {
        RAISED: "提出问题",
        DECLINED: "不予立项",
        REFERRED: "已转办",
        MERGED: "已合并",
        DELIBERATING: "共议方案",
        SUSPENDED: "中止",
        DELIVERING: "落实成果",
        LANDED: "成果落地",
    },
    #    action            中文           from          to
    move("accept", "立项", RAISED, DELIBERATING),
    move("decline", "不予立项", RAISED, DECLINED),
    move("refer", "转办", RAISED, REFERRED),
    move("merge", "合并", RAISED, MERGED),
    heard("take_in", "并入其他议题", (RAISED, DELIBERATING), None),
    move("suspend", "中止", DELIBERATING, SUSPENDED),
    move("resume", "恢复共议", SUSPENDED, DELIBERATING),
    stay("link_cases", "关联事项", (RAISED, DELIBERATING, SUSPENDED, DELIVERING)),
    move("request_design", "征集设计机构", DELIBERATING, DELIBERATING),
    move("announce_session", "预告议事会", DELIBERATING, DELIBERATING),
    move("propose_plan", "提出方案", DELIBERATING, DELIBERATING),
    move("open_review", "发起双审", DELIBERATING, DELIBERATING),
    move("resolve", "通过方案", DELIBERATING, DELIVERING),
    heard("return", "退回共议方案", DELIVERING, DELIBERATING),
    move("land", "成果落地", DELIVERING, LANDED),
    move("reopen", "成果重议", LANDED, DELIBERATING),
)


@dataclass(frozen=True)
class Site:
    """Where something lies: what is needed of grid's fact."""

    place_ref: str
    path: str
    name: str
    estate_ref: str | None

    @classmethod
    def of(cls, place: Mapping[str, Any]) -> Self:
        """That of a place, as grid tells it."""
        return cls(place["place_ref"], place["path"], place["name"], place["estate_ref"])


@dataclass(frozen=True)
class Problem:
    """What is put up for deliberation. `raised_by` is a class of proposers, never a person; `proposer_refs` are the
    residents who are to hear what becomes of it. `source_ref`: what put it up where nobody did, as a cluster or an
    evaluation does; a source raises one topic."""

    title: str
    text: str
    category: str
    theme: str
    area_ref: str | None
    raised_by: str
    case_refs: list[str]
    proposer_refs: list[str] = field(default_factory=list)
    source_ref: str | None = None


@dataclass(frozen=True)
class Decision:
    """业主共同决定 What the owners decided on one version."""

    decision_ref: str
    plan_hash: str
    kind: str
    area_ref: str
    outcome: str


@dataclass(frozen=True)
class Satisfaction:
    """满意度 What the residents said of the result."""

    question_ref: str
    asked: int
    answered: int
    resolved: int


@dataclass(frozen=True)
class StoryLine:
    """One turn of a topic, in words fit to be read by anyone."""

    at: datetime
    text: str


class Topic(Aggregate):
    """议题 A matter of the neighbourhood, from the problem to the result.

    `plan_version` and `plan_hash` are those of the version adopted last. `works_ref` names the works that build
    it; works once cancelled, or whose result was not good, never become current again, whatever is heard of them later.
    `turn` counts how often it is delivered: once, unless its result is reopened. `story` holds the turns of the topic
    itself.
    """

    term = LIFECYCLE.name

    def __init__(self, problem: Problem, *, site: Site, now: datetime) -> None:
        """提出问题"""
        self.id = new_id()
        self.title = problem.title
        self.text = problem.text
        self.category = problem.category
        self.theme = problem.theme
        self.place_ref = site.place_ref
        self.place_path = site.path
        self.place_name = site.name
        self.estate_ref = site.estate_ref
        self.area_ref = problem.area_ref
        self.raised_by = problem.raised_by
        self.case_refs = problem.case_refs
        self.proposer_refs = problem.proposer_refs
        self.source_ref = problem.source_ref
        self.also_raised_by: list[str] = []
        self.merged_into_ref: str | None = None
        self.party_org: str | None = None
        self.note = ""
        self.plan_ref: str | None = None
        self.plan_version: int | None = None
        self.plan_hash: str | None = None
        self.decisions: list[Decision] = []
        self.works_ref: str | None = None
        self.works_accepted = False
        self.cancelled_works_refs: list[str] = []
        self.maintainer_ref: str | None = None
        self.accepted_by: str | None = None
        self.evidence: str | None = None
        self.photographs: list[str] = []
        self.turn = 1
        self.satisfaction: Satisfaction | None = None
        self.story: list[StoryLine] = []
        self.raised_at = now
        self.state = RAISED
        self._tell(f"{PROPOSERS[self.raised_by]}提出问题：{self.title}", now)
        self.record(events.TopicRaised())

    @property
    def phase(self) -> str:
        """The phase as people call it."""
        return LIFECYCLE.states[self.state]

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done next."""
        return LIFECYCLE.actions(self.state)

    def must_allow(self, action: str) -> None:
        """Raises NotNow where the phase is not that of `action`."""
        self.state = LIFECYCLE.after(action, self.state)

    # ---- where it lies

    def must_hold_area(self, area_ref: str, estate_ref: str) -> None:
        """Raises OutsideEstate for an area of property management in another estate."""
        if self.estate_ref not in (None, estate_ref):
            raise OutsideEstate(ref=area_ref, field="area_ref")

    def must_hold_building(self, ref: str, *, kind: str, path: str) -> None:
        """Raises NotBuilding, OutsideEstate."""
        if kind != "building":
            raise NotBuilding(ref=ref, field="building_refs")
        self.must_hold(ref, path, field="building_refs")

    def must_hold(self, ref: str, path: str, *, field: str) -> None:
        """Raises OutsideEstate for what does not lie in the topic's estate (or place, where it has no estate)."""
        if not path.startswith(self._estate_path):
            raise OutsideEstate(ref=ref, field=field)

    @property
    def _estate_path(self) -> str:
        path = self.place_path or ""
        if self.estate_ref is None:
            return path
        before, estate, _ = path.partition(f"/{self.estate_ref}/")
        return before + estate

    # ---- what is done

    def accept(self, *, party_org: str, note: str, now: datetime) -> None:
        """立项 The party organisation approves the agenda (domain row 6)."""
        self.state = LIFECYCLE.after("accept", self.state)
        self.party_org, self.note = party_org, note
        self._tell(f"{party_org}同意立项，开始共议方案", now)
        self.record(events.TopicAccepted())

    def decline(self, *, reason: str, now: datetime) -> None:
        """不予立项, with a reason that anyone may read."""
        self.state = LIFECYCLE.after("decline", self.state)
        self._tell(f"不予立项：{reason}", now)
        self.record(events.TopicDeclined(reason))

    def refer(self, *, case_category: str, reason: str, now: datetime) -> None:
        """转办 It needs no deliberation: the matter is attended to as a case of that category. Raises NotNow."""
        self.state = LIFECYCLE.after("refer", self.state)
        self._tell(f"转有关部门办理：{reason}", now)
        self.record(events.TopicReferred(case_category, reason))

    def merge_into(self, other: Topic, *, now: datetime) -> None:
        """合并 Whoever has raised it has raised the other, which takes up its cases. Raises NotNow, MergedWithItself,
        OutsideEstate, TooManyCases, TooManyProposers."""
        state = LIFECYCLE.after("merge", self.state)
        if other.id == self.id:
            raise MergedWithItself(field="into_ref")
        other.must_hold(self.place_ref, self.place_path or "", field="into_ref")
        other.take_in(self, now=now)
        self.state, self.merged_into_ref = state, other.id
        self._tell(f"与议题“{other.title}”合并商议", now)
        self.record(events.TopicMerged(other.id, other.title))

    def take_in(self, merged: Topic, *, now: datetime) -> None:
        """并入 Raises NotNow, TooManyCases, TooManyProposers."""
        self.state = LIFECYCLE.after("take_in", self.state)
        self.link_cases(merged.case_refs)
        self.proposer_refs = list(dict.fromkeys((*self.proposer_refs, *merged.proposer_refs)))
        if len(self.proposer_refs) > MOST_PROPOSERS:
            raise TooManyProposers(most=MOST_PROPOSERS, field="into_ref")
        proposers = (*self.also_raised_by, merged.raised_by, *merged.also_raised_by)
        self.also_raised_by = [each for each in dict.fromkeys(proposers) if each != self.raised_by]
        self._tell(f"{PROPOSERS[merged.raised_by]}提出的“{merged.title}”并入本议题", now)
        self.record(events.TopicTookIn())

    def suspend(self, *, reason: str, now: datetime) -> None:
        """中止, with a reason that anyone may read. Raises NotNow."""
        self.state = LIFECYCLE.after("suspend", self.state)
        self._tell(f"中止共议：{reason}", now)
        self.record(events.TopicSuspended(reason))

    def resume(self, *, now: datetime) -> None:
        """恢复共议 Raises NotNow."""
        self.state = LIFECYCLE.after("resume", self.state)
        self._tell("恢复共议方案", now)
        self.record(events.TopicResumed())

    def link_cases(self, refs: Iterable[str]) -> None:
        """关联事项 (domain row 43) Nothing for those that it takes up already. Raises NotNow, TooManyCases."""
        self.state = LIFECYCLE.after("link_cases", self.state)
        new = [ref for ref in dict.fromkeys(refs) if ref not in self.case_refs]
        if len(self.case_refs) + len(new) > MOST_CASES:
            raise TooManyCases(most=MOST_CASES, field="case_refs")
        if new:
            self.case_refs = [*self.case_refs, *new]
            self.record(events.CasesLinked(new))

    def hear_cases_joined(self, refs: Iterable[str]) -> None:
        """加入聚集 More of the cases from which it came. Nothing where it has ended."""
        if LIFECYCLE.allows("link_cases", self.state):
            self.link_cases(refs)

    def resolve(
        self, plan: Plan, *, maintainer_name: str, suggestions_adopted: int = 0, now: datetime
    ) -> None:
        """方案通过 The latest version is adopted.

        Raises NotNow, NoVersionPassed, LatestNotPassed, VersionGivenUp, DecisionMissing.
        """
        state = LIFECYCLE.after("resolve", self.state)
        if plan.passed_version is None:
            raise NoVersionPassed()
        if plan.passed_version != plan.latest.number:
            raise LatestNotPassed(version=plan.latest.number)
        if plan.passed_version == self.plan_version:
            raise VersionGivenUp(version=plan.passed_version)
        decision_ref = self._decision_for(plan.latest)
        self.state = state
        self.plan_ref, self.plan_version, self.plan_hash = plan.id, plan.latest.number, plan.latest.hash
        self.works_accepted = False
        self._tell(f"第{self.plan_version}版方案通过，预算{yuan(plan.latest.content.budget_fen)}", now)
        self.record(events.TopicResolved(plan.latest, decision_ref, maintainer_name, suggestions_adopted))

    def land(
        self,
        *,
        accepted_by: str,
        evidence: str,
        photographs: Iterable[str] = (),
        maintainer_ref: str,
        maintainer_name: str,
        now: datetime,
    ) -> None:
        """落实成果: accepted works, residents' word, and who keeps it in order; the photographs of each landing stay.
        Raises WorksOpen."""
        state = LIFECYCLE.after("land", self.state)
        if not self.works_accepted:
            raise WorksOpen()
        self.state = state
        self.accepted_by, self.evidence, self.maintainer_ref = accepted_by, evidence, maintainer_ref
        self.photographs = list(dict.fromkeys((*self.photographs, *photographs)))
        self.satisfaction = None
        self._tell("成果落地，日常维护责任已明确", now)
        self.record(events.ResultLanded(maintainer_name))

    def reopen(self, *, reason: str, now: datetime) -> None:
        """成果重议 The residents say that the result is not good: back to 共议方案. Raises NotNow."""
        self.state = LIFECYCLE.after("reopen", self.state)
        self._tell(f"居民认为问题没有解决，重新共议方案：{reason}", now)
        works_ref = self.works_ref
        self.turn += 1
        self._give_up_works(works_ref)
        self.record(events.ResultReopened(works_ref, self.plan_version, reason))

    # ---- what is heard

    def hear_decision(self, decision: Decision, *, now: datetime) -> None:
        """业主共同决定 Remembered, whether or not the version has passed its review yet."""
        if any(known.decision_ref == decision.decision_ref for known in self.decisions):
            return
        self.decisions = [*self.decisions, decision]
        self._tell(f"业主共同决定{'通过' if decision.outcome == ADOPTED else '未通过'}", now)
        self.record(events.DecisionHeard())

    def hear_works_created(self, works_ref: str, plan_hash: str, *, now: datetime) -> None:
        """立项的工程 Nothing for works that were cancelled, are known, or build another version."""
        if plan_hash == self.plan_hash and self._awaits(works_ref):
            self.works_ref = works_ref
            self._tell("工程立项", now)
            self.record(events.WorksHeard())

    def hear_works_accepted(self, works_ref: str, *, now: datetime) -> None:
        """竣工验收 Nothing for works that are not, and cannot become, the current ones."""
        if not self.works_accepted and (works_ref == self.works_ref or self._awaits(works_ref)):
            self.works_ref, self.works_accepted = works_ref, True
            self._tell("工程竣工验收", now)
            self.record(events.WorksHeard())

    def hear_works_cancelled(self, works_ref: str, *, reason: str, now: datetime) -> None:
        """工程取消 Back to 共议方案. Nothing where it is known, or where the works are not the current ones."""
        if works_ref != self.works_ref and not self._awaits(works_ref):
            return
        if not LIFECYCLE.allows("return", self.state):
            return
        self.state = LIFECYCLE.after("return", self.state)
        self._give_up_works(works_ref)
        self._tell(f"工程取消，重新共议方案：{reason}", now)
        self.record(events.TopicReturned(works_ref, reason))

    def hear_satisfaction(self, satisfaction: Satisfaction, *, turn: int, now: datetime) -> None:
        """满意度 (domain row 40). The first count of a turn stays; where more than half of those who answered
        say that it is not resolved, the result is reopened. Raises NotYet before the result of that turn has landed."""
        if turn < self.turn:
            return
        if self.state != LANDED or turn > self.turn:
            raise NotYet(f"topic {self.id} is {self.state}, turn {self.turn}")
        if self.satisfaction is not None:
            return
        self.satisfaction = satisfaction
        self.record(events.SatisfactionHeard())
        unresolved = satisfaction.answered - satisfaction.resolved
        if 2 * unresolved > satisfaction.answered:
            self.reopen(reason=f"{satisfaction.answered}人评价，{unresolved}人认为没有解决", now=now)

    def _give_up_works(self, works_ref: str | None) -> None:
        if works_ref is not None:
            self.cancelled_works_refs = [*self.cancelled_works_refs, works_ref]
        self.works_ref, self.works_accepted = None, False

    def _awaits(self, works_ref: str) -> bool:
        """Whether those works may become the current ones."""
        return (
            self.state == DELIVERING and self.works_ref is None and works_ref not in self.cancelled_works_refs
        )

    def _decision_for(self, version: Version) -> str | None:
        """The owners' adopted decision on that version; None where none is needed. Raises DecisionMissing."""
        needed = version.content.owners_decision
        if not needed.required:
            return None
        wanted = (version.hash, needed.kind, version.content.area_ref, ADOPTED)
        for decision in self.decisions:
            if (decision.plan_hash, decision.kind, decision.area_ref, decision.outcome) == wanted:
                return decision.decision_ref
        raise DecisionMissing()

    def _tell(self, text: str, now: datetime) -> None:
        self.story = [*self.story, StoryLine(now, text)]


def must_speak_as(role: str, raised_by: str) -> None:
    """Raises NotYourVoice for who speaks for itself, and says to be another."""
    own = SPEAKS_AS.get(role, raised_by)
    if own != raised_by:
        raise NotYourVoice(own=Term(PROPOSERS[own], own), field="raised_by")


def must_maintain(ref: str, kind: str) -> None:
    """Raises NotMaintainer for a party of a kind that keeps nothing in order."""
    if kind not in MAINTAINERS:
        raise NotMaintainer(ref=ref, field="maintainer_ref")
