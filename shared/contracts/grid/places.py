"""What grid says of places (场所)."""

from __future__ import annotations

from shared.contracts.fields import Code, Day, Ref, Refs, Text, Whole
from shared.contracts.registry import Event

PLACE_KINDS = ("street", "community", "estate", "grid", "building", "door", "spot")


class _AboutPlace(Event):
    place_ref = Ref(required=True)
    kind = Code(*PLACE_KINDS, required=True)
    parent_ref = Ref(required=True, allow_none=True)
    name = Text(100, required=True)
    code = Text(30, required=True, metadata={"description": "official code; 15 digits for a grid (网格)"})
    path = Text(500, required=True, metadata={"description": "itself and all places around it, /street/…/"})
    community_ref = Ref(required=True, allow_none=True)
    estate_ref = Ref(required=True, allow_none=True)
    grid_ref = Ref(required=True, allow_none=True)
    building_ref = Ref(required=True, allow_none=True)
    estate_type = Text(30, load_default="")
    household_count = Whole(load_default=0)
    required_captains = Whole(
        load_default=0, metadata={"description": "of a door: how many captains it must have"}
    )


class PlaceRegistered(_AboutPlace):
    """场所登记 A place exists: reference fact, kept by every service that needs it.

    Sent when: 场所登记时 a place is registered.
    Not sent when: 责任主体或物业管理区域登记时（由 property 发布） a party or an area is registered (property's).
    """

    type = "grid.place.registered.v1"


class PlaceChanged(_AboutPlace):
    """场所变更 A place has changed, or lies in another place now: all its facts anew. Reference fact, as it is now.

    Sent when: 名称、小区类型、户数、坐标变更时，所在场所改变时（其内的场所逐一发布） its name, type, households or
    point change, or what it lies in; also for each place inside whose facts change with it.
    Not sent when: 场所终止时，网格重划而场所未换网格时 a place is no more: that is superseded; a grid is redrawn and
    the place stays in it.
    """

    type = "grid.place.changed.v1"
    former_path = Text(
        500,
        load_default=None,
        allow_none=True,
        metadata={"description": "its path before, where that changed"},
    )


class PlaceSuperseded(_AboutPlace):
    """场所承继 A place is no more, others have taken over from it (合并、拆分). What is open there follows, what is
    closed stays.

    Sent when: 合并或拆分生效时，每个终止的场所一次 a merger or split takes effect, once for each place that ends.
    Not sent when: 合并或拆分只是预告时 it is only planned.
    """

    type = "grid.place.superseded.v1"
    old_refs = Refs(
        required=True, metadata={"description": "all that have ended for the same one, this one too"}
    )
    new_refs = Refs(required=True)
    rest_ref = Ref(
        required=True, metadata={"description": "that of them which has what lay directly in the old one"}
    )
    effective_on = Day(required=True)
