"""The kinds of sheets: for each its columns, the command that imports its rows, and the query that exports them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema
from sqlalchemy.orm import Session

from services.grid.domain.captain import ORIGINS
from services.grid.domain.estates import ESTATE_TYPE_NAMES
from services.grid.domain.organisation_kinds import NAMED_KINDS
from services.grid.domain.place import KINDS as PLACE_KINDS
from services.grid.domain.staff import POSTING_ROLES
from services.grid.domain.staff_categories import CAPTAIN, CATEGORY_NAMES
from services.grid.queries import sheets as queries
from services.grid.use_cases.sheets.people import ImportCaptains, ImportOrganisations, ImportStaff
from services.grid.use_cases.sheets.places import ImportHouseholds, ImportPlaces
from shared.kernel.command import Actor, Command
from shared.kernel.sheets.rows import Row
from shared.web.fields import Day, PublicWords, Ref, Words
from shared.web.sheets import rows
from shared.web.sheets.columns import Count, Decimal, Labelled, SheetCode, column

YES_OR_NO: dict[Any, str] = {True: "是", False: "否"}
# captains are appointed at their doors: a sheet of their own
POSTED_CATEGORIES = {code: name for code, name in CATEGORY_NAMES.items() if code != CAPTAIN}


@dataclass(frozen=True, eq=False, kw_only=True)
class Kind(rows.Kind):
    """A kind of sheet, the command that imports it, and the query that exports it."""

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


class OrganisationColumns(Schema):
    """What a sheet of organisations says; party members (党员骨干) are persons, and in none."""

    kind = Labelled(NAMED_KINDS, title="种类", required=True)
    name = PublicWords(100, required=True, metadata=column("名称", "同一种类之内不可重复"))
    parent_name = PublicWords(100, metadata=column("上级组织", "上级的名称；树的顶端不填"))
    place_code = SheetCode(30, metadata=column("场所编码", "所在的街道、社区或网格；行业党组织可不填"))
    is_assumed = Labelled(YES_OR_NO, title="暂定名称")


class StaffColumns(Schema):
    """What a sheet of staff says: a row for each grid of a person."""

    staff_no = SheetCode(30, required=True, metadata=column("工号", "不可改作他用；在几个网格就写几行"))
    name = Words(50, required=True, metadata=column("姓名", "不填电话"))
    category = Labelled(POSTED_CATEGORIES, title="类别", required=True)
    grid_code = SheetCode(30, required=True, metadata=column("网格编码", "15位"))
    role = Labelled(POSTING_ROLES, title="网格职务")
    subject = Words(64, metadata=column("账号", "令牌中的 sub；没有则不填"))


class CaptainColumns(Schema):
    """What a sheet of captains says; who they are, notify knows."""

    door_code = SheetCode(30, required=True, metadata=column("楼门编码"))
    person_ref = Ref(required=True, metadata=column("联系人编号", "先在 notify 登记联系人；不填姓名、电话"))
    origin = Labelled(ORIGINS, title="来源", required=True)
    chosen_how = Words(500, required=True, metadata=column("推选方式"))
    chosen_on = Day(required=True, metadata=column("推选日期", "如 2026-03-01"))


KINDS = {
    kind.code: kind
    for kind in (
        Kind("places", "场所", PlaceColumns(), ("code",), command=ImportPlaces, rows=queries.places),
        Kind(
            "households",
            "户",
            HouseholdColumns(),
            ("door_code", "room"),
            command=ImportHouseholds,
            rows=queries.households,
        ),
        Kind(
            "organisations",
            "组织",
            OrganisationColumns(),
            ("kind", "name"),
            command=ImportOrganisations,
            rows=queries.organisations,
        ),
        Kind(
            "staff",
            "网格力量",
            StaffColumns(),
            ("staff_no", "grid_code"),
            command=ImportStaff,
            rows=queries.staff,
        ),
        Kind(
            "captains",
            "楼门长",
            CaptainColumns(),
            ("door_code", "person_ref"),
            command=ImportCaptains,
            rows=queries.captains,
        ),
    )
}
