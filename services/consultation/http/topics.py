"""议题 Topics, from the problem to the result, and what designers are asked for."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.consultation import queries
from services.consultation.domain.plan import DECISION_KINDS
from services.consultation.domain.topic import LIFECYCLE, PROPOSERS, THEMES
from services.consultation.http.common import (
    LEADERS,
    NEIGHBOURS,
    ORGANISERS,
    READERS,
    api,
    distinct_refs,
    plain_code,
    plain_codes,
)
from services.consultation.use_cases.design_requests import RequestDesign
from services.consultation.use_cases.topics import (
    AcceptTopic,
    DeclineTopic,
    LandResult,
    LinkCases,
    MergeTopic,
    RaiseTopic,
    ReferTopic,
    ReopenResult,
    ResolveTopic,
    ResumeTopic,
    SuspendTopic,
)
from shared.access.roles import PARTY_ORG, RESIDENT, STAFF
from shared.web.api import Call
from shared.web.fields import (
    Code,
    Codes,
    Flag,
    Instant,
    Named,
    Paging,
    PublicText,
    PublicWords,
    Ref,
    Refs,
    Text,
    Whole,
    nested,
    several,
)


class TopicBody(Schema):
    """A problem to be deliberated."""

    title = PublicWords(100, required=True)
    text = PublicWords(2000, required=True)
    category = plain_code(required=True)
    theme = Named(THEMES, required=True)
    place_ref = Ref(required=True)
    area_ref = Ref(load_default=None, allow_none=True)
    raised_by = Named(PROPOSERS, required=True)
    case_refs = distinct_refs(load_default=list)
    proposer_ref = Ref(load_default=None, allow_none=True)


class SatisfactionView(Schema):
    """What the residents said of the result."""

    asked = Whole()
    answered = Whole()
    resolved = Whole()


class DecisionView(Schema):
    """An owners' decision that was heard of."""

    decision_ref = Ref()
    plan_hash = Text()
    kind = Named(DECISION_KINDS)
    outcome = Code()


class TopicView(Schema):
    """A topic as staff see it."""

    id = Ref()
    state = Named(LIFECYCLE.states)
    phase = Text()
    title = Text()
    text = Text()
    category = Code()
    theme = Named(THEMES)
    place_ref = Ref()
    place_name = Text()
    estate_ref = Ref(allow_none=True)
    area_ref = Ref(allow_none=True)
    raised_by = Named(PROPOSERS)
    also_raised_by = Codes()
    merged_into_ref = Ref(allow_none=True)
    case_refs = Refs()
    source_ref = Ref(allow_none=True)
    turn = Whole()
    party_org = Text(allow_none=True)
    note = Text()
    plan_ref = Ref(allow_none=True)
    plan_version = Whole(allow_none=True)
    plan_hash = Text(allow_none=True)
    works_ref = Ref(allow_none=True)
    works_accepted = Flag()
    maintainer_ref = Ref(allow_none=True)
    accepted_by = Text(allow_none=True)
    evidence = Text(allow_none=True)
    photographs = Refs()
    decisions = several(DecisionView)
    satisfaction = nested(SatisfactionView, allow_none=True)
    allowed_actions = Codes()


class TopicFilter(Paging):
    """Which topics."""

    state = Code(*LIFECYCLE.states, load_default=None)
    theme = Code(*THEMES, load_default=None)
    estate_ref = Ref(load_default=None)
    area_ref = Ref(load_default=None)


class AcceptBody(Schema):
    """Who approves the agenda."""

    party_org = PublicWords(100, required=True)
    note = PublicText(500, load_default="")


class CasesBody(Schema):
    """Which cases of grid."""

    case_refs = distinct_refs(least=1, required=True)


class MergeBody(Schema):
    """Which topic goes on for both."""

    into_ref = Ref(required=True)


class ReferBody(Schema):
    """As a case of which category it is attended to, and why it needs no deliberation."""

    case_category = plain_code(required=True)
    reason = PublicWords(500, required=True)


class SuspendBody(Schema):
    """Why deliberation rests, in words that anyone may read."""

    reason = PublicWords(500, required=True)


class DeclineBody(Schema):
    """Why not, in words that anyone may read."""

    reason = PublicWords(500, required=True)


class ReopenBody(Schema):
    """What is not good, in words that anyone may read."""

    reason = PublicWords(500, required=True)


class LandBody(Schema):
    """Who of the residents accepted, what shows it, and who keeps it in order."""

    accepted_by = PublicWords(200, required=True)
    evidence = PublicWords(2000, required=True)
    maintainer_ref = Ref(required=True)
    photographs = distinct_refs(most=20, load_default=list)


@api.post(
    "/topics",
    roles=(*STAFF, *NEIGHBOURS, RESIDENT),
    body=TopicBody,
    answer=TopicView,
    status=201,
    location="/topics/{id}",
)
def raise_topic(call: Call) -> Any:
    """提出问题"""
    return call.handle(RaiseTopic(**call.body))


@api.get("/topics", roles=READERS, query=TopicFilter, answer=TopicView)
def topics(call: Call) -> Any:
    """议题列表"""
    return call.ask(queries.topics.topics_in_scope, **call.query)


@api.get("/topics/{id}", roles=READERS, answer=TopicView)
def topic(call: Call) -> Any:
    """一个议题"""
    return call.ask(queries.topics.topic, call.path["id"])


@api.post("/topics/{id}/cases", roles=STAFF, body=CasesBody, answer=TopicView)
def link_cases(call: Call) -> Any:
    """关联事项：诉求与议题多对多"""
    return call.handle(LinkCases(topic_id=call.path["id"], **call.body))


@api.post("/topics/{id}/accept", roles=(PARTY_ORG,), body=AcceptBody, answer=TopicView)
def accept_topic(call: Call) -> Any:
    """立项"""
    return call.handle(AcceptTopic(topic_id=call.path["id"], **call.body))


@api.post("/topics/{id}/decline", roles=(PARTY_ORG,), body=DeclineBody, answer=TopicView)
def decline_topic(call: Call) -> Any:
    """不予立项"""
    return call.handle(DeclineTopic(topic_id=call.path["id"], **call.body))


@api.post("/topics/{id}/refer", roles=(*LEADERS, PARTY_ORG), body=ReferBody, answer=TopicView)
def refer_topic(call: Call) -> Any:
    """转办：无需协商的，转网格作为事项办理"""
    return call.handle(ReferTopic(topic_id=call.path["id"], **call.body))


@api.post("/topics/{id}/merge", roles=ORGANISERS, body=MergeBody, answer=TopicView)
def merge_topic(call: Call) -> Any:
    """并入同类议题；提出者与关联事项一并保留"""
    return call.handle(MergeTopic(topic_id=call.path["id"], **call.body))


@api.post("/topics/{id}/suspend", roles=(*LEADERS, PARTY_ORG), body=SuspendBody, answer=TopicView)
def suspend_topic(call: Call) -> Any:
    """中止共议"""
    return call.handle(SuspendTopic(topic_id=call.path["id"], **call.body))


@api.post("/topics/{id}/resume", roles=(*LEADERS, PARTY_ORG), answer=TopicView)
def resume_topic(call: Call) -> Any:
    """恢复共议"""
    return call.handle(ResumeTopic(topic_id=call.path["id"]))


@api.post("/topics/{id}/resolve", roles=LEADERS, answer=TopicView)
def resolve_topic(call: Call) -> Any:
    """方案通过"""
    return call.handle(ResolveTopic(topic_id=call.path["id"]))


@api.post("/topics/{id}/land", roles=LEADERS, body=LandBody, answer=TopicView)
def land_result(call: Call) -> Any:
    """落实成果"""
    return call.handle(LandResult(topic_id=call.path["id"], **call.body))


@api.post("/topics/{id}/reopen", roles=LEADERS, body=ReopenBody, answer=TopicView)
def reopen_result(call: Call) -> Any:
    """成果重议：居民认为问题没有解决，重新共议方案"""
    return call.handle(ReopenResult(topic_id=call.path["id"], **call.body))


class StepView(Schema):
    """One step."""

    at = Instant()
    text = Text()


class StoryView(Schema):
    """A topic as anyone may read it."""

    topic_ref = Ref(attribute="topic.id")
    title = Text(attribute="topic.title")
    place_name = Text(attribute="topic.place_name")
    phase = Text(attribute="topic.phase")
    steps = several(StepView)
    satisfaction = nested(SatisfactionView, attribute="topic.satisfaction", allow_none=True)


@api.get("/topics/{id}/story", roles=None, answer=StoryView)
def story(call: Call) -> Any:
    """议题的来龙去脉"""
    return call.ask(queries.topics.story, call.path["id"])


# ---- design requests 征集设计机构


class DesignRequestBody(Schema):
    """What designers are wanted."""

    expertise = plain_codes(least=1, required=True)
    experts_needed = Whole(least=1, most=100, required=True)
    answer_by = Instant(required=True)


class DesignRequestView(Schema):
    """What was asked, and who came."""

    id = Ref()
    topic_ref = Ref()
    expertise = Codes()
    experts_needed = Whole()
    answer_by = Instant()
    org_refs = Refs()
    is_unfilled = Flag()


@api.post(
    "/topics/{id}/design-requests",
    roles=LEADERS,
    body=DesignRequestBody,
    answer=DesignRequestView,
    status=201,
    location="/design-requests/{id}",
)
def request_design(call: Call) -> Any:
    """征集设计机构"""
    return call.handle(RequestDesign(topic_id=call.path["id"], **call.body))


@api.get("/topics/{id}/design-requests", roles=READERS, query=Paging, answer=DesignRequestView)
def design_requests(call: Call) -> Any:
    """设计征集列表"""
    return call.ask(queries.topics.design_requests_in_scope, topic_ref=call.path["id"], **call.query)


@api.get("/design-requests/{id}", roles=READERS, answer=DesignRequestView)
def design_request(call: Call) -> Any:
    """一次设计征集"""
    return call.ask(queries.topics.design_request, call.path["id"])
