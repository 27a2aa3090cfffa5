"""Shapes of grids: what is a shape, which grid a point lies in, what overlaps, what lies in between."""

from __future__ import annotations

import random

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from services.grid.domain.coverage import gaps, overlaps
from services.grid.domain.point import Point
from services.grid.domain.shape import GridIndex, from_geojson, read_features, to_geojson
from shared.kernel.errors import JiushuError, Several
from tests.builders.grid import SOUTH, WEST, feature, square

CODE = "110112010904001"
RING = square(0, 0)["coordinates"][0]
BOW_TIE = [RING[0], RING[1], RING[3], RING[2], RING[0]]
INNER = [[116.6503, 39.8803], [116.6506, 39.8803], [116.6506, 39.8806], [116.6503, 39.8803]]
FAR = [[116.66, 39.89], [116.661, 39.89], [116.661, 39.891], [116.66, 39.89]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


FAULTS = {
    "no feature": ({"type": "Polygon"}, "feature_wrong", "features.0", "应为 GeoJSON 的 Feature"),
    "no code": (
        {"type": "Feature", "properties": {}, "geometry": square(0, 0)},
        "feature_wrong",
        "features.0.properties.code",
        "properties.code 为网格编码",
    ),
    "no geometry": (feature(CODE, None), "feature_wrong", "features.0.geometry", "geometry 为图形"),
    "a line": (
        feature(CODE, {"type": "LineString", "coordinates": RING}),
        "geometry_kind_wrong",
        "features.0.geometry.type",
        "不是 LineString",
    ),
    "no rings": (
        feature(CODE, polygon()),
        "coordinates_wrong",
        "features.0.geometry.coordinates",
        "每个环应为至少4个",
    ),
    "three positions": (
        feature(CODE, polygon([RING[0], RING[1], RING[0]])),
        "coordinates_wrong",
        "features.0.geometry.coordinates.0",
        "每个环应为至少4个",
    ),
    "a word for a number": (
        feature(CODE, polygon([["116.65", 39.88], *RING[1:]])),
        "coordinates_wrong",
        "features.0.geometry.coordinates.0.0",
        "均为数字",
    ),
    "an open ring": (
        feature(CODE, polygon(RING[:-1])),
        "ring_open",
        "features.0.geometry.coordinates.0",
        "环没有闭合：始于 [116.65, 39.88]，止于 [116.65, 39.881]",
    ),
    "swapped": (
        feature(CODE, polygon([[south, east] for east, south in RING])),
        "coordinates_swapped",
        "features.0.geometry.coordinates.0.0",
        "经纬度写反了：经度写成了 39.88，纬度写成了 116.65",
    ),
    "metres": (
        feature(CODE, polygon([[x * 1e5, y * 1e5] for x, y in RING])),
        "point_outside",
        "features.0.geometry.coordinates.0.0",
        "不在北京范围内，请用 WGS84 经纬度",
    ),
    "a border that crosses itself": (
        feature(CODE, polygon(BOW_TIE)),
        "shape_invalid",
        "features.0.geometry.coordinates",
        "图形无效：边线自相交，位于 116.6505 39.8805",
    ),
    "a hole outside": (
        feature(CODE, polygon(RING, FAR)),
        "shape_invalid",
        "features.0.geometry.coordinates",
        "图形无效：内环在外环之外",
    ),
    "a part twice": (
        feature(CODE, {"type": "MultiPolygon", "coordinates": [[RING], [RING]]}),
        "shape_invalid",
        "features.0.geometry.coordinates",
        "图形无效",
    ),
}


@pytest.mark.parametrize(("wrong", "code", "field", "words"), FAULTS.values(), ids=FAULTS)
def test_each_fault_of_a_feature_has_its_own_words_and_names_where_it_is(wrong, code, field, words):
    with pytest.raises(Several) as refused:
        read_features([wrong])
    (error,) = refused.value.errors
    assert (error.code, error.fields) == (code, [field])
    assert words in error.text("zh")
    assert error.text("en")


def test_every_feature_that_is_wrong_is_told_and_a_grid_has_one_shape():
    right = feature(CODE, square(0, 0))
    with pytest.raises(Several) as refused:
        read_features([right, "?", right, feature(CODE[:-1] + "2", polygon(RING[:-1]))])
    assert [error.fields for error in refused.value.errors] == [
        ["features.1"],
        ["features.2.properties.code"],
        ["features.3.geometry.coordinates.0"],
    ]


def test_shapes_are_equal_wherever_their_rings_begin_and_whichever_way_they_run():
    turned = [*RING[2:], *RING[1:3]]
    high = [[*position, 31.5] for position in RING]
    one_part = {"type": "MultiPolygon", "coordinates": [[RING]]}
    written = [polygon(RING), polygon(turned), polygon(RING[::-1]), polygon(high), one_part]
    shapes = {str(to_geojson(read_features([feature(CODE, each)])[0].geometry)) for each in written}
    assert len(shapes) == 1


def test_a_hole_is_not_in_the_grid():
    (drawing,) = read_features([feature(CODE, polygon(RING, INNER))])
    index = GridIndex({CODE: drawing.geometry})
    assert index.code_at(Point.at(116.6505, 39.8804)) is None
    assert index.code_at(Point.at(116.6501, 39.8801)) == CODE


# ---- a lattice cut into rectangles at random: the corners are whole micro-degrees, so that everything can be counted


@st.composite
def tessellations(draw):
    """Rectangles (west, south, east, north) that cover a square of 64 by 64 micro-degrees × 100, by their codes."""
    rectangles = [(0, 0, 64, 64)]
    for _ in range(draw(st.integers(0, 12))):
        number = draw(st.integers(0, len(rectangles) - 1))
        west, south, east, north = rectangles[number]
        upright = draw(st.booleans())
        low, high = (west, east) if upright else (south, north)
        if high - low < 2:
            continue
        cut = draw(st.integers(low + 1, high - 1))
        halves = (
            [(west, south, cut, north), (cut, south, east, north)]
            if upright
            else [(west, south, east, cut), (west, cut, east, north)]
        )
        rectangles[number : number + 1] = halves
    return {f"{CODE[:12]}{number:03}": rectangle for number, rectangle in enumerate(rectangles)}


def degrees(x, y):
    return round(WEST + x / 10_000, 6), round(SOUTH + y / 10_000, 6)


def shaped(rectangle):
    west, south, east, north = rectangle
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    plain = polygon([list(degrees(*corner)) for corner in corners])
    return read_features([feature(CODE, plain)])[0].geometry


@given(tessellations(), st.integers(-1, 65), st.integers(-1, 65), st.randoms(use_true_random=False))
def test_the_index_finds_the_grid_that_a_slow_search_finds_also_on_borders(rectangles, x, y, chance):
    shuffled = list(rectangles.items())
    chance.shuffle(shuffled)
    index = GridIndex({code: shaped(rectangle) for code, rectangle in shuffled})
    holding = [
        code
        for code, (west, south, east, north) in rectangles.items()
        if west <= x <= east and south <= y <= north
    ]
    assert index.code_at(Point.at(*degrees(x, y))) == min(holding, default=None)


@given(tessellations())
def test_rectangles_that_only_touch_neither_overlap_nor_leave_gaps(rectangles):
    shapes = {code: shaped(rectangle) for code, rectangle in rectangles.items()}
    assert overlaps(shapes, shapes.keys()) == []
    assert gaps(shapes) == []


@settings(max_examples=50)
@given(tessellations(), st.integers(0, 12))
def test_what_is_moved_overlaps_as_much_as_an_exact_count_says(rectangles, number):
    code = sorted(rectangles)[number % len(rectangles)]
    west, south, east, north = rectangles[code]
    grown = (west, south, east + 3, north)
    shapes = {other: shaped(rectangle) for other, rectangle in rectangles.items()} | {code: shaped(grown)}
    expected = {
        tuple(sorted((code, other))): cells
        for other, rectangle in rectangles.items()
        if other != code and (cells := _cells(grown) & _cells(rectangle))
    }
    found = {(overlap.code, overlap.other): overlap.square_metres for overlap in overlaps(shapes, [code])}
    assert found.keys() == expected.keys()
    for pair, square_metres in found.items():
        assert square_metres == pytest.approx(len(expected[pair]) * CELL, rel=0.005)


def test_nobody_is_told_of_overlaps_that_were_there_before():
    shapes = {"1": shaped((0, 0, 4, 4)), "2": shaped((2, 0, 6, 4)), "3": shaped((6, 0, 8, 4))}
    assert overlaps(shapes, ["3"]) == []
    assert [overlap.code for overlap in overlaps(shapes, ["1"])] == ["1"]


def _cells(rectangle):
    west, south, east, north = rectangle
    return {(x, y) for x in range(west, east) for y in range(south, north)}


# on the ellipsoid a ten-thousandth of a degree is 11.1037 m of meridian, and 8.5550 m of parallel at 39.88°
CELL = 11.1037 * 8.5550


@given(tessellations(), st.integers(0, 12))
def test_a_grid_that_is_missing_inside_is_a_gap_with_its_neighbours(rectangles, number):
    code = sorted(rectangles)[number % len(rectangles)]
    west, south, east, north = rectangles.pop(code)
    shapes = {other: shaped(rectangle) for other, rectangle in rectangles.items()}
    found = gaps(shapes)
    if west > 0 and south > 0 and east < 64 and north < 64:
        (gap,) = found
        assert gap.square_metres == pytest.approx((east - west) * (north - south) * CELL, rel=0.005)
        assert shaped((west, south, east, north)).contains(shapely.Point(gap.longitude, gap.latitude))
        touching = [other for other, one in rectangles.items() if _touch(one, (west, south, east, north))]
        assert gap.beside == sorted(touching)
    else:
        assert all(gap.square_metres <= (east - west) * (north - south) * CELL * 1.005 for gap in found)


def _touch(one, other):
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def test_a_slit_between_grids_is_a_gap_even_where_it_opens_outwards():
    west, east = (
        shaped((0, 0, 10, 10)),
        affinity.translate(shaped((10, 0, 20, 10)), 0.00005),
    )
    (gap,) = gaps({"1": west, "2": east})
    assert gap.beside == ["1", "2"]
    assert gap.square_metres == pytest.approx(10 * 11.1037 * 0.5 * 8.5550, abs=3)


def test_slivers_of_rounding_are_neither_overlaps_nor_gaps():
    """A corner on the slanted border of a neighbour, rounded to six decimals, lies beside it by up to 5 cm."""
    chance = random.Random(7)
    slanted = from_geojson(polygon([[116.65, 39.88], [116.653, 39.8813], [116.65, 39.884], [116.65, 39.88]]))
    for _ in range(50):
        part = chance.random()
        corner = [round(116.65 + part * 0.003, 6), round(39.88 + part * 0.0013, 6)]
        left = [[116.65, 39.88], corner, [116.653, 39.8780], [116.65, 39.88]]
        right = [corner, [116.653, 39.8813], [116.653, 39.8780], corner]
        shapes = {"1": slanted, "2": from_geojson(polygon(left)), "3": from_geojson(polygon(right))}
        assert overlaps(shapes, shapes.keys()) == []
        assert gaps(shapes) == []


def test_a_point_outside_the_city_or_written_the_wrong_way_round_is_refused():
    for point, code in {(0, 0): "point_outside", (39.9, 116.6): "coordinates_swapped"}.items():
        with pytest.raises(JiushuError) as refused:
            Point.at(*point)
        assert refused.value.code == code
        assert refused.value.fields == ["longitude", "latitude"]
    assert Point.at(116.65000049, 39.88) == Point.at(116.65, 39.88)
