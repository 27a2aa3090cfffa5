"""议事会 Sessions under the tree (domain row 36): co-design, and the joint session of a review (domain.md 0, 双审)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.consultation.domain.errors import NoReviewOpen
from services.consultation.domain.topic import Topic
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

CO_DESIGN, JOINT_REVIEW = "co_design", "joint_review"
ANNOUNCED, MINUTED = "announced", "minuted"

LIFECYCLE = Lifecycle("session", move("minute", ANNOUNCED, MINUTED))


@dataclass(frozen=True)
class SessionAnnounced(DomainEvent):
    """议事会预告"""


@dataclass(frozen=True)
class SessionMinuted(DomainEvent):
    """会议纪要"""


class Session(Aggregate):
    """A meeting about a topic. `review_ref` names the review that a joint session belongs to."""

    def __init__(
        self,
        topic: Topic,
        *,
        kind: str,
        venue: str,
        starts_at: datetime,
        audience: str,
        review_ref: str | None,
    ) -> None:
        self.id = new_id()
        self.topic_ref = topic.id
        self.title = topic.title
        self.place_ref = topic.place_ref
        self.place_path = topic.place_path
        self.kind = kind
        self.venue = venue
        self.starts_at = starts_at
        self.audience = audience
        self.review_ref = review_ref
        self.attendance: dict[str, int] = {}
        self.text = ""
        self.points: list[str] = []
        self.minuted_at: datetime | None = None
        self.state = ANNOUNCED

    @classmethod
    def announce(
        cls,
        topic: Topic,
        *,
        kind: str,
        venue: str,
        starts_at: datetime,
        audience: str,
        open_review_ref: str | None,
    ) -> Session:
        """预告 Raises NotNow outside 共议方案, NoReviewOpen for a joint session with nothing to review."""
        topic.must_deliberate("announce_session")
        if kind == JOINT_REVIEW and open_review_ref is None:
            raise NoReviewOpen()
        session = cls(
            topic,
            kind=kind,
            venue=venue,
            starts_at=starts_at,
            audience=audience,
            review_ref=open_review_ref if kind == JOINT_REVIEW else None,
        )
        session.record(SessionAnnounced())
        return session

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done next."""
        return LIFECYCLE.actions(self.state)

    @property
    def persons(self) -> int:
        """How many came, all classes together."""
        return sum(self.attendance.values())

    def minute(self, *, attendance: dict[str, int], text: str, points: list[str], now: datetime) -> None:
        """形成纪要 Once."""
        self.state = LIFECYCLE.after("minute", self.state)
        self.attendance, self.text, self.points = attendance, text, points
        self.minuted_at = now
        self.record(SessionMinuted())
