"""议题 A topic: 提出问题 → 共议方案 → 落实成果 (domain row 37); no phase can be skipped (gate G6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.consultation.domain.errors import (
    DecisionMissing,
    LatestNotPassed,
    NoVersionPassed,
    VersionGivenUp,
    WorksOpen,
)
from services.consultation.domain.plan import Plan, Version
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import NotNow, NotYet
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move
from shared.kernel.money import yuan

RAISED, DECLINED, DELIBERATING, DELIVERING, LANDED = (
    "raised",
    "declined",
    "deliberating",
    "delivering",
    "landed",
)
THEMES = ("small_works", "renovation", "sprout")  # 小微工程、老旧小区改造、新芽项目 (domain row 39)
ADOPTED = "adopted"

LIFECYCLE = Lifecycle(
    "topic",
    #    action     from          to
    move("accept", RAISED, DELIBERATING),
    move("decline", RAISED, DECLINED),
    move("resolve", DELIBERATING, DELIVERING),
    move("return", DELIVERING, DELIBERATING),
    move("land", DELIVERING, LANDED),
)
PHASES = {
    RAISED: "提出问题",
    DECLINED: "不予立项",
    DELIBERATING: "共议方案",
    DELIVERING: "落实成果",
    LANDED: "成果落地",
}
IN_DELIBERATION = ["request_design", "announce_session", "propose_plan", "open_review"]


@dataclass(frozen=True)
class TopicRaised(DomainEvent):
    """提出问题"""


@dataclass(frozen=True)
class TopicAccepted(DomainEvent):
    """立项"""


@dataclass(frozen=True)
class TopicDeclined(DomainEvent):
    """不予立项"""

    reason: str


@dataclass(frozen=True)
class TopicResolved(DomainEvent):
    """方案落定"""

    version: Version
    decision_ref: str | None
    maintainer_name: str


@dataclass(frozen=True)
class TopicReturned(DomainEvent):
    """退回共议方案"""

    works_ref: str
    reason: str


@dataclass(frozen=True)
class ResultLanded(DomainEvent):
    """落实成果"""

    maintainer_name: str


@dataclass(frozen=True)
class DecisionHeard(DomainEvent):
    """The owners' vote is known. Stays at home."""


@dataclass(frozen=True)
class WorksHeard(DomainEvent):
    """How the works stand is known. Stays at home."""


@dataclass(frozen=True)
class SatisfactionHeard(DomainEvent):
    """What the residents say of the result is known. Stays at home."""


class Topic(Aggregate):
    """A matter of the neighbourhood, from the problem to the result.

    `plan_version` and `plan_hash` are those of the version adopted last. `works_ref` names the works that build
    it; works once cancelled never become current again, whatever is heard of them later. `story` holds the turns
    of the topic itself, in words fit to be read by anyone.
    """

    def __init__(
        self,
        *,
        title: str,
        text: str,
        category: str,
        theme: str,
        place: dict[str, Any],
        area_ref: str | None,
        raised_by: str,
        case_refs: list[str],
    ) -> None:
        self.id = new_id()
        self.title = title
        self.text = text
        self.category = category
        self.theme = theme
        self.place_ref: str = place["place_ref"]
        self.place_path = place["path"]
        self.place_name: str = place["name"]
        self.estate_ref: str | None = place["estate_ref"]
        self.area_ref = area_ref
        self.raised_by = raised_by
        self.case_refs = case_refs
        self.party_org: str | None = None
        self.note = ""
        self.plan_ref: str | None = None
        self.plan_version: int | None = None
        self.plan_hash: str | None = None
        self.decisions: list[dict[str, str]] = []
        self.works_ref: str | None = None
        self.works_accepted = False
        self.cancelled_works_refs: list[str] = []
        self.maintainer_ref: str | None = None
        self.accepted_by: str | None = None
        self.evidence: str | None = None
        self.satisfaction: dict[str, Any] | None = None
        self.story: list[dict[str, str]] = []
        self.state = RAISED

    @classmethod
    def raise_(
        cls,
        *,
        title: str,
        text: str,
        category: str,
        theme: str,
        place: dict[str, Any],
        area_ref: str | None,
        raised_by: str,
        case_refs: list[str],
        now: datetime,
    ) -> Topic:
        """提出问题 at a place, which is the copy of grid's fact."""
        topic = cls(
            title=title,
            text=text,
            category=category,
            theme=theme,
            place=place,
            area_ref=area_ref,
            raised_by=raised_by,
            case_refs=case_refs,
        )
        topic._tell(f"{raised_by}提出问题:{title}", now)
        topic.record(TopicRaised())
        return topic

    @property
    def phase(self) -> str:
        """The phase as people call it."""
        return PHASES[self.state]

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done next; `return` is not done but heard."""
        deeds = [action for action in LIFECYCLE.actions(self.state) if action != "return"]
        return IN_DELIBERATION + deeds if self.state == DELIBERATING else deeds

    def must_deliberate(self, action: str) -> None:
        """Raises NotNow unless the plan is being discussed."""
        if self.state != DELIBERATING:
            raise NotNow(what="topic", action=action, state=self.state, allowed_actions=self.allowed_actions)

    def accept(self, *, party_org: str, note: str, now: datetime) -> None:
        """立项 The party organisation approves the agenda (domain row 6)."""
        self.state = LIFECYCLE.after("accept", self.state)
        self.party_org, self.note = party_org, note
        self._tell(f"{party_org}同意立项,开始共议方案", now)
        self.record(TopicAccepted())

    def decline(self, *, reason: str, now: datetime) -> None:
        """不予立项, with a reason that anyone may read."""
        self.state = LIFECYCLE.after("decline", self.state)
        self._tell(f"不予立项:{reason}", now)
        self.record(TopicDeclined(reason))

    def resolve(self, plan: Plan | None, *, maintainer_name: str, now: datetime) -> None:
        """方案落定: the latest version is adopted.

        Raises NoVersionPassed, LatestNotPassed, VersionGivenUp, DecisionMissing.
        """
        state = LIFECYCLE.after("resolve", self.state)
        if plan is None or plan.passed_version is None:
            raise NoVersionPassed()
        if plan.passed_version != plan.latest.number:
            raise LatestNotPassed(version=plan.latest.number)
        if plan.passed_version == self.plan_version:
            raise VersionGivenUp(version=plan.passed_version)
        decision_ref = self._decision_for(plan.latest)
        self.state = state
        self.plan_ref, self.plan_version, self.plan_hash = plan.id, plan.latest.number, plan.latest.hash
        self.works_accepted = False
        self._tell(f"第{self.plan_version}版方案落定,预算{yuan(plan.latest.content.budget_fen)}", now)
        self.record(TopicResolved(plan.latest, decision_ref, maintainer_name))

    def land(
        self, *, accepted_by: str, evidence: str, maintainer_ref: str, maintainer_name: str, now: datetime
    ) -> None:
        """落实成果: accepted works, residents' word, and who keeps it in order. Raises WorksOpen."""
        state = LIFECYCLE.after("land", self.state)
        if not self.works_accepted:
            raise WorksOpen()
        self.state = state
        self.accepted_by, self.evidence, self.maintainer_ref = accepted_by, evidence, maintainer_ref
        self._tell("成果落地,日常维护责任已明确", now)
        self.record(ResultLanded(maintainer_name))

    # ---- what is heard

    def hear_decision(
        self,
        *,
        decision_ref: str,
        plan_hash: str,
        kind: str,
        area_ref: str,
        outcome: str,
        now: datetime,
    ) -> None:
        """业主共同决定 Remembered, whether or not the version has passed its review yet."""
        if any(decision["decision_ref"] == decision_ref for decision in self.decisions):
            return
        decision = {
            "decision_ref": decision_ref,
            "plan_hash": plan_hash,
            "kind": kind,
            "area_ref": area_ref,
            "outcome": outcome,
        }
        self.decisions = [*self.decisions, decision]
        self._tell(f"业主共同决定{'通过' if outcome == ADOPTED else '未通过'}", now)
        self.record(DecisionHeard())

    def hear_works_created(self, works_ref: str, plan_hash: str, *, now: datetime) -> None:
        """立项的工程 Nothing for works that were cancelled, are known, or build another version."""
        if plan_hash == self.plan_hash and self._awaits(works_ref):
            self.works_ref = works_ref
            self._tell("工程立项", now)
            self.record(WorksHeard())

    def hear_works_accepted(self, works_ref: str, *, now: datetime) -> None:
        """竣工验收 Nothing for works that are not, and cannot become, the current ones."""
        if not self.works_accepted and (works_ref == self.works_ref or self._awaits(works_ref)):
            self.works_ref, self.works_accepted = works_ref, True
            self._tell("工程竣工验收", now)
            self.record(WorksHeard())

    def hear_works_cancelled(self, works_ref: str, *, reason: str, now: datetime) -> None:
        """工程取消 Back to 共议方案. Nothing where it is known, or where the works are not the current ones."""
        if works_ref != self.works_ref and not self._awaits(works_ref):
            return
        if not LIFECYCLE.allows("return", self.state):
            return
        self.state = LIFECYCLE.after("return", self.state)
        self.cancelled_works_refs = [*self.cancelled_works_refs, works_ref]
        self.works_ref, self.works_accepted = None, False
        self._tell(f"工程取消,重新共议方案:{reason}", now)
        self.record(TopicReturned(works_ref, reason))

    def hear_satisfaction(self, *, question_ref: str, asked: int, answered: int, resolved: int) -> None:
        """满意度 (domain row 40). The first count stays. Raises NotYet before the result has landed."""
        if self.state != LANDED:
            raise NotYet(f"topic {self.id} is {self.state}")
        if self.satisfaction is None:
            self.satisfaction = {
                "question_ref": question_ref,
                "asked": asked,
                "answered": answered,
                "resolved": resolved,
            }
            self.record(SatisfactionHeard())

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
        wanted = {
            "plan_hash": version.hash,
            "kind": needed.kind,
            "area_ref": version.content.area_ref,
            "outcome": ADOPTED,
        }
        for decision in self.decisions:
            if wanted.items() <= decision.items():
                return decision["decision_ref"]
        raise DecisionMissing()

    def _tell(self, text: str, now: datetime) -> None:
        self.story = [*self.story, {"at": now.isoformat(), "text": text}]
