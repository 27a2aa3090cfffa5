"""网格图形 The shapes of grids: polygons in degrees of WGS84, as GeoJSON has them (RFC 7946)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely

from services.grid.domain.errors.shapes import (
    CoordinatesWrong,
    FeatureWrong,
    GeometryKindWrong,
    GridTwice,
    RingOpen,
    ShapeInvalid,
)
from services.grid.domain.place import Place
from services.grid.domain.point import Point
from shared.kernel.aggregate import Aggregate, DomainEvent
from shared.kernel.errors import JiushuError, Several, Term
from shared.kernel.ids import new_id

Geometry = Any  # shapely's Polygon or MultiPolygon; it has no types of its own

LEAST_POSITIONS = 4
LONGEST_CODE = 30

# what shapely says is wrong -> what people read
REASONS = {
    "Self-intersection": "边线自相交",
    "Ring Self-intersection": "环与自身相接",
    "Hole lies outside shell": "内环在外环之外",
    "Holes are nested": "内环套内环",
    "Interior is disconnected": "内部不相连",
    "Nested shells": "一块在另一块之内",
    "Duplicate Rings": "环重复",
    "Too few points in geometry component": "点数不足",
}


@dataclass(frozen=True)
class ShapeDrawn(DomainEvent):
    """划定 A grid has a shape. Stays at home: others know places by their paths."""


@dataclass(frozen=True)
class ShapeEnded(DomainEvent):
    """停用 The shape is another one now, or the grid is no more. Stays at home."""


class Shape(Aggregate):
    """网格图形 What a grid covers on the ground, from `valid_from` until `valid_to` (None: still), in local days."""

    term = Term("网格图形", "grid shape")
    leads_journey = False

    def __init__(self, grid: Place, geometry: Geometry, *, today: date) -> None:
        """划定"""
        self.id = new_id()
        self.grid_ref = grid.id
        self.grid_code = grid.code
        self.place_path = grid.place_path
        self.geometry: dict[str, Any] = to_geojson(geometry)
        self.valid_from = today
        self.valid_to: date | None = None
        self.record(ShapeDrawn())

    def end(self, today: date) -> None:
        """停用"""
        self.valid_to = today
        self.record(ShapeEnded())


@dataclass(frozen=True)
class Drawing:
    """One feature of a file, understood: the grid's code, what it covers, and which input field said so."""

    code: str
    geometry: Geometry
    field: str


def to_geojson(geometry: Geometry) -> dict[str, Any]:
    """As plain values."""
    plain: dict[str, Any] = shapely.geometry.mapping(geometry)
    return {"type": plain["type"], "coordinates": _lists(plain["coordinates"])}


def from_geojson(plain: Mapping[str, Any]) -> Geometry:
    """What `to_geojson` made."""
    return shapely.geometry.shape(plain)


def read_features(features: Sequence[Any]) -> list[Drawing]:
    """The drawings of a FeatureCollection. Raises Several, with whatever is wrong with each feature."""
    drawings: dict[str, Drawing] = {}
    refused: list[JiushuError] = []
    for number, feature in enumerate(features):
        try:
            drawing = _read(feature, f"features.{number}")
            if drawing.code in drawings:
                raise GridTwice(grid_code=drawing.code, field=f"{drawing.field}.properties.code")
            drawings[drawing.code] = drawing
        except JiushuError as error:
            refused.append(error)
    if refused:
        raise Several(refused)
    return list(drawings.values())


def _read(feature: Any, field: str) -> Drawing:
    if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
        raise FeatureWrong(field=field)
    properties, plain = feature.get("properties"), feature.get("geometry")
    code = properties.get("code") if isinstance(properties, Mapping) else None
    if not isinstance(code, str) or not 0 < len(code) <= LONGEST_CODE:
        raise FeatureWrong(field=f"{field}.properties.code")
    if not isinstance(plain, Mapping):
        raise FeatureWrong(field=f"{field}.geometry")
    return Drawing(code, _geometry(plain, f"{field}.geometry"), field)


def _geometry(plain: Mapping[str, Any], field: str) -> Geometry:
    """Rounded, without heights, and always written in the same order: so two that are alike are equal."""
    kind, coordinates, inside = plain.get("type"), plain.get("coordinates"), f"{field}.coordinates"
    if kind == "Polygon":
        geometry = _polygon(coordinates, inside)
    elif kind == "MultiPolygon":
        parts = [
            _polygon(part, f"{inside}.{number}") for number, part in enumerate(_list(coordinates, inside))
        ]
        geometry = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    else:
        raise GeometryKindWrong(kind=kind, field=f"{field}.type")
    if not geometry.is_valid:
        reason, _, where = shapely.is_valid_reason(geometry).rstrip("]").partition("[")
        raise ShapeInvalid(reason=Term(REASONS.get(reason, reason), reason), where=where, field=inside)
    return shapely.orient_polygons(shapely.normalize(geometry))


def _polygon(coordinates: Any, field: str) -> Geometry:
    shell, *holes = [
        _ring(ring, f"{field}.{number}") for number, ring in enumerate(_list(coordinates, field))
    ]
    return shapely.Polygon(shell, holes)


def _ring(positions: Any, field: str) -> list[tuple[float, float]]:
    ring = [
        _position(position, f"{field}.{number}") for number, position in enumerate(_list(positions, field))
    ]
    if len(ring) < LEAST_POSITIONS:
        raise CoordinatesWrong(field=field)
    if ring[0] != ring[-1]:
        raise RingOpen(first=list(ring[0]), last=list(ring[-1]), field=field)
    return ring


def _position(position: Any, field: str) -> tuple[float, float]:
    numbers = _list(position, field)[:2]  # a third one is the height
    if len(numbers) < 2 or not all(type(number) in (int, float) for number in numbers):
        raise CoordinatesWrong(field=field)
    point = Point.at(*numbers, field=field)
    return point.longitude, point.latitude


def _list(value: Any, field: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise CoordinatesWrong(field=field)
    return value


def _lists(value: Any) -> Any:
    return [_lists(inner) for inner in value] if isinstance(value, tuple | list) else value


class GridIndex:
    """Which grid a point lies in. Built once and asked often: a tree of the shapes' boxes (STRtree), then the shapes
    themselves. A point on the border of several grids is in the one with the lowest code."""

    def __init__(self, shapes: Mapping[str, Geometry]) -> None:
        self._codes = sorted(shapes)
        self._tree = shapely.STRtree([shapes[code] for code in self._codes])

    def code_at(self, point: Point) -> str | None:
        """The code of the grid there, or None."""
        place = shapely.points((point.longitude, point.latitude))
        found: list[int] = self._tree.query(place, predicate="intersects").tolist()
        return self._codes[min(found)] if found else None
