"""坐标 A point on the ground, in degrees of WGS84; six decimals, which is a tenth of a metre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.grid.domain.errors.shapes import (
    CoordinatesSwapped,
    PointOutside,
)

DECIMALS = 6
# 北京市 where the city lies; what is outside is a mistake
WEST, SOUTH, EAST, NORTH = 115.4, 39.4, 117.6, 41.1


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
