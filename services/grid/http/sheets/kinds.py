"""The kinds of sheets: for each its columns, the command that imports its rows, and the query that exports them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema
from sqlalchemy.orm import Session

from services.grid.domain.estates import ESTATE_TYPE_NAMES
from services.grid.domain.place import KINDS as PLACE_KINDS
from services.grid.http.sheets.columns import Count, Decimal, Labelled, SheetCode, column
from services.grid.queries import sheets as queries
from services.grid.use_cases.sheets import ImportHouseholds, ImportPlaces, Row
from shared.kernel.command import Actor, Command
from shared.web.fields import PublicWords, Words


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of sheet. Two rows with the same `key` (columns) would be about the same thing."""

    code: str
    name: str
    columns: Schema
    key: tuple[str, ...]
    command: Callable[[Sequence[Row]], Command]
    rows: Callable[[Session, Actor, str | None], Iterable[Mapping[str, Any]]]


class PlaceColumns(Schema):
    """What a sheet of places says."""

    code = SheetCode(30, required=True, metadata=column("编码", "社区12位、网格15位，其余自编，不可重复"))
    name = PublicWords(100, required=True, metadata=column("名称"))
    kind = Labelled(PLACE_KINDS, title="类型", required=True)
    parent_code = SheetCode(30, metadata=column("上级编码", "所在场所的编码；街道不填"))
    estate_type = Labelled(ESTATE_TYPE_NAMES, title="小区类型")
    household_count = Count(most=1_000_000, metadata=column("户数", "整数"))
    longitude = Decimal(-180, 180, metadata=column("经度", "WGS84，度"))
    latitude = Decimal(-90, 90, metadata=column("纬度", "WGS84，度"))


class HouseholdColumns(Schema):
    """What a sheet of households says; who lives there, notify alone knows."""

    door_code = SheetCode(30, required=True, metadata=column("楼门编码"))
    room = Words(30, required=True, metadata=column("房号", "如 301；不填姓名、电话"))


KINDS = {
    kind.code: kind
    for kind in (
        Kind("places", "场所", PlaceColumns(), ("code",), ImportPlaces, queries.places),
        Kind(
            "households",
            "户",
            HouseholdColumns(),
            ("door_code", "room"),
            ImportHouseholds,
            queries.households,
        ),
    )
}
