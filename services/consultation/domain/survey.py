"""问需 A survey of what residents need (domain row 29): people are asked, and whoever said something hears what became
of it before the survey ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.consultation.domain.errors import SurveyUnanswered, SurveyUnclassified, TimeIsPast
from services.consultation.domain.topic import Site
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

DESIGN, ENTRY = "design", "entry"
STAGES = {DESIGN: "方案设计", ENTRY: "施工入场"}  # domain rows 30, 31
# what people speak of in each stage (domain.md 3.4 a)
CATEGORIES = {
    DESIGN: {
        "plumbing": "上下水",
        "facade": "外墙",
        "parking": "停车",
        "greening": "绿化",
        "accessibility": "无障碍",
        "bike_shed": "车棚",
        "lighting": "照明",
        "other": "其他",
    },
    ENTRY: {
        "noise": "噪声时间",
        "restoration": "入户恢复",
        "air_conditioners": "空调机位",
        "materials": "材料堆放",
        "passage": "出行",
        "progress": "进度公示",
        "other": "其他",
    },
}

PLANNED, OPEN, CLOSED, ANALYSED, FED_BACK, CALLED_OFF = (
    "planned",
    "open",
    "closed",
    "analysed",
    "fed_back",
    "called_off",
)

LIFECYCLE = Lifecycle(
    Term("问需", "survey"),
    {
        PLANNED: "已计划",
        OPEN: "征集中",
        CLOSED: "征集结束",
        ANALYSED: "已分析",
        FED_BACK: "已反馈",
        CALLED_OFF: "已取消",
    },
    #    action       中文        from      to
    move("open", "开始征集", PLANNED, OPEN),
    move("call_off", "取消", PLANNED, CALLED_OFF),
    move("collect", "收集建议", OPEN, OPEN),
    move("close", "结束征集", OPEN, CLOSED),
    move("analyse", "完成分析", CLOSED, ANALYSED),
    move("feed_back", "完成反馈", ANALYSED, FED_BACK),
)


@dataclass(frozen=True)
class SurveyPlanned(DomainEvent):
    """拟开展问需 Stays at home."""


@dataclass(frozen=True)
class SurveyOpened(DomainEvent):
    """开始征集 People are asked."""


@dataclass(frozen=True)
class SurveyClosed(DomainEvent):
    """结束征集 Nothing more is collected."""

    received: int


@dataclass(frozen=True)
class SurveyAnalysed(DomainEvent):
    """完成分析 What was said is sorted. Stays at home."""


@dataclass(frozen=True)
class SurveyFedBack(DomainEvent):
    """完成反馈 Everything that was said is answered."""

    tally: SurveyTally


@dataclass(frozen=True)
class SurveyCalledOff(DomainEvent):
    """取消 It never began. Stays at home."""


@dataclass(frozen=True)
class SurveyPlan:
    """What a survey is to be: its title, what it asks, in which stage, and until when."""

    title: str
    text: str
    stage: str
    closes_at: datetime
    topic_ref: str | None
    pairing_refs: list[str]


@dataclass(frozen=True)
class SurveyTally:
    """答复情况 How many suggestions there are, and what became of them."""

    received: int
    unclassified: int
    adopted: int
    partly_adopted: int
    not_adopted: int

    @property
    def answered(self) -> int:
        """How many are answered."""
        return self.adopted + self.partly_adopted + self.not_adopted

    @property
    def unanswered(self) -> int:
        """How many are not."""
        return self.received - self.answered


class Survey(Aggregate):
    """问需 A survey at a place, of one stage, until `closes_at`; perhaps about one topic.

    Suggestions are aggregates of their own, since many people collect them at once. `conclusions` is what the
    analysis found, in words that anyone may read.
    """

    term = LIFECYCLE.name

    def __init__(self, plan: SurveyPlan, *, site: Site, now: datetime) -> None:
        """拟开展 Raises TimeIsPast."""
        if plan.closes_at <= now:
            raise TimeIsPast(field="closes_at")
        self.id = new_id()
        self.title = plan.title
        self.text = plan.text
        self.stage = plan.stage
        self.topic_ref = plan.topic_ref
        self.pairing_refs = plan.pairing_refs
        self.place_ref = site.place_ref
        self.place_path = site.path
        self.place_name = site.name
        self.closes_at = plan.closes_at
        self.opened_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.fed_back_at: datetime | None = None
        self.conclusions = ""
        self.state = PLANNED
        self.record(SurveyPlanned())

    @property
    def is_open(self) -> bool:
        """Whether suggestions are collected."""
        return self.state == OPEN

    @property
    def categories(self) -> dict[str, str]:
        """What people speak of in its stage: code, Chinese."""
        return CATEGORIES[self.stage]

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done next."""
        return LIFECYCLE.actions(self.state)

    def open(self, *, now: datetime) -> None:
        """开始征集 Raises NotNow, TimeIsPast."""
        state = LIFECYCLE.after("open", self.state)
        if self.closes_at <= now:
            raise TimeIsPast(field="closes_at")
        self.state, self.opened_at = state, now
        self.record(SurveyOpened())

    def call_off(self) -> None:
        """取消 Raises NotNow."""
        self.state = LIFECYCLE.after("call_off", self.state)
        self.record(SurveyCalledOff())

    def must_collect(self) -> None:
        """Raises NotNow where nothing is collected."""
        self.state = LIFECYCLE.after("collect", self.state)

    def close(self, *, received: int, now: datetime) -> None:
        """结束征集 Raises NotNow."""
        self.state = LIFECYCLE.after("close", self.state)
        self.closed_at = now
        self.record(SurveyClosed(received))

    def analyse(self, tally: SurveyTally, *, conclusions: str) -> None:
        """完成分析 Everything is classified. Raises NotNow, SurveyUnclassified."""
        state = LIFECYCLE.after("analyse", self.state)
        if tally.unclassified:
            raise SurveyUnclassified(count=tally.unclassified)
        self.state, self.conclusions = state, conclusions
        self.record(SurveyAnalysed())

    def feed_back(self, tally: SurveyTally, *, now: datetime) -> None:
        """完成反馈 Everything is answered. Raises NotNow, SurveyUnanswered."""
        state = LIFECYCLE.after("feed_back", self.state)
        if tally.unanswered:
            raise SurveyUnanswered(count=tally.unanswered)
        self.state, self.fed_back_at = state, now
        self.record(SurveyFedBack(tally))
