"""征集设计机构 A request for professionals who draw the plan with the residents (domain rows 71, 80)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.consultation.domain.errors import TimeIsPast
from services.consultation.domain.topic import Topic
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class DesignRequested(DomainEvent):
    """Professionals are wanted."""


@dataclass(frozen=True)
class DesignersEngaged(DomainEvent):
    """An organisation came. Stays at home."""


@dataclass(frozen=True)
class DesignersWithdrawn(DomainEvent):
    """An organisation went. Stays at home."""


@dataclass(frozen=True)
class DesignUnfilled(DomainEvent):
    """Not enough came in time. Stays at home."""


class DesignRequest(Aggregate):
    """What is asked of designers, and which organisations came: they may author plans of the topic."""

    def __init__(
        self, topic: Topic, *, expertise: list[str], experts_needed: int, answer_by: datetime
    ) -> None:
        self.id = new_id()
        self.topic_ref = topic.id
        self.title = topic.title
        self.place_ref = topic.place_ref
        self.place_path = topic.place_path
        self.expertise = expertise
        self.experts_needed = experts_needed
        self.answer_by = answer_by
        self.engagements: list[dict[str, str]] = []
        self.withdrawn_refs: list[str] = []
        self.is_unfilled = False

    @classmethod
    def ask(
        cls, topic: Topic, *, expertise: list[str], experts_needed: int, answer_by: datetime, now: datetime
    ) -> DesignRequest:
        """征集 Raises NotNow outside 共议方案, TimeIsPast."""
        topic.must_deliberate("request_design")
        if answer_by <= now:
            raise TimeIsPast(field="answer_by")
        request = cls(topic, expertise=expertise, experts_needed=experts_needed, answer_by=answer_by)
        request.record(DesignRequested())
        return request

    @property
    def org_refs(self) -> list[str]:
        """The organisations that are engaged."""
        return [engagement["org_ref"] for engagement in self.engagements]

    def engage(self, *, engagement_ref: str, org_ref: str) -> None:
        """应征 Nothing where it is known, or was withdrawn already."""
        known = [engagement["engagement_ref"] for engagement in self.engagements]
        if engagement_ref in known or engagement_ref in self.withdrawn_refs:
            return
        self.engagements = [*self.engagements, {"engagement_ref": engagement_ref, "org_ref": org_ref}]
        self.record(DesignersEngaged())

    def withdraw(self, engagement_ref: str) -> None:
        """退出 Nothing where it is known."""
        if engagement_ref in self.withdrawn_refs:
            return
        self.withdrawn_refs = [*self.withdrawn_refs, engagement_ref]
        self.engagements = [one for one in self.engagements if one["engagement_ref"] != engagement_ref]
        self.record(DesignersWithdrawn())

    def note_unfilled(self) -> None:
        """无人应征 Noted; the topic goes on, and residents may draw the plan themselves."""
        if not self.is_unfilled:
            self.is_unfilled = True
            self.record(DesignUnfilled())
