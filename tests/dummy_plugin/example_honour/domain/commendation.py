"""表彰建议 Commendations: proposed by the event alone, awarded by the street."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

PROPOSED, AWARDED = "proposed", "awarded"

LIFECYCLE = Lifecycle(
    Term("表彰建议", "commendation"),
    {PROPOSED: "待审定", AWARDED: "已表彰"},
    #    action   中文    from      to
    move("award", "表彰", PROPOSED, AWARDED),
)


@dataclass(frozen=True)
class CommendationProposed(DomainEvent):
    """表彰建议 Somebody is proposed."""


@dataclass(frozen=True)
class CommendationAwarded(DomainEvent):
    """表彰 It is awarded. Stays at home."""


@dataclass(frozen=True)
class Result:
    """成果 What consultation says of a result that has landed."""

    topic_ref: str
    title: str
    place_ref: str
    place_path: str
    maintainer_name: str


class Commendation(Aggregate):
    """表彰建议 One per topic."""

    term = LIFECYCLE.name

    def __init__(self, result: Result, *, now: datetime) -> None:
        self.id = new_id()
        self.topic_ref = result.topic_ref
        self.title = result.title
        self.place_ref = result.place_ref
        self.place_path = result.place_path
        self.maintainer_name = result.maintainer_name
        self.proposed_at = now
        self.prize: str | None = None
        self.state = PROPOSED
        self.record(CommendationProposed())

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done."""
        return LIFECYCLE.actions(self.state)

    def award(self, prize: str) -> None:
        """表彰 under the name of a prize. Raises NotNow."""
        self.state = LIFECYCLE.after("award", self.state)
        self.prize = prize
        self.record(CommendationAwarded())
