"""楼门岗位 The captains' posts of doors, their gaps, and how much of a place is covered."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from services.grid import queries
from services.grid.domain.captain import ORIGINS
from services.grid.domain.place import KINDS
from services.grid.http.common import api
from services.grid.queries.captain_posts import BY
from shared.access.roles import CAPTAIN, GRID_WORKER, OUTSIDE_SYSTEM, STAFF, STEWARD
from shared.web.api import Call
from shared.web.fields import Code, Day, Named, Paging, Ref, Text, Whole, nested, several

READERS = (*STAFF, GRID_WORKER, CAPTAIN, STEWARD, OUTSIDE_SYSTEM)
YES_OR_NO = {"true": True, "false": False}


class PostView(Schema):
    """A door's post: how many captains it must have, and how many there are. Its id is the door's."""

    id = Ref()
    door_name = Text()
    required = Whole()
    serving = Whole()
    missing = Whole()


class ServingView(Schema):
    """A captain who serves the door."""

    captain_ref = Ref(attribute="id")
    origin = Named(ORIGINS)
    valid_from = Day()


class ActingView(Schema):
    """A construction steward of the building, who acts as a captain while works go on (row 59)."""

    steward_ref = Ref(attribute="id")
    works_ref = Ref()
    building_name = Text()
    contractor_name = Text()


class DoorMannedView(Schema):
    """A door's post and who is there; `advice` is empty where the street recommends nothing (row 57)."""

    id = Ref(attribute="post.id")
    door_name = Text(attribute="post.door_name")
    required = Whole(attribute="post.required")
    serving = Whole(attribute="post.serving")
    missing = Whole(attribute="post.missing")
    captains = several(ServingView)
    acting = several(ActingView)
    advice = Text()


class PostFilter(Paging):
    """Which posts: those of a place, those where somebody is missing or nobody is."""

    place_ref = Ref(load_default=None)
    missing = Code(*YES_OR_NO, load_default=None)


class CoverageFilter(Schema):
    """Of which place, and told by places of which kind."""

    place_ref = Ref(load_default=None)
    by = Named({kind: KINDS[kind] for kind in BY}, load_default="community")


class TotalView(Schema):
    """Doors counted; `percent` null (“—”): there is nothing to count."""

    doors = Whole()
    doors_with_captain = Whole()
    percent = Text(10, allow_none=True)
    two_captain_doors = Whole()
    two_captain_doors_full = Whole()
    two_captain_percent = Text(10, allow_none=True)


class PartView(TotalView):
    """The same of one place."""

    place_ref = Ref()
    name = Text()


class CoverageView(Schema):
    """Of all, and of each place."""

    total = nested(TotalView)
    parts = several(PartView)


@api.get("/captain-posts", roles=READERS, query=PostFilter, answer=PostView)
def captain_posts(call: Call) -> Any:
    """楼门岗位与缺岗名单"""
    query = dict(call.query)
    is_missing = YES_OR_NO.get(query.pop("missing"))
    return call.ask(queries.captain_posts.posts_in_scope, is_missing=is_missing, **query)


@api.get("/captain-posts/{id}", roles=READERS, answer=DoorMannedView)
def captain_post(call: Call) -> Any:
    """一个楼门的楼门长与临时楼门长"""
    return call.ask(queries.captain_posts.post, call.path["id"])


@api.get("/coverage/captains", roles=READERS, query=CoverageFilter, answer=CoverageView)
def captain_coverage(call: Call) -> Any:
    """楼门长覆盖率、双楼门长达标率"""
    return call.ask(queries.captain_posts.coverage, **call.query)
