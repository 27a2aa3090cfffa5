"""Propose versions of a topic's plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.consultation.domain.errors import AuthorNotEngaged, ReviewOpen
from services.consultation.domain.plan import Content, Plan
from services.consultation.domain.topic import Topic
from services.consultation.use_cases.ports import Work
from services.consultation.use_cases.topics import name_of_maintainer
from shared.kernel.command import Command, OutsideScope, use_case


@dataclass(frozen=True)
class ProposePlan(Command):
    """提出方案: the first version, or the next one after `base_version`."""

    topic_id: str
    items: list[dict[str, Any]]
    funding: list[dict[str, Any]]
    author_org_refs: list[str]
    building_refs: list[str]
    needs_stewards: bool
    area_ref: str
    maintainer_ref: str
    owners_decision: dict[str, Any]
    base_version: int = 0


@use_case
def propose_plan(command: ProposePlan, work: Work) -> Plan:
    """A new version; who acts for an organisation proposes its own plans only.

    Raises OutsideScope, NotNow, ReviewOpen, PlanMovedOn, UnknownReference, OutsideEstate, NotMaintainer,
    AuthorNotEngaged, and what the content lacks.
    """
    plan = work.plans.of_topic(command.topic_id, locked=True)
    topic = work.topics.get(command.topic_id)
    if work.actor.party_ref not in (None, *command.author_org_refs):
        raise OutsideScope()
    topic.must_allow("propose_plan")
    review = work.reviews.open_for_topic(topic.id)
    if review is not None:
        raise ReviewOpen(version=review.plan_version)
    _check_references(command, topic, work)
    _check_authors(command, work)
    if plan is None:
        plan = _first_plan(topic, work)
    plan.must_be_at(command.base_version)
    plan.propose(Content.of(vars(command)), now=work.now)
    return plan


def _first_plan(topic: Topic, work: Work) -> Plan:
    plan = Plan(topic_ref=topic.id, place_ref=topic.place_ref, place_path=topic.place_path)
    work.plans.add(plan)
    return plan


def _check_references(command: ProposePlan, topic: Topic, work: Work) -> None:
    """What is named is known, and lies where the topic does."""
    area = work.copy_of("property.area", command.area_ref, field="area_ref")
    topic.must_hold_area(command.area_ref, area["estate_ref"])
    name_of_maintainer(command.maintainer_ref, work)
    for ref in command.building_refs:
        place = work.copy_of("grid.place", ref, field="building_refs")
        topic.must_hold_building(ref, kind=place["kind"], path=place["path"])


def _check_authors(command: ProposePlan, work: Work) -> None:
    """Authors are engaged for the design; a plan that residents drew themselves has none."""
    requests = work.design_requests.of_topic(command.topic_id)
    engaged = {org_ref for request in requests for org_ref in request.org_refs}
    for ref in command.author_org_refs:
        if ref not in engaged:
            raise AuthorNotEngaged(ref=ref, field="author_org_refs")
