"""Where something is, as people and other systems say it: a place, a point, or only an address in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.grid import queries
from services.grid.domain.errors.places import AddressAmbiguous, AddressUnknown
from shared.web.api import Call

LONGEST_ADDRESS = 200


def where_said(call: Call, body: Mapping[str, Any]) -> dict[str, Any]:
    """Place, point and address, for a command. An address that is the name of one place is that place, which says more
    than a point; any other stays in words."""
    said = {name: body[name] for name in ("place_ref", "longitude", "latitude", "address")}
    if said["place_ref"] is None and said["address"]:
        ref = _place_called(call, said["address"])
        if ref is not None:
            said |= {"place_ref": ref, "longitude": None, "latitude": None}
    return said


def _place_called(call: Call, address: str) -> str | None:
    try:
        place = call.ask(queries.places.place_called, address, field="address")
    except (AddressUnknown, AddressAmbiguous):
        return None
    return place.id if place.grid_ref is not None and place.valid_to is None else None
