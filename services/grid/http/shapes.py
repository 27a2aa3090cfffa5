"""网格图形 Shapes of grids as GeoJSON (RFC 7946), and 定位 what lies at a point or an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validate

from services.grid import queries
from services.grid.domain.errors.shapes import (
    AddressNotSaid,
    ReferenceSystemWrong,
)
from services.grid.domain.place import KINDS, Place
from services.grid.domain.shape import Shape
from services.grid.http.common import Degrees, api
from services.grid.http.places import FINDERS
from services.grid.use_cases.places import point_of
from services.grid.use_cases.shapes import DrawShapes
from shared.access.roles import STREET
from shared.web.api import Call
from shared.web.fields import Code, Day, Flag, Named, Ref, Text, Whole, Words, nested, several

MOST_FEATURES = 2000
# names of WGS84 in degrees; CGCS2000 (EPSG:4490) is the same to a few centimetres
REFERENCE_SYSTEMS = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")


class FeatureCollectionBody(Schema):
    """A FeatureCollection; each feature has the grid's code in `properties.code` and a Polygon or MultiPolygon. What
    else programs write beside it (`name`, `bbox`) is passed over, an older `crs` is checked."""

    type = Code("FeatureCollection", required=True)
    features = fields.List(fields.Raw(), required=True, validate=validate.Length(1, MOST_FEATURES))
    dry_run = Flag(load_default=False, metadata={"description": "只预览，不保存 only say what it would do"})
    crs = fields.Raw(load_default=None, allow_none=True)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> Any:
        """Only what is declared."""
        if not isinstance(data, Mapping):
            raise ValidationError("Not a valid mapping type.")
        return {name: value for name, value in data.items() if name in self.fields}


class GapView(Schema):
    """空白 Ground between the grids that lies in none: how much, a point of it, and the grids beside it."""

    square_metres = Whole()
    longitude = Degrees()
    latitude = Degrees()
    beside = fields.List(Code())


class MoveView(Schema):
    """移格 A place that comes to lie in another grid, with how many places (itself and those inside) and open cases."""

    place_ref = Ref()
    kind = Named(KINDS)
    name = Text()
    from_code = Code()
    to_code = Code()
    places = Whole()
    open_cases = Whole()


class SplitView(Schema):
    """跨格 A place whose parts would lie in several grids: it stays; give it a point of its own, or move the border."""

    place_ref = Ref()
    kind = Named(KINDS)
    name = Text()
    codes = fields.List(Code())


class CaseMoveView(Schema):
    """An open case, reported at a point, that comes to lie in another grid."""

    case_ref = Ref()
    number = Text()
    from_code = Code()
    to_code = Code()


class RedrawView(Schema):
    """What was done, or would be: grids by their codes, what lies in none, and what moves."""

    dry_run = Flag()
    drawn = fields.List(Code())
    redrawn = fields.List(Code())
    unchanged = fields.List(Code())
    without_shape = fields.List(Code())
    gaps = several(GapView, most=MOST_FEATURES)
    moves = fields.List(fields.Nested(MoveView))
    splits = fields.List(fields.Nested(SplitView))
    case_moves = fields.List(fields.Nested(CaseMoveView))


class ShapeProperties(Schema):
    """What a shape is of."""

    code = Code()
    name = Text()
    grid_ref = Ref()
    valid_from = Day()


class GeometryView(Schema):
    """Polygon or MultiPolygon, degrees of WGS84, longitude first."""

    type = Code("Polygon", "MultiPolygon")
    coordinates = fields.List(fields.Raw())


class FeatureView(Schema):
    """A grid's shape."""

    type = Code("Feature")
    id = Ref()
    properties = nested(ShapeProperties)
    geometry = nested(GeometryView)


class FeatureCollectionView(Schema):
    """All shapes of the present; the same file may be sent back."""

    type = Code("FeatureCollection")
    features = fields.List(fields.Nested(FeatureView))


class LocateQuery(Schema):
    """A point, or an address with or without a room."""

    longitude = Degrees(load_default=None)
    latitude = Degrees(load_default=None)
    address = Words(200, load_default=None)
    room = Words(30, load_default=None)


class PlaceBrief(Schema):
    """A place, as far as it must be known to be told apart."""

    id = Ref()
    kind = Named(KINDS)
    name = Text()
    code = Text()


class LocatedView(Schema):
    """The grid, and what else is known of the places around."""

    grid = nested(PlaceBrief)
    community = nested(PlaceBrief, allow_none=True)
    estate = nested(PlaceBrief, allow_none=True)
    building = nested(PlaceBrief, allow_none=True)
    door = nested(PlaceBrief, allow_none=True)


@api.post("/shapes", roles=(STREET,), body=FeatureCollectionBody, answer=RedrawView)
def draw_shapes(call: Call) -> Any:
    """导入网格图形"""
    _must_be_wgs84(call.body["crs"])
    return call.handle(DrawShapes(features=call.body["features"], dry_run=call.body["dry_run"]))


@api.get("/shapes", roles=FINDERS, answer=FeatureCollectionView)
def shapes(call: Call) -> Any:
    """导出网格图形"""
    found = call.ask(queries.shapes.shapes)
    return {"type": "FeatureCollection", "features": [_feature(shape, grid) for shape, grid in found]}


@api.get("/locate", roles=FINDERS, query=LocateQuery, answer=LocatedView)
def locate(call: Call) -> Any:
    """定位：坐标或地址所在的网格"""
    asked = call.query
    point = point_of(asked["longitude"], asked["latitude"])
    if (point is None) == (asked["address"] is None) or (asked["room"] and asked["address"] is None):
        raise AddressNotSaid(field="address")
    if point is not None:
        return call.ask(queries.shapes.located_at, point)
    return call.ask(queries.shapes.located_by_address, asked["address"], asked["room"])


def _feature(shape: Shape, grid: Place) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": grid.id,
        "properties": {
            "code": grid.code,
            "name": grid.name,
            "grid_ref": grid.id,
            "valid_from": shape.valid_from,
        },
        "geometry": shape.geometry,
    }


def _must_be_wgs84(crs: Any) -> None:
    """What GeoJSON of before 2016 may say of its reference system."""
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, Mapping) else None
    name = properties.get("name") if isinstance(properties, Mapping) else None
    if not isinstance(name, str) or not name.endswith(REFERENCE_SYSTEMS):
        raise ReferenceSystemWrong(name=name, field="crs")
