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
    """The organisation does not go on; its request opens again while there is time. Raises NotNow."""
    engagement = work.engagements.get(command.engagement_id)
    work.actor.must_act_for(engagement.org_ref)
    request = work.requests.get(engagement.request_id, locked=True)
    engagement.withdraw(command.reason)
    recount(request, work)
    return engagement


@dataclass(frozen=True)
class FinishDesigns(Command):
    """The result of a topic has landed."""

    topic_ref: str


@use_case
def finish_designs(command: FinishDesigns, work: Work) -> None:
    """Who drew its plan has done its work."""
    for engagement in work.engagements.accepted_designs_of(command.topic_ref):
        engagement.finish()
