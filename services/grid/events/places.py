"""What grid says of places."""

from __future__ import annotations

from typing import Any

from services.grid.domain import household as households
from services.grid.domain import place as places
from shared.contracts import grid
from shared.persistence.unit_of_work import CurrentFacts, Translations, at_home


def _about(place: places.Place) -> dict[str, Any]:
    return {
        "place_ref": place.id,
        "kind": place.kind,
        "parent_ref": place.parent_ref,
        "name": place.name,
        "code": place.code,
        "path": place.place_path,
        "community_ref": place.community_ref,
        "estate_ref": place.estate_ref,
        "grid_ref": place.grid_ref,
        "building_ref": place.building_ref,
        "estate_type": place.estate_type,
        "household_count": place.household_count,
        "required_captains": place.required_captains,
    }


def _place_registered(place: places.Place, _event: places.PlaceRegistered) -> Any:
    return grid.PlaceRegistered, _about(place)


def _place_changed(place: places.Place, event: places.PlaceChanged) -> Any:
    return grid.PlaceChanged, {**_about(place), "former_path": event.former_path}


def _place_superseded(place: places.Place, event: places.PlaceSuperseded) -> Any:
    return grid.PlaceSuperseded, {
        **_about(place),
        "old_refs": event.old_refs,
        "new_refs": place.superseded_by,
        "rest_ref": place.superseded_by[0],
        "effective_on": place.valid_to,
    }


def _place_now(place: places.Place, _event: None) -> Any:
    if place.superseded_by:
        return _place_superseded(place, places.PlaceSuperseded([place.id]))
    return grid.PlaceRegistered, _about(place)


SAYS: Translations = {
    places.PlaceRegistered: _place_registered,
    places.PlaceChanged: _place_changed,
    places.PlaceSuperseded: _place_superseded,
    households.HouseholdRegistered: at_home,
    households.HouseholdEnded: at_home,
}

CURRENT: CurrentFacts = {
    places.Place: _place_now,
}
