"""What grid says of places (场所)."""

from __future__ import annotations

from shared.contracts.fields import Code, Ref, Text, Whole
from shared.contracts.registry import Event

PLACE_KINDS = ("street", "community", "estate", "grid", "building", "door", "spot")


class _Place(Event):
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


class PlaceRegistered(_Place):
    """场所登记 A place exists: reference fact, kept by every service that needs it.

    Sent when: 场所登记时 a place is registered.
    Not sent when: 责任主体或物业管理区域登记时（由 property 发布） a party or an area is registered (property's).
    """

    type = "grid.place.registered.v1"


class PlaceChanged(_Place):
    """场所变更 A place has changed, or lies in another place now: all its facts anew.

    Sent when: 名称、小区类型、户数、坐标变更时，所在场所改变时（其内的场所逐一发布） its name, type, households or
    point change, or what it lies in; also for each place inside whose facts change with it.
    Not sent when: 网格重划而场所未换网格时 a grid is redrawn and the place stays in it.
    """

    type = "grid.place.changed.v1"
