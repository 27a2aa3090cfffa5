"""专业服务 Engagements: an organisation has said yes and lends its experts (domain row 80, 按需下场)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.alliance.domain.errors import ExpertNamedTwice
from services.alliance.domain.organisation import Organisation
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

if TYPE_CHECKING:
    from services.alliance.domain.request import ProfessionalRequest

ACCEPTED, FINISHED, WITHDRAWN = "accepted", "finished", "withdrawn"

LIFECYCLE = Lifecycle(
    "engagement",
    #    action      from      to
    move("finish", ACCEPTED, FINISHED),
    move("withdraw", ACCEPTED, WITHDRAWN),
)


@dataclass(frozen=True)
class EngagementAccepted(DomainEvent):
    """应征"""


@dataclass(frozen=True)
class EngagementFinished(DomainEvent):
    """服务完成"""


@dataclass(frozen=True)
class EngagementWithdrawn(DomainEvent):
    """退出"""

    reason_text: str


class Engagement(Aggregate):
    """What an organisation has promised to a request. One per request and organisation."""

    def __init__(
        self,
        request: ProfessionalRequest,
        organisation: Organisation,
        *,
        expert_refs: list[str],
        interests: str,
    ) -> None:
        self.id = new_id()
        self.journey = request.journey
        self.request_id = request.id
        self.request_ref = request.request_ref
        self.purpose = request.purpose
        self.topic_ref = request.topic_ref
        self.place_path = request.place_path
        self.org_ref = organisation.id
        self.org_name = organisation.name
        self.expert_refs = expert_refs
        self.interests = interests
        self.state = ACCEPTED

    @classmethod
    def accept(
        cls,
        request: ProfessionalRequest,
        organisation: Organisation,
        *,
        expert_refs: list[str],
        interests: str,
    ) -> Engagement:
        """应征 with the interests declared; empty means none. Raises ExpertNamedTwice."""
        if len(set(expert_refs)) < len(expert_refs):
            raise ExpertNamedTwice(field="expert_refs")
        engagement = cls(request, organisation, expert_refs=expert_refs, interests=interests)
        engagement.record(EngagementAccepted())
        return engagement

    def finish(self) -> None:
        """服务完成 Raises NotNow."""
        self.state = LIFECYCLE.after("finish", self.state)
        self.record(EngagementFinished())

    def withdraw(self, reason: str) -> None:
        """退出 Raises NotNow."""
        self.state = LIFECYCLE.after("withdraw", self.state)
        self.record(EngagementWithdrawn(reason))

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done."""
        return LIFECYCLE.actions(self.state)
