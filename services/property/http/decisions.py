"""业主共同决定 Owners' decisions."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.property import queries
from services.property.domain.policies import KINDS, OUTCOMES
from services.property.http.common import READERS, WITNESSES, OfTopic, api
from services.property.use_cases.decisions import RecordDecision
from shared.web.api import Call
from shared.web.fields import Codes, Day, Instant, Named, PublicWords, Ref, Text, Whole, Words, nested


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
    kind = Named(KINDS, required=True)
    noticed_topics = fields.List(PublicWords(100), required=True, validate=validate.Length(max=100))
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
    outcome = Named(OUTCOMES)
    arithmetic = Text()
    reasons = Codes()
    recorded_at = Instant()


@api.post(
    "/decisions",
    roles=WITNESSES,
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
