"""演示街道 The whole demonstration street, from a fixed seed, as the sheets that it is imported from.

All of it is synthetic (演示数据): no real person or company; of names only those of places that the article prints.
Nobody has a name: who serves is called by role and number.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from shared.demo.street_table import (
    ABBREVIATED,
    COMMUNITIES,
    INDUSTRIES,
    OF_PROPERTY,
    PER_COMMUNITY,
    PER_GRID,
    STREET,
    STREET_NAME,
    Community,
)

SEED = 110112010
MARK = "演示数据"
DM2_PER_HOUSEHOLD = 6750
WEST, SOUTH = 116.66, 39.89  # 九棵树
CELL_WIDTH, CELL_HEIGHT, COLUMNS = 0.003, 0.00225, 7  # about 250 m each way
JITTER = 0.2  # of a cell

Row = dict[str, Any]


@dataclass(frozen=True)
class Door:
    """楼门 A door and the rooms behind it."""

    code: str
    name: str
    rooms: list[str]


@dataclass(frozen=True)
class Building:
    """楼"""

    code: str
    name: str
    doors: list[Door]

    @property
    def households(self) -> int:
        """户数"""
        return sum(len(door.rooms) for door in self.doors)


@dataclass(frozen=True)
class Grid:
    """网格"""

    code: str
    name: str
    buildings: list[Building]


@dataclass(frozen=True)
class Estate:
    """小区 The one estate of a community."""

    community: Community
    grids: list[Grid]

    @property
    def buildings(self) -> list[Building]:
        """Of all its grids."""
        return [building for grid in self.grids for building in grid.buildings]

    @property
    def doors(self) -> list[Door]:
        """Of all its buildings."""
        return [door for building in self.buildings for door in building.doors]


def estates(seed: int = SEED) -> list[Estate]:
    """The estates of the street, one per community; the same for the same seed."""
    chance = random.Random(seed)
    return [_estate(community, chance) for community in COMMUNITIES]


def _estate(community: Community, chance: random.Random) -> Estate:
    households = iter(_shares(community.households, community.doors, chance))
    doors = iter(_shares(community.doors, community.buildings, chance))
    number = 0
    grids = []
    for at, size in enumerate(_shares(community.buildings, community.grids, chance), start=1):
        buildings = []
        for _ in range(size):
            number += 1
            code, name = f"{community.estate_code}L{number:02}", f"{community.name}{number}号楼"
            buildings.append(Building(code, name, _doors(code, name, next(doors), households, chance)))
        grids.append(Grid(f"{community.code}{at:03}", f"{community.name}第{at}网格", buildings))
    return Estate(community, grids)


def _doors(
    code: str, name: str, how_many: int, households: Iterator[int], chance: random.Random
) -> list[Door]:
    """The doors of a building, the same number of rooms on each floor of it."""
    per_floor = chance.choice((2, 3, 4))
    return [
        Door(
            f"{code}M{at}",
            f"{name}{at}单元",
            [f"{1 + room // per_floor}{1 + room % per_floor:02}" for room in range(next(households))],
        )
        for at in range(1, how_many + 1)
    ]


def _shares(total: int, parts: int, chance: random.Random) -> list[int]:
    """As even as can be; who has one more is drawn."""
    least, more = divmod(total, parts)
    lucky = set(chance.sample(range(parts), more))
    return [least + (part in lucky) for part in range(parts)]


# ---- as sheets


def places(street: Sequence[Estate]) -> Iterator[Row]:
    """场所 All places, each after what it lies in."""
    yield _place(STREET, STREET_NAME, "街道", "")
    for estate in street:
        community = estate.community
        yield _place(community.code, f"{community.name}社区（{MARK}）", "社区", STREET)
        yield _place(
            community.estate_code,
            community.name,
            "小区",
            community.code,
            community.households,
            community.estate_type,
        )
        for grid in estate.grids:
            inside = sum(building.households for building in grid.buildings)
            yield _place(grid.code, grid.name, "网格", community.estate_code, inside)
            for building in grid.buildings:
                yield _place(building.code, building.name, "楼", grid.code, building.households)
                for door in building.doors:
                    yield _place(door.code, door.name, "楼门", building.code, len(door.rooms))


def _place(code: str, name: str, kind: str, parent: str, households: int = 0, estate_type: str = "") -> Row:
    return {
        "编码": code,
        "名称": name,
        "类型": kind,
        "上级编码": parent,
        "小区类型": estate_type,
        "户数": households,
    }


def households(estate: Estate) -> Iterator[Row]:
    """户 The dwellings of an estate."""
    for door in estate.doors:
        for room in door.rooms:
            yield {"楼门编码": door.code, "房号": room}


def organisations(street: Sequence[Estate]) -> Iterator[Row]:
    """组织 The three trees: with the five party organisations of trades, and a level at each place."""
    committee, street_branch = f"{STREET_NAME}党工委", f"{STREET_NAME}党组织"
    yield _organisation("党工委", committee)
    for industry in INDUSTRIES:
        yield _organisation("行业党组织", f"{industry}党组织（{MARK}）", committee, is_assumed=True)
    yield _organisation("街道党组织", street_branch, place=STREET)
    yield _organisation("街道", STREET_NAME, place=STREET)
    for estate in street:
        community = estate.community
        name = f"{community.name}社区"
        yield _organisation("社区党支部", f"{name}党支部", street_branch, community.code)
        yield _organisation("社区", name, STREET_NAME, community.code)
        yield from (_organisation("网格", grid.name, name, grid.code) for grid in estate.grids)


def _organisation(
    kind: str, name: str, parent: str = "", place: str = "", *, is_assumed: bool = False
) -> Row:
    assumed = "是" if is_assumed else ""
    return {"种类": kind, "名称": name, "上级组织": parent, "场所编码": place, "暂定名称": assumed}


def staff(street: Sequence[Estate]) -> Iterator[Row]:
    """网格力量 Those who serve in a grid, in seven categories; the captains, the eighth, serve at their doors."""
    for estate in street:
        numbers = dict.fromkeys(ABBREVIATED, 0)
        for category, grid in _posts(estate):
            numbers[category] += 1
            number = f"{ABBREVIATED[category]}{estate.community.number}{numbers[category]:03}"
            yield {"工号": number, "姓名": f"演示{category}{number}", "类别": category, "网格编码": grid.code}


def _posts(estate: Estate) -> Iterator[tuple[str, Grid]]:
    """Category and grid of everybody who serves in one."""
    in_turn = cycle(estate.grids)
    for category, many in {**PER_COMMUNITY, OF_PROPERTY: estate.community.areas}.items():
        yield from ((category, next(in_turn)) for _ in range(many))
    for grid in estate.grids:
        for category, many in PER_GRID.items():
            yield from ((category, grid) for _ in range(many))


def captains(estate: Estate) -> Iterator[Row]:
    """楼门长 Residents who serve at their own doors: the door's code, and under which name and phone notify knows whom.

    The phones begin with 120, which no mobile phone does.
    """
    number = 0
    for door in estate.doors:
        for _ in range(estate.community.captains_per_door):
            number += 1
            whole = f"{estate.community.number}{number:03}"
            yield {"door": door.code, "name": f"演示楼门长{whole}", "phone": f"12001{whole}"}


def areas(estate: Estate) -> Iterator[Row]:
    """物业管理区域 An estate's areas: `name`, the codes of its `buildings`, owners and dm² in total."""
    size, more = divmod(len(estate.buildings), estate.community.areas)
    left = iter(estate.buildings)
    for at in range(estate.community.areas):
        inside = [*islice(left, size + (at < more))]
        owners = sum(building.households for building in inside)
        yield {
            "name": f"{estate.community.name}第{at + 1}物业管理区域（{MARK}）",
            "estate": estate.community.estate_code,
            "buildings": [building.code for building in inside],
            "owners_total": owners,
            "area_total_dm2": owners * DM2_PER_HOUSEHOLD,
        }


def sheet(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The rows as CSV, with a remark that they are no real data."""
    out = io.StringIO(newline="")
    lines = csv.DictWriter(out, rows[0].keys())
    lines.writeheader()
    lines.writerows(rows)
    return f"{out.getvalue()}# {MARK}，均为虚构\r\n".encode("utf-8-sig")


# ---- on the ground


def shapes(street: Sequence[Estate], seed: int = SEED) -> dict[str, Any]:
    """网格图形 The grids as GeoJSON: quadrangles side by side, no gap and no overlap; those of an estate together."""
    chance = random.Random(seed)
    codes = [grid.code for estate in street for grid in estate.grids]
    corners = {
        (column, row): _corner(column, row, len(codes) // COLUMNS, chance)
        for row in range(len(codes) // COLUMNS + 1)
        for column in range(COLUMNS + 1)
    }
    features = []
    for at, code in enumerate(codes):
        row, along = divmod(at, COLUMNS)
        column = along if row % 2 == 0 else COLUMNS - 1 - along  # to and fro, so that neighbours stay so
        around = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
        ring = [corners[column + right, row + up] for right, up in around]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"code": code}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def _corner(column: int, row: int, rows: int, chance: random.Random) -> list[float]:
    """Where four grids meet: somewhat beside the lattice, but on it at the street's border."""
    is_inside = 0 < column < COLUMNS and 0 < row < rows
    right, up = (chance.uniform(-JITTER, JITTER) if is_inside else 0.0 for _ in range(2))
    return [round(WEST + (column + right) * CELL_WIDTH, 6), round(SOUTH + (row + up) * CELL_HEIGHT, 6)]
