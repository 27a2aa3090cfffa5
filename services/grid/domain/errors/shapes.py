"""What is refused of points and shapes of grids (网格图形)."""

from __future__ import annotations

from shared.kernel.errors import Invalid


class CoordinatesSwapped(Invalid):
    """Latitude first, as some maps say it; GeoJSON and we say longitude first."""

    code = "coordinates_swapped"
    zh = "经纬度写反了：经度写成了 {longitude}，纬度写成了 {latitude}。请先写经度、后写纬度（{bounds}）"
    en = "longitude {longitude} and latitude {latitude} are swapped; longitude comes first ({bounds})"


class PointOutside(Invalid):
    """No point of Beijing, or no degrees."""

    code = "point_outside"
    zh = "坐标（{longitude}，{latitude}）不在北京范围内，请用 WGS84 经纬度，以度为单位（{bounds}）"
    en = "({longitude}, {latitude}) is not in Beijing; use degrees of WGS84, longitude first ({bounds})"


class PointIncomplete(Invalid):
    """Half a point."""

    code = "point_incomplete"
    zh = "longitude 与 latitude 应同时填写"
    en = "give longitude and latitude together"


class NoGridAt(Invalid):
    """Gate G1: no matter without a grid."""

    code = "no_grid_at"
    zh = "坐标（{longitude}，{latitude}）不在任何网格内，请核对坐标，或用场所说明地点"
    en = "({longitude}, {latitude}) lies in no grid; check it, or say the place instead"


class WhereNotSaid(Invalid):
    """A matter is somewhere: at a place, or at a point."""

    code = "where_not_said"
    zh = "请用 place_ref 或用 longitude 和 latitude 说明地点，二者填其一"
    en = "say where by place_ref, or by longitude and latitude: one of the two"


class AddressNotSaid(Invalid):
    """Nothing to look for, or two things at once."""

    code = "address_not_said"
    zh = "请填 longitude 和 latitude，或填 address（可加 room），二者填其一"
    en = "give longitude and latitude, or an address (with a room, if you like): one of the two"


class RoomUnknown(Invalid):
    """No household there has that room."""

    code = "room_unknown"
    zh = "“{name}”内没有登记 {room}，请核对，或不填 room"
    en = "no room {room} is registered in '{name}'; check it, or leave it out"


class RoomAmbiguous(Invalid):
    """Behind several doors there is such a room."""

    code = "room_ambiguous"
    zh = "“{name}”内有多个 {room}：{doors}。请在 address 中写到楼门"
    en = "several doors of '{name}' have a room {room}: {doors}; name the door in the address"


class FeatureWrong(Invalid):
    """Not a feature of GeoJSON that names its grid."""

    code = "feature_wrong"
    zh = "应为 GeoJSON 的 Feature，properties.code 为网格编码，geometry 为图形"
    en = "must be a GeoJSON Feature with the grid's code in properties.code and a geometry"


class ReferenceSystemWrong(Invalid):
    """Coordinates of another system would put the grids elsewhere without anybody noticing."""

    code = "reference_system_wrong"
    zh = "坐标系 {name} 不适用，请转换为 WGS84 经纬度（CRS84、EPSG:4326 或 EPSG:4490）"
    en = "the reference system {name} will not do; convert to degrees of WGS84 (CRS84, EPSG:4326, EPSG:4490)"


class GeometryKindWrong(Invalid):
    """A grid is an area."""

    code = "geometry_kind_wrong"
    zh = "网格图形应为 Polygon 或 MultiPolygon，不是 {kind}"
    en = "a grid's shape is a Polygon or a MultiPolygon, not a {kind}"


class CoordinatesWrong(Invalid):
    """Not nested as GeoJSON nests them."""

    code = "coordinates_wrong"
    zh = "坐标有误：每个环应为至少4个 [经度，纬度]，均为数字"
    en = "wrong coordinates: each ring is a list of at least 4 [longitude, latitude], both numbers"


class RingOpen(Invalid):
    """A ring ends where it began."""

    code = "ring_open"
    zh = "环没有闭合：始于 {first}，止于 {last}，首尾应相同"
    en = "the ring is not closed: it begins at {first} and ends at {last}"


class ShapeInvalid(Invalid):
    """A shape that crosses itself, or whose holes lie outside."""

    code = "shape_invalid"
    zh = "图形无效：{reason}，位于 {where}"
    en = "the shape is invalid: {reason} at {where}"


class GridTwice(Invalid):
    """One shape for a grid; several parts make a MultiPolygon."""

    code = "grid_twice"
    zh = "网格 {grid_code} 在文件中出现了两次；由几块组成的网格请用 MultiPolygon"
    en = "the grid {grid_code} is there twice; one of several parts is a MultiPolygon"


class GridUnknown(Invalid):
    """Only what is registered as a grid has a shape."""

    code = "grid_unknown"
    zh = "没有编码为 {grid_code} 的网格，请先登记"
    en = "no grid has the code {grid_code}; register it first"


class ShapesOverlap(Invalid):
    """A spot of ground lies in one grid."""

    code = "shapes_overlap"
    zh = "网格 {grid_code} 与网格 {other} 重叠 {square_metres} 平方米"
    en = "the grids {grid_code} and {other} overlap by {square_metres} m²"
