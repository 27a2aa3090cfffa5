"""场地 Venues, where sessions are held."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.consultation import queries
from services.consultation.domain.venue import KINDS, LIFECYCLE
from services.consultation.http.common import ORGANISERS, READERS, api
from services.consultation.use_cases.venues import CloseVenue, RegisterVenue, ReopenVenue
from shared.web.api import Call
from shared.web.fields import Code, Codes, Named, Paging, PublicWords, Ref, Text, Whole


class VenueBody(Schema):
    """A place to meet."""

    kind = Named(KINDS, required=True)
    name = PublicWords(100, required=True)
    capacity = Whole(least=1, most=100_000, required=True)
    place_ref = Ref(required=True)


class VenueView(Schema):
    """A place to meet."""

    id = Ref()
    kind = Named(KINDS)
    state = Named(LIFECYCLE.states)
    name = Text()
    capacity = Whole()
    place_ref = Ref()
    allowed_actions = Codes()


class VenueFilter(Paging):
    """Which venues."""

    kind = Code(*KINDS, load_default=None)
    state = Code(*LIFECYCLE.states, load_default=None)


@api.post("/venues", roles=ORGANISERS, body=VenueBody, answer=VenueView, status=201, location="/venues/{id}")
def register_venue(call: Call) -> Any:
    """登记场地"""
    return call.handle(RegisterVenue(**call.body))


@api.get("/venues", roles=READERS, query=VenueFilter, answer=VenueView)
def venues(call: Call) -> Any:
    """场地列表"""
    return call.ask(queries.sessions.venues_in_scope, **call.query)


@api.get("/venues/{id}", roles=READERS, answer=VenueView)
def venue(call: Call) -> Any:
    """一个场地"""
    return call.ask(queries.sessions.venue, call.path["id"])


@api.post("/venues/{id}/close", roles=ORGANISERS, answer=VenueView)
def close_venue(call: Call) -> Any:
    """停用场地；已预订的仍然有效"""
    return call.handle(CloseVenue(call.path["id"]))


@api.post("/venues/{id}/reopen", roles=ORGANISERS, answer=VenueView)
def reopen_venue(call: Call) -> Any:
    """恢复使用场地"""
    return call.handle(ReopenVenue(call.path["id"]))
