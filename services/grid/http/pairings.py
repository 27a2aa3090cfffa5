"""结对 Pairings of community workers with residents' leaders."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.domain.pairing import LIFECYCLE
from services.grid.http.common import api
from services.grid.use_cases.pairings import EndPairing, ProposePairing, StartPairing, TakeOverPairing
from shared.access.roles import COMMUNITY, GRID_WORKER, STAFF, STREET
from shared.web.api import Call
from shared.web.fields import Code, Codes, Day, Named, Paging, Ref, Refs, Text, distinct, several

READERS = (*STAFF, GRID_WORKER)
KEEPERS = (STREET, COMMUNITY)


class PairingBody(Schema):
    """Who shall ask together, and where."""

    place_ref = Ref(required=True)
    worker_ref = Ref(required=True)
    leader_refs = Refs(required=True, validate=distinct)


class TakeOverBody(Schema):
    """Who goes on."""

    worker_ref = Ref(required=True)


class PairedLeaderView(Schema):
    """A residents' leader; the name is told by notify alone."""

    person_ref = Ref()
    valid_from = Day()
    valid_to = Day(allow_none=True)


class PairingView(Schema):
    """A pairing; `worker_ref` null: the worker has left, and nobody has taken over."""

    id = Ref()
    place_ref = Ref()
    place_name = Text()
    worker_ref = Ref(allow_none=True)
    leaders = several(PairedLeaderView)
    state = Named(LIFECYCLE.states)
    valid_from = Day()
    valid_to = Day(allow_none=True)
    allowed_actions = Codes()


class PairingFilter(Paging):
    """Which pairings."""

    state = Code(*LIFECYCLE.states, load_default=None)
    worker_ref = Ref(load_default=None)
    place_ref = Ref(load_default=None)


@api.post(
    "/pairings",
    roles=KEEPERS,
    body=PairingBody,
    answer=PairingView,
    status=201,
    location="/pairings/{id}",
    subject="person_ref",
)
def propose_pairing(call: Call) -> Any:
    """拟结对"""
    return call.handle(ProposePairing(**call.body))


@api.get(
    "/pairings", roles=READERS, query=PairingFilter, answer=PairingView, personal=True, subject="person_ref"
)
def pairings(call: Call) -> Any:
    """结对列表"""
    return call.ask(queries.pairings.pairings_in_scope, **call.query)


@api.get("/pairings/{id}", roles=READERS, answer=PairingView, personal=True, subject="person_ref")
def pairing(call: Call) -> Any:
    """一对结对"""
    return call.ask(queries.pairings.pairing, call.path["id"])


@api.post("/pairings/{id}/start", roles=KEEPERS, answer=PairingView, subject="person_ref")
def start_pairing(call: Call) -> Any:
    """开始结对"""
    return call.handle(StartPairing(call.path["id"]))


@api.post(
    "/pairings/{id}/take-over", roles=KEEPERS, body=TakeOverBody, answer=PairingView, subject="person_ref"
)
def take_over_pairing(call: Call) -> Any:
    """接替离岗的工作者"""
    return call.handle(TakeOverPairing(id=call.path["id"], **call.body))


@api.post("/pairings/{id}/end", roles=KEEPERS, answer=PairingView, subject="person_ref")
def end_pairing(call: Call) -> Any:
    """结束结对"""
    return call.handle(EndPairing(call.path["id"]))
