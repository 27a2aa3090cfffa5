"""方案 Plans and their versions."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from services.consultation import queries
from services.consultation.domain.plan import DECISION_KINDS
from services.consultation.http.common import ORGANISERS, READERS, api, distinct_refs, plain_code
from services.consultation.use_cases.plans import ProposePlan
from shared.access.roles import PROFESSIONAL, RESIDENT
from shared.web.api import Call
from shared.web.fields import Code, Fen, Flag, Instant, PublicWords, Ref, Refs, Text, Whole, nested, several


class ItemBody(Schema):
    """One thing to be built or done."""

    kind = plain_code(required=True)
    title = PublicWords(60, required=True)
    location = PublicWords(60, required=True)
    budget_fen = Fen(required=True, most=10**13)


class FundingBody(Schema):
    """One source of money."""

    source = PublicWords(50, required=True)
    amount_fen = Fen(required=True, most=10**13)


class OwnersDecisionBody(Schema):
    """Whether the owners must decide (民法典 278), by which majority, why, and who judged so."""

    required = Flag(required=True)
    kind = Code(*DECISION_KINDS, load_default=None, allow_none=True)
    reason = PublicWords(300, required=True)
    judged_by = PublicWords(100, required=True)


class PlanBody(Schema):
    """A version of the plan."""

    items = several(ItemBody, least=1, most=40, required=True)
    funding = several(FundingBody, most=20, required=True)
    author_org_refs = distinct_refs(required=True)
    building_refs = distinct_refs(required=True)
    needs_stewards = Flag(required=True)
    area_ref = Ref(required=True)
    maintainer_ref = Ref(required=True)
    owners_decision = nested(OwnersDecisionBody, required=True)
    base_version = Whole(
        load_default=0,
        metadata={
            "description": "据以修改的版本，首版为0 the version that it was made from, 0 for the first"
        },
    )


class VersionView(Schema):
    """One version."""

    version = Whole(attribute="number")
    hash = Text()
    proposed_at = Instant()
    budget_fen = Fen(attribute="content.budget_fen")
    items = several(ItemBody, attribute="content.items")
    funding = several(FundingBody, attribute="content.funding")
    author_org_refs = Refs(attribute="content.author_org_refs")
    building_refs = Refs(attribute="content.building_refs")
    needs_stewards = Flag(attribute="content.needs_stewards")
    area_ref = Ref(attribute="content.area_ref", allow_none=True)
    maintainer_ref = Ref(attribute="content.maintainer_ref", allow_none=True)
    owners_decision = nested(OwnersDecisionBody, attribute="content.owners_decision")


class PlanView(Schema):
    """A plan: its latest version in short, and all versions."""

    id = Ref()
    topic_ref = Ref()
    version = Whole(attribute="latest.number")
    hash = Text(attribute="latest.hash")
    budget_fen = Fen(attribute="latest.content.budget_fen")
    passed_version = Whole(allow_none=True)
    versions = several(VersionView)


class Versions(Schema):
    """Which two versions."""

    before = fields.Integer(data_key="from", required=True)
    after = fields.Integer(data_key="to", required=True)


class ChangeView(Schema):
    """An item that differs."""

    before = nested(ItemBody)
    after = nested(ItemBody)


class DifferenceView(Schema):
    """What one version changes in another."""

    added = several(ItemBody)
    removed = several(ItemBody)
    changed = several(ChangeView)
    budget_change_fen = fields.Integer()


@api.post(
    "/topics/{id}/plans",
    roles=(*ORGANISERS, PROFESSIONAL),
    body=PlanBody,
    answer=PlanView,
    status=201,
    location="/plans/{id}",
)
def propose_plan(call: Call) -> Any:
    """提出方案"""
    return call.handle(ProposePlan(topic_id=call.path["id"], **call.body))


@api.get("/plans/{id}", roles=(*READERS, RESIDENT), answer=PlanView)
def plan(call: Call) -> Any:
    """一个方案，含各版本"""
    return call.ask(queries.plans.plan, call.path["id"])


@api.get("/plans/{id}/diff", roles=(*READERS, RESIDENT), query=Versions, answer=DifferenceView)
def plan_difference(call: Call) -> Any:
    """版本比较"""
    return call.ask(queries.plans.plan_difference, call.path["id"], **call.query)
