"""网格覆盖 How the shapes of a street's grids lie beside each other: no spot of ground in two, and none in between."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians

import numpy
import shapely

from services.grid.domain.shape import Geometry

METRES_PER_DEGREE = 111_195  # of latitude, on a sphere of 6,371 km; the ellipsoid's differs by 0.3 % here
TOLERATED_SQUARE_METRES = 10  # six decimals along a border of some hundred metres make slivers, no overlaps
NARROWEST_METRES = 10  # what is narrower than twice this between grids is a gap, even where it opens outwards


@dataclass(frozen=True)
class Overlap:
    """重叠 Two grids that cover the same ground."""

    code: str
    other: str
    square_metres: int


@dataclass(frozen=True)
class Gap:
    """空白 Ground between grids that is in none: a point in it, and the grids beside it."""

    square_metres: int
    longitude: float
    latitude: float
    beside: list[str]


class Ground:
    """The ground about some shapes, flat: metres from their middle, degrees of longitude shortened by the cosine of the
    latitude. So areas are right to 0.5 % in a street or a district."""

    def __init__(self, shapes: Iterable[Geometry]) -> None:
        west, south, east, north = shapely.total_bounds(list(shapes))
        self._middle = numpy.array([(west + east) / 2, (south + north) / 2])
        self._scale = METRES_PER_DEGREE * numpy.array([cos(radians(self._middle[1])), 1.0])

    def flat(self, shape: Geometry) -> Geometry:
        """In metres."""
        return shapely.transform(shape, lambda degrees: (degrees - self._middle) * self._scale)

    def degrees(self, shape: Geometry) -> Geometry:
        """Back in degrees."""
        return shapely.transform(shape, lambda metres: metres / self._scale + self._middle)


def overlaps(shapes: Mapping[str, Geometry], drawn: Collection[str]) -> list[Overlap]:
    """Where the shapes of the codes `drawn` overlap with any other by more than is tolerated."""
    if not shapes:
        return []
    ground, codes = Ground(shapes.values()), sorted(shapes)
    flat = [ground.flat(shapes[code]) for code in codes]
    found = []
    for one, other in shapely.STRtree(flat).query(flat, predicate="intersects").T:
        if one < other and (codes[one] in drawn or codes[other] in drawn):
            area = flat[one].intersection(flat[other]).area
            if area > TOLERATED_SQUARE_METRES:
                found.append(Overlap(codes[one], codes[other], round(area)))
    return found


def gaps(shapes: Mapping[str, Geometry]) -> list[Gap]:
    """What the shapes leave free between each other, the largest first."""
    if not shapes:
        return []
    ground = Ground(shapes.values())
    flat = {code: ground.flat(shape) for code, shape in shapes.items()}
    covered = shapely.union_all(list(flat.values()))
    free = _without_holes(_closed(covered)).difference(covered)
    found = []
    for part in shapely.get_parts(free):
        if part.area > TOLERATED_SQUARE_METRES:
            inside = ground.degrees(part.representative_point())
            beside = sorted(code for code, shape in flat.items() if shape.dwithin(part, 1))
            found.append(Gap(round(part.area), round(inside.x, 6), round(inside.y, 6), beside))
    return sorted(found, key=lambda gap: -gap.square_metres)


def _closed(shape: Geometry) -> Geometry:
    """Grown and shrunk again: whatever is narrow is filled, straight edges and corners are as they were."""
    grown = shape.buffer(NARROWEST_METRES, join_style="mitre")
    return grown.buffer(-NARROWEST_METRES, join_style="mitre")


def _without_holes(shape: Geometry) -> Geometry:
    return shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(shape)])
