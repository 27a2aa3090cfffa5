"""小微工程 Works and their items."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.property import queries
from services.property.domain.works import ITEM_LIFECYCLE, LIFECYCLE
from services.property.http.common import CLIENTS, READERS, WITNESSES, OfTopic, api
from services.property.use_cases.works import (
    AcceptItem,
    AcceptWorks,
    CancelWorks,
    ContractWorks,
    RejectItem,
    StartWorks,
)
from shared.access.roles import CONTRACTOR, STREET
from shared.web.api import Call
from shared.web.fields import (
    Code,
    Codes,
    Day,
    Fen,
    Flag,
    Instant,
    Named,
    PublicText,
    PublicWords,
    Ref,
    Refs,
    Text,
    Whole,
    several,
)


class ItemView(Schema):
    """An item, and how it was judged last."""

    number = Whole()
    kind = Code()
    title = Text()
    location = Text()
    budget_fen = Fen()
    state = Named(ITEM_LIFECYCLE.states)
    accepted_by = Text()
    evidence = Text()
    reason = Text()


class WorksView(Schema):
    """Works as staff see them."""

    id = Ref()
    state = Named(LIFECYCLE.states)
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
    needs_stewards = Flag()
    maintainer_ref = Ref()
    maintainer_name = Text()
    contractor_ref = Ref(allow_none=True)
    contractor_name = Text()
    amount_fen = Fen(allow_none=True)
    planned_start_on = Day(allow_none=True)
    planned_end_on = Day(allow_none=True)
    permit = Text()
    started_at = Instant(allow_none=True)
    representatives = Text()
    defects = Text()
    warranty_until_on = Day(allow_none=True)
    ended_at = Instant(allow_none=True)
    cancelled_because = Text()
    allowed_actions = Codes()


class WorksFilter(OfTopic):
    """Which works."""

    state = Code(*LIFECYCLE.states, load_default=None)


class ContractBody(Schema):
    """Who builds, for how much, from when to when."""

    contractor_ref = Ref(required=True)
    amount_fen = Fen(required=True, least=1)
    planned_start_on = Day(required=True)
    planned_end_on = Day(required=True)


class StartBody(Schema):
    """On what permit the contractor is on site."""

    permit = PublicWords(200, required=True)


class ItemAcceptedBody(Schema):
    """Who found the item good, and what shows it."""

    accepted_by = PublicWords(100, required=True)
    evidence = PublicWords(500, required=True)


class ReasonBody(Schema):
    """Why: fit to be read by anyone."""

    reason = PublicWords(500, required=True)


class AcceptanceBody(Schema):
    """Which residents' representatives were there, what is still wrong, the warranty, the maintainer."""

    representatives = PublicWords(200, required=True)
    defects = PublicText(2000, load_default="")
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


@api.post("/works/{id}/contract", roles=CLIENTS, body=ContractBody, answer=WorksView)
def contract_works(call: Call) -> Any:
    """发包"""
    return call.handle(ContractWorks(works_id=call.path["id"], **call.body))


@api.post("/works/{id}/start", roles=(CONTRACTOR, STREET), body=StartBody, answer=WorksView)
def start_works(call: Call) -> Any:
    """开工"""
    return call.handle(StartWorks(works_id=call.path["id"], **call.body))


@api.post("/works/{id}/items/{number}/accept", roles=WITNESSES, body=ItemAcceptedBody, answer=WorksView)
def accept_item(call: Call) -> Any:
    """单项验收"""
    return call.handle(
        AcceptItem(works_id=call.path["id"], number=call.number("number", ITEM_LIFECYCLE.name), **call.body)
    )


@api.post("/works/{id}/items/{number}/reject", roles=WITNESSES, body=ReasonBody, answer=WorksView)
def reject_item(call: Call) -> Any:
    """单项退回"""
    return call.handle(
        RejectItem(works_id=call.path["id"], number=call.number("number", ITEM_LIFECYCLE.name), **call.body)
    )


@api.post("/works/{id}/accept", roles=WITNESSES, body=AcceptanceBody, answer=WorksView)
def accept_works(call: Call) -> Any:
    """竣工验收"""
    return call.handle(AcceptWorks(works_id=call.path["id"], **call.body))


@api.post("/works/{id}/cancel", roles=CLIENTS, body=ReasonBody, answer=WorksView)
def cancel_works(call: Call) -> Any:
    """取消工程"""
    return call.handle(CancelWorks(works_id=call.path["id"], **call.body))
