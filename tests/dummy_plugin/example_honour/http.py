"""How staff reach honour: each endpoint loads, handles or asks, and dumps."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from example_honour import queries
from example_honour.domain.commendation import LIFECYCLE
from example_honour.use_cases.commendations import AwardCommendation
from shared.access.roles import STAFF, STREET
from shared.web.api import Api, Call
from shared.web.fields import Code, Codes, Instant, Named, Paging, PublicWords, Ref, Text

api = Api("honour")


class CommendationView(Schema):
    """A commendation."""

    id = Ref()
    topic_ref = Ref()
    title = Text()
    place_ref = Ref()
    maintainer_name = Text()
    proposed_at = Instant()
    prize = Text(allow_none=True)
    state = Named(LIFECYCLE.states)
    allowed_actions = Codes()


class CommendationFilter(Paging):
    """Which commendations."""

    topic_ref = Ref(load_default=None)
    state = Code(*LIFECYCLE.states, load_default=None)


class AwardBody(Schema):
    """Under the name of which prize it is awarded."""

    prize = PublicWords(50, required=True)


@api.get("/commendations", roles=STAFF, query=CommendationFilter, answer=CommendationView)
def commendations(call: Call) -> Any:
    """表彰建议列表"""
    return call.ask(queries.commendations_in_scope, **call.query)


@api.get("/commendations/{id}", roles=STAFF, answer=CommendationView)
def commendation(call: Call) -> Any:
    """一份表彰建议"""
    return call.ask(queries.commendation, call.path["id"])


@api.post("/commendations/{id}/award", roles=(STREET,), body=AwardBody, answer=CommendationView)
def award_commendation(call: Call) -> Any:
    """表彰"""
    return call.handle(AwardCommendation(commendation_id=call.path["id"], **call.body))
