"""同类诉求聚集 Clusters (未诉先办), and cases that may be the same matter."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from services.grid import queries
from services.grid.domain.categories import ROUTES
from services.grid.http.cases import CaseView, shown
from services.grid.http.common import CASE_OFFICERS, Degrees, api
from services.grid.use_cases.places import point_of
from shared.access.roles import STAFF
from shared.kernel.listing import Page
from shared.web.api import Call
from shared.web.fields import Code, Instant, Named, Paging, Ref, Refs, Sort, Switch, Text, Whole


class ClusterView(Schema):
    """So many cases of one category in one place; `route` says which service looks at their cause."""

    id = Ref()
    category = Code()
    category_name = Text()
    route = Named(ROUTES)
    place_ref = Ref()
    place_name = Text()
    case_refs = Refs()
    count = Whole()
    rule_version = Text()
    window_days = Whole()
    found_at = Instant()
    dissolved_at = Instant(allow_none=True)


class ClusterFilter(Paging):
    """Which clusters."""

    category = Code(load_default=None)
    route = Code(*ROUTES, load_default=None)
    place_ref = Ref(load_default=None, metadata={"description": "在此场所或其内 there, or anywhere inside"})
    is_under_way = Switch(load_default=None)
    sort = Sort("found_at")


class SimilarTo(Paging):
    """What somebody is about to report, or has reported."""

    category = Code(required=True)
    place_ref = Ref(load_default=None)
    longitude = Degrees(load_default=None)
    latitude = Degrees(load_default=None)
    sort = Sort("reported_at", default="-reported_at")

    @validates_schema
    def must_say_where(self, data: dict[str, Any], **_: Any) -> None:
        """At a place, at a point, or both."""
        if data["place_ref"] is None and (data["longitude"] is None or data["latitude"] is None):
            raise ValidationError("Missing data for required field.", "place_ref")


@api.get("/clusters", roles=STAFF, query=ClusterFilter, answer=ClusterView)
def clusters(call: Call) -> Any:
    """同类诉求聚集列表"""
    return call.ask(queries.clusters.clusters_in_scope, **call.query)


@api.get("/clusters/{id}", roles=STAFF, answer=ClusterView)
def cluster(call: Call) -> Any:
    """一个聚集"""
    return call.ask(queries.clusters.cluster, call.path["id"])


@api.get("/similar-cases", roles=CASE_OFFICERS, query=SimilarTo, answer=CaseView, personal=True)
def similar_cases(call: Call) -> Any:
    """疑似重复的事项：同类别、近处、近期，供并案参考"""
    query = dict(call.query)
    point = point_of(query.pop("longitude"), query.pop("latitude"))
    found = call.ask(queries.clusters.similar_cases, point=point, now=call.application.clock.now(), **query)
    return Page([shown(call, case) for case in found.items], found.next)
