"""Grids on the ground: blocks of streets, as GeoJSON."""

from __future__ import annotations

from typing import Any

WEST, SOUTH = 116.65, 39.88  # near 九棵树


def square(column: int, row: int, width: int = 1, height: int = 1) -> dict[str, Any]:
    """A block of a lattice of 0.001 degrees, about 85 by 111 m."""
    west, east = round(WEST + column / 1000, 6), round(WEST + (column + width) / 1000, 6)
    south, north = round(SOUTH + row / 1000, 6), round(SOUTH + (row + height) / 1000, 6)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def middle(column: int, row: int) -> dict[str, float]:
    """The middle of a block."""
    return {
        "longitude": round(WEST + (column + 0.5) / 1000, 6),
        "latitude": round(SOUTH + (row + 0.5) / 1000, 6),
    }


def feature(code: str, geometry: Any) -> dict[str, Any]:
    """A feature that names its grid."""
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}


def collection(shapes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A file of shapes by the codes of their grids."""
    features = [feature(code, geometry) for code, geometry in shapes.items()]
    return {"type": "FeatureCollection", "features": features, **more}
