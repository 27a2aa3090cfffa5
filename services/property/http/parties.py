"""责任主体 Parties."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, validate

from services.property import queries
from services.property.domain.party import KINDS
from services.property.http.common import READERS, REGISTRARS, api
from services.property.use_cases.parties import RegisterParty
from shared.web.api import Call
from shared.web.fields import Code, Paging, PublicWords, Ref, Refs, Words, distinct


class PartyBody(Schema):
    """A new party."""

    kind = Code(*KINDS, required=True)
    name = PublicWords(100, required=True)
    credit_code = Words(18, load_default=None, allow_none=True)
    area_refs = Refs(load_default=list, validate=[validate.Length(max=500), distinct])


class PartyView(PartyBody):
    """A party."""

    id = Ref()


class PartyFilter(Paging):
    """Which parties."""

    kind = Code(*KINDS, load_default=None)


@api.post(
    "/parties", roles=REGISTRARS, body=PartyBody, answer=PartyView, status=201, location="/parties/{id}"
)
def register_party(call: Call) -> Any:
    """登记责任主体"""
    return call.handle(RegisterParty(**call.body))


@api.get("/parties", roles=READERS, query=PartyFilter, answer=PartyView)
def parties(call: Call) -> Any:
    """责任主体列表"""
    return call.ask(queries.parties_in_scope, **call.query)


@api.get("/parties/{id}", roles=READERS, answer=PartyView)
def party(call: Call) -> Any:
    """一个责任主体"""
    return call.ask(queries.party, call.path["id"])
