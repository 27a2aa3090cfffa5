"""组织 The organisation trees."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.domain.organisation_kinds import KIND_NAMES, NAMED_KINDS, POWER_NAMES, TREES
from services.grid.http.common import api
from services.grid.use_cases.organisations import (
    BindBackbone,
    ChangeOrganisation,
    EndOrganisation,
    RegisterOrganisation,
)
from shared.access.roles import COMMUNITY, GRID_WORKER, STAFF, STREET
from shared.web.api import Call
from shared.web.fields import Code, Codes, Day, Flag, Named, Paging, PublicWords, Ref, Text, distinct

READERS = (*STAFF, GRID_WORKER)
KEEPERS = (STREET, COMMUNITY)


class OrganisationBody(Schema):
    """A new organisation; without `powers` it has all that its kind may hold."""

    kind = Named(NAMED_KINDS, required=True)
    name = PublicWords(100, required=True)
    parent_ref = Ref(load_default=None, allow_none=True)
    place_ref = Ref(load_default=None, allow_none=True)
    powers = Codes(*POWER_NAMES, load_default=None, allow_none=True, validate=distinct)
    is_assumed = Flag(load_default=False)


class BackboneBody(Schema):
    """A party member of the branch, and the grid that it is there for."""

    person_ref = Ref(required=True)
    grid_ref = Ref(required=True)


class OrganisationChange(Schema):
    """What is to be otherwise; what is left out stays."""

    name = PublicWords(100, load_default=None)
    powers = Codes(*POWER_NAMES, load_default=None, validate=distinct)
    parent_ref = Ref(load_default=None)


class OrganisationView(Schema):
    """An organisation; `person_ref` of a 党员骨干 only."""

    id = Ref()
    kind = Named(KIND_NAMES)
    tree = Named(TREES)
    name = Text()
    parent_ref = Ref(allow_none=True)
    place_ref = Ref(allow_none=True)
    powers = Codes()
    is_assumed = Flag()
    person_ref = Ref(allow_none=True)
    valid_from = Day()
    valid_to = Day(allow_none=True)


class OrganisationFilter(Paging):
    """Which organisations."""

    kind = Code(*KIND_NAMES, load_default=None)
    tree = Code(*TREES, load_default=None)
    parent_ref = Ref(load_default=None)
    place_ref = Ref(load_default=None)
    ended = Code(
        "no", "too", load_default="no", metadata={"description": "too：含已撤销的 those too that have ended"}
    )


@api.post(
    "/organisations",
    roles=KEEPERS,
    body=OrganisationBody,
    answer=OrganisationView,
    status=201,
    location="/organisations/{id}",
)
def register_organisation(call: Call) -> Any:
    """登记组织"""
    return call.handle(RegisterOrganisation(**call.body))


@api.get(
    "/organisations",
    roles=READERS,
    query=OrganisationFilter,
    answer=OrganisationView,
    personal=True,
    subject="person_ref",
)
def organisations(call: Call) -> Any:
    """组织列表"""
    ended = call.query.pop("ended") == "too"
    return call.ask(queries.organisations.organisations_in_scope, ended=ended, **call.query)


@api.get("/organisations/{id}", roles=READERS, answer=OrganisationView, personal=True, subject="person_ref")
def organisation(call: Call) -> Any:
    """一个组织"""
    return call.ask(queries.organisations.organisation, call.path["id"])


@api.post(
    "/organisations/{id}/backbones",
    roles=KEEPERS,
    body=BackboneBody,
    answer=OrganisationView,
    status=201,
    location="/organisations/{id}",
    subject="person_ref",
)
def bind_backbone(call: Call) -> Any:
    """登记支部的党员骨干，并绑定网格"""
    return call.handle(BindBackbone(branch_id=call.path["id"], **call.body))


@api.post(
    "/organisations/{id}/change",
    roles=KEEPERS,
    body=OrganisationChange,
    answer=OrganisationView,
    subject="person_ref",
)
def change_organisation(call: Call) -> Any:
    """变更组织的名称、职权或上级"""
    return call.handle(ChangeOrganisation(id=call.path["id"], **call.body))


@api.post("/organisations/{id}/end", roles=KEEPERS, answer=OrganisationView, subject="person_ref")
def end_organisation(call: Call) -> Any:
    """撤销组织；其下级和在办事项须先转出"""
    return call.handle(EndOrganisation(call.path["id"]))
