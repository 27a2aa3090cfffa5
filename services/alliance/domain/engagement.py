"""专业服务 Engagements: an organisation has said yes and lends its experts (domain row 80, 按需下场)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.alliance.domain.organisation import Organisation
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import Term
from shared.kernel.ids import new_id
from shared.kernel.lifecycle import Lifecycle, move

if TYPE_CHECKING:
    from services.alliance.domain.request import ProfessionalRequest

ACCEPTED, FINISHED, WITHDRAWN = "accepted", "finished", "withdrawn"

LIFECYCLE = Lifecycle(
    Term("专业服务", "engagement"),
    {ACCEPTED: "服务中", FINISHED: "已完成", WITHDRAWN: "已退出"},
    #     action               from      to
    move("finish", "完成服务", ACCEPTED, FINISHED),
    move("withdraw", "退出", ACCEPTED, WITHDRAWN),
)


@dataclass(frozen=True)
class EngagementAccepted(DomainEvent):
    """应征 An organisation lends its experts (row 80)."""


@dataclass(frozen=True)
class EngagementFinished(DomainEvent):
    """服务完成 The work is done."""


@dataclass(frozen=True)
class EngagementWithdrawn(DomainEvent):
    """退出 The organisation does not go on."""

    reason_text: str


class Engagement(Aggregate):
    """专业服务 What an organisation has promised to a request. One per request and organisation."""

    term = LIFECYCLE.name

    def __init__(
        self,
        request: ProfessionalRequest,
        organisation: Organisation,
        *,
        expert_refs: list[str],
        interests: str,
    ) -> None:
        """应征 with the interests declared; empty means none."""
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
        self.record(EngagementAccepted())

    def finish(self) -> None:
        """完成服务 Raises NotNow."""
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
