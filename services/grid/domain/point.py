"""坐标 A point on the ground, in degrees of WGS84; six decimals, which is a tenth of a metre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import NamedTuple

from services.grid.domain.errors.shapes import (
    CoordinatesSwapped,
    PointOutside,
)

DECIMALS = 6
# 北京市 where the city lies; what is outside is a mistake
WEST, SOUTH, EAST, NORTH = 115.4, 39.4, 117.6, 41.1
METRES_A_DEGREE = 111_320  # of latitude


class Box(NamedTuple):
    """What lies between two meridians and two parallels, in degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Point:
    """坐标 A longitude and a latitude, rounded so that two that are written alike are alike."""

    longitude: float
    latitude: float

    @classmethod
    def at(
        cls, longitude: float, latitude: float, *, field: str | Sequence[str] = ("longitude", "latitude")
    ) -> Point:
        """Raises CoordinatesSwapped, or PointOutside the city, naming the input `field`."""
        if not (WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH):
            swapped = WEST <= latitude <= EAST and SOUTH <= longitude <= NORTH
            raise (CoordinatesSwapped if swapped else PointOutside)(
                longitude=longitude,
                latitude=latitude,
                bounds=f"{WEST}–{EAST}, {SOUTH}–{NORTH}",
                field=field,
            )
        return cls(round(longitude, DECIMALS), round(latitude, DECIMALS))

    def box(self, metres: int) -> Box:
        """What lies within so many metres to each side."""
        up = metres / METRES_A_DEGREE
        aside = up / cos(radians(self.latitude))
        return Box(self.longitude - aside, self.latitude - up, self.longitude + aside, self.latitude + up)
