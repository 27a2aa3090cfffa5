"""征集设计机构 A request for professionals who draw the plan with the residents (domain rows 71, 80)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.consultation.domain.errors import TimeIsPast
from services.consultation.domain.professionals import Engagement, Professionals
from services.consultation.domain.topic import Topic
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class DesignRequested(DomainEvent):
    """征集 Professionals are wanted."""


@dataclass(frozen=True)
class DesignersEngaged(DomainEvent):
    """应征 An organisation came. Stays at home."""


@dataclass(frozen=True)
class DesignersWithdrawn(DomainEvent):
    """退出 An organisation went. Stays at home."""


@dataclass(frozen=True)
class DesignUnfilled(DomainEvent):
    """无人应征 Not enough came in time. Stays at home."""


class DesignRequest(Aggregate):
    """征集设计机构 What is asked of designers, and which organisations came: they may author plans of the topic."""

    term = Term("设计征集", "design request")

    def __init__(
        self, topic: Topic, *, expertise: list[str], experts_needed: int, answer_by: datetime, now: datetime
    ) -> None:
        """征集 Raises NotNow outside 共议方案, TimeIsPast."""
        topic.must_allow("request_design")
        if answer_by <= now:
            raise TimeIsPast(field="answer_by")
        self.id = new_id()
        self.topic_ref = topic.id
        self.title = topic.title
        self.place_ref = topic.place_ref
        self.place_path = topic.place_path
        self.expertise = expertise
        self.experts_needed = experts_needed
        self.answer_by = answer_by
        self.professionals = Professionals()
        self.is_unfilled = False
        self.record(DesignRequested())

    @property
    def org_refs(self) -> list[str]:
        """The organisations that are engaged."""
        return self.professionals.org_refs

    @property
    def designer_refs(self) -> list[str]:
        """The organisations that drew with the residents, gone or not: none of them reviews the topic's plans."""
        return self.professionals.all_org_refs

    def engage(self, engagement: Engagement) -> None:
        """应征 Nothing where it is known, or was withdrawn already."""
        professionals = self.professionals.joined(engagement)
        if professionals != self.professionals:
            self.professionals = professionals
            self.record(DesignersEngaged())

    def withdraw(self, engagement_ref: str, org_ref: str) -> None:
        """退出 Nothing where it is known."""
        professionals = self.professionals.left(engagement_ref, org_ref)
        if professionals != self.professionals:
            self.professionals = professionals
            self.record(DesignersWithdrawn())

    def note_unfilled(self) -> None:
        """无人应征 Noted; the topic goes on, and residents may draw the plan themselves."""
        if not self.is_unfilled:
            self.is_unfilled = True
            self.record(DesignUnfilled())
