"""What the sheets of grid have in common: the places they name, and whether something has become of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.grid.domain.place import Place
from services.grid.use_cases.ports import Work
from shared.kernel.aggregate import Aggregate
from shared.kernel.errors import Unknown
from shared.kernel.sheets.rows import CHANGED, UNCHANGED


def changed_since(version: int, aggregate: Aggregate) -> str:
    """CHANGED where something has been recorded since that version, else UNCHANGED."""
    return CHANGED if aggregate.version != version else UNCHANGED


def known_place(places: Mapping[str, Place], cells: Mapping[str, Any], name: str, work: Work) -> Place:
    """The place that a cell names by its code. Raises Unknown, OutsideScope."""
    place = places.get(cells[name])
    if place is None:
        raise Unknown(what=Place.term, ref=cells[name], field=name)
    work.actor.must_cover(place.place_path)
    return place
