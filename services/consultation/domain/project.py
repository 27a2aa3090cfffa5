"""重点项目、新芽项目 A project, stage by stage, each with its gate (domain rows 16, 39; section 2.7).

What opens a gate is known from elsewhere: its surveys, its topics, its branch. So nobody can say that it is open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from services.consultation.domain.project_errors import (
    GateShut,
    MemberTwice,
    OutsideProject,
    StagesLeft,
    TopicsTooMany,
    TopicTwice,
)
from services.consultation.domain.topic import Site
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.clock import local_date
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move, stay

KEY, SPROUT = "key", "sprout"
KINDS = {KEY: "重点项目", SPROUT: "新芽项目"}
CAUSES = {"conflict": "矛盾纠纷", "weather": "天气", "materials": "材料供应", "other": "其他"}
MOST_TOPICS = 20


@dataclass(frozen=True)
class Progress:
    """How far all that belongs to a project has come."""

    design_is_fed_back: bool = False
    is_reviewed: bool = False
    is_resolved: bool = False
    has_branch: bool = False
    entry_is_fed_back: bool = False
    has_works: bool = False
    works_are_accepted: bool = False
    has_landed: bool = False


@dataclass(frozen=True)
class Gate:
    """What must be true before a stage begins."""

    name: Term
    is_open: Callable[[Progress], bool]


ASKED = Gate(
    Term("方案设计阶段的问需已全部反馈", "the design survey is fed back"), lambda it: it.design_is_fed_back
)
REVIEWED = Gate(Term("方案已通过双审", "a plan has passed its dual review"), lambda it: it.is_reviewed)
RESOLVED = Gate(
    Term("议题方案已通过，管护责任已明确", "its topics are resolved, with a maintainer"),
    lambda it: it.is_resolved,
)
BRANCH = Gate(Term("临时党支部已成立", "its temporary branch is established"), lambda it: it.has_branch)
ENTRY = Gate(
    Term("施工入场阶段的问需已全部反馈", "the entry survey is fed back"), lambda it: it.entry_is_fed_back
)
WORKS = Gate(Term("工程已立项", "its works are created"), lambda it: it.has_works)
BUILT = Gate(Term("工程已竣工验收", "its works are accepted"), lambda it: it.works_are_accepted)
LANDED = Gate(Term("成果已落地", "its results have landed"), lambda it: it.has_landed)


@dataclass(frozen=True)
class Stage:
    """阶段 A stage, and what must be true before it begins."""

    code: str
    name: str
    gates: tuple[Gate, ...] = ()


STAGES: dict[str, tuple[Stage, ...]] = {
    KEY: (
        #     code            中文          what must be true before
        Stage("inspection", "摸底体检"),
        Stage("opinions", "征求意见"),
        Stage("review", "双审", (ASKED,)),
        Stage("approval", "立项申报", (REVIEWED,)),
        Stage("responsibility", "责任确定"),
        Stage("publicity", "施工公示", (RESOLVED,)),
        Stage("entry", "入场意见", (BRANCH, WORKS)),
        Stage("construction", "施工", (ENTRY,)),
        Stage("acceptance", "验收", (BUILT,)),
        Stage("warranty", "质保", (LANDED,)),
    ),
    SPROUT: (
        Stage("opinions", "征求意见"),
        Stage("review", "双审"),
        Stage("publicity", "施工公示", (RESOLVED,)),
        Stage("construction", "施工", (WORKS,)),
        Stage("acceptance", "验收", (BUILT,)),
        Stage("warranty", "质保", (LANDED,)),
    ),
}
STAGE_NAMES = {stage.code: stage.name for stages in STAGES.values() for stage in stages}

RUNNING, PAUSED, COMPLETED, CALLED_OFF = "running", "paused", "completed", "called_off"
GOES_ON = (RUNNING, PAUSED)

LIFECYCLE = Lifecycle(
    Term("项目", "project"),
    {RUNNING: "进行中", PAUSED: "已停工", COMPLETED: "已完成", CALLED_OFF: "已终止"},
    #    action        中文        from              to
    stay("link", "关联", GOES_ON),
    move("advance", "进入下一阶段", RUNNING, RUNNING),
    move("pause", "停工", RUNNING, PAUSED),
    move("resume", "复工", PAUSED, RUNNING),
    move("complete", "结项", RUNNING, COMPLETED),
    move("call_off", "终止", GOES_ON, CALLED_OFF),
)


@dataclass(frozen=True)
class ProjectOpened(DomainEvent):
    """立项 A project begins."""


@dataclass(frozen=True)
class ProjectLinked(DomainEvent):
    """关联 More belongs to it. Stays at home."""


@dataclass(frozen=True)
class StageChanged(DomainEvent):
    """进入下一阶段"""

    former: str


@dataclass(frozen=True)
class ProjectPaused(DomainEvent):
    """停工"""

    cause: str
    reason: str


@dataclass(frozen=True)
class ProjectResumed(DomainEvent):
    """复工"""

    days_lost: int


@dataclass(frozen=True)
class ProjectClosed(DomainEvent):
    """结项、终止 It is over."""

    reason: str
    days_lost: int


@dataclass(frozen=True)
class StageLine:
    """When a stage began, and what was noted then, fit to be read by anyone."""

    stage: str
    at: datetime
    note: str
    photographs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pause:
    """停工 From a day on, until work goes on; `until` None: it has not yet."""

    cause: str
    reason: str
    begun_on: date
    until: date | None = None

    def days(self, today: date) -> int:
        """How many days were lost: that on which it began, not that on which work went on."""
        return ((self.until or today) - self.begun_on).days


class Project(Aggregate):
    """项目 What is deliberated and built as one, in `topic_refs`; `campaign_refs` are grid's visits from door to door
    for it (入户行动)."""

    term = LIFECYCLE.name

    def __init__(
        self,
        *,
        kind: str,
        title: str,
        site: Site,
        topic_refs: list[str],
        campaign_refs: list[str],
        now: datetime,
    ) -> None:
        """立项"""
        self.id = new_id()
        self.kind = kind
        self.title = title
        self.place_ref = site.place_ref
        self.place_path = site.path
        self.place_name = site.name
        self.topic_refs = topic_refs
        self.campaign_refs = campaign_refs
        self.stage = STAGES[kind][0].code
        self.history = [StageLine(self.stage, now, "")]
        self.pauses: list[Pause] = []
        self.state = RUNNING
        self.record(ProjectOpened())

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done next."""
        return LIFECYCLE.actions(self.state)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """All its stages, in order."""
        return STAGES[self.kind]

    @property
    def next_stage(self) -> Stage | None:
        """The stage after the present one; None in the last one."""
        codes = [stage.code for stage in self.stages]
        following = codes.index(self.stage) + 1
        return self.stages[following] if following < len(codes) else None

    @property
    def goes_on(self) -> bool:
        """Whether it is neither completed nor called off."""
        return self.state in GOES_ON

    def must_hold(self, ref: str, path: str | None, *, field: str) -> None:
        """Raises OutsideProject for what does not lie where the project lies."""
        if not (path or "").startswith(self.place_path or ""):
            raise OutsideProject(ref=ref, field=field)

    def must_go_on(self) -> None:
        """Raises NotNow."""
        self.state = LIFECYCLE.after("link", self.state)

    def days_lost(self, today: date, cause: str | None = None) -> int:
        """停工天数 To any cause, or to one."""
        return sum(pause.days(today) for pause in self.pauses if cause in (None, pause.cause))

    def link(self, topic_refs: list[str], campaign_refs: list[str]) -> None:
        """关联 More topics, more visits. Raises NotNow, TopicTwice, TopicsTooMany."""
        self.must_go_on()
        for ref in topic_refs:
            if ref in self.topic_refs:
                raise TopicTwice(ref=ref, field="topic_refs")
        if len(self.topic_refs) + len(topic_refs) > MOST_TOPICS:
            raise TopicsTooMany(most=MOST_TOPICS, field="topic_refs")
        self.topic_refs = [*self.topic_refs, *topic_refs]
        self.campaign_refs = list(dict.fromkeys([*self.campaign_refs, *campaign_refs]))
        self.record(ProjectLinked())

    def shut_gates(self, progress: Progress) -> list[Gate]:
        """What is missing for the next stage."""
        following = self.next_stage
        return [gate for gate in following.gates if not gate.is_open(progress)] if following else []

    def advance(
        self, progress: Progress, *, note: str, photographs: Iterable[str] = (), now: datetime
    ) -> None:
        """进入下一阶段 Raises NotNow, also in the last stage; GateShut with all that is missing."""
        state = LIFECYCLE.after("advance", self.state)
        following = self.next_stage
        if following is None:
            raise LIFECYCLE.refusal(Term("进入下一阶段", "advance"), self.state)
        shut = self.shut_gates(progress)
        if shut:
            raise GateShut(
                stage=Term(following.name, following.code),
                missing=Term(
                    "；".join(gate.name.zh for gate in shut), "; ".join(gate.name.en for gate in shut)
                ),
            )
        former, self.state, self.stage = self.stage, state, following.code
        self.history = [*self.history, StageLine(following.code, now, note, tuple(photographs))]
        self.record(StageChanged(former))

    def pause(self, *, cause: str, reason: str, now: datetime) -> None:
        """停工 Raises NotNow."""
        self.state = LIFECYCLE.after("pause", self.state)
        self.pauses = [*self.pauses, Pause(cause, reason, local_date(now))]
        self.record(ProjectPaused(cause, reason))

    def resume(self, *, now: datetime) -> None:
        """复工 Raises NotNow."""
        self.state = LIFECYCLE.after("resume", self.state)
        self._end_pause(now)
        self.record(ProjectResumed(self.days_lost(local_date(now))))

    def complete(self, *, note: str, now: datetime) -> None:
        """结项 After the last stage. Raises NotNow, StagesLeft."""
        state = LIFECYCLE.after("complete", self.state)
        if self.next_stage is not None:
            raise StagesLeft(stage=Term(self.next_stage.name, self.next_stage.code))
        self.state = state
        self.record(ProjectClosed(note, self.days_lost(local_date(now))))

    def call_off(self, *, reason: str, now: datetime) -> None:
        """终止 Raises NotNow."""
        is_paused = self.state == PAUSED
        self.state = LIFECYCLE.after("call_off", self.state)
        if is_paused:
            self._end_pause(now)
        self.record(ProjectClosed(reason, self.days_lost(local_date(now))))

    def _end_pause(self, now: datetime) -> None:
        *before, last = self.pauses
        self.pauses = [*before, Pause(last.cause, last.reason, last.begun_on, local_date(now))]


def nobody_twice(refs: Iterable[str]) -> None:
    """Raises MemberTwice where somebody would be a member of the same twice."""
    for ref, times in Counter(refs).items():
        if times > 1:
            raise MemberTwice(ref=ref, field="members")
