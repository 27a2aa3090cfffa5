"""议事会 Sessions under the tree (domain row 36): co-design, and the joint session of a review (domain.md 0, 双审)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.consultation.domain.errors import (
    AttendanceIncomplete,
    NoReviewOpen,
    OwnWork,
    SessionNotBegun,
    SessionTooLong,
    SessionTooShort,
    SessionTooSoon,
    TimeIsPast,
    TooFewCame,
)
from services.consultation.domain.platform import NO_RULES, Rules
from services.consultation.domain.policies import CHAMBER_NAMES, CHAMBERS
from services.consultation.domain.themes import TEMPLATES
from services.consultation.domain.topic import Topic
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.clock import local_date
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

CO_DESIGN, JOINT_REVIEW = "co_design", "joint_review"
KINDS = {CO_DESIGN: "共同设计议事会", JOINT_REVIEW: "居民与专业机构联审会"}
# the classes of those who come, never a person; the chambers of a review are among them
CLASSES = {
    **CHAMBER_NAMES,
    "party": "党组织",
    "government": "政府部门",
    "owners_body": "业主组织",
    "property": "物业企业",
    "units": "辖区单位",
    "social_orgs": "社会组织",
}
USUAL_LENGTH = timedelta(hours=2)
LONGEST = timedelta(days=1)
ANNOUNCED, CANCELLED, MINUTED, PUBLISHED = "announced", "cancelled", "minuted", "published"
AWAITING_APPROVAL = "awaiting_approval"

LIFECYCLE = Lifecycle(
    Term("议事会", "session"),
    {
        ANNOUNCED: "已预告",
        CANCELLED: "已取消",
        MINUTED: "已形成纪要",
        AWAITING_APPROVAL: "紧急公布，待补批",
        PUBLISHED: "已公布",
    },
    #    action                  中文        from               to
    move("reschedule", "改期", ANNOUNCED, ANNOUNCED),
    move("cancel", "取消", ANNOUNCED, CANCELLED),
    move("minute", "形成纪要", ANNOUNCED, MINUTED),
    move("publish", "公布纪要", MINUTED, PUBLISHED),
    move("publish_in_emergency", "紧急公布", MINUTED, AWAITING_APPROVAL),
    move("approve", "补批", AWAITING_APPROVAL, PUBLISHED),
)


@dataclass(frozen=True)
class SessionAnnounced(DomainEvent):
    """议事会预告 People are invited."""


@dataclass(frozen=True)
class SessionRescheduled(DomainEvent):
    """议事会改期 It is held at another time, or elsewhere."""

    reason: str


@dataclass(frozen=True)
class SessionCancelled(DomainEvent):
    """议事会取消 It is not held."""

    reason: str


@dataclass(frozen=True)
class SessionMinuted(DomainEvent):
    """会议纪要 It was held."""


@dataclass(frozen=True)
class SessionPublished(DomainEvent):
    """公布纪要 The neighbourhood may read of it. Stays at home."""


@dataclass(frozen=True)
class Meeting:
    """Where and when people meet: `venue_ref` where the venue is one of ours, whose name then is `venue`; `ends_at`
    None: two hours later."""

    venue: str
    starts_at: datetime
    ends_at: datetime | None = None
    venue_ref: str | None = None

    @property
    def until(self) -> datetime:
        """When it ends."""
        return self.ends_at or self.starts_at + USUAL_LENGTH

    def check(self) -> None:
        """Raises SessionTooShort, SessionTooLong."""
        if self.until <= self.starts_at:
            raise SessionTooShort(field="ends_at")
        if self.until > self.starts_at + LONGEST:
            raise SessionTooLong(field="ends_at", hours=LONGEST // timedelta(hours=1))


class Session(Aggregate):
    """议事会 A meeting about a topic, perhaps of a platform, whose rules it keeps. `review_ref` names the review that a
    joint session belongs to; `agenda` and who is expected follow from the topic's theme."""

    term = LIFECYCLE.name

    def __init__(
        self,
        topic: Topic,
        *,
        kind: str,
        meeting: Meeting,
        audience: str,
        open_review_ref: str | None,
        now: datetime,
        rules: Rules = NO_RULES,
        platform_ref: str | None = None,
    ) -> None:
        """预告 Raises NotNow outside 共议方案, SessionTooShort, SessionTooLong, SessionTooSoon; NoReviewOpen for a
        joint session with nothing to review."""
        topic.must_allow("announce_session")
        meeting.check()
        _must_be_ahead(meeting, rules.lead_days, now)
        if kind == JOINT_REVIEW and open_review_ref is None:
            raise NoReviewOpen()
        self.id = new_id()
        self.topic_ref = topic.id
        self.title = topic.title
        self.place_ref = topic.place_ref
        self.place_path = topic.place_path
        self.kind = kind
        self.theme = topic.theme
        self.platform_ref = platform_ref
        self.lead_days, self.least_persons = rules.lead_days, rules.least_persons
        self._meet(meeting)
        self.audience = audience
        self.review_ref = open_review_ref if kind == JOINT_REVIEW else None
        self.attendance: dict[str, int] = {}
        self.text = ""
        self.points: list[str] = []
        self.minuted_at: datetime | None = None
        self.minuted_by: str | None = None
        self.published_at: datetime | None = None
        self.published_by: str | None = None
        self.emergency = ""
        self.times_rescheduled = 0
        self.state = ANNOUNCED
        self.record(SessionAnnounced())

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done next."""
        return LIFECYCLE.actions(self.state)

    @property
    def agenda(self) -> list[str]:
        """议程 By the theme's template."""
        return list(TEMPLATES[self.theme].agenda)

    @property
    def missing_classes(self) -> list[str]:
        """应到未到 The classes that the theme's template expects, and of which nobody came; none before the minutes."""
        if self.minuted_at is None:
            return []
        return [each for each in TEMPLATES[self.theme].expected if not self.attendance.get(each)]

    @property
    def persons(self) -> int:
        """How many came, all classes together."""
        return sum(self.attendance.values())

    def reschedule(self, meeting: Meeting, *, reason: str, now: datetime) -> None:
        """改期 Also when it should have begun: nobody came, or too few. Raises NotNow, TimeIsPast, SessionTooShort,
        SessionTooLong, SessionTooSoon."""
        state = LIFECYCLE.after("reschedule", self.state)
        if meeting.starts_at <= now:
            raise TimeIsPast(field="starts_at")
        meeting.check()
        _must_be_ahead(meeting, self.lead_days, now)
        self.state = state
        self._meet(meeting)
        self.times_rescheduled += 1
        self.record(SessionRescheduled(reason))

    def cancel(self, *, reason: str) -> None:
        """取消 Raises NotNow."""
        self.state = LIFECYCLE.after("cancel", self.state)
        self.record(SessionCancelled(reason))

    def minute(
        self, *, attendance: dict[str, int], text: str, points: list[str], by: str, now: datetime
    ) -> None:
        """形成纪要 Once. Raises NotNow, SessionNotBegun, TooFewCame, AttendanceIncomplete."""
        state = LIFECYCLE.after("minute", self.state)
        if now < self.starts_at:
            raise SessionNotBegun()
        if sum(attendance.values()) < self.least_persons:
            raise TooFewCame(persons=sum(attendance.values()), least=self.least_persons)
        if self.kind == JOINT_REVIEW and not all(attendance.get(chamber) for chamber in CHAMBERS):
            raise AttendanceIncomplete(field="attendance")
        self.state = state
        self.attendance, self.text, self.points = attendance, text, points
        self.minuted_at, self.minuted_by = now, by
        self.record(SessionMinuted())

    def publish(self, *, by: str, now: datetime) -> None:
        """公布纪要 By somebody else than who wrote it. Raises NotNow, OwnWork."""
        state = LIFECYCLE.after("publish", self.state)
        if by == self.minuted_by:
            raise OwnWork()
        self._become_public(state, by, now)

    def publish_in_emergency(self, *, because: str, by: str, now: datetime) -> None:
        """紧急公布 Alone, whoever wrote it; another approves afterwards. Raises NotNow."""
        state = LIFECYCLE.after("publish_in_emergency", self.state)
        self.emergency = because
        self._become_public(state, by, now)

    def approve(self, *, by: str) -> None:
        """补批 What one has published alone, another approves. Raises NotNow, OwnWork."""
        state = LIFECYCLE.after("approve", self.state)
        if by == self.published_by:
            raise OwnWork()
        self.state = state

    def _meet(self, meeting: Meeting) -> None:
        self.venue, self.venue_ref = meeting.venue, meeting.venue_ref
        self.starts_at, self.ends_at = meeting.starts_at, meeting.until

    def _become_public(self, state: str, by: str, now: datetime) -> None:
        self.state = state
        self.published_at, self.published_by = now, by
        self.record(SessionPublished())


def _must_be_ahead(meeting: Meeting, days: int, now: datetime) -> None:
    """Raises SessionTooSoon. Days are counted in Beijing: that of the announcement does not count (民法典 201)."""
    if (local_date(meeting.starts_at) - local_date(now)).days < days:
        raise SessionTooSoon(days=days, field="starts_at")
