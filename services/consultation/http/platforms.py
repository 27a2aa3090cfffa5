"""议事平台 Platforms, the templates of themes, and who takes part."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from services.consultation import queries
from services.consultation.domain.platform import LIFECYCLE
from services.consultation.domain.session import CLASSES
from services.consultation.domain.topic import THEMES
from services.consultation.http.common import ORGANISERS, READERS, api
from services.consultation.queries.participation import ACTORS
from services.consultation.use_cases.platforms import EndPlatform, RevisePlatform, SetUpPlatform
from shared.access.roles import PARTY_ORG
from shared.web.api import Call
from shared.web.fields import Code, Codes, Day, Named, Paging, PublicWords, Ref, Text, Whole, several

FOUNDERS = (*ORGANISERS, PARTY_ORG)


class RulesBody(Schema):
    """How early its sessions are announced, and how many must come."""

    lead_days = Whole(most=60, load_default=3)
    least_persons = Whole(most=10_000, load_default=0)


class PlatformBody(RulesBody):
    """A standing way to deliberate."""

    name = PublicWords(50, required=True)
    place_ref = Ref(required=True)


class PlatformView(Schema):
    """A standing way to deliberate."""

    id = Ref()
    name = Text()
    state = Named(LIFECYCLE.states)
    place_ref = Ref()
    lead_days = Whole()
    least_persons = Whole()
    allowed_actions = Codes()


class PlatformFilter(Paging):
    """Which platforms."""

    state = Code(*LIFECYCLE.states, load_default=None)


@api.post(
    "/platforms",
    roles=FOUNDERS,
    body=PlatformBody,
    answer=PlatformView,
    status=201,
    location="/platforms/{id}",
)
def set_up_platform(call: Call) -> Any:
    """设立议事平台"""
    return call.handle(SetUpPlatform(**call.body))


@api.get("/platforms", roles=READERS, query=PlatformFilter, answer=PlatformView)
def platforms(call: Call) -> Any:
    """议事平台列表"""
    return call.ask(queries.sessions.platforms_in_scope, **call.query)


@api.get("/platforms/{id}", roles=READERS, answer=PlatformView)
def platform(call: Call) -> Any:
    """一个议事平台"""
    return call.ask(queries.sessions.platform, call.path["id"])


@api.post("/platforms/{id}/revise", roles=FOUNDERS, body=RulesBody, answer=PlatformView)
def revise_platform(call: Call) -> Any:
    """修改议事规则，已预告的议事会不变"""
    return call.handle(RevisePlatform(call.path["id"], **call.body))


@api.post("/platforms/{id}/end", roles=FOUNDERS, answer=PlatformView)
def end_platform(call: Call) -> Any:
    """停办议事平台，已预告的照常召开"""
    return call.handle(EndPlatform(call.path["id"]))


# ---- themes


class ThemeView(Schema):
    """What sessions about topics of a theme deliberate, and who should come."""

    theme = Named(THEMES)
    name = Text()
    agenda = fields.List(Text())
    expected = fields.List(Named(CLASSES))


class ThemesView(Schema):
    """All themes."""

    items = several(ThemeView)


@api.get("/themes", roles=None, answer=ThemesView)
def themes(call: Call) -> Any:
    """专题议事会模板"""
    return call.ask(queries.sessions.themes)


# ---- participation


class PeriodQuery(Schema):
    """From which day to which, both included, in Beijing."""

    first = Day(required=True)
    last = Day(required=True)
    place_ref = Ref(load_default=None)


class ActorView(Schema):
    """What one class of actors has done: topics raised, heads at sessions, ballots."""

    actor = Named(ACTORS)
    name = Text()
    topics_raised = Whole()
    attendance = Whole()
    on_rosters = Whole()
    ballots = Whole()
    approvals = Whole()


class ParticipationView(Schema):
    """Who has taken part, as anyone may read it: counts, never a person."""

    first = Day()
    last = Day()
    sessions = Whole()
    reviews = Whole()
    actors = several(ActorView)


@api.get("/participation", roles=None, query=PeriodQuery, answer=ParticipationView)
def participation(call: Call) -> Any:
    """参与情况：党、政、组织、群众"""
    return call.ask(queries.participation.participation, **call.query)
