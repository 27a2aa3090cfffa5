"""The demonstration street has exactly the numbers of its table (domain 3.1)."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest
import shapely

from shared.demo import street
from shared.demo.street_table import COMMUNITIES
from shared.kernel.personal import holds_mobile, personal_data_in

#                    areas, grids, buildings, doors, households
TABLE = {
    "云景里": (3, 6, 24, 96, 2160),
    "映翠居": (1, 1, 4, 12, 216),
    "怡乐北街": (3, 3, 11, 38, 742),
    "金侨时代家园": (2, 5, 14, 28, 1980),
    "领展商圈": (2, 2, 3, 6, 320),
    "示例东里": (5, 4, 20, 78, 1590),
    "示例西里": (5, 4, 19, 74, 1520),
    "示例南里": (5, 4, 18, 66, 1610),
    "示例北里": (5, 4, 17, 70, 1440),
    "示例新苑": (4, 5, 15, 30, 2130),
    "示例家园": (5, 4, 16, 60, 1512),
}
ESTATES = street.estates()
PLACES = [*street.places(ESTATES)]
STAFF = [*street.staff(ESTATES)]
CAPTAINS = [row for estate in ESTATES for row in street.captains(estate)]
ORGANISATIONS = [*street.organisations(ESTATES)]


@pytest.mark.parametrize("estate", ESTATES, ids=lambda estate: estate.community.name)
def test_each_community_has_what_the_table_says(estate):
    households = [*street.households(estate)]
    assert TABLE[estate.community.name] == (
        len([*street.areas(estate)]),
        len(estate.grids),
        len(estate.buildings),
        len(estate.doors),
        len(households),
    )
    assert len({(row["楼门编码"], row["房号"]) for row in households}) == len(households)


def test_the_whole_street_is_the_sum():
    kinds = Counter(place["类型"] for place in PLACES)
    assert kinds == {"街道": 1, "社区": 11, "小区": 11, "网格": 42, "楼": 161, "楼门": 558}
    assert sum(len([*street.households(estate)]) for estate in ESTATES) == 15220
    assert sum(len([*street.areas(estate)]) for estate in ESTATES) == 40
    assert sum(place["户数"] for place in PLACES if place["类型"] == "楼门") == 15220
    codes = [place["编码"] for place in PLACES]
    assert len(set(codes)) == len(codes)
    grids = [place["编码"] for place in PLACES if place["类型"] == "网格"]
    assert (grids[0], grids[5]) == ("110112010901001", "110112010901006")
    assert all(len(code) == 15 for code in grids)


def test_1068_serve_in_eight_categories():
    assert Counter(row["类别"] for row in STAFF) + Counter(楼门长=len(CAPTAINS)) == {
        "社区干部": 88,
        "网格员": 42,
        "楼门长": 622,
        "城管": 22,
        "民警": 22,
        "物业人员": 40,
        "安全巡查员": 22,
        "党员志愿者": 210,
    }
    assert len({row["工号"] for row in STAFF}) + len({row["phone"] for row in CAPTAINS}) == 1068
    assert Counter(row["网格编码"] for row in STAFF if row["类别"] == "网格员").most_common(1)[0][1] == 1


def test_each_door_has_its_captains_two_where_the_type_demands_it():
    captains = Counter(row["door"] for row in CAPTAINS)
    assert set(captains) == {place["编码"] for place in PLACES if place["类型"] == "楼门"}
    double = {door for door, many in captains.items() if many == 2}
    assert len(double) == 64
    assert {door[2:5] for door in double} == {"904", "905", "910"}


def test_five_trades_have_a_party_organisation():
    kinds = Counter(row["种类"] for row in ORGANISATIONS)
    assert kinds == {
        "党工委": 1,
        "行业党组织": 5,
        "街道党组织": 1,
        "社区党支部": 11,
        "街道": 1,
        "社区": 11,
        "网格": 42,
    }
    assert len({(row["种类"], row["名称"]) for row in ORGANISATIONS}) == len(ORGANISATIONS) == 72


def test_the_areas_of_an_estate_hold_each_of_its_buildings_once():
    for estate in ESTATES:
        areas = [*street.areas(estate)]
        assert sorted(code for area in areas for code in area["buildings"]) == sorted(
            building.code for building in estate.buildings
        )
        assert all(area["buildings"] for area in areas)
        assert sum(area["owners_total"] for area in areas) == estate.community.households


def test_the_grids_lie_side_by_side_without_gap_or_overlap():
    features = street.shapes(ESTATES)["features"]
    polygons = [shapely.geometry.shape(each["geometry"]) for each in features]
    assert len(polygons) == 42
    assert all(polygon.is_valid and polygon.exterior.is_ccw for polygon in polygons)
    whole = shapely.union_all(polygons)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert whole.area == pytest.approx(sum(polygon.area for polygon in polygons))
    assert whole.area == pytest.approx(shapely.box(*whole.bounds).area)
    for community in COMMUNITIES:
        own = [
            polygon
            for each, polygon in zip(features, polygons, strict=True)
            if each["properties"]["code"].startswith(community.code)
        ]
        assert shapely.union_all(own).geom_type == "Polygon"


def test_the_same_seed_makes_the_same_street_and_another_one_of_the_same_size():
    assert street.estates() == ESTATES
    assert street.shapes(ESTATES) == street.shapes(ESTATES)
    other = street.estates(seed=2)
    assert other != ESTATES
    assert len([*street.places(other)]) == len(PLACES)


def test_it_is_marked_as_synthetic_and_names_nobody():
    text = street.sheet(PLACES).decode("utf-8-sig")
    assert text.endswith("# 演示数据，均为虚构\r\n")
    assert [row["编码"] for row in csv.DictReader(io.StringIO(text))][:-1] == [row["编码"] for row in PLACES]
    assert all("演示数据" in place["名称"] for place in PLACES if place["类型"] == "社区")
    assert all(row["姓名"].startswith("演示") for row in STAFF)
    assert all(row["name"].startswith("演示") and not holds_mobile(row["phone"]) for row in CAPTAINS)
    assert not any(personal_data_in(row["名称"]) for row in PLACES)
