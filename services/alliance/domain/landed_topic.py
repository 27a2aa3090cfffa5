"""成果落地 Topics whose result is there: nobody is asked to design for them any more."""

from __future__ import annotations

from dataclasses import dataclass

from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class TopicLanded(DomainEvent):
    """成果落地 The result is there (row 37). Stays at home: consultation has said it."""


class LandedTopic(Aggregate):
    """成果落地 The memory that a topic has ended, for a request for designers that comes late. One per topic."""

    term = Term("已落地议题", "landed topic")

    def __init__(self, topic_ref: str, place_path: str) -> None:
        self.id = new_id()
        self.topic_ref = topic_ref
        self.place_path = place_path
        self.record(TopicLanded())
