"""How staff and other systems reach property: each endpoint loads, handles or asks, and dumps."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.property import queries
from services.property.domain.policies import COMMON_PARTS, ORDINARY
from services.property.domain.works import LIFECYCLE
from services.property.use_cases.areas import RegisterArea
from services.property.use_cases.decisions import RecordDecision
from services.property.use_cases.parties import RegisterParty
from services.property.use_cases.works import (
    AcceptItem,
    AcceptWorks,
    CancelWorks,
    ContractWorks,
    RejectItem,
    StartWorks,
)
from shared.access.roles import (
    ADMIN,
    COMMUNITY,
    CONTRACTOR,
    CONVENOR,
    OUTSIDE_SYSTEM,
    PARTY_ORG,
    PROPERTY,
    STREET,
)
from shared.contracts.property import PARTY_KINDS
from shared.kernel.errors import NotFound
from shared.web.api import Api, Call
from shared.web.fields import Code, Day, Fen, Instant, Paging, Ref, Refs, Text, Whole, Words, nested, several

api = Api("property")

STAFF = (STREET, COMMUNITY, CONVENOR, PARTY_ORG)
READERS = (*STAFF, PROPERTY, CONTRACTOR, OUTSIDE_SYSTEM, ADMIN)
REGISTRARS = (STREET, ADMIN)
INSPECTORS = (STREET, CONVENOR, PROPERTY)


# ---- areas 物业管理区域


class AreaBody(Schema):
    """A new area; its totals are what owners' votes are measured against."""

    name = Words(100, required=True)
    estate_ref = Ref(required=True)
    building_refs = Refs(required=True, validate=validate.Length(1, 500))
    owners_total = Whole(required=True, least=1, most=1_000_000)
    area_total_dm2 = Whole(required=True, least=1, most=100_000_000_000)


class AreaView(AreaBody):
    """An area."""

    id = Ref()


@api.post("/areas", roles=REGISTRARS, body=AreaBody, answer=AreaView, status=201, location="/areas/{id}")
def register_area(call: Call) -> Any:
    """登记物业管理区域"""
    return call.handle(RegisterArea(**call.body))


@api.get("/areas", roles=READERS, query=Paging, answer=AreaView)
def areas(call: Call) -> Any:
    """物业管理区域列表"""
    return call.ask(queries.areas_in_scope, **call.query)


@api.get("/areas/{id}", roles=READERS, answer=AreaView)
def area(call: Call) -> Any:
    """一个物业管理区域"""
    return call.ask(queries.area, call.path["id"])


# ---- parties 责任主体


class PartyBody(Schema):
    """A new party."""

    kind = Code(*PARTY_KINDS, required=True)
    name = Words(100, required=True)
    credit_code = Words(18, load_default=None, allow_none=True)
    area_refs = Refs(load_default=list, validate=validate.Length(max=500))


class PartyView(PartyBody):
    """A party."""

    id = Ref()


class PartyFilter(Paging):
    """Which parties."""

    kind = Code(*PARTY_KINDS, load_default=None)


@api.post(
    "/parties", roles=REGISTRARS, body=PartyBody, answer=PartyView, status=201, location="/parties/{id}"
)
def register_party(call: Call) -> Any:
    """登记责任主体"""
    return call.handle(RegisterParty(**call.body))


@api.get("/parties", roles=READERS, query=PartyFilter, answer=PartyView)
def parties(call: Call) -> Any:
    """责任主体列表"""
    return call.ask(queries.parties_of_kind, **call.query)


@api.get("/parties/{id}", roles=READERS, answer=PartyView)
def party(call: Call) -> Any:
    """一个责任主体"""
    return call.ask(queries.party, call.path["id"])


# ---- decisions 业主共同决定


class CountBody(Schema):
    """One of the two counts; the total is the area's."""

    participating = Whole(required=True)
    approving = Whole(required=True)


class TallyView(CountBody):
    """One of the two counts."""

    total = Whole()


class _DecisionFacts(Schema):
    topic_ref = Ref(required=True)
    area_ref = Ref(required=True)
    plan_hash = Words(64, required=True)
    kind = Code(COMMON_PARTS, ORDINARY, required=True)
    noticed_topics = fields.List(Words(100), required=True, validate=validate.Length(max=100))
    noticed_on = Day(required=True)
    voted_on = Day(required=True)
    posted_on = Day(required=True)
    scan = Words(200, required=True)


class DecisionBody(_DecisionFacts):
    """The result of a vote held outside.

    `noticed_topics` names this topic by its ref; `scan` is the archive's number of the scan.
    """

    heads = nested(CountBody, required=True)
    area_dm2 = nested(CountBody, required=True)


class DecisionView(_DecisionFacts):
    """A result and what the law makes of it."""

    id = Ref()
    heads = nested(TallyView)
    area_dm2 = nested(TallyView)
    outcome = Code()
    arithmetic = Text()
    reasons = Refs()
    recorded_at = Instant()


class OfTopic(Paging):
    """Those of a topic."""

    topic_ref = Ref(load_default=None)


@api.post(
    "/decisions",
    roles=(STREET, CONVENOR, PROPERTY),
    body=DecisionBody,
    answer=DecisionView,
    status=201,
    location="/decisions/{id}",
)
def record_decision(call: Call) -> Any:
    """录入业主共同决定"""
    return call.handle(RecordDecision(**call.body))


@api.get("/decisions", roles=READERS, query=OfTopic, answer=DecisionView)
def decisions(call: Call) -> Any:
    """业主共同决定列表"""
    return call.ask(queries.decisions_in_scope, **call.query)


@api.get("/decisions/{id}", roles=READERS, answer=DecisionView)
def decision(call: Call) -> Any:
    """一个业主共同决定"""
    return call.ask(queries.decision, call.path["id"])


# ---- works 小微工程


class ItemView(Schema):
    """An item, and how it was judged last."""

    number = Whole()
    kind = Code()
    title = Text()
    location = Text()
    budget_fen = Fen()
    state = Code()
    accepted_by = Text()
    evidence = Text()
    reason = Text()


class WorksView(Schema):
    """Works as staff see them."""

    id = Ref()
    state = Code()
    title = Text()
    topic_ref = Ref()
    plan_hash = Text()
    place_ref = Ref()
    area_ref = Ref()
    building_refs = Refs()
    case_refs = Refs()
    items = several(ItemView)
    items_accepted = Whole()
    budget_fen = Fen()
    needs_stewards = fields.Boolean()
    maintainer_ref = Ref()
    maintainer_name = Text()
    contractor_ref = Ref()
    contractor_name = Text()
    amount_fen = Fen()
    planned_start_on = Day()
    planned_end_on = Day()
    permit = Text()
    started_at = Instant()
    representatives = Text()
    defects = Text()
    warranty_until_on = Day()
    ended_at = Instant()
    cancelled_because = Text()
    allowed_actions = Refs()


class WorksFilter(OfTopic):
    """Which works."""

    state = Code(*sorted(LIFECYCLE.states), load_default=None)


class ContractBody(Schema):
    """Who builds, for how much, from when to when."""

    contractor_ref = Ref(required=True)
    amount_fen = Fen(required=True)
    planned_start_on = Day(required=True)
    planned_end_on = Day(required=True)


class StartBody(Schema):
    """On what permit the contractor is on site."""

    permit = Words(200, required=True)


class ItemAcceptedBody(Schema):
    """Who found the item good, and what shows it."""

    accepted_by = Words(100, required=True)
    evidence = Words(500, required=True)


class ReasonBody(Schema):
    """Why: fit to be read by anyone."""

    reason = Words(500, required=True)


class AcceptanceBody(Schema):
    """Which residents' representatives were there, what is still wrong, the warranty, the maintainer."""

    representatives = Words(200, required=True)
    defects = Text(2000, load_default="")
    warranty_until_on = Day(required=True)
    maintainer_ref = Ref(required=True)


@api.get("/works", roles=READERS, query=WorksFilter, answer=WorksView)
def works(call: Call) -> Any:
    """工程列表"""
    return call.ask(queries.works_in_scope, **call.query)


@api.get("/works/{id}", roles=READERS, answer=WorksView)
def one_works(call: Call) -> Any:
    """一个工程"""
    return call.ask(queries.one_works, call.path["id"])


@api.post("/works/{id}/contract", roles=(STREET, PROPERTY), body=ContractBody, answer=WorksView)
def contract_works(call: Call) -> Any:
    """发包"""
    return call.handle(ContractWorks(works_id=call.path["id"], **call.body))


@api.post("/works/{id}/start", roles=(CONTRACTOR, STREET), body=StartBody, answer=WorksView)
def start_works(call: Call) -> Any:
    """开工"""
    return call.handle(StartWorks(works_id=call.path["id"], **call.body))


@api.post("/works/{id}/items/{number}/accept", roles=INSPECTORS, body=ItemAcceptedBody, answer=WorksView)
def accept_item(call: Call) -> Any:
    """单项验收"""
    return call.handle(AcceptItem(works_id=call.path["id"], number=_number(call), **call.body))


@api.post("/works/{id}/items/{number}/reject", roles=INSPECTORS, body=ReasonBody, answer=WorksView)
def reject_item(call: Call) -> Any:
    """单项退回"""
    return call.handle(RejectItem(works_id=call.path["id"], number=_number(call), **call.body))


@api.post("/works/{id}/accept", roles=INSPECTORS, body=AcceptanceBody, answer=WorksView)
def accept_works(call: Call) -> Any:
    """竣工验收"""
    return call.handle(AcceptWorks(works_id=call.path["id"], **call.body))


@api.post("/works/{id}/cancel", roles=(STREET, PROPERTY), body=ReasonBody, answer=WorksView)
def cancel_works(call: Call) -> Any:
    """取消工程"""
    return call.handle(CancelWorks(works_id=call.path["id"], **call.body))


def _number(call: Call) -> int:
    text = call.path["number"]
    if not text.isdecimal() or len(text) > 9:
        raise NotFound(what="item", ref=text)
    return int(text)
