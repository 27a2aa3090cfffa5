"""Finish engagements, or withdraw from them."""

from __future__ import annotations

from dataclasses import dataclass

from services.alliance.domain.engagement import Engagement
from services.alliance.use_cases.ports import Work
from services.alliance.use_cases.requests import recount
from shared.kernel.command import Command, use_case


@dataclass(frozen=True)
class FinishEngagement(Command):
    """服务完成"""

    engagement_id: str


@use_case
def finish_engagement(command: FinishEngagement, work: Work) -> Engagement:
    """The organisation's work is done. Raises NotNow."""
    engagement = work.engagements.get(command.engagement_id, locked=True)
    work.actor.must_act_for(engagement.org_ref)
    engagement.finish()
    return engagement


@dataclass(frozen=True)
class WithdrawEngagement(Command):
    """退出"""

    engagement_id: str
    reason: str


@use_case
def withdraw_engagement(command: WithdrawEngagement, work: Work) -> Engagement:
    """The organisation does not go on; its request opens again while there is time, and ends else.
    Raises NotNow."""
    engagement = work.engagements.get(command.engagement_id)
    work.actor.must_act_for(engagement.org_ref)
    request = work.requests.get(engagement.request_id, locked=True)
    engagement.withdraw(command.reason)
    recount(request, work)
    return engagement
